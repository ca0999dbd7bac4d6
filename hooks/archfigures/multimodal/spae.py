"""Figures of docs/architectures/multimodal/spae.md."""

from __future__ import annotations

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data

_LAYERS = ((1, ("horse",)), (2, ("brown", "field", "grass", "run")), (4, ()), (8, ()))


@figure(
    "multimodal/spae/pyramid",
    title="A pyramid of words: few for the meaning, more for the appearance",
    desc="An image on the left is encoded into a grid of features. To its right stand four layers of words, from "
    "one word at the top to grids of two by two, four by four and eight by eight: upper words name what is "
    "shown, lower ones carry detail. The words go into the context of a frozen language model, and an arrow "
    "leads from it to the decoder: words it writes. The decoder turns words into an image.",
)
def pyramid() -> Drawing:
    drawing = Drawing(760)
    y = 150
    image = drawing.tensor((55, y), 8, 8, cell=9, label="image")
    encoder = drawing.box("encoder", (165, y), role="ffn", h=44)
    drawing.arrow(image.right, encoder.left)
    top = 34.0
    for layer, (side, words) in enumerate(_LAYERS):
        cell = 56.0 if side <= 2 else 26.0 if side == 4 else 13.0
        height = 26.0 if words else cell
        for row in range(side):
            for column in range(side):
                at = (360 + (column - (side - 1) / 2) * cell, top + row * (height + 2))
                label = words[row * side + column] if words else ""
                drawing.box(
                    label, at, role="attention" if layer < 2 else "state", w=cell - 3, h=height - 2, size=11, corner=3
                )
        drawing.label(
            ("meaning", "", "", "appearance")[layer],
            (322 if layer == 0 else 300, top + (side - 1) * (height + 2) / 2),
            anchor="end",
            muted=True,
        )
        top += (side - 1) * (height + 2) + height / 2 + (16 if side < 4 else 22)
    drawing.arrow(encoder.right, (298, y))
    model = drawing.box("frozen\nlanguage model", (610, 70), role="frozen", h=50)
    decoder = drawing.box("decoder", (610, 230), role="ffn", h=44)
    output = drawing.tensor((715, 230), 8, 8, cell=8, label="image")
    drawing.arrow((430, 70), model.left, "in context", side=-10)
    drawing.arrow((430, 230), decoder.left)
    drawing.arrow(decoder.right, output.left)
    drawing.arrow(model.bottom, decoder.top, "words it writes", side=9)
    return drawing


@figure(
    "multimodal/spae/error",
    title="Error of the features by the number of words, layer by layer",
    desc="Six points that fall from above one with a single word to about a third with 597 words, on a logarithmic "
    "axis of words.",
)
def error() -> Chart:
    rows = page_data("architectures/multimodal/spae")["rows"]
    ticks = {float(words): str(words) for words, _ in rows}
    chart = Chart(
        Axis("words used, layers from coarse to fine", 1, 700, log=True, ticks=ticks),
        Axis("error, relative", 0, 1.4),
        height=280,
    )
    chart.line(*zip(*rows, strict=True), series=2)
    chart.points(*zip(*rows, strict=True), series=2, r=4)
    return chart
