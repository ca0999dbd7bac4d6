"""Figures of docs/architectures/recurrent/mamba-3.md."""

from __future__ import annotations

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data

PAGE = "architectures/recurrent/mamba-3"


@figure(
    "recurrent/mamba-3/step",
    title="One token in Mamba-3: complete the last write, fade, rotate, write, read",
    desc="Along a green line: to the state of the token before, the rest of that token's product is added; the sum is "
    "multiplied by a decay, its pairs of rows are rotated by an angle, part of this token's product is added, and the "
    "queries read. With MIMO each product is of a key matrix N by R and a value matrix R by p; the state stays N by "
    "p.",
)
def step() -> Drawing:
    drawing = Drawing(740)
    y, below = 66, 172
    before = drawing.box("$S_{t−1}$\n$N$ × $p$", (40, y), role="state", h=46)
    last = drawing.operator("+", (166, y), role="router")
    fade = drawing.operator("×", (292, y), role="router")
    turn = drawing.operator("↻", (382, y), role="router")
    now = drawing.operator("+", (494, y), role="router")
    after = drawing.box("$S_t$\n$N$ × $p$", (620, y), role="state", h=46)
    for start, end in ((before, last), (last, fade), (fade, turn), (turn, now), (now, after)):
        drawing.arrow(start.right, end.left, role="state")
    drawing.arrow(after.right, (732, y), role="state")
    for operator, text, label in (
        (last, "rest of the last write", "$(1−λ_t)Δ_t B_{t−1}^{⊤} X_{t−1}$"),
        (fade, "fade", "$α_t$"),
        (turn, "turn", "angle"),
        (now, "write", "$λ_t Δ_t B_t^{⊤} X_t$"),
    ):
        box = drawing.box(label, (operator.x, below), role="attention" if operator in (last, now) else "router")
        drawing.arrow(box.top, operator.bottom)
        drawing.label(text, (operator.x, y - 28), bold=True)
    read = drawing.box("$C_t S_t$", (620, below), role="data")
    drawing.arrow(after.bottom, read.top)
    drawing.label("read", (632, 124), anchor="start", bold=True)
    drawing.label("one vector each: $R$ = 1", (250, 228), muted=True)
    _product(drawing, 250, 1)
    drawing.label("MIMO: $R$ = 4, the same state", (560, 228), muted=True)
    _product(drawing, 560, 4)
    return drawing


def _product(drawing: Drawing, x: float, rank: int) -> None:
    drawing.tensor((x - 90, 290), 8, rank, cell=9, role="attention", shape=f"$N$ × {rank}")
    drawing.label("×", (x - 52, 290), size=15)
    drawing.tensor((x - 8, 290), rank, 6, cell=9, role="data", shape=f"{rank} × $p$")
    drawing.label("=", (x + 40, 290), size=15)
    drawing.tensor((x + 90, 290), 8, 6, cell=9, role="state", shape="$N$ × $p$")


@figure(
    "recurrent/mamba-3/discretisation",
    title="Error of two discretisations against the exact solution, over the step",
    desc="Both axes logarithmic. The error of exponential Euler falls in proportion to the step, that of the "
    "exponential trapezoid with its square: at a step of 0.01 they are 0.00095 and 0.0000068.",
)
def discretisation() -> Chart:
    run = page_data(PAGE)["discretisation"]
    ticks = {0.005: "0.005", 0.01: "0.01", 0.02: "0.02", 0.05: "0.05", 0.1: "0.1", 0.2: "0.2"}
    chart = Chart(
        Axis("step Δ", 0.005, 0.2, log=True, ticks=ticks), Axis("error at the end", 1e-6, 0.1, log=True), height=280
    )
    for series, (name, errors) in enumerate(run["errors"].items()):
        chart.line(run["steps"], errors, series=series, label=name)
        chart.points(run["steps"], errors, series=series)
    return chart


@figure(
    "recurrent/mamba-3/parity",
    title="Parity of a bit string, read linearly from 64 random heads, over its length",
    desc="Accuracy on unseen strings. With real decays it is 1 up to eight bits, 0.98 at twelve and chance from "
    "sixteen on. With rotating states it is 1 at every length up to 64.",
)
def parity() -> Chart:
    run = page_data(PAGE)
    ticks = {float(n): str(n) for n in (2, 4, 8, 16, 32, 64)}
    chart = Chart(
        Axis("bits", 2, 64, log=True, ticks=ticks),
        Axis("accuracy", 0.4, 1, ticks={0.5: "chance", 0.75: "0.75", 1.0: "1"}),
        height=260,
    )
    for series, (name, found) in enumerate(run["parity"].items()):
        chart.line(run["lengths"], found, series=series, label="rotating states" if name == "turning" else name)
        chart.points(run["lengths"], found, series=series)
    return chart
