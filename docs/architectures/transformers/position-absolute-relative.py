"""Positions without rotation in NumPy: sinusoids, clipped distances, T5's buckets, ALiBi, and nothing at all."""

import json
import sys
from pathlib import Path

import numpy as np


# --8<-- [start:absolute]
def sinusoids(tokens, d):
    """T × d, added to the embeddings: sines in even columns, cosines in odd ones, of falling frequency."""
    angle = np.arange(tokens)[:, None] * 10_000.0 ** (-np.arange(0, d, 2) / d)
    out = np.empty((tokens, d))
    out[:, 0::2], out[:, 1::2] = np.sin(angle), np.cos(angle)
    return out


# --8<-- [end:absolute]


# --8<-- [start:relative]
def distances(tokens):
    """T × T: how far back each column lies from each row; negative above the diagonal."""
    return np.arange(tokens)[:, None] - np.arange(tokens)


def clipped(distance, furthest):
    """Shaw et al.: one learnt vector for each distance up to `furthest`, the last for all beyond."""
    return np.clip(distance, -furthest, furthest) + furthest


def t5_bucket(distance, buckets=32, furthest=128):
    """T5's decoder: a bucket for each small distance, then ever wider ones, the last for all beyond."""
    exact = buckets // 2
    back = np.maximum(distance, 0)
    ratio = np.log(np.maximum(back, 1) / exact) / np.log(furthest / exact)
    wide = exact + (ratio * (buckets - exact)).astype(int)
    return np.where(back < exact, back, np.minimum(wide, buckets - 1))


def alibi_slopes(heads):
    """A geometric series from 2^(-8/H) to 2^-8: steep heads look near, flat ones far."""
    return 2.0 ** (-8 * np.arange(1, heads + 1) / heads)


def alibi(tokens, heads):
    """H × T × T, added to the scores."""
    return -alibi_slopes(heads)[:, None, None] * distances(tokens)


# --8<-- [end:relative]


# --8<-- [start:spread]
def keys_in_use(bias):
    """Exponential of the entropy of the last row's weights when all contents match equally well."""
    e = np.exp(bias[-1] - bias[-1].max())
    weights = e / e.sum()
    return float(np.exp(-(weights * np.log(weights + 1e-300)).sum()))


# --8<-- [end:spread]


def experiment():
    lengths = [16, 32, 64, 128, 256, 512, 1024, 2048, 4096]
    run = {"lengths": lengths}
    falling = -0.25 * np.arange(32)  # biases of T5 are learnt; these stand for a head that prefers what is near
    last = {t: np.arange(t)[::-1][None] for t in lengths}
    run["none"] = [round(keys_in_use(np.zeros((1, t))), 2) for t in lengths]
    run["T5"] = [round(keys_in_use(falling[t5_bucket(last[t])]), 2) for t in lengths]
    for head in (2, 5):
        slope = alibi_slopes(8)[head]
        run[f"ALiBi {head}"] = [round(keys_in_use(-slope * last[t]), 2) for t in lengths]
    return run


if __name__ == "__main__":
    if "--data" in sys.argv:
        Path(__file__).with_suffix(".json").write_text(json.dumps(experiment()) + "\n", encoding="utf-8")
    table = sinusoids(4000, 64)
    print("sinusoids: product of two positions, by distance")
    for start in (0, 1000):
        print(f"  from {start:>4}", (table[start] @ table[start + np.array([0, 1, 8, 64, 512])].T).round(2))
    some = np.array([0, 4, 15, 16, 20, 40, 100, 128, 5000])
    print(f"T5 buckets of distances {some}: {t5_bucket(some)}")
    print("ALiBi slopes of 8 heads:", alibi_slopes(8).round(4))
    run = experiment()
    print("\nkeys in use when every content matches equally")
    print(f"{'length':<10}" + "".join(f"{t:>8}" for t in run["lengths"]))
    for name in ("none", "T5", "ALiBi 2", "ALiBi 5"):
        print(f"{name:<10}" + "".join(f"{n:>8.1f}" for n in run[name]))
