"""Figures of docs/architectures/recurrent/linear-attention.md."""

from __future__ import annotations

import math

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data

PAGE = "architectures/recurrent/linear-attention"


@figure(
    "recurrent/linear-attention/two-orders",
    title="One product of three matrices in two orders: pairs first, or keys with values first",
    desc="Above: features of queries, eight by four, times features of keys, four by eight, give eight by eight "
    "weights with the future cut off, which multiply the values. Below: features of keys times values give a state "
    "of four by four, added to token after token, which the features of a query read.",
)
def two_orders() -> Drawing:
    drawing = Drawing(740)
    y = 98
    drawing.label("pairs first", (10, 16), anchor="start", bold=True)
    drawing.tensor((60, y), 8, 4, role="attention", label="$φ(Q)$", shape="$T$ × $m$")
    keys = drawing.tensor((190, y), 4, 8, role="attention", label="$φ(K)^{⊤}$", shape="$m$ × $T$")
    drawing.label("×", (113, y), size=16)
    weights = [[0.75 if j <= i else -1 for j in range(8)] for i in range(8)]
    scores = drawing.heatmap((376, y), weights, cell=12, role="attention", label="weights")
    drawing.label("$T$ × $T$", (376, y + 61), size=12, muted=True)
    drawing.arrow(keys.right, scores.left, "mask")
    values = drawing.tensor((510, y), 8, 4, role="data", label="$V$", shape="$T$ × $d_v$")
    drawing.label("×", (454, y), size=16)
    out = drawing.tensor((668, y), 8, 4, role="data", label="$O$", shape="$T$ × $d_v$")
    drawing.arrow(values.right, out.left, "÷ row sums")
    drawing.line([(10, 184), (730, 184)])
    y = 280
    drawing.label("keys with values first", (10, 206), anchor="start", bold=True)
    drawing.tensor((60, y), 4, 1, role="attention", label="$φ(k_t)^{⊤}$", shape="$m$ × 1")
    value = drawing.tensor((190, y), 1, 4, role="data", label="$v_t$", shape="1 × $d_v$")
    drawing.label("×", (113, y), size=16)
    plus = drawing.operator("+", (280, y), role="state")
    drawing.arrow(value.right, plus.left)
    state = drawing.tensor((376, y), 4, 4, role="state", label="state $S_t$", shape="$m$ × $d_v$")
    drawing.arrow(plus.right, state.left, role="state")
    below = y + 58
    drawing.arrow(
        (state.right[0], y + 16),
        plus.bottom,
        "kept for the next token",
        via=((424, y + 16), (424, below), (280, below)),
        role="state",
        side=12,
    )
    query = drawing.tensor((510, y), 1, 4, role="attention", label="$φ(q_t)$", shape="1 × $m$")
    drawing.arrow(state.right, query.left, "read")
    result = drawing.tensor((668, y), 1, 4, role="data", label="$o_t$", shape="1 × $d_v$")
    drawing.arrow(query.right, result.left, "÷ $φ(q_t) · z_t$")
    return drawing


@figure(
    "recurrent/linear-attention/weights",
    title="Attention weights of the same twelve tokens under softmax and four feature maps",
    desc="Five lower triangles. Softmax has a strong diagonal: every token finds its own key. The Taylor map and "
    "Performer's random features show a weaker diagonal with wrong strong cells. The weights of elu plus one are "
    "nearly even in every row.",
)
def weights() -> Drawing:
    drawing = Drawing(740)
    stored = page_data(PAGE)["weights"]
    order = ("softmax", "second-order Taylor", "Performer, 256 features", "Performer, 64 features", "elu + 1")
    for index, name in enumerate(order):
        cells = [[value if j <= i else -1 for j, value in enumerate(row)] for i, row in enumerate(stored[name])]
        drawing.heatmap((78 + index * 146, 92), cells, cell=11, role="attention", label=_short(name))
    return drawing


def _short(name: str) -> str:
    return name.replace(" features", "").replace("second-order ", "")


@figure(
    "recurrent/linear-attention/estimators",
    title="Relative error of random features by the angle between query and key",
    desc="Standard error of 64 features over the cosine between a query and a key. Positive features are exact for "
    "opposite vectors and worst for equal ones, at 0.32; orthogonal directions reduce that to 0.27. Sines and "
    "cosines are the mirror image: exact for equal vectors, worst for opposite ones. Points lie on the theory's lines.",
)
def estimators() -> Chart:
    run = page_data(PAGE)
    chart = Chart(Axis("cosine between query and key", -1, 1), Axis("relative standard error", 0, 0.4), height=300)
    grid = [-1 + i / 50 for i in range(101)]
    theory = {
        "positive": [math.sqrt((math.exp(1 + c) - 1) / 64) for c in grid],
        "trigonometric": [math.sqrt(math.exp(1 - c) * (1 - math.exp(c - 1)) ** 2 / 2 / 32) for c in grid],
    }
    for series, (name, errors) in enumerate(run["estimators"].items()):
        chart.points(run["cosines"], errors, series=series, label=name)
        if name in theory:
            chart.line(grid, theory[name], series=series)
    return chart


@figure(
    "recurrent/linear-attention/look-up",
    title="Error of looking up a value by its key, over the number of keys",
    desc="From 2 to 256 random keys. Softmax stays below 0.13. The second-order Taylor map and Performer with 256 "
    "features reach a half at 32 keys, Performer with 64 features at 16; elu plus one is above one third at two keys "
    "and near one from 32 on.",
)
def look_up() -> Chart:
    run = page_data(PAGE)
    ticks = {float(2**power): str(2**power) for power in range(1, 9)}
    chart = Chart(Axis("keys", 2, 256, log=True, ticks=ticks), Axis("error, relative to the values", 0, 1), height=300)
    for series, (name, errors) in enumerate(run["look_up"].items()):
        chart.line(
            run["pairs"], errors, series=series, label=name.replace(" features", "").replace("second-order ", "")
        )
        chart.points(run["pairs"], errors, series=series)
    return chart


@figure(
    "recurrent/linear-attention/runs",
    title="In which state a query finds each earlier token",
    desc="A lower triangle of sixteen by sixteen cells. The diagonal has one colour; next to it lie squares of one "
    "cell, then of two by two, four by four and eight by eight cells, each of one shade, paler the larger they are.",
)
def runs() -> Drawing:
    drawing, size, cell = Drawing(560), 16, 17.0
    shades = [[1 - 0.17 * (t ^ s).bit_length() if s <= t else -1 for s in range(size)] for t in range(size)]
    drawing.heatmap((200, 160), shades, cell=cell, role="attention", label="query $t$, token $s$")
    names = ("the token itself", "runs of 1", "runs of 2", "runs of 4", "runs of 8")
    for number, name in enumerate(names):
        y = 80 + 32 * number
        drawing.heatmap((392, y), [[1 - 0.17 * number]], cell=cell, role="attention")
        drawing.label(name, (412, y), anchor="start")
    return drawing
