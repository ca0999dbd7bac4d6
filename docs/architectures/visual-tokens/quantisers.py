"""Quantisers without a learned codebook: finite scalar, lookup-free, binary spherical; and how codebooks collapse."""

import importlib.util
import json
import sys
from pathlib import Path

import numpy as np


# --8<-- [start:fsq]
def fsq(z, levels):
    """Round each coordinate of z (n × d) to one of levels[i] values; returns codes in [-1, 1].

    tanh bounds the coordinate; even counts are shifted by half a step so that zero is a level.
    """
    levels = np.asarray(levels)
    half = (levels - 1) / 2
    offset = np.where(levels % 2 == 0, 0.5, 0.0)
    bounded = np.tanh(z + np.arctanh(offset / (half * 1.001))) * half * 1.001 - offset
    return np.round(bounded) / (levels // 2)


def fsq_index(codes, levels):
    """The integer token of each code: its levels read as digits of a number with mixed base."""
    levels = np.asarray(levels)
    digits = np.round(codes * (levels // 2)).astype(int) + levels // 2
    return digits @ np.concatenate([[1], np.cumprod(levels[:-1])])


def fsq_codes(index, levels):
    """The inverse of `fsq_index`."""
    levels = np.asarray(levels)
    digits = np.asarray(index)[:, None] // np.concatenate([[1], np.cumprod(levels[:-1])]) % levels
    return (digits - levels // 2) / (levels // 2)


# --8<-- [end:fsq]


# --8<-- [start:lfq]
def lfq(z):
    """Lookup-free: the sign of each coordinate; d coordinates give 2^d tokens."""
    codes = np.where(z > 0, 1.0, -1.0)
    return codes, (codes > 0) @ (1 << np.arange(z.shape[1]))


def bsq(z):
    """Binary spherical: normalise first, so that codes lie on the unit sphere too."""
    unit = z / np.linalg.norm(z, axis=1, keepdims=True)
    codes, index = lfq(unit)
    return codes / np.sqrt(z.shape[1]), index


def entropy_terms(z, temperature=1.0):
    """LFQ's regulariser for independent bits: (mean entropy of a token's bits, entropy of the mean bits).

    Training lowers the first (each decision should be sure) and raises the second (all codes should be used).
    """
    p = 1 / (1 + np.exp(-4 * z / temperature))

    def entropy(q):
        q = np.clip(q, 1e-12, 1 - 1e-12)
        return -(q * np.log(q) + (1 - q) * np.log(1 - q)).sum(-1)

    return float(entropy(p).mean()), float(entropy(p.mean(0)))


# --8<-- [end:lfq]


def usage_experiment(seed=0, size=256, steps=150):
    """How often each code is used: a codebook started outside the data, the same with restarts, and FSQ."""
    vq = _neighbour("vq-vae")
    rng = np.random.default_rng(seed)
    centres = rng.normal(scale=2.0, size=(40, 4))

    def sample(n):
        return centres[rng.integers(40, size=n)] + 0.5 * rng.normal(size=(n, 4))

    start = 0.05 * rng.normal(size=(size, 4)) + 3.0
    plain, restarted = vq.MovingCodebook(start), vq.MovingCodebook(start, restart_below=0.3)
    for _ in range(steps):
        batch = sample(512)
        plain.update(batch, rng)
        restarted.update(batch, rng)
    data = sample(20_000)
    tokens = {
        "learned codebook": vq.nearest(data, plain.codes),
        "with restarts": vq.nearest(data, restarted.codes),
        "FSQ, 4 × 4 levels": fsq_index(fsq(data / data.std(0) * 0.8, [4, 4, 4, 4]), [4, 4, 4, 4]),
    }
    return {
        name: {
            "used": int((np.bincount(t, minlength=size) > 0).sum()),
            "perplexity": round(vq.perplexity(t, size), 1),
            "sorted_share": [round(float(x), 5) for x in np.sort(np.bincount(t, minlength=size) / len(t))[::-1]],
        }
        for name, t in tokens.items()
    }


def _neighbour(name):
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    usage = usage_experiment()
    if "--data" in sys.argv:
        Path(__file__).with_suffix(".json").write_text(json.dumps(usage, indent=1) + "\n", encoding="utf-8")
    print("256 codes             used  perplexity")
    for name, row in usage.items():
        print(f"{name:20s} {row['used']:5d} {row['perplexity']:11.1f}")
