"""Figures of docs/architectures/diffusion/discrete.md."""

from __future__ import annotations

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data

PAGE = "architectures/diffusion/discrete"


@figure(
    "diffusion/discrete/transitions",
    title="Transition matrices of the uniform and of the absorbing process at three levels",
    desc="Two rows of three matrices. Uniform, three by three: the diagonal fades and all entries become equal. "
    "Absorbing, four by four: the diagonal fades and the last column, the mask, fills.",
)
def transitions() -> Drawing:
    run = page_data(PAGE)
    drawing = Drawing(740)
    names = {"uniform": "uniform: any token", "absorbing": "absorbing: the mask"}
    for row, (kind, name) in enumerate(names.items()):
        y = 92.0 + 158 * row
        drawing.label(name, (20, y), anchor="start", bold=True)
        for column, (kept, matrix) in enumerate(zip(run["kept"], run["transition"][kind], strict=True)):
            x = 280.0 + 175 * column
            if row == 0:
                drawing.label(f"kept with {kept:g}", (x, 14), bold=True)
            shaded = drawing.heatmap((x, y), matrix, cell=28, role="attention" if row else "noise")
            tokens = ["a", "b", "c", "mask"][: len(matrix)]
            for index, token in enumerate(tokens):
                place = shaded.top[1] + 14 + 28 * index
                drawing.label(token, (shaded.left[0] - 7, place), anchor="end", size=12, muted=True)
                drawing.label(token, (shaded.left[0] + 14 + 28 * index, shaded.top[1] - 10), size=12, muted=True)
    return drawing


@figure(
    "diffusion/discrete/steps",
    title="Exact distance of the sampled distribution from the true one, by parallel steps",
    desc="Logarithmic axes. Both lines start at 0.64 with one step; the absorbing process falls to 0.03 at 32 "
    "steps, the uniform one lies above it and falls to 0.04.",
)
def steps() -> Chart:
    run = page_data(PAGE)
    chart = Chart(
        Axis("parallel steps", 1, 32, log=True, ticks={float(n): str(n) for n in run["steps"]}),
        Axis("total variation", 0.02, 1, log=True, ticks={0.03: "0.03", 0.1: "0.1", 0.3: "0.3", 1.0: "1"}),
        height=270,
    )
    for series, (name, row) in enumerate(run["distance"].items()):
        chart.line(run["steps"], row, series=series, label=name)
        chart.points(run["steps"], row, series=series)
    return chart
