"""Figures of docs/architectures/diffusion/language-models.md."""

from __future__ import annotations

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data

PAGE = "architectures/diffusion/language-models"


@figure(
    "diffusion/language-models/film",
    title="Two runs of masked diffusion on a small language, four letters per step",
    desc="Two grids of seven rows and 24 cells; each row is one step, filled cells carry letters, empty ones are "
    "masked. In the upper run letters appear at scattered places; in the lower most appear beside letters "
    "that are already there.",
)
def film() -> Drawing:
    drawing = Drawing(740)
    for index, (rule, states) in enumerate(page_data(PAGE)["film"].items()):
        top, cell = 44.0 + 196 * index, 23.0
        name = {"random": "random places", "confidence": "most confident places first"}[rule]
        drawing.label(name, (130, top - 20), anchor="start", bold=True)
        before = "_" * len(states[0])
        for row, state in enumerate(states):
            y = top + 22 * row
            drawing.label(f"step {row}", (118, y), anchor="end", size=12, muted=True)
            shades = [
                [0.5 if old != new else 0.18 if new != "_" else 0.0 for old, new in zip(before, state, strict=True)]
            ]
            drawing.heatmap((130 + cell * len(state) / 2, y), shades, cell=cell - 2.2, role="attention")
            for column, letter in enumerate(state):
                if letter not in "_ ":
                    left = 130 + cell * len(state) / 2 - (cell - 2.2) * len(state) / 2
                    drawing.label(letter, (left + (cell - 2.2) * (column + 0.5), y), size=12)
            before = state
    return drawing


@figure(
    "diffusion/language-models/orders",
    title="Distance from the language by letters filled at once, for three orders",
    desc="Logarithmic axes. All orders are exact with one letter at a time. Random places rise slowest, from 0.02 "
    "at two to 0.15 at eight; most confident first is at 0.05, left to right at 0.13 with two letters at once.",
)
def orders() -> Chart:
    run = page_data(PAGE)
    chart = Chart(
        Axis("letters filled at once, on average", 1, 32, log=True, ticks={float(k): str(k) for k in run["at once"]}),
        Axis("distance to the language", 0.0015, 1, log=True, ticks={0.01: "0.01", 0.1: "0.1", 1.0: "1"}),
        height=320,
    )
    for series, (rule, row) in enumerate(run["distance"].items()):
        chart.line(run["at once"], row, series=series, label={"confidence": "confident first"}.get(rule, rule))
        chart.points(run["at once"], row, series=series)
    speeds = [speed for _, speed, _ in run["entropy bound"]]
    chart.line(speeds, [d for *_, d in run["entropy bound"]], series=3, dashed=True, label="entropy bound")
    chart.points(speeds, [d for *_, d in run["entropy bound"]], series=3)
    return chart


@figure(
    "diffusion/language-models/masks",
    title="Which token sees which: causal, full and block-wise masks, and the one that trains blocks",
    desc="Four square grids, rows see columns. Causal: a filled lower triangle. Full: all filled. Blocks of two: a "
    "staircase of blocks of two. Training: two copies, noisy and clean; noisy blocks see themselves and "
    "earlier clean blocks, clean ones are block-causal among themselves.",
)
def masks() -> Drawing:
    drawing = Drawing(740)
    size = 8
    shapes = {"causal": 1, "full": size, "blocks of two": 2}
    for column, (name, block) in enumerate(shapes.items()):
        grid = [[float(row // block >= place // block) for place in range(size)] for row in range(size)]
        drawing.heatmap((90 + 160 * column, 124), grid, cell=16, role="attention")
        drawing.label(name, (90 + 160 * column, 40), bold=True)
    training = page_data(PAGE)["masks"]["training"]
    shaded = drawing.heatmap((614, 138), [[float(value) for value in row] for row in training], cell=11, role="state")
    drawing.label("training blocks of two", (614, 14), bold=True)
    middle = 11 * size
    drawing.label("noisy", (shaded.left[0] + middle / 2, shaded.top[1] - 12), size=12, muted=True)
    drawing.label("clean", (shaded.left[0] + 1.5 * middle, shaded.top[1] - 12), size=12, muted=True)
    drawing.label("noisy", (shaded.left[0] - 6, shaded.top[1] + middle / 2), anchor="end", size=12, muted=True)
    drawing.label("clean", (shaded.left[0] - 6, shaded.top[1] + 1.5 * middle), anchor="end", size=12, muted=True)
    return drawing
