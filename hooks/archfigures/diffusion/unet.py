"""Figures of docs/architectures/diffusion/unet.md."""

from __future__ import annotations

from itertools import pairwise

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data


@figure(
    "diffusion/unet/shapes",
    title="The U-Net of Stable Diffusion 1 with the shapes of its levels and skips",
    desc="A U of boxes. Down on the left: 64 × 64 × 320, 32 × 32 × 640, 16 × 16 × 1280, 8 × 8 × 1280; a middle "
    "block at the bottom; up on the right through the same sizes. Horizontal arrows carry three skips at each "
    "level from left to right. The embedding of time and the text reach all blocks.",
)
def shapes() -> Drawing:
    drawing = Drawing(740)
    levels = (("64 × 64 × 320", True), ("32 × 32 × 640", True), ("16 × 16 × 1280", True), ("8 × 8 × 1280", False))
    downs, ups = [], []
    for depth, (shape, attends) in enumerate(levels):
        y = 66.0 + 92 * depth
        width = 178.0 if attends else 154.0
        what = "residual, attention" if attends else "residual"
        down = drawing.box(f"2 × ({what})" if attends else f"2 × {what}", (140 + 30 * depth, y), role="data", w=width)
        up = drawing.box(f"3 × ({what})" if attends else f"3 × {what}", (600 - 30 * depth, y), role="ffn", w=width)
        drawing.arrow(down.right, up.left, "3 skips, joined as channels" if depth == 0 else "3 skips", dashed=True)
        drawing.label(shape, (down.x - width / 2 + 4, y + 27), anchor="start", size=12, muted=True)
        downs.append(down)
        ups.append(up)
    for upper, lower in pairwise(downs):
        drawing.arrow((upper.x + 46, upper.bottom[1]), (upper.x + 46, lower.top[1]), "÷ 2", side=8)
    for upper, lower in pairwise(ups):
        drawing.arrow((upper.x - 46, lower.top[1]), (upper.x - 46, upper.bottom[1]), "× 2", side=8)
    middle = drawing.box("middle: residual, attention, residual", (370, 404), role="attention", w=260)
    for end, sign in ((downs[-1], 1), (ups[-1], -1)):
        outer, inner = (end.x + 52 * sign, end.bottom[1]), (end.x + 52 * sign, middle.top[1])
        drawing.arrow(*((outer, inner) if sign > 0 else (inner, outer)))
    drawing.arrow((140, 16), downs[0].top, "$x_t$, 64 × 64 × 4", side=12, at=0.3)
    drawing.arrow(ups[0].top, (600, 16), "64 × 64 × 4", side=12, at=0.7)
    drawing.label("time: added in every residual block\ntext: read in every cross-attention", (370, 452), muted=True)
    return drawing


@figure(
    "diffusion/unet/levels",
    title="Parameters and work of Stable Diffusion 1's U-Net by resolution",
    desc="Bars in pairs for 64, 32, 16 and 8 places a side. Share of the parameters: 4, 14, 45 and 37 percent. "
    "Share of the multiply-adds: 42, 29, 24 and 5 percent.",
)
def levels() -> Chart:
    run = page_data("architectures/diffusion/unet")["Stable Diffusion 1"]
    sides = ["64", "32", "16", "8"]
    chart = Chart(
        Axis("side of the latent", -0.5, 3.5, ticks={float(i): f"{s} × {s}" for i, s in enumerate(sides)}),
        Axis("share in percent", 0, 50),
        height=260,
    )
    for series, name in enumerate(("parameters", "multiply-adds")):
        total = sum(run[side][series] for side in sides)
        shares = [100 * run[side][series] / total for side in sides]
        chart.bars([i - 0.18 + 0.36 * series for i in range(4)], shares, series=series, label=name, width=0.32)
    return chart
