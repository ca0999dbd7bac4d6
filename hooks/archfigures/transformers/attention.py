"""Figures of docs/architectures/transformers/attention.md."""

from __future__ import annotations

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data


@figure(
    "transformers/attention/flow",
    title="One attention head from tokens to output, with shapes",
    desc="The T by d matrix of tokens is multiplied by three matrices and becomes queries, keys and values of width "
    "d_h. Queries times transposed keys give T by T scores; scaled, masked and put through softmax they become "
    "weights, drawn as a triangle of shaded cells; weights times values give the T by d_h output.",
)
def flow() -> Drawing:
    d = Drawing(760)
    x = d.tensor((56, 150), 6, 8, cell=9, role="data", label="$X$", shape="$T$ × $d$")
    rows = (("$Q$", "$W_{Q}$", 52), ("$K$", "$W_{K}$", 150), ("$V$", "$W_{V}$", 262))
    made = {}
    for name, matrix, y in rows:
        w = d.box(matrix, (160, y), role="attention", w=50)
        d.arrow(x.right, w.left, via=((112, 150), (112, y)))
        made[name] = d.tensor((246, y), 6, 4, cell=9, role="data", label=name, shape="$T$ × $d_{h}$")
        d.arrow(w.right, made[name].left)
    scores = d.box("$QK^{⊤}$/√$d_{h}$", (362, 100), role="attention", w=96)
    d.arrow(made["$Q$"].right, scores.left, via=((290, 52), (290, 100)))
    d.arrow(made["$K$"].right, scores.left, via=((290, 150), (290, 100)))
    soft = d.box("mask,\nsoftmax", (494, 100), role="attention", w=72)
    d.arrow(scores.right, soft.left)
    d.label("$T$ × $T$", (433, 90), size=11.5, muted=True)
    weights = page_data("architectures/transformers/attention")["weights"]
    shown = [[v if j <= i else -1 for j, v in enumerate(row)] for i, row in enumerate(weights)]
    heat = d.heatmap((606, 100), shown, cell=17, role="attention", label="weights, $T$ × $T$")
    d.arrow(soft.right, heat.left)
    times = d.operator("×", (606, 262), role="attention")
    d.arrow(heat.bottom, times.top)
    d.arrow(made["$V$"].right, times.left)
    out = d.tensor((706, 262), 6, 4, cell=9, role="data", label="output", shape="$T$ × $d_{h}$")
    d.arrow(times.right, out.left)
    return d


@figure(
    "transformers/attention/scale",
    title="Without the scaling, larger heads read from fewer keys",
    desc="Number of keys in use out of 64 against the head size, for random queries and keys. With the division by "
    "the root of the head size the number stays near forty; without it, it falls to one.",
)
def scale() -> Chart:
    run = page_data("architectures/transformers/attention")
    ticks = {float(size): str(size) for size in run["sizes"]}
    chart = Chart(
        Axis("head size $d_{h}$", 2, 256, log=True, ticks=ticks), Axis("keys in use, of 64", 0, 64), height=290
    )
    for series, (name, label) in enumerate((("scaled", "divided by √$d_{h}$"), ("unscaled", "not divided"))):
        chart.line(run["sizes"], run[name], series=series, label=label)
        chart.points(run["sizes"], run[name], series=series)
    return chart
