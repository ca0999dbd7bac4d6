"""Figures of docs/architectures/visual-tokens/autoregressive-images.md."""

from __future__ import annotations

import math
from random import Random

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data

PAGE = "architectures/visual-tokens/autoregressive-images"
RASTER = [[6 * row + column for column in range(6)] for row in range(6)]


def _masked() -> list[list[int]]:
    """The step of each of 36 tokens in six steps of the cosine, at random places."""
    sizes = [2, 3, 6, 7, 9, 9]
    steps = [step for step, size in enumerate(sizes, start=1) for _ in range(size)]
    Random(4).shuffle(steps)
    return [steps[6 * row : 6 * row + 6] for row in range(6)]


def _shade(step: float, last: float) -> float:
    """Early steps in strong colour, late ones in weak; none so strong that a number on it cannot be read."""
    return 0.5 - 0.45 * (step - 1) / max(last - 1, 1)


@figure(
    "visual-tokens/autoregressive-images/orders",
    title="Four orders of drawing an image's tokens, with the number of passes",
    desc="Small grids whose cells carry the number of the pass that draws them, early ones in strong colour. Raster: "
    "36 passes, row by row. Masked: six passes, two tokens first and nine last, scattered. By scale: maps of one, "
    "four, nine and thirty-six tokens, one pass each. Residual depth: each place has three "
    "codes, drawn by a small model.",
)
def orders() -> Drawing:
    drawing = Drawing(760)
    top, cell = 132, 22.0

    def grid(x: float, rows: list[list[int]], last: int, size: float = cell, y: float = top) -> None:
        box = drawing.heatmap((x, y), [[_shade(step, last) for step in row] for row in rows], cell=size)
        for i, row in enumerate(rows):
            for j, step in enumerate(row):
                place = (box.left[0] + (j + 0.5) * size, box.top[1] + (i + 0.5) * size)
                drawing.label(str(step), place, size=11)

    drawing.label("raster", (92, 18), bold=True)
    drawing.label("36 passes", (92, 38), muted=True)
    grid(92, [[step + 1 for step in row] for row in RASTER], 36)
    drawing.label("PixelCNN, DALL·E", (92, 222), muted=True)
    drawing.label("masked", (280, 18), bold=True)
    drawing.label("6 passes", (280, 38), muted=True)
    grid(280, _masked(), 6)
    drawing.label("MaskGIT, MAR", (280, 222), muted=True)
    drawing.label("by scale", (478, 18), bold=True)
    drawing.label("4 passes, 50 tokens", (478, 38), muted=True)
    for index, (side, x, y, size) in enumerate(
        ((1, 415, 82, 18.0), (2, 415, 124, 18.0), (3, 415, 178, 18.0), (6, 510, 132, 18.0))
    ):
        grid(x, [[index + 1] * side for _ in range(side)], 4, size, y)
    drawing.label("VAR, Infinity", (478, 222), muted=True)
    drawing.label("residual depth", (668, 18), bold=True)
    drawing.label("16 passes × 3 small ones", (668, 38), muted=True)
    for sheet in (2, 1, 0):
        box = drawing.tensor((650 + 16 * sheet, 116 + 16 * sheet), 4, 4, cell=24, role="attention")
        if sheet == 0:
            for place in range(16):
                at = (box.left[0] + (place % 4 + 0.5) * 24, box.top[1] + (place // 4 + 0.5) * 24)
                drawing.label(str(place + 1), at, size=11)
    drawing.label("RQ-Transformer", (668, 222), muted=True)
    return drawing


@figure(
    "visual-tokens/autoregressive-images/pyramid",
    title="VAR: token maps of growing size, each coding what the coarser ones left over",
    desc="Top: features minus what has been coded so far are averaged to a small map, and the nearest codes are its "
    "tokens; the codes are scaled up and added to the sum. Below: the sum, averaged to the next map's size, is what "
    "the transformer reads before it draws that map. Right: the mask, in which a token sees its own scale and all "
    "coarser ones.",
)
def pyramid() -> Drawing:
    drawing = Drawing(760)
    xs = (64, 200, 340)
    for index, (x, side) in enumerate(zip(xs, (1, 2, 4), strict=True)):
        drawing.label(f"tokens, {side} × {side}", (x, 12), muted=True)
        drawing.tensor((x, 56), side, side, cell=14, role="router")
        total = drawing.tensor((x, 172), 4, 4, cell=14, role="state")
        drawing.arrow((x, 58 + 7 * side), total.top, "scale up" if index == 0 else "", at=0.35)
        if index:
            drawing.arrow((xs[index - 1] + 28, 172), total.left, "+")
            drawing.arrow((xs[index - 1] + 20, 143), (x - 6 - 7 * side, 58 + 5 * index), role="attention")
    drawing.label("sum so far", (64, 216), muted=True)
    drawing.arrow((140, 238), (168, 238), role="attention")
    drawing.label("averaged down: input of the next pass", (176, 238), anchor="start", muted=True)
    image = drawing.box("decoder", (448, 172), role="ffn", h=40)
    drawing.arrow((368, 172), image.left)
    scale = [index for index, side in enumerate((1, 2, 3)) for _ in range(side * side)]
    mask = [[1.0 if row >= column else 0.0 for column in scale] for row in scale]
    drawing.heatmap((634, 124), mask, cell=13, role="attention", label="mask for 1, 4 and 9 tokens")
    drawing.label("rows see columns", (634, 228), muted=True)
    return drawing


@figure(
    "visual-tokens/autoregressive-images/schedule",
    title="How many of 256 tokens are masked after each of twelve steps",
    desc="The cosine stays high at first and falls steeply at the end; the straight line falls evenly. Bars show the "
    "tokens that become known in each step: three in the first, thirty-three in the last.",
)
def schedule() -> Chart:
    steps = 12
    masked, left = [256], 256
    for step in range(1, steps):
        left = max(1, min(left - 1, math.floor(256 * math.cos(math.pi / 2 * step / steps))))
        masked.append(left)
    masked.append(0)
    chart = Chart(Axis("step", 0, steps, ticks={float(i): str(i) for i in range(0, 13, 2)}), Axis("tokens", 0, 260))
    known = [masked[i] - masked[i + 1] for i in range(steps)]
    chart.bars([i + 0.5 for i in range(steps)], known, width=0.7, series=2, label="become known in the step")
    chart.line(range(steps + 1), masked, series=0, label="still masked, cosine")
    chart.line([0, steps], [256, 0], series=1, label="still masked, straight", dashed=True)
    return chart


@figure(
    "visual-tokens/autoregressive-images/lost",
    title="What parallel draws lose with a perfect network, by order and number of steps",
    desc="Bits lost over the number of steps, on a logarithmic axis for the steps. All orders start at 8.4 bits with "
    "one step and end at zero with sixteen. Raster order loses most in between; scattered orders less; a single "
    "point for three scales lies lowest at three steps.",
)
def lost() -> Chart:
    data = page_data(PAGE)
    ticks = {float(n): str(n) for n in data["steps"]}
    chart = Chart(Axis("steps for 16 pixels", 1, 16, log=True, ticks=ticks), Axis("bits lost", 0, 9), height=300)
    names = {"raster": "row by row", "random": "at random", "spread": "far apart first"}
    for series, (name, row) in enumerate(data["lost"].items()):
        chart.line(data["steps"], row, series=series, label=names[name])
        chart.points(data["steps"], row, series=series)
    chart.points([3], [data["scales"]["0.6"]], series=3, label="three scales", r=5)
    return chart
