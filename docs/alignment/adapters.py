"""Low-rank adapters: the layer and its gradients, merging, variants, and what rank and
scale decide.
"""

import json
import sys
from pathlib import Path

import numpy as np


# --8<-- [start:lora]
def start(d_in, rank, d_out, rng):
    """A random, B zero: the adapted layer begins as the frozen one."""
    return rng.uniform(-1, 1, (d_in, rank)) / np.sqrt(d_in), np.zeros((rank, d_out))


def lora(x, w, a, b, scale):
    """x W + scale × x A B: two thin products beside the frozen one."""
    return x @ w + scale * (x @ a) @ b


def gradients(x, g, w, a, b, scale):
    """From the gradient g at the output: those of A, B and the input. W needs none of
    its own.
    """
    back = scale * g @ b.T
    return x.T @ back, scale * (x @ a).T @ g, g @ w.T + back @ a.T


def merged(w, a, b, scale):
    """One matrix of the old shape; subtract the product again to remove the adapter."""
    return w + scale * a @ b


# --8<-- [end:lora]


# --8<-- [start:variants]
def dora(x, w, a, b, scale, magnitude):
    """DoRA: LoRA turns each column of W, a trained vector sets the column's length."""
    direction = merged(w, a, b, scale)
    return x @ (direction * magnitude / np.linalg.norm(direction, axis=0))


def pissa(w, rank):
    """PiSSA: A and B hold the largest singular directions of W, what is
    left is frozen.
    """
    u, s, vt = np.linalg.svd(w, full_matrices=False)
    a, b = u[:, :rank] * np.sqrt(s[:rank]), np.sqrt(s[:rank])[:, None] * vt[:rank]
    return w - a @ b, a, b


def bottleneck(h, down, up):
    """A bottleneck adapter: a small network with a residual connection, run after a
    sublayer.
    """
    return h + np.maximum(h @ down, 0) @ up


# --8<-- [end:variants]


# --8<-- [start:sizes]
LLAMA = {
    "8B": {
        "layers": 32,
        "width": 4096,
        "heads": 32,
        "kv_heads": 8,
        "head_size": 128,
        "ffn_width": 14336,
    },
    "70B": {
        "layers": 80,
        "width": 8192,
        "heads": 64,
        "kv_heads": 8,
        "head_size": 128,
        "ffn_width": 28672,
    },
}


def matrices(width, heads, kv_heads, head_size, ffn_width, **_):
    """The matrices of a layer, each with the sizes of its input and output."""
    q, kv = heads * head_size, kv_heads * head_size
    attention = {"q": (width, q), "k": (width, kv), "v": (width, kv), "o": (q, width)}
    return attention | {
        "gate": (width, ffn_width),
        "up": (width, ffn_width),
        "down": (ffn_width, width),
    }


def adapter_size(model, rank, names="qkvo gate up down"):
    """Trained numbers: rank × (d_in + d_out) for every adapted matrix of
    every layer.
    """
    chosen = [shape for name, shape in matrices(**model).items() if name in names]
    return model["layers"] * rank * sum(map(sum, chosen))


# --8<-- [end:sizes]


def orthonormal(rows, columns, rng):
    return np.linalg.qr(rng.normal(size=(rows, columns)))[0]


def change(spectrum, d_in, d_out, rng):
    """A change of the weights with given singular values, of size 1 altogether."""
    s = np.asarray(spectrum) / np.linalg.norm(spectrum)
    return orthonormal(d_in, len(s), rng) * s @ orthonormal(d_out, len(s), rng).T


def tail(target, rank):
    """Eckart–Young: the smallest distance from the target that a matrix of this rank
    can have.
    """
    return float(np.sqrt((np.linalg.svd(target, compute_uv=False)[rank:] ** 2).sum()))


def fit(target, rank, rng, steps=800, rate=1.0):
    """Gradient descent on A and B for white inputs, where the loss is half the squared
    distance to the target.
    """
    a, b = start(target.shape[0], rank, target.shape[1], rng)
    for _ in range(steps):
        error = a @ b - target
        a, b = a - rate * error @ b.T, b - rate * a.T @ error
    return float(np.linalg.norm(a @ b - target))


RANKS = (1, 2, 4, 8, 16)
SPECTRA = {
    "four directions": [1.0, 0.8, 0.6, 0.5],
    "many directions": [1 / k for k in range(1, 25)],
}


def rank_experiment(d_in=32, d_out=24):
    """For two changes to be learned: distance left after training, by rank, and the
    smallest possible.
    """
    rows = {}
    for name, spectrum in SPECTRA.items():
        rng = np.random.default_rng(0)
        target = change(spectrum, d_in, d_out, rng)
        rows[name] = {
            "trained": [round(fit(target, rank, rng), 3) for rank in RANKS],
            "smallest": [round(tail(target, rank), 3) for rank in RANKS],
        }
    return rows


WIDE = (1, 2, 4, 8, 16, 32, 64, 128)
SCALES = {
    "alpha/r": lambda rank: 16 / rank,
    "alpha/sqrt(r)": lambda rank: 4 / np.sqrt(rank),
}
"""Two ways to scale, equal at rank 16."""


def first_gain(rank, scale, optimiser, width=128, seeds=16):
    """By how much the first step lowers the loss, to first order, for a step of length
    rate times one.
    """
    gains = []
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        slope = change(np.ones(8), width, width, rng)  # the gradient that W would have
        a, _ = start(width, rank, width, rng)
        of_b = scale * a.T @ slope  # A has none yet
        step = np.sign(of_b) if optimiser == "Adam" else of_b
        gains.append((of_b * step).sum())
    return float(np.mean(gains))


def scale_experiment():
    """The first step's gain by rank, relative to rank 16, for two optimisers and two
    scales.
    """
    rows = {}
    for optimiser in ("gradient step", "Adam"):
        unit = first_gain(16, 1.0, optimiser)
        for name, scale in SCALES.items():
            rows[f"{optimiser}, {name}"] = [
                round(first_gain(rank, scale(rank), optimiser) / unit, 3)
                for rank in WIDE
            ]
    return rows


# --8<-- [start:merge]
def four_bits(w, group=64):
    """Rounding to 16 even steps, with one scale for every 64 weights."""
    blocks = w.reshape(-1, group)
    step = np.abs(blocks).max(axis=1, keepdims=True) / 7
    return (np.clip(np.round(blocks / step), -8, 7) * step).reshape(w.shape)


def merging_error(w, delta):
    """Merged into four-bit weights and rounded again: how far off is the change,
    relative to it?
    """
    base = four_bits(w)
    return float(
        np.linalg.norm(four_bits(base + delta) - base - delta) / np.linalg.norm(delta)
    )


# --8<-- [end:merge]


def merge_experiment(sizes=(0.01, 0.03, 0.1, 0.3), d=256, rank=8):
    """The error by the size of the change, relative to the weights."""
    rng = np.random.default_rng(0)
    w = rng.normal(size=(d, d)) / np.sqrt(d)
    delta = rng.normal(size=(d, rank)) @ rng.normal(size=(rank, d))
    delta *= np.linalg.norm(w) / np.linalg.norm(delta)
    return {str(size): round(merging_error(w, size * delta), 2) for size in sizes}


def size_table():
    rows = []
    for names, what in (
        ("q v", "queries and values"),
        ("qkvo", "attention"),
        ("qkvo gate up down", "all of a layer"),
    ):
        for rank in (8, 16, 64):
            counts = [adapter_size(LLAMA[size], rank, names) for size in LLAMA]
            rows.append([what, str(rank), *(f"{count / 1e6:.1f}M" for count in counts)])
    return {
        "columns": ["Matrices", "$r$", "Llama 3.1 8B", "Llama 3.1 70B"],
        "rows": rows,
    }


def experiments():
    return {
        "ranks": rank_experiment(),
        "scales": scale_experiment(),
        "merge": merge_experiment(),
        "sizes": size_table(),
    }


if __name__ == "__main__":
    found = experiments()
    if "--data" in sys.argv:
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(found, indent=1) + "\n", encoding="utf-8"
        )
    rng = np.random.default_rng(0)
    w, x, g = (
        rng.normal(size=(48, 32)) / 7,
        rng.normal(size=(5, 48)),
        rng.normal(size=(5, 32)),
    )
    a, b = start(48, 4, 32, rng)
    da, db, _ = gradients(x, g, w, a, b, 2.0)
    print(
        f"first step: gradient of A {np.linalg.norm(da):.1f}, of B {np.linalg.norm(db):.1f}"
    )
    b = b - 0.1 * db
    beside, inside = lora(x, w, a, b, 2.0), x @ merged(w, a, b, 2.0)
    print(
        "adapter beside W and merged into W agree to 1e-12:",
        bool(np.abs(beside - inside).max() < 1e-12),
    )
    print(
        f"rank of the change {np.linalg.matrix_rank(2.0 * a @ b)}, of W + change {np.linalg.matrix_rank(w + 2 * a @ b)}"
    )
    print("distance to the change that is to be learned, by rank", RANKS)
    for name, row in found["ranks"].items():
        print(f"  {name:15s} trained  ", row["trained"])
        print(f"  {'':15s} smallest ", row["smallest"])
    print("gain of the first step by rank, relative to rank 16", WIDE)
    for name, row in found["scales"].items():
        print(f"  {name:29s}", row)
    print(
        "merged into four-bit weights: error over the change, by the change's size over W's"
    )
    print(
        "  ",
        ", ".join(
            f"{float(size):.0%}: {error}" for size, error in found["merge"].items()
        ),
    )
    for name, model in LLAMA.items():
        size = adapter_size(model, 16)
        print(
            f"Llama 3.1 {name}, rank 16 on every matrix of every layer: {size:,} trained numbers"
        )
