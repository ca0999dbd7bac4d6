"""Figures of docs/architectures/visual-tokens/vq-vae.md."""

from __future__ import annotations

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data


@figure(
    "visual-tokens/vq-vae/pipeline",
    title="A vector-quantised autoencoder: encoder, nearest code, decoder",
    desc="An image goes through the encoder to a four by four grid of vectors. Each vector is replaced by the "
    "nearest of K codes, whose number is the token. The decoder rebuilds the image from the codes. A dashed arrow "
    "copies the gradient from the decoder's input to the encoder's output, past this step.",
)
def pipeline() -> Drawing:
    drawing = Drawing(760)
    y = 110
    image = drawing.tensor((60, y), 8, 8, cell=9, role="data", label="image", shape="256 × 256 × 3")
    encoder = drawing.box("encoder", (170, y), role="ffn", h=50)
    grid = drawing.tensor((275, y), 4, 4, cell=16, role="attention", label="$z$", shape="$n$ × $d_c$")
    nearest = drawing.box("nearest\ncode", (385, y), role="router", h=50)
    codes = drawing.tensor((385, y + 110), 3, 8, cell=13, role="state", label="", shape="codebook  $K$ × $d_c$")
    quantised = drawing.tensor((495, y), 4, 4, cell=16, role="state", label="$z̑$ = codes", shape="tokens: $n$ integers")
    decoder = drawing.box("decoder", (602, y), role="ffn", h=50)
    output = drawing.tensor((705, y), 8, 8, cell=9, role="data", label="reconstruction")
    for start, end in (
        (image, encoder),
        (encoder, grid),
        (grid, nearest),
        (nearest, quantised),
        (quantised, decoder),
        (decoder, output),
    ):
        drawing.arrow(start.right, end.left)
    drawing.arrow(codes.top, nearest.bottom)
    drawing.arrow(
        (quantised.x, 52), (grid.x, 52), "backward: the gradient is copied (straight-through)", role="loss", dashed=True
    )
    return drawing


@figure(
    "visual-tokens/vq-vae/residual",
    title="Energy left over after one to four residual stages",
    desc="Four bars that fall from about a third after one stage to a few hundredths after four.",
)
def residual() -> Chart:
    left = page_data("architectures/visual-tokens/vq-vae")["left_over"]
    stages = list(range(1, len(left) + 1))
    ticks = {float(stage): f"{stage} stage{'s' * (stage > 1)}, {5 * stage} bits" for stage in stages}
    chart = Chart(Axis("", 0.5, len(left) + 0.5, ticks=ticks), Axis("energy left over", 0, 0.4), height=260)
    chart.bars(stages, left, width=0.5, series=2)
    for stage, value in zip(stages, left, strict=True):
        chart.note(f"{value:.3f}", stage, value, dy=-6)
    return chart
