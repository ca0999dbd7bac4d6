"""Figures of docs/architectures/diffusion/score-sde.md."""

from __future__ import annotations

import math

from archfigures import Drawing, figure
from archfigures.data import page_data

PAGE = "architectures/diffusion/score-sde"
MEANS = ((-1.2, -0.6), (1.1, -0.8), (0.3, 1.2))


@figure(
    "diffusion/score-sde/field",
    title="The score at three noise levels, with samples of each level",
    desc="Three panels of a square grid of small arrows with a cloud of points. At high noise all arrows point to "
    "the middle and the cloud is round. At middle noise they bend towards three groups. At low noise each "
    "arrow points to the nearest of three tight groups, and the arrows are longest far from them.",
)
def field() -> Drawing:
    run = page_data(PAGE)["fields"]
    drawing = Drawing(740)
    for column, t in enumerate(run["times"]):
        x0, y0, scale = 124.0 + 246 * column, 148.0, 48.0
        drawing.label(f"$t$ = {t:g}", (x0, 14), bold=True)
        inside = [(x, y) for x, y in run["samples"][column] if max(abs(x), abs(y)) < 2.4]
        drawing.dots([(x0 + scale * x, y0 - scale * y) for x, y in inside], r=1.8)
        for (x, y), (sx, sy) in zip(run["grid"], run["score"][column], strict=True):
            size = math.hypot(sx, sy)
            length = 31 * size / (size + 1) / size
            start = (round(x0 + scale * x, 1), round(y0 - scale * y, 1))
            end = (round(start[0] + length * sx, 1), round(start[1] - length * sy, 1))
            drawing.arrow(start, end, role="attention")
    return drawing


@figure(
    "diffusion/score-sde/paths",
    title="Particles under the probability-flow equation and under the reverse stochastic equation",
    desc="Two panels with three circles for the groups of the data. Left: twelve smooth curves into the groups. "
    "Right: jagged paths of five of the particles into the groups.",
)
def paths() -> Drawing:
    run = page_data(PAGE)["fields"]["paths"]
    drawing = Drawing(740)
    for column, (name, states) in enumerate(run.items()):
        x0, y0, scale = 190.0 + 360 * column, 150.0, 50.0

        def place(point: list[float], x0: float = x0, y0: float = y0, scale: float = scale) -> tuple[float, float]:
            return round(x0 + scale * point[0], 1), round(y0 - scale * point[1], 1)

        drawing.label(name, (x0, 14), bold=True)
        for mean in MEANS:
            circle = [(mean[0] + 0.5 * math.cos(a / 4), mean[1] + 0.5 * math.sin(a / 4)) for a in range(26)]
            drawing.line([place(list(point)) for point in circle], dashed=True)
        for particle in range(5 if column else 12):  # the stochastic paths would cover each other
            points = [place(state[particle]) for state in states]
            drawing.line(points, role="noise" if column else "attention")
            drawing.dot(points[0], role="frozen", r=3)
            drawing.dot(points[-1], role="noise" if column else "attention", r=4)
    return drawing
