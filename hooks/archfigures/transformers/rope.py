"""Figures of docs/architectures/transformers/rope.md."""

from __future__ import annotations

import math
from itertools import pairwise

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data

PAIRS = 4
BASE = 30.0
"""A small base, so that the slowest of four pairs still moves visibly."""


@figure(
    "transformers/rope/clocks",
    title="Four pairs of one vector turning with its position",
    desc="A grid of dials. Rows are four pairs of numbers of one vector, columns its positions from 0 to 7. The hand "
    "of the first row turns by one radian per step, the hands below more and more slowly; the last has hardly moved.",
)
def clocks() -> Drawing:
    d = Drawing(720)
    for pair in range(PAIRS):
        rate = BASE ** (-pair / PAIRS)
        y = 58 + pair * 48
        d.label(f"pair {pair}", (16, y - 8), anchor="start", bold=True)
        d.label(f"{rate:.2f} rad a token", (16, y + 9), anchor="start", size=12, muted=True)
        for position in range(8):
            _dial(d, (178 + position * 70, y), 0.5 + rate * position)
    for position in range(8):
        d.label(str(position), (178 + position * 70, 20), size=12, muted=True)
    d.label("position", (16, 20), anchor="start", size=12, muted=True)
    return d


def _dial(d: Drawing, at: tuple[float, float], angle: float) -> None:
    x, y = at
    d.operator("", at, role="attention", r=19)
    end = (x + 15 * math.cos(angle), y - 15 * math.sin(angle))
    d.line([at, end], role="attention", thick=True)
    d.dot(end, role="attention", r=3)


@figure(
    "transformers/rope/alignment",
    title="What the base sets: how far apart positions still look alike",
    desc="Mean cosine over all pairs between a rotated vector and the same vector rotated for a token some distance "
    "away, for two bases. Both fall from one; with base 10,000 the mean comes to about zero at ten thousand tokens, "
    "with base one million a quarter remains there.",
)
def alignment() -> Chart:
    run = page_data("architectures/transformers/rope")
    distances = run["distances"]
    ticks = {1.0: "1", 10.0: "10", 100.0: "100", 1000.0: "1,000", 10000.0: "10,000", 100000.0: "100,000"}
    chart = Chart(Axis("distance in tokens", 1, 100_000, log=True, ticks=ticks), Axis("mean cosine", -0.2, 1), right=36)
    for series, base in enumerate(("10000", "1000000")):
        chart.line(distances, run[base], series=series, label=f"base {int(base):,}")
    return chart


@figure(
    "transformers/rope/path",
    title="A key's way to the query: the same rotation at every token, or a matrix computed by each token",
    desc="Two rows of five tokens. In the first, an arrow from the key at token s passes three boxes, each marked turn "
    "by theta, to the query at token t. In the second it passes three boxes marked H with indices, each with an arrow "
    "from the token below it.",
)
def path() -> Drawing:
    d = Drawing(760)
    xs = (150, 280, 410, 540, 670)
    for y, name, marks in (
        (58, "RoPE", ("turn by $θ$",) * 3),
        (186, "PaTH", ("$H_{s+1}$", "$H_{s+2}$", "$H_{t}$")),
    ):
        d.label(name, (16, y), anchor="start", bold=True)
        key = d.box("key $k_s$", (xs[0], y), role="state", w=78, h=32)
        query = d.box("query $q_t$", (xs[4], y), role="attention", w=92, h=32)
        boxes = [d.box(mark, (x, y), role="norm", w=86, h=32) for x, mark in zip(xs[1:4], marks, strict=True)]
        stops = [key, *boxes, query]
        for left, right in pairwise(stops):
            d.arrow(left.right, right.left)
        tokens = ("token $s$", "$s+1$", "$s+2$", "token $t$")
        for x, token in zip(xs[:4], tokens, strict=True):
            below = d.box(token, (x, y + 56), role="data", w=78, h=28, size=12.5)
            if name == "PaTH" or x == xs[0]:
                d.arrow(below.top, (x, y + 16))
        d.arrow((xs[3] + 39, y + 56), query.bottom, via=[(xs[4], y + 56)])
    return d
