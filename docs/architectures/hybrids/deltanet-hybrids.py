"""A small 3:1 stack of delta-rule and attention layers, and what sharing a prefix takes
in it.
"""

import json
import sys
from pathlib import Path

import numpy as np


def unit(x):
    return x / np.linalg.norm(x, axis=-1, keepdims=True)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


# --8<-- [start:layers]
def delta_layer(x, p, state, window):
    """Gated delta rule after a short convolution. state: d_k × d_v; window: its last
    three inputs.
    """
    # what the convolution needs of earlier tokens
    u = np.concatenate([window, x @ p["in"]])
    mixed = sum(u[i : len(u) - 3 + i] * p["conv"][i] for i in range(4))
    q, k, v = np.split(mixed, 3, axis=1)
    out = []
    for q_t, k_t, v_t, gate in zip(
        unit(q), unit(k), v, sigmoid(x @ p["gates"]), strict=True
    ):
        state = gate[0] * state
        state = state + gate[1] * np.outer(k_t, v_t - k_t @ state)
        out.append(q_t @ state)
    return np.stack(out) @ p["out"], state, u[-3:]


def attention_layer(x, p, keys, values):
    """Causal attention without positions, with everything before x in the cache."""
    q, k, v = np.split(x @ p["in"], 3, axis=1)
    keys, values = np.concatenate([keys, k]), np.concatenate([values, v])
    scores = q @ keys.T / np.sqrt(q.shape[1])
    past = np.arange(len(keys)) <= np.arange(len(keys) - len(x), len(keys))[:, None]
    weights = np.where(past, np.exp(scores - scores.max(1, keepdims=True)), 0)
    return weights / weights.sum(1, keepdims=True) @ values @ p["out"], keys, values


def run(x, stack, memory):
    """Read more tokens, continuing from `memory`: two arrays per layer, (state, window)
    or (keys, values).
    """
    memory = list(memory)
    for i, (kind, p) in enumerate(stack):
        layer = delta_layer if kind == "delta" else attention_layer
        y, *memory[i] = layer(x, p, *memory[i])
        x = x + y
    return x, memory


# --8<-- [end:layers]


# --8<-- [start:prefix]
def resume_at(request, served, policy, grid=0):
    """How many tokens of a request need no computing, given the sequences served before
    and where states were kept.

    Attention alone may be cut anywhere; a state only helps at the very token it was
    kept at.
    """
    best = 0
    for tokens, kept in served:
        same = common(request, tokens)
        if policy == "attention":
            best = max(best, same)
        elif policy == "grid":
            best = max(best, same // grid * grid)
        else:
            best = max([best, *(at for at in kept if at <= same)])
    # the last token is always computed: its output is wanted
    return min(best, len(request) - 1)


def common(one, other):
    n = min(len(one), len(other))
    differ = np.flatnonzero(one[:n] != other[:n])
    return int(differ[0]) if len(differ) else n


def serve(requests, policy, grid=0):
    """Serve pairs of prompt and answer in turn; returns tokens of prompts computed, and
    snapshots held at last.
    """
    served, computed = [], 0
    for prompt, answer in requests:
        at = resume_at(prompt, served, policy, grid)
        computed += len(prompt) - at
        whole, kept = np.concatenate([prompt, answer]), []
        if policy == "grid":
            kept = list(range(grid, len(whole) + 1, grid))
        elif policy != "attention":
            kept = [len(whole)]
            # where this request left an earlier one, if no state was there
            if "branches" in policy:
                kept += [
                    same
                    for same in (common(prompt, tokens) for tokens, _ in served)
                    if same > at
                ]
        # a conversation that went on: its earlier end will not be asked for again
        if "newest" in policy:
            for tokens, old in served:
                if len(tokens) in old and common(prompt, tokens) == len(tokens):
                    old.remove(len(tokens))
        served.append((whole, kept))
    return computed, len(
        {hash(tokens[:at].tobytes()) for tokens, kept in served for at in kept}
    )


# --8<-- [end:prefix]


def make_stack(width=8, pattern=("delta", "delta", "delta", "attention"), seed=0):
    rng = np.random.default_rng(seed)
    stack = []
    for kind in pattern:
        p = {
            "in": rng.normal(size=(width, 3 * width)) / np.sqrt(width),
            "out": rng.normal(size=(width, width)) / width,
        }
        if kind == "delta":
            p |= {
                "conv": rng.normal(size=(4, 3 * width)) / 2,
                "gates": rng.normal(size=(width, 2)),
            }
        stack.append((kind, p))
    return stack


def empty(stack, width=8):
    delta, attention = (
        (np.zeros((width, width)), np.zeros((3, 3 * width))),
        (np.zeros((0, width)),) * 2,
    )
    return [delta if kind == "delta" else attention for kind, _ in stack]


def cut(stack, memory, tokens):
    """What one can do without snapshots: cut the caches at a token, and keep the states
    of a later one.
    """
    return [
        m if kind == "delta" else [part[:tokens] for part in m]
        for (kind, _), m in zip(stack, memory, strict=True)
    ]


def undone(tokens, decay=0.98, strength=0.9, size=16, dtype=np.float32, seed=0):
    """Relative error of a state that is run forward over so many tokens and then
    backward by inverting each step.
    """
    rng = np.random.default_rng(seed)
    keys, values = (
        unit(rng.normal(size=(tokens, size))),
        rng.normal(size=(tokens, size)),
    )
    first = rng.normal(size=(size, size)).astype(dtype)
    state, steps = (
        first,
        [(k.astype(dtype), v.astype(dtype)) for k, v in zip(keys, values, strict=True)],
    )
    a, b = dtype(decay), dtype(strength)
    for k, v in steps:
        state = a * state
        state = state + b * np.outer(k, v - k @ state)
    for k, v in reversed(steps):
        state = state - b * np.outer(k, v)
        state = (state + b / (1 - b) * np.outer(k, k @ state)) / a
    return float(np.linalg.norm(state - first) / np.linalg.norm(first))


def chats(users=8, turns=6, system=1000, seed=0):
    """Conversations that share a system prompt, their turns in random order: pairs of
    prompt and answer.
    """
    rng = np.random.default_rng(seed)
    shared = rng.integers(50_000, size=system)
    history, requests = [shared] * users, []
    for user in rng.permutation(np.repeat(np.arange(users), turns)):
        prompt = np.concatenate(
            [history[user], rng.integers(50_000, size=rng.integers(20, 400))]
        )
        answer = rng.integers(50_000, size=rng.integers(50, 600))
        history[user] = np.concatenate([prompt, answer])
        requests.append((prompt, answer))
    return requests


GRIDS = (64, 128, 256, 528, 1024, 2048, 4096)


def counts(heads=32, size=128, mixed=8192, window=3, kv_heads=4, head_size=256):
    """Bytes of one layer of Qwen3.5 9B: a state in fp32 with its convolution's inputs in
    bf16, and one token's keys and values.
    """
    state = heads * size**2 * 4 + window * mixed * 2
    token = 2 * kv_heads * head_size * 2
    return {"state": state, "token": token, "tokens": round(state / token)}


def experiment():
    requests = chats()
    rows = {
        "attention": serve(requests, "attention"),
        "nothing kept": serve(requests, "grid", 10**9),
    }
    rows |= {f"every {grid}": serve(requests, "grid", grid) for grid in GRIDS}
    rows |= {
        policy: serve(requests, policy)
        for policy in ("ends", "ends and branches", "newest ends and branches")
    }
    return {
        "prompts": sum(len(prompt) for prompt, _ in requests),
        "distinct": serve(requests, "attention")[0]
        + sum(len(answer) for _, answer in requests),
        "served": {
            name: {"computed": computed, "snapshots": kept}
            for name, (computed, kept) in rows.items()
        },
        "counts": counts(),
        "undone": {str(tokens): undone(tokens) for tokens in (1, 2, 4, 8, 16, 32)},
    }


if __name__ == "__main__":
    if "--data" in sys.argv:
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(experiment()) + "\n", encoding="utf-8"
        )
    stack, x = make_stack(), np.random.default_rng(1).normal(size=(60, 8))
    whole, _ = run(x, stack, empty(stack))
    _, at_40 = run(x[:40], stack, empty(stack))
    later, _ = run(x[40:], stack, at_40)
    print(
        f"from a snapshot at token 40 on: differs by {np.abs(later - whole[40:]).max():.0e}"
    )
    _, at_50 = run(x[:50], stack, empty(stack))
    wrong, _ = run(x[40:], stack, cut(stack, at_50, 40))
    print(
        f"caches cut from 50 to 40 with the states of 50: differs by {np.abs(wrong - whole[40:]).max():.1f}"
    )
    print(
        "a state of fp32 run back over 1, 8, 32 tokens: error",
        ", ".join(f"{undone(n):.0e}" for n in (1, 8, 32)),
    )
    stored = experiment()
    print(
        f"48 prompts of {stored['prompts']:,} tokens in all; computed, snapshots held:"
    )
    for name, row in stored["served"].items():
        print(f"  {name:26s}{row['computed']:8,}{row['snapshots']:8,}")
