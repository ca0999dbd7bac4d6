"""Figures of docs/architectures/classic/energy-based.md."""

from __future__ import annotations

import math

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data

PAGE = "architectures/classic/energy-based"


@figure(
    "classic/energy-based/chain",
    title="A Langevin chain on an energy with three wells, and many chains after a long time",
    desc="Two panels with the same shaded density: three strongly coloured spots on a ring. Left: the path of one "
    "chain, which wanders within a well and changes to a neighbouring one now and then. Right: 250 chains after "
    "1,500 steps, spread over the three wells.",
)
def chain() -> Drawing:
    run = page_data(PAGE)
    drawing = Drawing(760)
    cell, side = 9.0, len(run["density"])
    shades = [[value if value > 0.02 else -1.0 for value in row] for row in run["density"]]
    scale = cell * (side - 1) / 3.0
    for x0, name in ((200.0, "one chain, 800 steps"), (560.0, "250 chains after 1,500 steps")):
        drawing.heatmap((x0, 148), shades, cell=cell, role="state")
        drawing.label(name, (x0, 18), bold=True)
    path = [(round(200 + scale * x, 1), round(148 - scale * y, 1)) for x, y in run["path"]]
    drawing.line(path, role="noise")
    drawing.dot(path[0], role="noise", r=4)
    drawing.dots([(560 + scale * x, 148 - scale * y) for x, y in run["cloud"]], role="noise", r=2)
    return drawing


@figure(
    "classic/energy-based/mixing",
    title="Steps until a chain forgets the well it started in, by the barrier",
    desc="On a logarithmic axis the steps grow from some two hundred at a barrier of one half to twenty thousand at "
    "seven, from four on along the straight line of Kramers' law.",
)
def mixing() -> Chart:
    rows = page_data(PAGE)["mixing"]
    chart = Chart(Axis("height of the barrier", 0, 7), Axis("steps", 100, 50_000, log=True), height=290, left=74)
    chart.line([b for b, _ in rows], [s for _, s in rows], series=0, label="exact, from the chain's second eigenvalue")
    chart.points([b for b, _ in rows], [s for _, s in rows], series=0)
    high = [b for b, _ in rows if b >= 2]
    kramers = [math.pi / (math.sqrt(32) * b) * math.exp(b) / 0.005 for b in high]
    chart.line(high, kramers, series=1, label="Kramers' law", dashed=True)
    return chart


@figure(
    "classic/energy-based/contrastive",
    title="What contrastive divergence keeps of the true gradient, by steps and barrier",
    desc="Share of the gradient over steps on a logarithmic axis, for four barriers. All begin near one hundredth. "
    "With a barrier of one it reaches nearly one after a thousand steps, with six only an eighth; after ten "
    "thousand steps two thirds.",
)
def contrastive() -> Chart:
    run = page_data(PAGE)
    ticks = {1.0: "1", 10.0: "10", 100.0: "100", 1000.0: "1,000", 10_000.0: "10,000"}
    steps = Axis("steps of the chain, started at the data", 1, 10_000, log=True, ticks=ticks)
    chart = Chart(steps, Axis("share of the gradient", 0, 1.02), height=290)
    for series, (barrier, row) in enumerate(run["share"].items()):
        chart.line(run["steps"], row, series=series, label=f"barrier {barrier}")
        chart.points(run["steps"], row, series=series)
    return chart


@figure(
    "classic/energy-based/learning",
    title="Learning which well is likelier, by three gradients",
    desc="The learned tilt over 300 updates, with the truth at 0.7. The likelihood's gradient learns it in thirty "
    "updates. Contrastive divergence climbs slowly and reaches 0.58. Persistent chains overshoot to more than "
    "one, fall below the truth and are rising again at the end.",
)
def learning() -> Chart:
    run = page_data(PAGE)["learned"]
    chart = Chart(Axis("updates", 0, 300), Axis("tilt", 0, 1.15), height=290)
    names = {"likelihood": "likelihood", "contrastive": "contrastive, 10 steps", "persistent": "persistent, 10 steps"}
    for series, (kind, label) in enumerate(names.items()):
        chart.line([5 * i for i in range(len(run[kind]))], run[kind], series=series, label=label)
    chart.line([0, 300], [0.7, 0.7], series=3, label="truth", dashed=True)
    return chart
