"""Control without breaking the model: a zero-initialised copy, a second
cross-attention, low rank, and editing.
"""

import json
import sys
from pathlib import Path

import numpy as np


# --8<-- [start:zero]
def block(x, weights):
    """A residual block of the frozen model and, with weights of its own, of
    its copy.
    """
    inner, outer = weights
    return x + np.tanh(x @ inner) @ outer


def controlled(x, condition, frozen, copy, into, out):
    """ControlNet: the copy reads the condition through `into` and adds to the model
    through `out`; both start at 0.
    """
    return block(x, frozen) + block(x + condition @ into, copy) @ out


def control_gradients(x, condition, copy, into, out, slope):
    """Gradients of the trained parts, by hand; `slope` is the loss's derivative at the
    block's output.
    """
    seen = x + condition @ into
    hidden = np.tanh(seen @ copy[0])
    after = slope @ out.T  # what reaches the copy's output: zero as long as `out` is
    inside = (after @ copy[1].T) * (1 - hidden**2)
    back = after + inside @ copy[0].T
    return {
        # not zero: the copy's features are not
        "out": (seen + hidden @ copy[1]).T @ slope,
        "copy": [seen.T @ inside, hidden.T @ after],
        "into": condition.T @ back,
    }


# --8<-- [end:zero]


def first_steps(zero=True, steps=4, rate=0.02, seed=0):
    """Norms of the gradients in the first steps, and how far the output is from the
    frozen model's before them.
    """
    rng = np.random.default_rng(seed)
    width = 8
    frozen = [rng.normal(size=(width, width)) / width**0.5 for _ in range(2)]
    copy = [matrix.copy() for matrix in frozen]
    into, out = (
        np.zeros((width, width))
        if zero
        else rng.normal(size=(width, width)) / width**0.5
        for _ in range(2)
    )
    x, condition = rng.normal(size=(2, 64, width))
    wanted = block(x, frozen) + condition @ rng.normal(size=(width, width)) * 0.5
    moved = np.abs(
        controlled(x, condition, frozen, copy, into, out) - block(x, frozen)
    ).mean()
    rows, losses = [], []
    for _ in range(steps):
        gap = controlled(x, condition, frozen, copy, into, out) - wanted
        losses.append(float((gap**2).mean()))
        grads = control_gradients(x, condition, copy, into, out, 2 * gap / gap.size)
        size = {
            name: float(np.sqrt(sum((g**2).sum() for g in np.atleast_3d(grad))))
            for name, grad in grads.items()
        }
        rows.append(size)
        out, into = out - rate * 50 * grads["out"], into - rate * 50 * grads["into"]
        copy = [
            matrix - rate * 50 * grad
            for matrix, grad in zip(copy, grads["copy"], strict=True)
        ]
    return float(moved), rows, losses


# --8<-- [start:attention]
def softmax(scores):
    weight = np.exp(scores - scores.max(-1, keepdims=True))
    return weight / weight.sum(-1, keepdims=True)


def attend(q, k, v, heads):
    """`[T, d]` queries to `[M, d]` keys and values, head by head."""
    q, k, v = (np.stack(np.split(part, heads, axis=1)) for part in (q, k, v))
    weight = softmax(q @ k.transpose(0, 2, 1) / q.shape[-1] ** 0.5)
    return np.concatenate(list(weight @ v), axis=1)


def decoupled(x, text, image, weights, heads, scale=1.0):
    """IP-Adapter: the frozen attention to the text, plus one to the image with new keys
    and values.
    """
    q = x @ weights["q"]
    words = attend(q, text @ weights["k"], text @ weights["v"], heads)
    picture = attend(q, image @ weights["k image"], image @ weights["v image"], heads)
    return (words + scale * picture) @ weights["o"] + weights["o bias"]


# --8<-- [end:attention]


# --8<-- [start:reference]
def edit_step(picture, reference, t, layers, told=0.0, cache=None, sees_picture=False):
    """Picture tokens after all layers, and what can be kept of the reference: its keys
    and values in each layer.

    t: noise level of the picture; told: the level that the reference is said to have. A
    toy modulation multiplies tokens by one plus their level. With a cache the
    reference's tokens are not computed again.
    """
    kept = []
    for index, (wq, wk, wv) in enumerate(layers):
        noisy = picture * (1 + t)
        if cache is None:
            clean = reference * (1 + told)
            kept.append((clean @ wk, clean @ wv))
        known_k, known_v = kept[-1] if cache is None else cache[index]
        k, v = (
            np.concatenate([known_k, noisy @ wk]),
            np.concatenate([known_v, noisy @ wv]),
        )
        picture = picture + attend(noisy @ wq, k, v, 2)
        if cache is None:
            own = (k, v) if sees_picture else kept[-1]
            reference = reference + attend(clean @ wq, *own, 2)
    return picture, kept


# --8<-- [end:reference]


def stale(told_t=False, sees_picture=False, seed=0):
    """How far a step with the first step's cache is from one that computes the
    reference again.
    """
    rng = np.random.default_rng(seed)
    layers = rng.normal(size=(3, 3, 8, 8)) / 8**0.5
    reference, noise, picture = rng.normal(size=(6, 8)), *rng.normal(size=(2, 5, 8))
    _, cache = edit_step(
        noise, reference, 1.0, layers, told_t * 1.0, None, sees_picture
    )
    again, _ = edit_step(
        picture, reference, 0.4, layers, told_t * 0.4, None, sees_picture
    )
    cached, _ = edit_step(picture, reference, 0.4, layers, cache=cache)
    return float(np.abs(again - cached).max())


# --8<-- [start:lora]
def lora(x, matrix, down, up, alpha):
    """x W + (alpha / r) x A B with A `[d_in, r]`, B `[r, d_out]`; B starts at zero."""
    return x @ matrix + alpha / down.shape[1] * (x @ down) @ up


def merged(matrix, down, up, alpha):
    """The same as one matrix: nothing is left to compute when sampling."""
    return matrix + alpha / down.shape[1] * down @ up


def lora_size(shapes, rank):
    return rank * sum(d_in + d_out for d_in, d_out in shapes)


# --8<-- [end:lora]


def attention_shapes(widths, text):
    """The eight matrices in the attention of each transformer block of a U-Net;
    `widths` has one entry a block.
    """
    shapes = []
    for width in widths:
        shapes += 6 * [(width, width)] + 2 * [(text, width)]
    return shapes


SD1 = 5 * [320] + 5 * [640] + 6 * [1280]
SDXL = 10 * [640] + 60 * [1280]
"""Widths of the blocks of transformers of Stable Diffusion 1 and of SDXL: down, middle
and up.
"""


# --8<-- [start:edit]
CENTRES = (
    np.stack(
        [np.cos(2 * np.pi * np.arange(5) / 5), np.sin(2 * np.pi * np.arange(5) / 5)],
        axis=1,
    )
    * 1.5
)
SPREAD = 0.12
"""The data: five small clouds in a plane."""


def denoised(x, alpha, sigma, rng):
    """Exact draws from p(x_0 | x_t = x): choose a cloud, then a point of it. This is
    where a perfect sampler ends.
    """
    variance = (alpha * SPREAD) ** 2 + sigma**2
    gap = x[:, None] - alpha * CENTRES
    weight = softmax(-(gap**2).sum(-1) / (2 * variance))
    chosen = (weight.cumsum(1) > rng.random((len(x), 1))).argmax(1)
    shrink = alpha * SPREAD**2 / variance
    mean = CENTRES[chosen] + shrink * gap[np.arange(len(x)), chosen]
    return mean + SPREAD * sigma / variance**0.5 * rng.normal(size=x.shape)


def edit(guide, strength, count, rng):
    """SDEdit: noise the guide to a level and denoise it from there; `strength` is the
    time on the straight path.
    """
    x = (1 - strength) * guide + strength * rng.normal(size=(count, 2))
    return denoised(x, 1 - strength, strength, rng)


# --8<-- [end:edit]

GUIDE = np.array([1.25, 0.5])
STRENGTHS = (0.1, 0.3, 0.5, 0.7, 1.0)


def editing(count=4000):
    """By strength: mean distance to the guide, and how likely the result's cloud is to
    be the nearest one.
    """
    rows = []
    for strength in STRENGTHS:
        points = edit(GUIDE, strength, count, np.random.default_rng(0))
        nearest = ((points[:, None] - CENTRES) ** 2).sum(-1).argmin(1)
        wanted = ((GUIDE - CENTRES) ** 2).sum(-1).argmin()
        far = np.sqrt(((points - GUIDE) ** 2).sum(1)).mean()
        rows.append(
            [
                strength,
                round(float(far), 3),
                round(float((nearest == wanted).mean()), 3),
            ]
        )
    return rows


def experiment():
    return {
        "first steps": [
            {name: round(value, 5) for name, value in row.items()}
            for row in first_steps()[1]
        ],
        "editing": editing(),
    }


if __name__ == "__main__":
    results = experiment()
    if "--data" in sys.argv:
        clouds = {
            str(s): edit(GUIDE, s, 120, np.random.default_rng(1)).round(2).tolist()
            for s in STRENGTHS
        }
        rng = np.random.default_rng(2)
        data = CENTRES[rng.integers(5, size=200)] + SPREAD * rng.normal(size=(200, 2))
        results |= {
            "clouds": clouds,
            "data": data.round(2).tolist(),
            "guide": GUIDE.tolist(),
        }
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(results) + "\n", encoding="utf-8"
        )
    print("zero convolutions: norm of the gradients, step by step")
    for name in ("out", "copy", "into"):
        print(
            f"  {name:5s}"
            + "".join(f"{row[name]:9.4f}" for row in results["first steps"])
        )
    for zero in (True, False):
        moved, _, losses = first_steps(zero)
        start = "zero" if zero else "random"
        print(
            f"  started at {start:7s}output moved by {moved:.2f}, loss {losses[0]:.2f}, in step three {losses[3]:.2f}"
        )
    rng = np.random.default_rng(0)
    x, text, image = (
        rng.normal(size=(5, 8)),
        rng.normal(size=(7, 6)),
        rng.normal(size=(4, 6)),
    )
    shapes = {
        "q": (8, 8),
        "k": (6, 8),
        "v": (6, 8),
        "k image": (6, 8),
        "v image": (6, 8),
        "o": (8, 8),
    }
    weights = {name: rng.normal(size=shape) for name, shape in shapes.items()} | {
        "o bias": np.zeros(8)
    }
    base = (
        attend(x @ weights["q"], text @ weights["k"], text @ weights["v"], 2)
        @ weights["o"]
    )
    gap = np.abs(decoupled(x, text, image, weights, 2, scale=0.0) - base).max()
    print(
        f"decoupled attention with scale 0 against the model without it: difference {gap:.0e}"
    )
    print("reference computed once, error later:", end="")
    for name, how in (
        ("sees itself, told 0", {}),
        ("told t", {"told_t": True}),
        ("sees all", {"sees_picture": True}),
    ):
        print(f" {name} {stale(**how):.2g}", end=";" if name != "sees all" else "\n")
    print("LoRA, all attention matrices, ranks 4, 16, 64")
    for name, widths, wide in (("Stable Diffusion 1", SD1, 768), ("SDXL", SDXL, 2048)):
        sizes = [
            f"{lora_size(attention_shapes(widths, wide), rank):,}"
            for rank in (4, 16, 64)
        ]
        print(f"  {name:18s} {', '.join(sizes)}")
    print(
        "editing by noising: strength, mean distance to the guide, share in the nearest cloud"
    )
    for strength, far, share in results["editing"]:
        print(f"  {strength:.1f}  {far:.2f}  {share:.2f}")
