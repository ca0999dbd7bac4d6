"""Figures of docs/architectures/diffusion/distillation.md."""

from __future__ import annotations

import math

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data

PAGE = "architectures/diffusion/distillation"


def _path(share: float) -> tuple[float, float]:
    """A curved path from noise (share 0, left) to data (share 1, right), as offsets in px."""
    return 140 * share, -62 * math.sin(math.pi * share * 0.9) * (1 - 0.3 * share) + 26 * share


@figure(
    "diffusion/distillation/jumps",
    title="What four kinds of few-step models learn",
    desc="Four panels. Progressive: on a curved path from noise to data one arrow spans two of the teacher's steps. "
    "Consistency: arrows lead from several points of the path to its end. Flow map: arrows lead from points of "
    "the path to other points of it. Distribution matching and adversarial: no path, a cloud of generated "
    "points is compared with a cloud of data.",
)
def jumps() -> Drawing:
    drawing = Drawing(740)
    names = ("progressive", "consistency", "flow map, mean flow", "distribution matching,\nadversarial")
    for column, name in enumerate(names):
        left, base = 24.0 + 184 * column, 108.0

        def place(share: float, left: float = left, base: float = base) -> tuple[float, float]:
            x, y = _path(share)
            return left + x, base + y

        drawing.label(name, (left + 70, 20), bold=True)
        if column < 3:
            drawing.line([place(k / 30) for k in range(31)], dashed=True)
            drawing.dot(place(0), role="noise", r=5)
            drawing.dot(place(1), role="data", r=5)
        arrows: dict[int, list[tuple[float, float]]] = {
            0: [(0, 0.5), (0.5, 1)],
            1: [(0, 1), (0.3, 1), (0.65, 1)],
            2: [(0, 0.5), (0.25, 1), (0.5, 0.8)],
        }
        for start, end in arrows.get(column, []):
            drawing.arrow(place(start), place(end), role="ffn", stop=6 if end == 1 else 4)
            drawing.dot(place(start), role="attention", r=3.5)
        if column == 0:
            for k in range(1, 4):
                drawing.dot(place(k / 4), role="attention", r=3.5)
        if column == 3:
            for k in range(9):
                angle = 2.4 * k
                for x, role in ((left + 34, "ffn"), (left + 116, "data")):
                    size = 6 + 2.4 * k
                    drawing.dot((x + size * math.cos(angle), 96 + size * math.sin(angle)), role=role, r=3.2)
            drawing.label("generated", (left + 26, 146), muted=True)
            drawing.label("data", (left + 120, 146), muted=True)
    drawing.label("noise", (26, 128), muted=True)
    drawing.label("data", (164, 140), muted=True)
    return drawing


@figure(
    "diffusion/distillation/rules",
    title="Three rules that every exact jump obeys",
    desc="Three panels with the same curved path from noise to data. First: an arrow from start to end, and two short "
    "arrows that meet on the path and end at the same place. Second: arrows from three neighbouring points of the path "
    "end at the same point; a short thick arrow along the path shows how the start is moved. Third: arrows from one "
    "start end at three neighbouring points of the path; a short thick arrow along the path shows how the end moves.",
)
def rules() -> Drawing:
    drawing = Drawing(740)
    names = ("two jumps are one", "slide the start", "slide the end")
    arrows: tuple[list[tuple[float, float]], ...] = (
        [(0.06, 0.94), (0.06, 0.5), (0.5, 0.94)],
        [(0.06, 0.94), (0.14, 0.94), (0.22, 0.94)],
        [(0.06, 0.78), (0.06, 0.86), (0.06, 0.94)],
    )
    notes = ("ends agree", "the end stays", "the end follows the velocity there")
    for column, (name, jumps_, note) in enumerate(zip(names, arrows, notes, strict=True)):
        left, base = 38.0 + 246 * column, 120.0

        def place(share: float, left: float = left, base: float = base) -> tuple[float, float]:
            x, y = _path(share)
            return left + 1.3 * x, base + 1.3 * y

        drawing.label(name, (left + 92, 16), bold=True)
        drawing.line([place(k / 40) for k in range(41)], dashed=True)
        for start, end in jumps_:
            drawing.arrow(place(start), place(end), role="ffn", stop=5)
            drawing.dot(place(start), role="attention", r=4)
            drawing.dot(place(end), role="attention", r=4)
        if column:
            points = (0.03, 0.25) if column == 1 else (0.75, 0.99)
            along = [place(points[0] + (points[1] - points[0]) * k / 8) for k in range(9)]
            shifted = [(x - 13, y - 9) if column == 1 else (x + 12, y - 10) for x, y in along]
            drawing.arrow(shifted[0], shifted[-1], via=shifted[1:-1], role="loss")
        drawing.label(note, (left + 92, 164), muted=True)
    return drawing


@figure(
    "diffusion/distillation/steps",
    title="Distance to the true distribution by steps, for the teacher and for jumps with and without flaws",
    desc="Logarithmic axes. The teacher falls from 1.1 at one step to 0.06 at sixteen. Perfect jumps lie level near "
    "0.01. Flawed jumps with fresh noise fall from 0.11 to 0.07 at four steps and rise again; flawed jumps "
    "along the path rise to 0.15.",
)
def steps() -> Chart:
    run = page_data(PAGE)
    chart = Chart(
        Axis("steps", 1, 16, log=True, ticks={1.0: "1", 2.0: "2", 4.0: "4", 8.0: "8", 16.0: "16"}),
        Axis("distance to the truth", 0.004, 1.3, log=True, ticks={0.01: "0.01", 0.1: "0.1", 1.0: "1"}),
        height=330,
    )
    for series, (name, row) in enumerate(run["distance"].items()):
        if name == "jumps and fresh noise, perfect":
            continue
        short = name.removeprefix("jumps ").removeprefix("and ")
        chart.line(run["steps"], row, series=series, label=short, dashed="perfect" in name)
        chart.points(run["steps"], row, series=series)
    return chart
