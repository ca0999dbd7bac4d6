"""Attention and Mamba-2 side by side: Falcon-H1's layer, Hymba's merge, meta tokens,
and what Hymba's cache holds.
"""

import json
import sys
from pathlib import Path

import numpy as np


def norm(x):
    return x / np.sqrt((x**2).mean(-1, keepdims=True) + 1e-5)


def silu(x):
    return x / (1 + np.exp(-x))


# --8<-- [start:branches]
def mamba2(x, p, state, window):
    """Mamba-2 without a norm on its output. state: heads × size × N; window: the
    convolution's last three inputs.
    """
    (heads, size, n), inner = state.shape, state.shape[0] * state.shape[1]
    gate, u, step = np.split(
        x @ p["ssm_in"] * p["ssm_scales"], [inner, 2 * inner + 2 * n], axis=1
    )
    window = np.concatenate([window, u])
    u = silu(
        sum(window[i : i + len(x)] * p["conv"][i] for i in range(4)) + p["conv_bias"]
    )
    u, b, c = np.split(u, [inner, inner + n], axis=1)
    step, out = np.logaddexp(0, step + p["step_bias"]), []
    for u_t, b_t, c_t, d_t in zip(u.reshape(-1, heads, size), b, c, step, strict=True):
        state = (
            np.exp(-d_t * p["a"])[:, None, None] * state
            + (d_t[:, None] * u_t)[..., None] * b_t
        )
        out.append((state @ c_t + p["skip"][:, None] * u_t).ravel())
    return np.stack(out) * silu(gate), state, window[-3:]


def rotate(x, first):
    """Rotary positions for T × heads × size, counted from `first`; halves
    are paired.
    """
    half = x.shape[-1] // 2
    angle = np.outer(first + np.arange(len(x)), 1e4 ** (-np.arange(half) / half))[
        :, None
    ]
    a, b = x[..., :half], x[..., half:]
    return np.concatenate(
        [a * np.cos(angle) - b * np.sin(angle), b * np.cos(angle) + a * np.sin(angle)],
        -1,
    )


def attention(x, p, keys, values):
    """Grouped queries over all tokens so far. keys, values: tokens × key-value heads ×
    size.
    """
    size, first = keys.shape[-1], len(keys)
    q, k, v = ((x @ p[name]).reshape(len(x), -1, size) for name in ("q", "k", "v"))
    keys = np.concatenate([keys, rotate(p["key_scale"] * k, first)])
    values, q = (
        np.concatenate([values, v]),
        rotate(q, first).reshape(len(x), keys.shape[1], -1, size),
    )
    scores = np.einsum("tgrd,sgd->tgrs", q, keys) / np.sqrt(size)
    later = np.arange(len(keys)) > first + np.arange(len(x))[:, None]
    scores = np.exp(
        np.where(later[:, None, None], -np.inf, scores - scores.max(-1, keepdims=True))
    )
    mixed = np.einsum("tgrs,sgd->tgrd", scores / scores.sum(-1, keepdims=True), values)
    return mixed.reshape(len(x), -1), keys, values


# --8<-- [end:branches]


# --8<-- [start:layer]
def layer(x, p, memory):
    """Falcon-H1: both branches read the same normalised input, each has its own way
    out, and the two are added.
    """
    h = norm(x)
    recurrent, state, window = mamba2(h * p["ssm_in_scale"], p, *memory[:2])
    looked_up, keys, values = attention(h * p["attn_in_scale"], p, *memory[2:])
    x = (
        x
        + p["ssm_out_scale"] * (recurrent @ p["ssm_out"])
        + p["attn_out_scale"] * (looked_up @ p["attn_out"])
    )
    h = norm(x)
    x = x + p["down_scale"] * (
        (silu(p["gate_scale"] * (h @ p["gate"])) * (h @ p["up"])) @ p["down"]
    )
    return x, (state, window, keys, values)


def merge(looked_up, recurrent, p):
    """Hymba: branches of equal width, each normalised, scaled by a learned vector and
    averaged, then one way out.
    """
    return (p["b1"] * norm(looked_up) + p["b2"] * norm(recurrent)) / 2 @ p["out"]


# --8<-- [end:layer]


# --8<-- [start:meta]
def sees(tokens, meta, window):
    """Hymba's mask: row i may read column j. Meta tokens come first and stay visible
    from everywhere.
    """
    i, j = np.ogrid[:tokens, :tokens]
    return (j <= i) & ((i - j <= window) | (j < meta))


def hymba_memory(
    tokens,
    layers=32,
    full=(0, 15, 31),
    own=17,
    kv=5,
    key=64,
    value=128,
    window=1024,
    meta=128,
):
    """Numbers Hymba 1.5B keeps for one sequence: cache of full layers, of windowed
    ones, and recurrent states.

    Of 32 layers 15 borrow keys and values, so 17 have their own, three of them full.
    """
    a_token = kv * (key + value)
    cache = len(full) * (meta + tokens) * a_token
    windowed = (own - len(full)) * (meta + min(tokens, window)) * a_token
    inner, states, convolution = 3200, 16, 4
    return cache, windowed, layers * inner * (states + convolution - 1)


# --8<-- [end:meta]

GROUPS = (
    [[i, i + 1] for i in (1, 3, 5, 7, 9, 11, 13)]
    + [[16, 17, 18]]
    + [[i, i + 1] for i in (19, 21, 23, 25, 27, 29)]
)


def hymba_parameters(
    width=1600,
    inner=3200,
    rank=100,
    states=16,
    kv=320 + 640,
    ffn=5504,
    vocabulary=32001,
    meta=128,
):
    """Parameters of Hymba 1.5B; layers that borrow keys and values have no projections
    for them.
    """
    branch = (
        inner * (rank + 2 * states)
        + (rank + 1) * inner
        + inner * states
        + inner
        + inner * 5
        + rank
        + 2 * states
    )
    one = (
        width * (width + kv + 2 * inner)
        + branch
        + 2 * inner
        + inner * width
        + 3 * width * ffn
        + 2 * width
    )
    borrowing = sum(len(group) - 1 for group in GROUPS)
    return 32 * one - borrowing * width * kv + vocabulary * width + meta * width + width


def make(width=12, heads=4, kv=2, size=4, ssm_heads=3, ssm_size=4, n=5, seed=0):
    rng = np.random.default_rng(seed)

    def normal(*shape):
        return rng.normal(size=shape) / np.sqrt(shape[0])

    inner = ssm_heads * ssm_size
    mixed = inner + 2 * n
    scales = [0.7, 1.3, 0.9, 1.1, 0.8]
    p = {
        "ssm_in": normal(width, inner + mixed + ssm_heads),
        "ssm_out": normal(inner, width),
    }
    p |= {"ssm_scales": np.repeat(scales, [inner, inner, n, n, ssm_heads])}
    p |= {
        "conv": rng.normal(size=(4, mixed)) / 2,
        "conv_bias": 0.1 * rng.normal(size=mixed),
    }
    p |= {
        "a": np.arange(1.0, ssm_heads + 1),
        "skip": np.ones(ssm_heads),
        "step_bias": rng.normal(size=ssm_heads),
    }
    p |= {
        "q": normal(width, heads * size),
        "k": normal(width, kv * size),
        "v": normal(width, kv * size),
    }
    p |= {
        "attn_out": normal(heads * size, width),
        "gate": normal(width, 16),
        "up": normal(width, 16),
    }
    p |= {
        "down": normal(16, width),
        "key_scale": 0.6,
        "ssm_in_scale": 1.2,
        "attn_in_scale": 0.8,
    }
    return p | {
        "ssm_out_scale": 0.5,
        "attn_out_scale": 0.9,
        "gate_scale": 1.4,
        "down_scale": 0.3,
    }


def empty(heads=3, size=4, n=5, kv=2, head_size=4):
    mixed = heads * size + 2 * n
    return (
        np.zeros((heads, size, n)),
        np.zeros((3, mixed)),
        *(np.zeros((0, kv, head_size)),) * 2,
    )


def read(x, layers, memories):
    out = []
    for p, memory in zip(layers, memories, strict=True):
        x, memory = layer(x, p, memory)
        out.append(memory)
    return x, out


def fold(p):
    """The same layer with every multiplier put into the weights next to it."""
    q = dict(p)
    ones = {name: 1.0 for name in p if name.endswith("_scale")} | {
        "ssm_scales": np.ones_like(p["ssm_scales"])
    }
    q["ssm_in"] = p["ssm_in_scale"] * p["ssm_in"] * p["ssm_scales"]
    q |= {name: p["attn_in_scale"] * p[name] for name in ("q", "v")}
    q["k"] = p["attn_in_scale"] * p["key_scale"] * p["k"]
    for name, scale in (
        ("ssm_out", "ssm_out"),
        ("attn_out", "attn_out"),
        ("gate", "gate"),
        ("down", "down"),
    ):
        q[name] = p[f"{scale}_scale"] * p[name]
    return q | ones


FALCON_H1 = {
    "0-5B": (36, 2, 64, 24, 64, 128),
    "1-5B": (24, 2, 128, 48, 64, 256),
    "1-5B Deep": (66, 2, 128, 24, 64, 256),
    "7B": (44, 2, 128, 24, 128, 256),
    "34B": (72, 4, 128, 32, 128, 256),
}
"""Layers; key-value heads and their size; recurrent heads, their size and states."""


def falcon_memory(layers, kv, size, heads, head, states):
    """Bytes in bf16: cache of a token, state, and the tokens whose cache is as large."""
    token, state = 2 * layers * 2 * kv * size, 2 * layers * heads * head * states
    return {"cache": token, "state": state, "tokens": state // token}


def experiment():
    hymba, llama = 2 * sum(hymba_memory(8000)), 2 * 28 * 2 * 8 * 128 * 8000
    return {
        "falcon-h1": {name: falcon_memory(*sizes) for name, sizes in FALCON_H1.items()},
        "hymba": {"8000 tokens": hymba, "of llama": round(llama / hymba, 1)},
    }


if __name__ == "__main__":
    if "--data" in sys.argv:
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(experiment(), indent=1) + "\n", encoding="utf-8"
        )
    rng = np.random.default_rng(1)
    layers, x, meta = (
        [make(seed=s) for s in range(3)],
        rng.normal(size=(30, 12)),
        rng.normal(size=(4, 12)),
    )
    whole, _ = read(x, layers, [empty()] * 3)
    memories, steps = [empty()] * 3, []
    for token in x:
        y, memories = read(token[None], layers, memories)
        steps.append(y[0])
    print(
        f"at once and token by token differ by {np.abs(np.stack(steps) - whole).max():.0e}"
    )
    folded, _ = read(x, [fold(p) for p in layers], [empty()] * 3)
    print(
        f"with all multipliers put into the weights: {np.abs(folded - whole).max():.0e}"
    )
    together, _ = read(np.concatenate([meta, x]), layers, [empty()] * 3)
    _, start = read(meta, layers, [empty()] * 3)
    stored, _ = read(x, layers, start)
    print(
        f"meta tokens read each time or once and stored: {np.abs(together[4:] - stored).max():.0e}"
    )
    print("a window of 2 and two meta tokens:")
    print(
        "\n".join(
            "".join("■" if seen else "·" for seen in row) for row in sees(8, 2, 2)
        )
    )
    print(f"Hymba 1.5B: {hymba_parameters():,} parameters")
    full, windowed, state = hymba_memory(8000)
    total, llama = full + windowed + state, 28 * 2 * 8 * 128 * 8000
    print(
        f"at 8,000 tokens: {full * 2e-6:.1f} MB full, {windowed * 2e-6:.1f} windowed, {state * 2e-6:.1f} state"
    )
    print(f"Llama 3.2 3B: {llama * 2e-6:.0f} MB, {llama / total:.1f} times as much")
