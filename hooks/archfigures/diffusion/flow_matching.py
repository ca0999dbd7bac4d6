"""Figures of docs/architectures/diffusion/flow-matching.md."""

from __future__ import annotations

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data


@figure(
    "diffusion/flow-matching/tracks",
    title="Conditional paths, the learned flow, and the flow after straightening",
    desc="Three panels of fourteen paths from noise at the top to two groups of data at the bottom. Conditional "
    "paths: straight lines that cross. Learned flow: curves that never cross and bend towards one of the "
    "groups. After reflow: straight lines that do not cross.",
)
def tracks() -> Drawing:
    drawing = Drawing(740)
    roles = ("noise", "attention", "state")
    for column, (name, track) in enumerate(page_data("architectures/diffusion/flow-matching")["tracks"].items()):
        x0, scale, steps = 130 + column * 240, 32.0, len(track) - 1
        drawing.label(name, (x0, 14), bold=True)
        for particle in range(len(track[0])):
            points = [(x0 + track[s][particle] * scale, 34 + 190 * s / steps) for s in range(steps + 1)]
            drawing.line(points, role=roles[column])
            drawing.dot(points[-1], role=roles[column], r=2.6)
    drawing.label("noise", (8, 38), anchor="start", muted=True)
    drawing.label("data", (8, 224), anchor="start", muted=True)
    return drawing


@figure(
    "diffusion/flow-matching/shift",
    title="Times of a sampler with shifts of 1, 3 and 6",
    desc="Time over the number of the step, from one to zero. With shift one a straight line; with larger shifts "
    "the line stays high for longer and falls steeply at the end, so that more steps are spent at high noise.",
)
def shift() -> Chart:
    steps = list(range(29))
    chart = Chart(Axis("step of 28", 0, 28), Axis("time $t$", 0, 1), height=270)
    for series, amount in enumerate((1.0, 3.0, 6.0)):
        times = [1 - step / 28 for step in steps]
        chart.line(
            steps, [amount * t / (1 + (amount - 1) * t) for t in times], series=series, label=f"shift {amount:g}"
        )
    return chart


@figure(
    "diffusion/flow-matching/clouds",
    title="From noise to two half moons, with four and with forty steps",
    desc="Two rows of five clouds of points at t = 1, 0.75, 0.5, 0.25 and 0. In both the cloud shrinks until 0.25. "
    "With forty steps it then becomes two clean half moons, with four two thick ones that touch.",
)
def clouds() -> Drawing:
    drawing = Drawing(740)
    for row, (steps, states) in enumerate(page_data("architectures/diffusion/flow-matching")["clouds"].items()):
        middle = 98 + 150 * row
        drawing.label(f"{steps} steps", (6, middle), anchor="start", bold=True)
        for column, points in enumerate(states):
            x0 = 134 + 132 * column
            if row == 0:
                drawing.label(f"$t$ = {1 - column / 4:g}", (x0, 14), bold=True)
            drawing.box("", (x0, middle), role="note", w=126, h=138, corner=4)
            inside = [(x0 + 29 * x, middle - 29 * y) for x, y in points if max(abs(x), abs(y)) < 2.1]
            drawing.dots(inside, role="attention", r=1.6)
    return drawing
