"""Figures of docs/architectures/diffusion/mmdit.md."""

from __future__ import annotations

from archfigures import Drawing, figure
from archfigures.data import page_data


@figure(
    "diffusion/mmdit/streams",
    title="A double-stream and a single-stream block",
    desc="Left: text tokens and image tokens enter two columns with separate normalisation, projections and "
    "feed-forward networks; one joint attention spans both columns. Right: text and image tokens, joined to one "
    "sequence, go through one normalisation; attention and feed-forward network stand side by side, and one "
    "projection takes both.",
)
def streams() -> Drawing:
    drawing = Drawing(740)
    drawing.label("double stream", (200, 14), bold=True)
    drawing.label("single stream", (590, 14), bold=True)
    joint = drawing.box("joint attention over $T_{txt}$ + $T_{img}$ tokens", (200, 214), role="attention", w=340, h=44)
    frames = []
    for x, name, role, count in ((100.0, "text", "router", "txt"), (300.0, "image", "data", "img")):
        tokens = drawing.box(f"{name} tokens\n$T_{{{count}}}$ × $d$", (x, 372), role=role, w=130, h=44)
        normal = drawing.box("norm, modulated;\n$W_Q W_K W_V$, QK-norm", (x, 296), role="norm", w=172, h=46)
        drawing.arrow(tokens.top, normal.bottom)
        drawing.arrow(normal.top, (x, joint.bottom[1]))
        out = drawing.box("$W_O$, gate", (x, 158), role="norm", w=110, h=28)
        plus = drawing.operator("+", (x, 122))
        drawing.arrow((x, joint.top[1]), out.bottom)
        drawing.arrow(out.top, plus.bottom)
        ffn = drawing.box("norm, feed-forward,\ngate, +", (x, 72), role="ffn", w=150, h=44)
        drawing.arrow(plus.top, ffn.bottom)
        drawing.arrow(ffn.top, (x, 30))
        side = x - 92 if x < 200 else x + 92
        drawing.arrow((x, 340), plus.left if x < 200 else plus.right, via=((side, 340), (side, 122)))
        frames.append(normal)
    tokens = drawing.box("text and image tokens\n($T_{txt}$ + $T_{img}$) × $d$", (590, 372), role="data", w=190, h=44)
    normal = drawing.box("norm, modulated", (590, 300), role="norm", w=150, h=30)
    attention = drawing.box("attention", (530, 214), role="attention", w=104, h=44)
    ffn = drawing.box("up, GELU\n$d$ → 4 $d$", (654, 214), role="ffn", w=104, h=44)
    down = drawing.box("one projection, 5 $d$ → $d$", (590, 138), role="norm", w=210, h=30)
    gate = drawing.operator("×", (590, 98))
    plus = drawing.operator("+", (590, 62))
    drawing.arrow(tokens.top, normal.bottom)
    for branch in (attention, ffn):
        drawing.arrow((branch.x, 285), branch.bottom)
        drawing.arrow(branch.top, (branch.x, 153))
    drawing.arrow(down.top, gate.bottom)
    drawing.arrow(gate.top, plus.bottom)
    drawing.arrow(plus.top, (590, 30))
    drawing.arrow((590, 336), plus.right, via=((722, 336), (722, 62)))
    return drawing


@figure(
    "diffusion/mmdit/joint",
    title="The joint attention of three text and six image tokens, four parts of one matrix",
    desc="A square of nine by nine shaded cells, rows are queries and columns keys, cut in four by lines: text to "
    "text, text to image, image to text, image to image. Every row sums to one over both kinds of tokens.",
)
def joint() -> Drawing:
    drawing = Drawing(620)
    values = page_data("architectures/diffusion/mmdit")["attention"]
    peak = max(max(row) for row in values)
    matrix = drawing.heatmap((310, 150), [[v / peak for v in row] for row in values], cell=24, role="attention")
    left, top = matrix.left[0], matrix.top[1]
    drawing.line([(left + 72, top - 8), (left + 72, matrix.bottom[1] + 8)], role="loss", thick=True)
    drawing.line([(left - 8, top + 72), (matrix.right[0] + 8, top + 72)], role="loss", thick=True)
    drawing.label("keys: text", (left + 36, top - 20))
    drawing.label("keys: image", (left + 144, top - 20))
    drawing.label("queries: text", (left - 16, top + 36), anchor="end")
    drawing.label("queries: image", (left - 16, top + 144), anchor="end")
    drawing.label("text reads the image:\nnot in cross-attention", (matrix.right[0] + 18, top + 36), anchor="start")
    drawing.label("image reads text\nand image at once", (matrix.right[0] + 18, top + 144), anchor="start")
    return drawing
