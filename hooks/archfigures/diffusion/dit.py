"""Figures of docs/architectures/diffusion/dit.md."""

from __future__ import annotations

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data


@figure(
    "diffusion/dit/block",
    title="The adaLN-Zero block of a diffusion transformer, with shapes",
    desc="From below: a noisy latent is cut into patches, embedded and goes up through a block: normalisation, "
    "scale and shift, self-attention, a gate, a residual addition; then the same with a feed-forward network. "
    "On the right the embeddings of time and class are added, and one linear layer makes six vectors of them: "
    "three for each half.",
)
def block() -> Drawing:
    drawing = Drawing(740)
    x = 200.0
    latent = drawing.tensor((x, 580), 4, 4, cell=12, role="noise", label="", shape="latent $x_t$, 32 × 32 × 4")
    tokens = drawing.box("patches of 2 × 2, linear,\n+ position", (x, 504), role="data", w=210, h=46)
    drawing.arrow(latent.top, tokens.bottom)
    stages = []
    for base, name, role in ((414.0, "self-attention\nall tokens to all", "attention"), (230.0, "feed-forward", "ffn")):
        normal = drawing.box("LayerNorm, × (1 + scale), + shift", (x, base), role="norm", w=250, h=30)
        mixing = drawing.box(name, (x, base - 56), role=role, w=170, h=42)
        gate = drawing.operator("×", (x, base - 100))
        plus = drawing.operator("+", (x, base - 134))
        drawing.arrow(normal.top, mixing.bottom)
        drawing.arrow(mixing.top, gate.bottom)
        drawing.arrow(gate.top, plus.bottom)
        stages.append((normal, gate, plus))
    (first, gate1, plus1), (second, gate2, plus2) = stages
    drawing.arrow(tokens.top, first.bottom, "$T$ × $d$", side=12, at=0.22)
    drawing.arrow(plus1.top, second.bottom)
    for normal, plus in ((first, plus1), (second, plus2)):
        low = normal.bottom[1] + 10
        drawing.arrow((x, low), plus.left, via=((63, low), (63, plus.y)))
    drawing.frame([first, gate1, plus1, second, gate2, plus2], "", margin=24)
    drawing.label("× $L$", (344, 446), anchor="end", bold=True)
    out = drawing.box("norm, linear, patches back", (x, 26), role="data", w=220, h=30)
    drawing.arrow(plus2.top, out.bottom)
    drawing.label("noise and variance, 32 × 32 × 8", (320, 26), anchor="start", muted=True)
    embed = drawing.box("time $t$ and class $c$:\nembeddings, added", (600, 504), role="router", w=170, h=46)
    linear = drawing.box("SiLU, linear\n$d$ → 6 $d$, starts at 0", (600, 322), role="router", w=170, h=46)
    drawing.arrow(embed.top, linear.bottom, "$d$", side=12)
    for normal, gate, fork in ((first, gate1, 440.0), (second, gate2, 470.0)):
        drawing.arrow(linear.left, normal.right, via=((fork, 322), (fork, normal.y)))
        drawing.arrow((fork, 322), gate.right, via=((fork, gate.y),))
        drawing.label("shift, scale", (356, normal.y - 10), anchor="start", size=12, muted=True)
        drawing.label("gate", (356, gate.y - 10), anchor="start", size=12, muted=True)
    return drawing


@figure(
    "diffusion/dit/cost",
    title="Multiply-adds of one evaluation by width of the model and size of the patches",
    desc="Logarithmic vertical axis, four sizes S, B, L and XL along the horizontal. Three rising lines for patches "
    "of 8, 4 and 2: halving the patch multiplies the cost by about four, as much as going up one or two sizes.",
)
def cost() -> Chart:
    run = page_data("architectures/diffusion/dit")
    ticks = {0.3: "0.3", 1.0: "1", 10.0: "10", 100.0: "100"}
    names = {float(index): f"DiT-{size}" for index, size in enumerate(run)}
    chart = Chart(
        Axis("size", -0.2, 3.2, ticks=names),
        Axis("billion multiply-adds", 0.3, 200, log=True, ticks=ticks),
        height=280,
    )
    for series, patch in enumerate((2, 4, 8)):
        values = [row["cost"][row["patch"].index(patch)] for row in run.values()]
        chart.line(list(names), values, series=series, label=f"patches of {patch} × {patch}")
        chart.points(list(names), values, series=series)
    return chart
