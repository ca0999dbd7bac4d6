"""Figures of docs/architectures/recurrent/index.md."""

from __future__ import annotations

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data


@figure(
    "recurrent/index/state",
    title="A recurrent layer: the state is faded, cleared at the key, written to and read",
    desc="From left to right along a green line: the state of the token before is multiplied by a gate, what the key "
    "returns is removed, key times value is added with a strength, and the query reads the result. Gate, erasure and "
    "strength are computed from the token at the bottom.",
)
def state() -> Drawing:
    drawing = Drawing(740)
    y, below = 62, 168
    before = drawing.box("$S_{t-1}$", (46, y), role="state", h=40)
    gate = drawing.operator("×", (170, y), role="router")
    erase = drawing.operator("−", (310, y), role="router")
    write = drawing.operator("+", (450, y), role="router")
    after = drawing.box("$S_t$", (600, y), role="state", h=40)
    for start, end in ((before, gate), (gate, erase), (erase, write), (write, after)):
        drawing.arrow(start.right, end.left, role="state")
    drawing.arrow(after.right, (728, y), role="state")
    for operator, label, text in (
        (gate, "gate $α_t$", "fade"),
        (erase, "$β_t k_t^{⊤} (k_t S)$", "erase"),
        (write, "$β_t k_t^{⊤} v_t$", "write"),
    ):
        box = drawing.box(label, (operator.x, below), role="attention")
        drawing.arrow(box.top, operator.bottom)
        drawing.label(text, (operator.x, y - 26), bold=True)
    query = drawing.box("$o_t = q_t S_t$", (600, below), role="data")
    drawing.arrow(after.bottom, query.top)
    drawing.label("read", (616, 122), anchor="start", bold=True)
    token = drawing.box("token $x_t$", (310, 240), role="data", w=520)
    for x in (170, 310, 450):
        drawing.arrow((x, token.top[1]), (x, below + 16))
    drawing.arrow(token.right, query.bottom, via=((600, 240),))
    return drawing


@figure(
    "recurrent/index/recall",
    title="Error of recalling key–value pairs from a state of 16 by 16 numbers",
    desc="Error over the number of pairs stored. Linear attention's error grows in proportion to the number of pairs "
    "and leaves the chart at about thirty; retention and the delta rule grow more slowly, the delta rule being lowest "
    "up to sixteen pairs, the size of the state; both pass one at about thirty pairs.",
)
def recall() -> Chart:
    run = page_data("architectures/recurrent/index")
    ticks = {1.0: "1", 4.0: "4", 16.0: "16", 64.0: "64"}
    chart = Chart(
        Axis("pairs stored", 1, 64, log=True, ticks=ticks), Axis("error, relative to the values", 0, 2), height=300
    )
    for series, (kind, errors) in enumerate(run["error"].items()):
        chart.line(run["pairs"], errors, series=series, label=kind)
        chart.points(run["pairs"], errors, series=series)
    return chart
