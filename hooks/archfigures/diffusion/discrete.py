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
    desc="Logarithmic axes. All lines start at 0.64 with one step; the absorbing process falls to 0.03 at 32 "
    "steps, the uniform one lies above it and falls to 0.04; with the wrong prediction in the bridge it stays at 0.43.",
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


@figure(
    "diffusion/discrete/film",
    title="Six runs of each process in six steps, four tokens each",
    desc="Two rows of seven small grids of six sequences of four letters. Uniform: letters are there from the start "
    "and some change from step to step. Absorbing: the grid starts empty and fills; a letter once there stays.",
)
def film() -> Drawing:
    drawing = Drawing(740)
    for row, (kind, name) in enumerate((("uniform", "uniform"), ("absorbing", "absorbing"))):
        states = page_data(PAGE)["film"][kind]
        middle = 108 + 176 * row
        drawing.label(name, (6, middle), anchor="start", bold=True)
        for column, state in enumerate(states):
            x = 132.0 + 94 * column
            if row == 0:
                drawing.label("start" if column == 0 else f"step {column}", (x, 14), size=12, muted=True)
            before = states[column - 1] if column else state
            shades = [
                [0.0 if new == 3 else 0.5 if new != old else 0.15 for new, old in zip(now, then, strict=True)]
                for now, then in zip(state, before, strict=True)
            ]
            cells = drawing.heatmap((x, middle), shades, cell=20, role="attention" if row else "noise")
            for line, sequence in enumerate(state):
                for place, token in enumerate(sequence):
                    if token < 3:
                        at = (cells.left[0] + 10 + 20 * place, cells.top[1] + 10 + 20 * line)
                        drawing.label("abc"[token], at, size=12)
    return drawing
