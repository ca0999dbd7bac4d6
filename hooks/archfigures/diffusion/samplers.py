"""Figures of docs/architectures/diffusion/samplers.md."""

from __future__ import annotations

import math

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data

PAGE = "architectures/diffusion/samplers"


def _path(x: float) -> float:
    """The curved path that the pictures' steps try to follow; x runs from 0 (noise) to 1 (data)."""
    return 170 - 92 * math.sin(1.9 * x) * (1 - 0.25 * x)


def _slope(x: float) -> float:
    return (_path(x + 1e-4) - _path(x - 1e-4)) / 2e-4


@figure(
    "diffusion/samplers/steps",
    title="One step of Euler, of Heun and of a multistep solver along a curved path",
    desc="Three panels with the same curved path and a start on it. Euler follows the slope at the start and ends "
    "far off the path. Heun first does the same, looks at the slope there, and steps again with the mean "
    "slope, ending near the path. The multistep solver uses the slope remembered from an earlier point to bend "
    "its step, with one evaluation only.",
)
def steps() -> Drawing:
    drawing = Drawing(740)
    start, end = 0.25, 0.85
    for column, name in enumerate(("Euler: 1 evaluation", "Heun: 2 evaluations", "multistep: 1 evaluation")):
        left, scale = 20.0 + 245 * column, 200.0

        def place(x: float, y: float, left: float = left, scale: float = scale) -> tuple[float, float]:
            return left + scale * x, y

        drawing.label(name, (left + 105, 14), bold=True)
        drawing.line([place(k / 40, _path(k / 40)) for k in range(42)], dashed=True)
        origin = place(start, _path(start))
        straight = _path(start) + (end - start) * _slope(start)
        if column == 0:
            drawing.arrow(origin, place(end, straight), role="noise", stop=6)
            drawing.dot(place(end, straight), role="noise", r=5)
        if column == 1:
            drawing.arrow(origin, place(end, straight), role="frozen", dashed=True, stop=5)
            drawing.dot(place(end, straight), role="frozen", r=4)
            mean = _path(start) + (end - start) * (_slope(start) + _slope(end)) / 2
            drawing.arrow(origin, place(end, mean), role="ffn", stop=6)
            drawing.dot(place(end, mean), role="ffn", r=5)
            drawing.label("slope here too", (place(end, straight)[0] - 12, straight - 1), anchor="end", muted=True)
        if column == 2:
            before = 0.02
            drawing.dot(place(before, _path(before)), role="attention", r=4)
            drawing.label("remembered", (place(before, 0)[0] - 6, _path(before) + 20), anchor="start", muted=True)
            bend = (_slope(start) - _slope(before)) / (start - before)
            points = [start + (end - start) * k / 12 for k in range(13)]
            curve = [_path(start) + _slope(start) * (x - start) + bend * (x - start) ** 2 / 2 for x in points]
            drawing.line([place(x, y) for x, y in zip(points, curve, strict=True)], role="attention")
            drawing.dot(place(end, curve[-1]), role="attention", r=5)
        drawing.dot(origin, role="data", r=5)
    return drawing


@figure(
    "diffusion/samplers/error",
    title="Distance to the true distribution by evaluations of the network, for five samplers",
    desc="Logarithmic axes. Euler and the ancestral sampler fall slowly in parallel. Heun starts far above and "
    "falls twice as steeply, passing them at about 24 evaluations. DPM-Solver++ 2M and UniPC leave Euler "
    "behind from 12 evaluations on; UniPC reaches the floor of 0.001 at 64, 2M at 128.",
)
def error() -> Chart:
    run = page_data(PAGE)
    return _chart(run["evaluations"], run["distance"])


@figure(
    "diffusion/samplers/spacing",
    title="Distance to the true distribution for three spacings of the noise levels",
    desc="Logarithmic axes, one solver. Levels uniform in the logarithm give the lowest curve, Karras spacing comes "
    "close to it with many evaluations, levels uniform in time are worst with many.",
)
def spacing() -> Chart:
    run = page_data(PAGE)
    return _chart(run["evaluations"], run["spacing"])


def _chart(evaluations: list[float], rows: dict[str, list[float]]) -> Chart:
    ticks = {4.0: "4", 8.0: "8", 16.0: "16", 32.0: "32", 64.0: "64", 128.0: "128"}
    distances = {0.001: "0.001", 0.01: "0.01", 0.1: "0.1", 1.0: "1"}
    chart = Chart(
        Axis("evaluations of the network", 4, 128, log=True, ticks=ticks),
        Axis("distance to the truth", 0.0007, 1, log=True, ticks=distances),
        height=330,
    )
    for series, (name, values) in enumerate(rows.items()):
        seen = [(n, v) for n, v in zip(evaluations, values, strict=True) if v < 1]
        chart.line([n for n, _ in seen], [v for _, v in seen], series=series, label=name)
        chart.points([n for n, _ in seen], [v for _, v in seen], series=series)
    return chart
