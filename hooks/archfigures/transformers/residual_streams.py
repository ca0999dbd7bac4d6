"""Figures of docs/architectures/transformers/residual-streams.md."""

from __future__ import annotations

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data


@figure(
    "transformers/residual-streams/four",
    title="A layer on one stream, and on four",
    desc="Left: one stream runs past a layer, which reads it and adds to it. Right: four streams; the layer reads a "
    "weighted sum of them, its output is written back to each with a weight, and between them the streams are mixed "
    "by a four by four matrix.",
)
def four() -> Drawing:
    d = Drawing(760)
    d.label("one stream", (150, 18), bold=True)
    plus = d.operator("+", (230, 170))
    d.arrow((30, 170), plus.left)
    layer = d.box("layer", (146, 84), role="attention", w=84)
    d.dot((70, 170), role="note", r=3)
    d.arrow((70, 170), layer.left, via=((70, 84),))
    d.arrow(layer.right, plus.top, via=((230, 84),))
    d.arrow(plus.right, (290, 170))
    d.label("$T$ × $d$", (130, 186), size=12, muted=True)
    d.label("four streams", (540, 18), bold=True)
    mix = d.box("mix\n4 × 4", (534, 190), role="router", w=72, h=104)
    read = d.box("read\nΣ", (430, 84), role="router", w=50, h=40)
    wide = d.box("layer", (534, 84), role="attention", w=84)
    write = d.box("write\n× 4", (640, 84), role="router", w=54, h=40)
    d.arrow(read.right, wide.left, "$T$ × $d$", side=-30)
    d.arrow(wide.right, write.left)
    for index in range(4):
        y = 154 + index * 24
        add = d.operator("+", (682 + 16 * index, y), r=8)
        d.arrow((350, y), (mix.left[0], y))
        d.arrow((mix.right[0], y), add.left)
        d.arrow(add.right, (756, y))
        d.arrow(write.right, add.top, via=((add.x, 84),))
        d.dot((418, y), role="note", r=2.5)
    d.arrow((418, 226), (418, read.bottom[1]))
    d.label("4 × $T$ × $d$", (372, 246), size=12, muted=True)
    return d


@figure(
    "transformers/residual-streams/gain",
    title="Mixing in every layer: unconstrained and doubly stochastic",
    desc="Largest gain of a sequence of mixings against depth, on logarithmic axes. Unconstrained mixing matrices "
    "near the identity enlarge the streams more and more with depth; doubly stochastic ones keep the gain at one at "
    "any depth.",
)
def gain() -> Chart:
    run = page_data("architectures/transformers/residual-streams")
    depths = run["depths"]
    chart = Chart(
        Axis("layers", 1, 128, log=True, ticks={float(n): str(n) for n in depths}),
        Axis("largest gain", 0.7, 2e6, log=True, ticks={1.0: "1", 1e2: "$10^{2}$", 1e4: "$10^{4}$", 1e6: "$10^{6}$"}),
        height=290,
    )
    for series, name in enumerate(("free", "doubly stochastic")):
        chart.line(depths, run[name], series=series, label="unconstrained" if name == "free" else name)
        chart.points(depths, run[name], series=series)
    return chart
