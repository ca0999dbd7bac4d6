"""The diffusion U-Net: its residual block, and a walk through Stable Diffusion's
shapes, weights and operations.
"""

import json
import sys
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np


def silu(x):
    return x / (1 + np.exp(-x))


# --8<-- [start:block]
def conv3(x, w, bias):
    """3 x 3 convolution with zero padding: `x` is `[height, width, in]`, `w` is `[3, 3,
    in, out]`.
    """
    h, width, _ = x.shape
    padded = np.pad(x, ((1, 1), (1, 1), (0, 0)))
    return (
        sum(
            padded[i : i + h, j : j + width] @ w[i, j]
            for i in range(3)
            for j in range(3)
        )
        + bias
    )


def group_norm(x, groups, gain, bias):
    """Normalise over all places and the channels of a group."""
    h, w, c = x.shape
    parts = x.reshape(h, w, groups, c // groups)
    mean, variance = (
        parts.mean((0, 1, 3), keepdims=True),
        parts.var((0, 1, 3), keepdims=True),
    )
    return ((parts - mean) / np.sqrt(variance + 1e-6)).reshape(h, w, c) * gain + bias


def residual_block(x, time, w, groups):
    """Norm, SiLU, convolution, twice; the embedding of time is added in between, the
    same at every place.
    """
    hidden = conv3(silu(group_norm(x, groups, *w["norm1"])), *w["conv1"])
    hidden = hidden + silu(time) @ w["time"][0] + w["time"][1]
    hidden = conv3(silu(group_norm(hidden, groups, *w["norm2"])), *w["conv2"])
    # a 1 x 1 convolution, as the channels change
    return hidden + x @ w["skip"][0] + w["skip"][1]


def downsample(x, w, bias):
    """A convolution that looks at every second place."""
    return conv3(x, w, bias)[::2, ::2]


def upsample(x, w, bias):
    """Repeat every place, then convolve."""
    return conv3(x.repeat(2, 0).repeat(2, 1), w, bias)


# --8<-- [end:block]


# --8<-- [start:magnitude]
def unit_weights(w):
    """EDM2's layers: the weights of every output channel are scaled to length 1, so
    inputs of variance 1 stay so.
    """
    return w / np.sqrt((w**2).sum(tuple(range(w.ndim - 1)), keepdims=True))


def mix(a, b, share=0.3):
    """A branch b joins the stream a with a fixed share; dividing keeps the variance."""
    return ((1 - share) * a + share * b) / np.hypot(1 - share, share)


def join(a, b):
    """A skip b is joined as channels, so that both count equally however many channels
    they have.
    """
    scale = np.sqrt((a.shape[-1] + b.shape[-1]) / 2)
    return np.concatenate(
        [a * scale / np.sqrt(a.shape[-1]), b * scale / np.sqrt(b.shape[-1])], axis=-1
    )


# --8<-- [end:magnitude]


def random_weights(inside, outside, time, rng):
    """Weights of a residual block for a test."""
    return {
        "norm1": (1 + 0.1 * rng.normal(size=inside), 0.1 * rng.normal(size=inside)),
        "conv1": (
            rng.normal(size=(3, 3, inside, outside)) / 5,
            0.1 * rng.normal(size=outside),
        ),
        "time": (rng.normal(size=(time, outside)) / 3, 0.1 * rng.normal(size=outside)),
        "norm2": (1 + 0.1 * rng.normal(size=outside), 0.1 * rng.normal(size=outside)),
        "conv2": (
            rng.normal(size=(3, 3, outside, outside)) / 5,
            0.1 * rng.normal(size=outside),
        ),
        "skip": (
            rng.normal(size=(inside, outside)) / 2,
            0.1 * rng.normal(size=outside),
        ),
    }


# --8<-- [start:walk]
@dataclass
class Walk:
    """Counts parameters and multiply-adds while walking through a U-Net with text in
    its attention.
    """

    context: int
    time: int
    tokens: int = 77
    side: int = 64
    parameters: int = 0
    # (part, side, channels, parameters, multiply-adds)
    rows: list = field(default_factory=list)

    def add(self, part, channels, weights, places_times_weights):
        self.parameters += weights
        self.rows.append((part, self.side, channels, weights, places_times_weights))

    def conv(self, part, inside, outside, size=3):
        weights = size * size * inside * outside
        self.add(part, outside, weights + outside, self.side**2 * weights)

    def residual(self, part, inside, outside):
        weights = (
            9 * inside * outside
            + 9 * outside**2
            + (inside * outside if inside != outside else 0)
        )
        biases = (
            2 * inside
            + 2 * outside
            + 2 * outside
            + (outside if inside != outside else 0)
        )
        embedding = self.time * outside + outside
        self.add(
            part,
            outside,
            weights + biases + embedding,
            self.side**2 * weights + self.time * outside,
        )

    def attention(self, part, c, depth):
        """Projections in and out, and `depth` blocks of self-attention, cross-attention
        and gated feed-forward.
        """
        if not depth:
            return
        places = self.side**2
        one = 4 * c * c + (2 * c * c + 2 * self.context * c) + 12 * c * c
        small = (c + c) + 6 * c + 8 * c + c
        work = (
            places * (4 + 2 + 12) * c * c
            + 2 * self.tokens * self.context * c
            + 2 * places * (places + self.tokens) * c
        )
        ends = 2 * c + 2 * (c * c + c)
        self.add(
            part, c, ends + depth * (one + small), places * 2 * c * c + depth * work
        )


def walk(levels, context, side=64, layers=2, pooled=0):
    """`levels`: channels and depth of attention from fine to coarse. Returns the
    finished walk and the skips.
    """
    first = levels[0][0]
    w = Walk(context, 4 * first, side=side)
    w.add(
        "time",
        first,
        sum(a * b + b for a, b in ((first, w.time), (w.time, w.time))),
        first * w.time + w.time**2,
    )
    if pooled:  # SDXL: pooled text, size and crop join the embedding of time
        w.add(
            "time",
            first,
            sum(a * b + b for a, b in ((pooled, w.time), (w.time, w.time))),
            pooled * w.time + w.time**2,
        )
    w.conv("ends", 4, first)
    skips, c = [(w.side, first)], first
    for index, (channels, depth) in enumerate(levels):
        for _ in range(layers):
            w.residual("down", c, channels)
            w.attention("down", channels, depth)
            c = channels
            skips.append((w.side, c))
        if index < len(levels) - 1:
            w.side //= 2
            w.conv("down", c, c)
            skips.append((w.side, c))
    w.residual("middle", c, c)
    w.attention("middle", c, levels[-1][1] or levels[-2][1])
    w.residual("middle", c, c)
    stack = list(skips)
    for index, (channels, depth) in reversed(list(enumerate(levels))):
        for _ in range(layers + 1):
            w.residual("up", c + stack.pop()[1], channels)
            w.attention("up", channels, depth)
            c = channels
        if index:
            w.side *= 2
            w.conv("up", c, c)
    w.parameters += 2 * c
    w.conv("ends", c, 4)
    return w, skips


# --8<-- [end:walk]

STABLE_DIFFUSION = {
    "levels": ((320, 1), (640, 1), (1280, 1), (1280, 0)),
    "context": 768,
    "side": 64,
}
SDXL = {
    "levels": ((320, 0), (640, 2), (1280, 10)),
    "context": 2048,
    "side": 128,
    "pooled": 2816,
}


def by_side(w):
    """Parameters and multiply-adds of the levels, by the side of the latent there."""
    out = {}
    for part, side, _, weights, work in w.rows:
        if part != "time":
            old = out.get(side, (0, 0))
            out[side] = (old[0] + weights, old[1] + work)
    return dict(sorted(out.items(), reverse=True))


def outermost(w):
    """Share of the work in the first block on the way down and the last on the way up,
    with the ends.
    """
    outside = w.rows[:1] + w.rows[1:2] + w.rows[2:4] + w.rows[-3:]
    return sum(row[-1] for row in outside) / sum(row[-1] for row in w.rows)


if __name__ == "__main__":
    results = {}
    for name, shape in (("Stable Diffusion 1", STABLE_DIFFUSION), ("SDXL", SDXL)):
        w, skips = walk(**shape)
        total, work = w.parameters, sum(row[-1] for row in w.rows)
        results[name] = {str(side): row for side, row in by_side(w).items()}
        results[name] |= {"skips": skips} if name != "SDXL" else {}
        print(
            f"{name}: {total:,d} parameters, {work / 1e9:,.0f} billion multiply-adds, {len(skips)} skips"
        )
        for side, (weights, operations) in by_side(w).items():
            print(
                f"  at {side:3d} x {side:<3d} {weights / 1e6:8.1f} M parameters, {operations / work:4.0%} of the work"
            )
    share = outermost(walk(**STABLE_DIFFUSION)[0])
    print(f"Stable Diffusion 1, outermost blocks alone: {share:.0%} of the work")
    for interval in (2, 3, 5):
        print(
            f"  everything at each {interval}. step: {interval / (1 + (interval - 1) * share):.2f} times as fast"
        )
    if "--data" in sys.argv:
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(results) + "\n", encoding="utf-8"
        )
