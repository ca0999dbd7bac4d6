"""One transformer that reads and makes images: whose loss, who sees whom, and how an
image is sampled.
"""

import json
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


# --8<-- [start:mask]
def mask(lengths, kinds):
    """Who sees whom in a sequence of parts, each "text" (causal), "clean" (an image) or
    "noised" (one being made).

    The tokens of an image see each other both ways; nothing outside ever sees noised
    ones, for in use they will be gone: replaced by the finished image.
    """
    part = np.repeat(np.arange(len(lengths)), lengths)
    image = np.array([kind != "text" for kind in kinds])[part]
    noised = np.array([kind == "noised" for kind in kinds])[part]
    same = part[:, None] == part
    causal = np.tril(np.ones((len(part), len(part)), dtype=bool))
    return (causal | (same & image)) & ~(noised & ~same)


# --8<-- [end:mask]


# --8<-- [start:loss]
def joint_loss(logits, targets, velocity, latents, noise, balance):
    """Next-token cross-entropy on text, flow matching on images: L = L_text + balance ·
    L_image.
    """
    picked = np.take_along_axis(softmax(logits), targets[:, None], axis=1)[:, 0]
    text, image = -np.log(picked).mean(), ((velocity - (noise - latents)) ** 2).mean()
    return text + balance * image, text, image


def noised(latents, noise, t):
    """What the model reads in place of the image: t = 0 is the image, t = 1 noise."""
    return (1 - t) * latents + t * noise


def sample(model, shape, steps, guidance, rng):
    """From noise to latents along the predicted velocity; guidance needs a second pass
    without the condition.
    """
    x, times, passes = rng.normal(size=shape), np.linspace(1, 0, steps + 1), 0
    for now, after in pairwise(times):
        v, passes = model(x, now, conditioned=True), passes + 1
        if guidance != 1:
            plain, passes = model(x, now, conditioned=False), passes + 1
            v = plain + guidance * (v - plain)
        x = x + (after - now) * v
    return x, passes


# --8<-- [end:loss]


# --8<-- [start:cost]
def cost(tokens, active, design, steps=50, guided=True):
    """Passes one after the other, and operations, to make an image of `tokens` tokens
    (weights only).
    """
    twice = 2 if guided else 1
    if design == "codes, one by one":  # each pass computes one token
        return tokens, 2 * active * tokens * twice
    # masked codes or diffusion: each pass computes all
    return steps, 2 * active * tokens * steps * twice


# --8<-- [end:cost]


class Point:
    """A perfect model of one latent: with the condition it aims at the image, without
    it at the mean.
    """

    def __init__(self, image):
        self.image = image

    def __call__(self, x, t, conditioned):
        aim = self.image if conditioned else 0 * self.image
        return (x - aim) / t


DESIGNS = {
    "codes, one by one": ("codes, one by one", None),
    "codes by masking, 16 steps": ("masked", 16),
    "latents by flow, 50 steps": ("flow", 50),
}


def costs(active=7e9):
    rows = {}
    for name, (design, steps) in DESIGNS.items():
        rows[name] = [
            [n, *cost(n, active, design, steps or 0)] for n in (256, 576, 1024, 4096)
        ]
    return rows


if __name__ == "__main__":
    rows = costs()
    if "--data" in sys.argv:
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(rows) + "\n", encoding="utf-8"
        )
    parts = mask([2, 3, 1, 3, 1], ["text", "clean", "text", "noised", "text"])
    print("\n".join("".join(".#"[int(cell)] for cell in row) for row in parts))
    rng = np.random.default_rng(0)
    image = rng.normal(size=(4, 2))
    for steps, guidance in ((4, 1.0), (4, 3.0)):
        made, passes = sample(Point(image), image.shape, steps, guidance, rng)
        stretch = (made * image).sum() / (image**2).sum()
        print(
            f"{steps} steps, guidance {guidance:.0f}: {passes} passes, arrives at {stretch:.1f} × the image"
        )
    for name, row in rows.items():
        tokens, passes, operations = row[2]
        print(
            f"{name:27s} {tokens} tokens, 7B active: {passes:4d} steps, {operations:.1e} operations"
        )
