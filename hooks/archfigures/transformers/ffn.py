"""Figures of docs/architectures/transformers/ffn.md."""

from __future__ import annotations

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data


@figure(
    "transformers/ffn/two-and-three",
    title="Two matrices, and three with a gate",
    desc="Left: a token's vector is widened from d to d_ff, passed through an activation, and narrowed back. Right: "
    "two widening projections of the same vector; one goes through SiLU and multiplies the other, and the product is "
    "narrowed back.",
)
def two_and_three() -> Drawing:
    d = Drawing(760)
    d.label("two matrices: GPT-2, T5", (176, 18), bold=True)
    x = d.box("$x$", (34, 110), role="data", w=36)
    up = d.box("$W_{up}$", (112, 110), role="ffn", w=60)
    act = d.operator("σ", (196, 110), role="ffn", r=13)
    down = d.box("$W_{down}$", (282, 110), role="ffn", w=66)
    d.arrow(x.right, up.left, "$d$")
    d.arrow(up.right, act.left, "$d_{ff}$")
    d.arrow(act.right, down.left, "$d_{ff}$")
    d.arrow(down.right, (352, 110), "$d$")
    d.label("2 $d$ $d_{ff}$ weights", (176, 192), muted=True)
    d.label("three matrices: Llama, Gemma", (568, 18), bold=True)
    y = d.box("$x$", (420, 110), role="data", w=36)
    gate = d.box("$W_{gate}$", (508, 66), role="ffn", w=66)
    lift = d.box("$W_{up}$", (508, 154), role="ffn", w=66)
    silu = d.box("SiLU", (590, 66), role="ffn", w=48)
    times = d.operator("×", (640, 110), role="router", r=13)
    back = d.box("$W_{down}$", (702, 110), role="ffn", w=62)
    d.arrow(y.right, gate.left, via=((454, 110), (454, 66)))
    d.arrow(y.right, lift.left, via=((454, 110), (454, 154)))
    d.arrow(gate.right, silu.left)
    d.arrow(silu.right, times.top, via=((640, 66),))
    d.arrow(lift.right, times.bottom, "$d_{ff}$", via=((640, 154),))
    d.arrow(times.right, back.left)
    d.arrow(back.right, (756, 110))
    d.label("3 $d$ $d_{ff}$ weights, with a smaller $d_{ff}$", (580, 192), muted=True)
    return d


@figure(
    "transformers/ffn/activations",
    title="Four activations",
    desc="ReLU is zero left of zero and the identity right of it. GELU and SiLU follow it at a distance, dip slightly "
    "below zero on the left and are smooth. Squared ReLU starts flat at zero and grows as a parabola.",
)
def activations() -> Chart:
    run = page_data("architectures/transformers/ffn")
    chart = Chart(Axis("input", -3, 3), Axis("output", -0.4, 3), height=290)
    names = {"relu": "ReLU", "gelu": "GELU", "silu": "SiLU", "relu squared": "squared ReLU"}
    for series, (name, label) in enumerate(names.items()):
        chart.line(run["x"], run[name], series=series, label=label)
    return chart
