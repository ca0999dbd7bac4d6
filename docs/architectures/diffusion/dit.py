"""The diffusion transformer: patches, the adaLN-Zero block, and where its parameters
and operations are.
"""

import json
import sys
from pathlib import Path

import numpy as np


# --8<-- [start:patches]
def patchify(image, p):
    """`[height, width, channels]` to one row a patch, `[T, p * p * channels]`."""
    h, w, c = image.shape
    return (
        image.reshape(h // p, p, w // p, p, c)
        .transpose(0, 2, 1, 3, 4)
        .reshape(-1, p * p * c)
    )


def unpatchify(tokens, p, height):
    """The inverse; the width follows from the number of tokens."""
    rows = height // p
    columns = len(tokens) // rows
    return (
        tokens.reshape(rows, columns, p, p, -1)
        .transpose(0, 2, 1, 3, 4)
        .reshape(height, columns * p, -1)
    )


def embed_time(t, size=256, slowest=10_000.0):
    """Cosines and sines of the timestep at geometrically spaced
    frequencies, `[size]`.
    """
    angles = t * slowest ** (-np.arange(size // 2) / (size // 2))
    return np.concatenate([np.cos(angles), np.sin(angles)])


# --8<-- [end:patches]


def silu(x):
    return x / (1 + np.exp(-x))


def gelu(x):
    """The tanh approximation, which DiT was trained with."""
    return 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)))


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


# --8<-- [start:block]
def norm(x):
    """Layer normalisation without weights of its own: scale and shift come from the
    condition.
    """
    return (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 1e-6)


def attention(x, w, heads):
    """Multi-head attention of all tokens to all tokens; no mask, every patch sees every
    patch.
    """
    q, k, v = (
        np.split(x @ w[name] + w[name + "_bias"], heads, axis=-1)
        for name in ("q", "k", "v")
    )
    each = [
        softmax(a @ b.T / np.sqrt(a.shape[-1])) @ c
        for a, b, c in zip(q, k, v, strict=True)
    ]
    return np.concatenate(each, axis=-1) @ w["o"] + w["o_bias"]


def block(x, condition, w, heads):
    """adaLN-Zero: `x` is `[T, d]`, `condition` the sum of the embeddings of time and
    class, `[d]`.

    One linear layer of the condition gives six vectors: shift, scale and gate for
    attention and for the feed-forward part. It is initialised with zeros, so each block
    begins as the identity.
    """
    modulation = silu(condition) @ w["modulation"] + w["modulation_bias"]
    shift, scale, gate, shift2, scale2, gate2 = np.split(modulation, 6)
    x = x + gate * attention(norm(x) * (1 + scale) + shift, w, heads)
    hidden = gelu((norm(x) * (1 + scale2) + shift2) @ w["up"] + w["up_bias"])
    return x + gate2 * (hidden @ w["down"] + w["down_bias"])


# --8<-- [end:block]


def weights(d, rng, modulation=0.0):
    """Random weights of a block; `modulation` scales those that the architecture starts
    at zero.
    """
    shapes = {
        "q": (d, d),
        "k": (d, d),
        "v": (d, d),
        "o": (d, d),
        "up": (d, 4 * d),
        "down": (4 * d, d),
    }
    w = {
        name: rng.normal(size=shape) / np.sqrt(shape[0])
        for name, shape in shapes.items()
    }
    w |= {"modulation": modulation * rng.normal(size=(d, 6 * d)) / np.sqrt(d)}
    return w | {
        name + "_bias": np.zeros(matrix.shape[1]) for name, matrix in list(w.items())
    }


# --8<-- [start:counts]
SIZES = {"S": (12, 384), "B": (12, 768), "L": (24, 1024), "XL": (28, 1152)}
"""Name to layers and width."""


def parameters(size, patch=2, channels=4, classes=1000):
    """Trained parameters by part; the position embedding is fixed."""
    layers, d = SIZES[size]
    pixels = patch * patch * channels
    return {
        "attention": layers * (4 * d * d + 4 * d),
        "feed-forward": layers * (8 * d * d + 5 * d),
        "modulation": layers * (6 * d * d + 6 * d),
        "rest": (pixels * d + d)
        + (256 * d + d + d * d + d)
        + (classes + 1) * d
        + (2 * d * d + 2 * d)
        # the last layer predicts noise and variance, hence twice the channels
        + (d * 2 * pixels + 2 * pixels),
    }


def multiply_adds(size, patch=2, latent=32, channels=4):
    """Multiply–adds of one evaluation for a latent of `latent` x `latent`."""
    layers, d = SIZES[size]
    tokens, pixels = (latent // patch) ** 2, patch * patch * channels
    one_block = tokens * 12 * d * d + 2 * tokens * tokens * d + 6 * d * d
    ends = tokens * (3 * pixels * d) + 256 * d + d * d + 2 * d * d
    return layers * one_block + ends


# --8<-- [end:counts]


# --8<-- [start:four-bits]
def rounded(x, bits=4):
    """Every row on its own grid of signed integers."""
    top = 2 ** (bits - 1) - 1
    step = np.abs(x).max(1, keepdims=True) / top
    return np.round(x / step) * step


def product(x, w, moved=0.0, rank=0):
    """x w^T in four bits. `moved` is how much of the outliers goes from the channels of
    x into those of w; the largest `rank` directions of w then keep their precision.
    """
    scale = np.ones(x.shape[1])
    if moved:
        scale = np.abs(x).max(0) ** moved / np.abs(w).max(0) ** (1 - moved)
    x, w = x / scale, w * scale  # the product is the same
    left, size, right = np.linalg.svd(w, full_matrices=False)
    low = (left[:, :rank] * size[:rank]) @ right[:rank]
    return rounded(x) @ rounded(w - low).T + x @ low.T


# --8<-- [end:four-bits]


def four_bits(ranks=(0, 4, 16), width=128, outliers=4):
    """Relative errors of the product, by what is moved and the rank."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(512, width))
    x[:, :outliers] *= 10  # a few channels are large for every token
    w = rng.normal(size=(256, width)) / np.sqrt(width)
    exact = x @ w.T
    return {
        moved: [
            float(np.linalg.norm(product(x, w, moved, rank) - exact))
            / float(np.linalg.norm(exact))
            for rank in ranks
        ]
        for moved in (0.0, 0.5, 1.0)
    }


if __name__ == "__main__":
    cost = {
        size: [(p, round(multiply_adds(size, p) / 1e9, 3)) for p in (2, 4, 8)]
        for size in SIZES
    }
    if "--data" in sys.argv:
        data = {
            size: {"patch": [p for p, _ in row], "cost": [c for _, c in row]}
            for size, row in cost.items()
        }
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(data) + "\n", encoding="utf-8"
        )
    print(
        "model    parameters   of them modulation   10⁹ multiply-adds, 256 px, patches of 2, 4, 8"
    )
    for size in SIZES:
        parts = parameters(size)
        total = sum(parts.values())
        figures = "  ".join(f"{c:7.2f}" for _, c in cost[size])
        print(
            f"DiT-{size:3s} {total / 1e6:8.1f} M {parts['modulation'] / total:15.0%}         {figures}"
        )
    rng = np.random.default_rng(0)
    x, condition = rng.normal(size=(6, 16)), rng.normal(size=16)
    fresh = np.abs(block(x, condition, weights(16, rng), 4) - x).max()
    used = np.abs(block(x, condition, weights(16, rng, modulation=1.0), 4) - x).max()
    print(
        f"change made by a block at the start {fresh:.3f}, with trained modulation {used:.3f}"
    )
    print("four bits, relative error of a product  rank 0   rank 4  rank 16")
    for moved, errors in four_bits().items():
        figures = "".join(f"{error:9.1%}" for error in errors)
        print(f"  outliers moved into the weights: {moved:4.0%}{figures}")
