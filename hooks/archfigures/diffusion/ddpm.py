"""Figures of docs/architectures/diffusion/ddpm.md."""

from __future__ import annotations

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data

PAGE = "architectures/diffusion/ddpm"


@figure(
    "diffusion/ddpm/chain",
    title="A spiral becomes noise, and noise becomes a spiral again",
    desc="Two rows of five clouds of points at t = 0, 30, 80, 200 and 1000. Upper row, from left to right: a spiral "
    "becomes blurred and then a round cloud. Lower row, from right to left: a round cloud of other points "
    "becomes the spiral again. Arrows between the clouds name the forward and the reverse step.",
)
def chain() -> Drawing:
    drawing = Drawing(740)
    run = page_data(PAGE)["spiral"]
    for row, (name, role) in enumerate((("forward", "data"), ("reverse", "noise"))):
        middle = 96 + 160 * row
        for column, points in enumerate(run[name]):
            x0 = 74 + 148 * column
            drawing.dots([(x0 + 23 * x, middle - 23 * y) for x, y in points], role=role, r=1.8)
    for column, t in enumerate(run["t"]):
        drawing.label(f"$t$ = {t}", (74 + 148 * column, 14), bold=True)
    for column in range(4):
        start, end = 74 + 148 * column + 52, 74 + 148 * (column + 1) - 52
        drawing.arrow((start, 176), (end, 176), "add noise" if column == 0 else "")
        drawing.arrow((end, 338), (start, 338), "network" if column == 3 else "")
    return drawing


@figure(
    "diffusion/ddpm/weights",
    title="What the variational bound multiplies the squared error of the noise with, by step",
    desc="On a logarithmic axis the weight falls steeply from 0.6 at the first steps to 0.005 at step 300 or so and "
    "then rises slowly to 0.01; the simple loss is a level line at the mean, 0.014.",
)
def weights() -> Chart:
    values = page_data(PAGE)["weights"]
    steps = [2 + 9 * index for index in range(len(values))]
    chart = Chart(Axis("step $t$", 0, 1000), Axis("weight of the squared error", 0.003, 1, log=True), height=270)
    chart.line(steps, values, series=0, label="variational bound")
    mean = sum(values) / len(values)
    chart.line([2, 1000], [mean, mean], series=1, dashed=True, label="simple loss (the same everywhere)")
    return chart


@figure(
    "diffusion/ddpm/copies",
    title="What the least loss on eight training points generates",
    desc="Two panels with the same eight training points as rings. Left, a network that sees both coordinates: all "
    "samples lie on the eight points. Right, a network that sees one coordinate at a time: the samples lie on the "
    "crossings of the points' rows and columns.",
)
def copies() -> Drawing:
    drawing = Drawing(360)
    data = page_data(PAGE)
    panels = {"all": "sees both coordinates", "one": "sees its own only"}
    for column, (name, title) in enumerate(panels.items()):
        x0, y0, scale = 88 + 180 * column, 108, 40
        drawing.label(title, (x0, 14), bold=True)
        drawing.dots([(x0 + scale * x, y0 - scale * y) for x, y in data["training points"]], role="data", r=4.5)
        drawing.dots([(x0 + scale * x, y0 - scale * y) for x, y in data["copies"][name]], role="noise", r=1.6)
    return drawing
