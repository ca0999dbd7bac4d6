"""Attention in three generations of MiniMax models: lightning layers and residuals,
block selection; measurements.
"""

import json
import sys
from pathlib import Path

import numpy as np


def norm(x, eps=1e-5):
    return x / np.sqrt((x**2).mean(-1, keepdims=True) + eps)


def silu(x):
    return x / (1 + np.exp(-x))


# --8<-- [start:lightning]
def slopes(heads, layer, layers):
    """Decay of each head: fixed by its number and by the depth, learned by nobody."""
    depth = 1 - layer / (layers - 1 + 1e-5) + 1e-5
    return depth * 2.0 ** (-8 * np.arange(1, heads + 1) / heads)


def lightning(x, p, state, slope, block=256):
    """One lightning layer on x (T × d), read on from its state (heads × size × size).
    Returns output and state.
    """
    heads, size = state.shape[0], state.shape[1]
    q, k, v = np.split(silu(x @ p["qkv"]).reshape(len(x), heads, 3 * size), 3, axis=-1)
    out, s = [], slope[:, None, None]
    for start in range(0, len(x), block):
        qb, kb, vb = (z[start : start + block].transpose(1, 0, 2) for z in (q, k, v))
        i = np.arange(1, qb.shape[1] + 1)
        mask = np.exp(np.where(i[:, None] >= i, -s * (i[:, None] - i), -np.inf))
        inside = (qb @ kb.transpose(0, 2, 1) * mask) @ vb
        before = (qb * np.exp(-s * i[:, None])) @ state
        out.append((inside + before).transpose(1, 0, 2))
        left = kb * np.exp(-s * (len(i) - i)[:, None])
        state = np.exp(-s * len(i)) * state + left.transpose(0, 2, 1) @ vb
    y = norm(np.concatenate(out).reshape(len(x), -1), 1e-6)  # one norm over all heads
    return (y / (1 + np.exp(-x @ p["gate"]))) @ p["out"], state


def residual(x, mixer, feed_forward, alpha, beta):
    """MiniMax-01's block: what is carried on is the *normalised* input, times alpha;
    the result times beta is added.
    """
    x = norm(x)
    x = norm(alpha * x + beta * mixer(x))
    return alpha * x + beta * feed_forward(x)


# --8<-- [end:lightning]


# --8<-- [start:select]
def select(q, k, position, block=128, best=16):
    """M3: blocks one new token reads. q: index heads × size, one head for each
    key-value head; k: tokens × size.

    A block is worth its best token; the block the token stands in always wins.
    """
    scores = np.where(np.arange(len(k)) > position, -np.inf, q @ k.T)
    padded = np.full((len(q), -len(k) % block), -np.inf)
    worth = np.concatenate([scores, padded], axis=1).reshape(len(q), -1, block).max(-1)
    worth[:, position // block] = np.inf
    order = np.argsort(-worth, axis=1, kind="stable")[:, :best]
    return [
        [int(b) for b in row if worth[h, b] > -np.inf] for h, row in enumerate(order)
    ]


# --8<-- [end:select]


def read_per_token(design, tokens):
    """Numbers of cache and state the attention layers read for one new token."""
    full, state = 2 * 8 * 128 * tokens, 64 * 128 * 128
    if design == "MiniMax-01":
        return 10 * full + 70 * state
    if design == "MiniMax-01, all softmax":
        return 80 * full
    if design == "M2":
        return 62 * full
    dense, chosen = 2 * 4 * 128 * tokens, 2 * 4 * 128 * min(tokens, 16 * 128)
    return 3 * dense + 57 * (128 * tokens + chosen)


def held(design, tokens):
    """Numbers of cache and state kept for one sequence."""
    if design == "M3":
        return 60 * 2 * 4 * 128 * tokens + 57 * 128 * tokens
    return read_per_token(design, tokens)


def make(width=16, heads=4, size=4, seed=0):
    rng = np.random.default_rng(seed)
    n = heads * size
    shapes = {"qkv": (width, 3 * n), "gate": (width, n), "out": (n, width)}
    return {
        name: rng.normal(size=shape) / np.sqrt(shape[0])
        for name, shape in shapes.items()
    }


def bf16(x):
    """Round to bfloat16: eight significant bits, ties to even."""
    bits = np.asarray(x, np.float32).view(np.uint32)
    return (
        ((bits + 0x7FFF + ((bits >> 16) & 1)) & 0xFFFF0000)
        .astype(np.uint32)
        .view(np.float32)
        .astype(float)
    )


HALF_LIVES = [1, 4, 16, 64, 256, 1024, 4096, 16384]


def precision(tokens=8192, size=32, seed=0):
    """Relative error of a lightning head whose state is rounded to bf16 after every
    token, or every 256 tokens.
    """
    rng = np.random.default_rng(seed)
    keep = np.exp2(-1 / np.array(HALF_LIVES))[:, None, None]
    exact, each, chunk = (np.zeros((len(HALF_LIVES), size, size)) for _ in range(3))
    wrong = {"every token": 0.0, "every 256 tokens": 0.0}
    total = 0.0
    for t in range(tokens):
        q, k, v = silu(rng.normal(size=(3, size)))
        new = np.outer(k, v)
        exact, each, chunk = (
            keep * exact + new,
            bf16(keep * each + new),
            keep * chunk + new,
        )
        if t % 256 == 255:
            chunk = bf16(chunk)
        if t >= tokens // 2:
            total += ((q @ exact) ** 2).sum(-1)
            for name, state in (("every token", each), ("every 256 tokens", chunk)):
                wrong[name] += ((q @ (state - exact)) ** 2).sum(-1)
    return {
        name: np.round(np.sqrt(error / total), 5).tolist()
        for name, error in wrong.items()
    }


PAIRS, HOPS = [64, 96, 128, 160], [1, 2, 3, 4, 6, 8, 12]


def hops(size=64, runs=60, seed=0):
    """Share of chains of look-ups that end where they should, for pairs stored in one
    linear state of size × size.

    Pair i leads from one random unit vector to another, all on one cycle. A look-up
    reads the state and takes the nearest vector; the next starts from there. Softmax
    over the pairs, sharp enough, finds every one.
    """
    rng = np.random.default_rng(seed)
    right = {str(n): np.zeros(len(HOPS)) for n in PAIRS}
    for n in PAIRS:
        for _ in range(runs):
            keys = rng.normal(size=(n, size))
            keys /= np.linalg.norm(keys, axis=1, keepdims=True)
            follows = np.roll(np.arange(n), -1)
            state = keys.T @ keys[follows]
            step = (keys @ state @ keys.T).argmax(1)
            # what a sharp softmax returns
            assert np.array_equal((keys @ keys.T).argmax(1)[follows], follows)
            for column, count in enumerate(HOPS):
                at, true = np.arange(n), np.arange(n)
                for _ in range(count):
                    at, true = step[at], follows[true]
                right[str(n)][column] += (at == true).mean() / runs
    return {n: np.round(share, 4).tolist() for n, share in right.items()}


if __name__ == "__main__":
    if "--measure" in sys.argv:
        run = {
            "half_lives": HALF_LIVES,
            "error": precision(),
            "hops": HOPS,
            "right": hops(),
        }
        Path(__file__).with_suffix(".json").write_text(json.dumps(run, indent=1) + "\n")
    p, x = make(), np.random.default_rng(1).normal(size=(70, 16))
    slope = slopes(4, 2, 8)
    whole, last = lightning(x, p, np.zeros((4, 4, 4)), slope, block=16)
    state, steps = np.zeros((4, 4, 4)), []
    for token in x:
        y, state = lightning(token[None], p, state, slope)
        steps.append(y[0])
    print(
        f"in blocks and token by token differ by {np.abs(np.stack(steps) - whole).max():.0e}"
    )
    q, k = (
        np.random.default_rng(2).normal(size=(2, 8)),
        np.random.default_rng(3).normal(size=(1000, 8)),
    )
    print(
        "M3, blocks read by a token at position 900 of 1,000, 3 of 8 each:",
        select(q, k, 900, best=3),
    )
    print(
        "tokens      MiniMax-01        M2        M3   millions of numbers read for a new token"
    )
    for tokens in (8192, 131072, 1048576):
        numbers = [
            read_per_token(design, tokens) / 1e6
            for design in ("MiniMax-01", "M2", "M3")
        ]
        print(f"{tokens:9,} {numbers[0]:12,.0f} {numbers[1]:9,.0f} {numbers[2]:9,.0f}")
