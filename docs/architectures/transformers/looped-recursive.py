"""Looping a block: depth without parameters, learned exits, nested cycles, and what a
loop learns from short texts.
"""

import json
import sys
from pathlib import Path

import numpy as np


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def norm(x):
    return x / np.sqrt((x**2).mean(-1, keepdims=True) + 1e-6)


# --8<-- [start:loop]
def layer(x, w, cache):
    """One causal layer over new tokens x (T × d); cache holds the keys and values of
    earlier ones and grows.
    """
    q, k, v = (norm(x) @ w[name] for name in ("q", "k", "v"))
    cache["k"] = k = np.concatenate([cache.get("k", k[:0]), k])
    cache["v"] = v = np.concatenate([cache.get("v", v[:0]), v])
    scores = q @ k.T / np.sqrt(q.shape[1])
    late = np.arange(len(k)) > len(k) - len(x) + np.arange(len(x))[:, None]
    x = x + softmax(np.where(late, -np.inf, scores)) @ v @ w["o"]
    return x + np.maximum(norm(x) @ w["up"], 0) @ w["down"]


def recurrent_depth(tokens, p, loops, caches):
    """Prelude, core applied `loops` times with the input fed in each time, coda. A
    cache for each application.
    """
    x = tokens
    for i, w in enumerate(p["prelude"]):
        x = layer(x, w, caches.setdefault(("prelude", i), {}))
    state = np.zeros_like(x)
    for step in range(loops):
        # the input is never forgotten
        state = np.concatenate([state, x], axis=1) @ p["adapter"]
        for i, w in enumerate(p["core"]):
            state = layer(state, w, caches.setdefault(("core", step, i), {}))
    for i, w in enumerate(p["coda"]):
        state = layer(state, w, caches.setdefault(("coda", i), {}))
    return norm(state)


# --8<-- [end:loop]


# --8<-- [start:exit]
def exits(gates):
    """Distribution of the loop after which a token leaves: gates are the chances to
    stop, if it got so far.
    """
    # every token still there leaves after the last loop
    gates = np.append(np.asarray(gates, float)[:-1], 1.0)
    return gates * np.cumprod(np.append(1.0, 1 - gates[:-1]))


def exit_loss(gates, losses, beta):
    """Expected loss over the exits, minus beta times their entropy, so that no exit is
    given up too early.
    """
    p = exits(gates)
    return float(p @ losses + beta * (p * np.log(np.maximum(p, 1e-300))).sum())


def leave_at(gates, threshold):
    """First loop at which a token has left with at least that probability."""
    return int(np.argmax(np.cumsum(exits(gates)) >= threshold - 1e-12)) + 1


# --8<-- [end:exit]


# --8<-- [start:nested]
def nested(x, fast, slow, high_cycles, low_cycles):
    """Two states: the fast one is revised several times for each revision of the slow
    one.

    HRM has two networks for this. TRM uses one for both and gives the input to the fast
    state only.
    """
    z_high, z_low = x, np.zeros_like(x)
    for _ in range(high_cycles):
        for _ in range(low_cycles):
            z_low = fast(z_low + z_high)
        z_high = slow(z_high + z_low)
    return z_high


# --8<-- [end:nested]


def model(width=12, layers=(1, 2, 1), seed=0):
    rng = np.random.default_rng(seed)

    def weights():
        shapes = dict.fromkeys("qkvo", (width, width)) | {
            "up": (width, 2 * width),
            "down": (2 * width, width),
        }
        return {
            name: rng.normal(size=shape) * 0.5 / np.sqrt(shape[0])
            for name, shape in shapes.items()
        }

    names = ("prelude", "core", "coda")
    stacks = {
        name: [weights() for _ in range(count)]
        for name, count in zip(names, layers, strict=True)
    }
    return stacks | {
        "adapter": rng.normal(size=(2 * width, width)) / np.sqrt(2 * width)
    }


# The experiment: one block that sees its left neighbour learns the parity of all bits
# so far, at length 8.


# --8<-- [start:parity]
def run(p, bits, loops, recall):
    """Loop a block over bits (batch × length): each position sees its own and its left
    neighbour's state.
    """
    x = np.stack([1 - bits, bits], axis=-1).astype(float)
    state, trace = x @ p["embed"], []
    for _ in range(loops):
        left = np.concatenate([np.zeros_like(state[:, :1]), state[:, :-1]], axis=1)
        seen = np.concatenate([left, state, x] if recall else [left, state], axis=-1)
        hidden = np.maximum(seen @ p["up"] + p["bias"], 0)
        state = np.tanh(state + hidden @ p["down"])
        trace.append((seen, hidden, state))
    return x, state, trace


# --8<-- [end:parity]


def gradients(p, bits, loops, recall):
    """Cross-entropy of the parity at every position, and its gradient through all
    loops.
    """
    width = p["down"].shape[1]
    x, state, trace = run(p, bits, loops, recall)
    target = np.cumsum(bits, axis=1) % 2
    chance = 1 / (1 + np.exp(-4 * state @ p["read"]))
    error = 4 * (chance - target) / target.size
    g = {name: np.zeros_like(value) for name, value in p.items()}
    g["read"] = np.einsum("bt,btw->w", error, state)
    back = error[..., None] * p["read"]
    for seen, hidden, after in reversed(trace):
        back = back * (1 - after**2)
        g["down"] += np.einsum("bth,btw->hw", hidden, back)
        inner = (back @ p["down"].T) * (hidden > 0)
        g["up"] += np.einsum("bti,bth->ih", seen, inner)
        g["bias"] += inner.sum((0, 1))
        outer = inner @ p["up"].T
        back = back + outer[..., width : 2 * width]
        back[:, :-1] += outer[:, 1:, :width]
    g["embed"] = np.einsum("bti,btw->iw", x, back)
    loss = -np.mean(np.log(np.where(target == 1, chance, 1 - chance) + 1e-12))
    return float(loss), g


def train(recall, seed, width=8, hidden=24, steps=600):
    """Adam on bits of length 8 with 8 to 12 loops."""
    rng = np.random.default_rng(seed)
    inputs = 2 * width + (2 if recall else 0)
    p = {
        "up": rng.normal(size=(inputs, hidden)) * np.sqrt(2 / inputs),
        "bias": np.zeros(hidden),
        "down": rng.normal(size=(hidden, width)) * np.sqrt(0.3 / hidden),
        "embed": rng.normal(size=(2, width)),
        "read": rng.normal(size=width) / np.sqrt(width),
    }
    mean, square = ({k: np.zeros_like(v) for k, v in p.items()} for _ in range(2))
    for step in range(1, steps + 1):
        bits = rng.integers(0, 2, (64, 8))
        _, g = gradients(p, bits, int(rng.integers(8, 13)), recall)
        scale = min(1, 1 / np.sqrt(sum((v**2).sum() for v in g.values())))
        rate = 0.01 * min(1, (steps - step) / (0.3 * steps) + 0.05)
        for k in p:
            mean[k] = 0.9 * mean[k] + 0.1 * scale * g[k]
            square[k] = 0.99 * square[k] + 0.01 * (scale * g[k]) ** 2
            p[k] = p[k] - rate * (mean[k] / (1 - 0.9**step)) / (
                np.sqrt(square[k] / (1 - 0.99**step)) + 1e-8
            )
    return p


LOOPS = (2, 4, 8, 12, 16, 24, 32, 48, 64)


def accuracy(p, recall, length, loops):
    bits = np.random.default_rng(99).integers(0, 2, (200, length))
    _, state, _ = run(p, bits, loops, recall)
    return float(((state @ p["read"] > 0) == np.cumsum(bits, axis=1) % 2).mean())


def reach(length, loops):
    """The best that is possible: a position further from the start than there are loops
    can only guess.
    """
    return (min(loops + 1, length) + max(length - loops - 1, 0) / 2) / length


def curve(recall, seed):
    p = train(recall, seed)
    return {
        str(n): [round(accuracy(p, recall, n, r), 3) for r in LOOPS] for n in (8, 32)
    }


def counts(width=5280, inner=17920, vocabulary=65536, loops=32):
    """Parameters of Huginn 3.5B, the weights that multiply a token in 32 loops, and the
    parameters of Dory1.0 4B.
    """
    layer = 4 * width**2 + 3 * width * inner
    adapter, table = 2 * width**2, vocabulary * width
    d, queries, keys, hidden = 2560, 4096, 1024, 7168
    # projections with a gate, feed-forward part, biases and norms
    dory = d * (3 * queries + 2 * keys) + 2 * queries + 3 * d * hidden
    dory += 2 * hidden + 2 * d
    return {
        "huginn": 8 * layer + adapter + table,
        "huginn multiplied": loops * (4 * layer + adapter) + 4 * layer + table,
        "dory": 36 * dory + 131072 * (2 * d + 1),
    }


def experiment(seeds=5):
    runs = {
        name: [curve(name == "recall", s) for s in range(seeds)]
        for name in ("recall", "no recall")
    }
    return runs | {"counts": counts()}


if __name__ == "__main__":
    p, tokens = model(), np.random.default_rng(1).normal(size=(6, 12))
    whole = recurrent_depth(tokens, p, 5, {})
    caches, parts = {}, []
    for t in range(6):
        parts.append(recurrent_depth(tokens[t : t + 1], p, 5, caches))
    print(
        f"token by token against all at once, 5 loops: {np.abs(np.concatenate(parts) - whole).max():.1e}"
    )
    print(
        f"layers stored {sum(len(p[n]) for n in ('prelude', 'core', 'coda'))}, applied and cached {len(caches)}"
    )
    gates = [0.1, 0.3, 0.6, 0.9]
    print(
        "exits",
        exits(gates).round(3).tolist(),
        "mean",
        round(float(exits(gates) @ np.arange(1, 5)), 2),
        end=" ",
    )
    print("leaves at 50%:", leave_at(gates, 0.5), "at 90%:", leave_at(gates, 0.9))
    stored = Path(__file__).with_suffix(".json")
    if "--data" in sys.argv:
        stored.write_text(json.dumps(experiment()) + "\n", encoding="utf-8")
    data = json.loads(stored.read_text(encoding="utf-8"))
    print(
        "parity learned at length 8 with 8 to 12 loops, tested at length 32; five seeds"
    )
    print("  loops     ", "  ".join(f"{r:4d}" for r in LOOPS))
    print("  possible  ", "  ".join(f"{reach(32, r):.2f}" for r in LOOPS))
    for name in ("recall", "no recall"):
        runs = data[name]
        for word, f in (("best", max), ("worst", min)):
            print(
                f"  {name:9s} ",
                "  ".join(
                    f"{f(run['32'][i] for run in runs):.2f}" for i in range(len(LOOPS))
                ),
                word,
            )
