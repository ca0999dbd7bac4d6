"""Rotary position embedding in NumPy: the rotation, what it makes of a score, and what
its base sets.
"""

import json
import sys
from pathlib import Path

import numpy as np


# --8<-- [start:rope]
def frequencies(d_h, base=10_000.0):
    """Angle per token of each of the d_h / 2 pairs, fastest first."""
    return base ** (-np.arange(0, d_h, 2) / d_h)


def rotate(x, positions, base=10_000.0):
    """Turn pair i of each row by position · frequency i; x is … × T × d_h, pairs taken
    from the two halves.
    """
    angle = positions[:, None] * frequencies(x.shape[-1], base)
    a, b = np.split(x, 2, axis=-1)
    return np.concatenate(
        [a * np.cos(angle) - b * np.sin(angle), a * np.sin(angle) + b * np.cos(angle)],
        -1,
    )


def rotate_interleaved(x, positions, base=10_000.0):
    """The same with neighbouring numbers as pairs, as in the paper: other weights, same
    function class.
    """
    angle = positions[:, None] * frequencies(x.shape[-1], base)
    out = np.empty_like(x)
    a, b = x[..., 0::2], x[..., 1::2]
    out[..., 0::2] = a * np.cos(angle) - b * np.sin(angle)
    out[..., 1::2] = a * np.sin(angle) + b * np.cos(angle)
    return out


# --8<-- [end:rope]


# --8<-- [start:base]
def wavelengths(d_h, base):
    """Tokens until each pair has turned once."""
    return 2 * np.pi / frequencies(d_h, base)


def unfinished(d_h, base, context):
    """Pairs that have not turned once within the context; beyond it they meet angles
    never trained on.
    """
    return int((wavelengths(d_h, base) > context).sum())


def mean_alignment(d_h, base, distances):
    """Cosine left between a vector and itself `distance` tokens on, averaged over pairs
    of equal size.
    """
    return np.cos(np.outer(distances, frequencies(d_h, base))).mean(1)


# --8<-- [end:base]


# --8<-- [start:path]
def path_scores(q, k, w, beta):
    """PaTH, token by token: each new token reflects all keys before it. w: T × d_h,
    rows of length 1.
    """
    scores, keys = np.full((len(q), len(q)), -np.inf), k[:0]
    for t in range(len(q)):
        keys = keys - beta[t] * np.outer(keys @ w[t], w[t])
        keys = np.concatenate([keys, k[t : t + 1]])
        scores[t, : t + 1] = keys @ q[t]
    return scores


def path_scores_at_once(q, k, w, beta):
    """The same for all tokens together: a product of reflections has a compact form,
    found by one inverse.
    """
    scaled = beta[:, None] * w
    inverse = np.linalg.inv(np.eye(len(q)) + np.tril(scaled @ w.T, -1))
    scores = np.tril(q @ k.T) - np.tril(q @ w.T) @ inverse @ np.tril(scaled @ k.T, -1)
    return np.where(np.tril(np.ones_like(scores)) > 0, scores, -np.inf)


# --8<-- [end:path]


def experiment(d_h=128):
    distances = np.unique(np.round(np.logspace(0, 5, 161)).astype(int))
    run = {"distances": distances.tolist()}
    for base in (10_000, 1_000_000):
        run[str(base)] = mean_alignment(d_h, base, distances).round(4).tolist()
    return run


if __name__ == "__main__":
    if "--data" in sys.argv:
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(experiment()) + "\n", encoding="utf-8"
        )
    q, k = np.random.default_rng(0).normal(size=(2, 1, 64))
    print("score of one query and key, by position of the query and of the key")
    for t, s in [(5, 2), (105, 102), (4005, 4002), (5, 3)]:
        score = rotate(q, np.array([t])) @ rotate(k, np.array([s])).T
        print(f"  {t:>5} {s:>5}   distance {t - s}   {score.item():.6f}")
    print(
        "\nhead size 128      longest wavelength   pairs unfinished at 4,096   at 131,072"
    )
    for base in (10_000, 500_000, 1_000_000):
        longest = wavelengths(128, base)[-1]
        print(
            f"base {base:>9,} {longest:>20,.0f} {unfinished(128, base, 4096):>22} {unfinished(128, base, 131072):>15}"
        )
