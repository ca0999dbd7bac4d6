"""Sixteen bits in training: what overflows, what vanishes, and which updates are lost.

NumPy has fp16; bf16 is fp32 with the lower half of its bits rounded away.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np


# --8<-- [start:bf16]
def bf16(x, rng=None):
    """Round finite fp32 to its upper 16 bits: to the nearest, ties to even; with a
    generator, up or down at random, so that the mean is right (stochastic rounding).
    """
    bits = np.asarray(x, np.float32).view(np.uint32).astype(np.uint64)
    if rng is None:
        bits += 0x7FFF + ((bits >> 16) & 1)
    else:
        bits += rng.integers(0, 0x10000, bits.shape, dtype=np.uint64)
    return (bits & 0xFFFF0000).astype(np.uint32).view(np.float32)


# --8<-- [end:bf16]


# --8<-- [start:train]
def train(kind, steps=3000, rate=1e-3, size=64, seed=0):
    """Fit a vector by Adam. The kinds differ in how the weights are stored; gradients
    and moments are in fp32. Return the mean squared error before each step, and which
    weights have ever changed.
    """
    rng = np.random.default_rng(seed)
    target, w = rng.normal(size=(2, size)).astype(np.float32)
    if kind in ("bf16", "bf16, stochastic"):
        w = bf16(w)
    m, v, errors, moved = 0.0, 0.0, [], np.zeros(size, bool)
    for step in range(1, steps + 1):
        used = w if kind == "fp32" else bf16(w)
        g = used - target
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
        root = np.sqrt(v / (1 - 0.999**step)) + 1e-8
        w = w - np.float32(rate) * (m / (1 - 0.9**step)) / root
        if kind == "bf16":
            w = bf16(w)
        elif kind == "bf16, stochastic":
            w = bf16(w, rng)
        errors.append(float(np.mean((used - target) ** 2)))
        moved |= (w if kind == "fp32" else bf16(w)) != used
    return errors, moved


# --8<-- [end:train]


# --8<-- [start:scaler]
def scaled_run(gradients, scale=2.0**16, patience=200):
    """Dynamic loss scaling: gradients come out of a backward pass in fp16, multiplied
    by the scale. Yield what is left of each, in fp32, or None for a skipped step.
    """
    good = 0
    for g in gradients:
        with np.errstate(over="ignore"):
            half = (g * scale).astype(np.float16)
        if not np.isfinite(half).all():
            scale, good = scale / 2, 0
            yield scale, None
            continue
        yield scale, half.astype(np.float32) / scale
        good += 1
        if good == patience:
            scale, good = scale * 2, 0


# --8<-- [end:scaler]

KINDS = ("fp32", "bf16, copy in fp32", "bf16", "bf16, stochastic")


def some_gradients(number, rng, size=1000):
    """Sizes around 1e-8, two thirds of them within a factor of 30 either way."""
    sizes = 10 ** (-8 + 1.5 * rng.normal(size=(number, size)))
    return sizes * rng.choice([-1, 1], size=sizes.shape)


def ones_added(kind, number=4096):
    total = np.float32(0)
    for _ in range(number):
        total = bf16(total + 1) if kind == "bf16" else np.float16(total + np.float16(1))
    return float(total)


if __name__ == "__main__":
    runs = {kind: train(kind) for kind in KINDS}
    curves = {kind: errors for kind, (errors, _) in runs.items()}
    print("mean squared error of 64 weights, Adam at a rate of 0.001")
    print(f"{'weights kept in':22}{'step 1':>10}{'1,000':>10}{'3,000':>10}", end="")
    print("   never changed")
    for kind, (c, moved) in runs.items():
        row = "".join(f"{c[i]:>10.1e}" for i in (0, 999, 2999))
        print(f"{kind:22}{row}{(~moved).sum():>12}")
    rng = np.random.default_rng(0)
    g = some_gradients(100, rng)
    print("\ngradients in fp16, multiplied by   1      2^8     2^16    2^24")
    with np.errstate(over="ignore"):
        halves = [(g * 2.0**k).astype(np.float16) for k in (0, 8, 16, 24)]
    print("  become zero       " + "".join(f"{(h == 0).mean():>9.2%}" for h in halves))
    bad = [np.mean(~np.isfinite(h).all(1)) for h in halves]
    print("  steps with an inf " + "".join(f"{b:>9.0%}" for b in bad))
    seen = list(scaled_run(some_gradients(1000, rng), 2.0**40))
    skipped = sum(kept is None for _, kept in seen)
    print(f"  scale from 2^40: after 1,000 steps 2^{np.log2(seen[-1][0]):.0f},", end="")
    print(f" {skipped} steps skipped")
    print("\n4,096 ones added one by one: ", end="")
    print(f"fp16 {ones_added('fp16'):.0f}, bf16 {ones_added('bf16'):.0f}")
    with np.errstate(over="ignore", invalid="ignore"):
        scores = np.float16([300, 400]) * np.float16(300)
        print(f"scores {scores}, softmax {np.exp(scores - scores.max())}")
        row = np.full(3, -np.inf)
        e = np.exp(row - row.max())
        print(f"softmax of a row that is all masked {e / e.sum()}")
    if "--store" in sys.argv:
        stored = {kind: [round(x, 8) for x in c[::20]] for kind, c in curves.items()}
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(stored) + "\n", encoding="utf-8"
        )
