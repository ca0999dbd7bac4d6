"""Scaled dot-product and multi-head attention in NumPy, and what the scale is for."""

import json
import sys
from pathlib import Path

import numpy as np


# --8<-- [start:attention]
def softmax(x):
    """Along the last axis; subtracting the maximum changes nothing but keeps exp within
    range.
    """
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def attention(q, k, v, allowed=None):
    """Weighted means of the rows of v, and the weights.

    q: … × T × d_h, k: … × S × d_h, v: … × S × d_v; allowed: T × S booleans, every row
    with a True.
    """
    scores = q @ np.swapaxes(k, -1, -2) / np.sqrt(q.shape[-1])
    if allowed is not None:
        scores = np.where(allowed, scores, -np.inf)
    weights = softmax(scores)
    return weights @ v, weights


def multi_head(x, memory, w, heads, allowed=None):
    """Tokens x (T × d) read from memory (S × d) with several heads; self-attention when
    memory is x.
    """
    d_h = w["q"].shape[1] // heads
    q, k, v = (
        y.reshape(len(y), heads, d_h).swapaxes(0, 1)
        for y in (x @ w["q"], memory @ w["k"], memory @ w["v"])
    )
    out, _ = attention(q, k, v, allowed)  # H × T × d_h
    return out.swapaxes(0, 1).reshape(len(x), heads * d_h) @ w["o"]


# --8<-- [end:attention]


# --8<-- [start:masks]
def causal(queries, keys, corner="bottom right"):
    """Which keys each query may read, if it stands for one of the last or of the first
    tokens. The two differ when there are more keys than queries.
    """
    ahead = keys - queries if corner == "bottom right" else 0
    return np.tri(queries, keys, ahead, dtype=bool)


def attention_or_nothing(q, k, v, allowed):
    """A query that may read nothing gets zeros; a plain softmax would divide 0 by 0."""
    some = allowed.any(-1, keepdims=True)
    out, _ = attention(q, k, v, allowed | ~some)
    return np.where(some, out, 0)


# --8<-- [end:masks]


# --8<-- [start:scale]
def keys_in_use(d_h, keys=64, scaled=True, rounds=2000, seed=0):
    """How many of `keys` a random query spreads over: exp of the weights'
    mean entropy.
    """
    rng = np.random.default_rng(seed)
    scores = np.einsum(
        "rd,rkd->rk",
        rng.normal(size=(rounds, d_h)),
        rng.normal(size=(rounds, keys, d_h)),
    )
    weights = softmax(scores / np.sqrt(d_h) if scaled else scores)
    return float(np.exp(-(weights * np.log(weights + 1e-300)).sum(1).mean()))


# --8<-- [end:scale]


def random_weights(d, heads, d_h, seed=0):
    rng = np.random.default_rng(seed)
    shapes = {
        "q": (d, heads * d_h),
        "k": (d, heads * d_h),
        "v": (d, heads * d_h),
        "o": (heads * d_h, d),
    }
    return {
        name: rng.normal(size=shape) / np.sqrt(shape[0])
        for name, shape in shapes.items()
    }


def example(seed=3):
    """Six tokens; the weights of one causal head."""
    rng = np.random.default_rng(seed)
    q, k, v = rng.normal(size=(3, 6, 4))
    return attention(1.6 * q, k, v, np.tri(6, dtype=bool))


def experiment():
    sizes = [2, 4, 8, 16, 32, 64, 128, 256]
    _, weights = example()
    return {
        "sizes": sizes,
        "scaled": [round(keys_in_use(d, scaled=True), 3) for d in sizes],
        "unscaled": [round(keys_in_use(d, scaled=False), 3) for d in sizes],
        "weights": weights.round(3).tolist(),
    }


if __name__ == "__main__":
    if "--data" in sys.argv:
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(experiment()) + "\n", encoding="utf-8"
        )
    out, weights = example()
    print("weights of six tokens, causal; each row sums to one")
    print(weights.round(2))
    w, x = (
        random_weights(16, heads=4, d_h=4),
        np.random.default_rng(1).normal(size=(6, 16)),
    )
    order = np.array([3, 0, 5, 1, 4, 2])
    moved = np.abs(
        multi_head(x[order], x[order], w, 4) - multi_head(x, x, w, 4)[order]
    ).max()
    print(
        f"\nno mask, tokens shuffled: output differs from the shuffled output by {moved:.0e}"
    )
    print("\nof 64 keys, in use by a random query")
    print(f"{'head size':>10} {'scaled':>8} {'not scaled':>11}")
    for d_h in (4, 16, 64, 256):
        print(
            f"{d_h:>10} {keys_in_use(d_h):>8.1f} {keys_in_use(d_h, scaled=False):>11.1f}"
        )
    print("\none query after five cached tokens, mask aligned at the")
    for corner in ("top left", "bottom right"):
        print(f"  {corner:13s}", causal(1, 6, corner)[0].astype(int))
