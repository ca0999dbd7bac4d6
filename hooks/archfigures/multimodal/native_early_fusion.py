"""Figures of docs/architectures/multimodal/native-early-fusion.md."""

from __future__ import annotations

from archfigures import Axis, Box, Chart, Drawing, figure
from archfigures.data import page_data


@figure(
    "multimodal/native-early-fusion/inputs",
    title="Two ways for an image to become part of one sequence",
    desc="Left: patches of pixels pass one linear map and stand between text embeddings in a decoder that gives "
    "text. Right: a tokeniser turns the image into codes, which share a table with the text's tokens; the "
    "decoder gives text or codes, and a decoder of codes makes pixels again.",
)
def inputs() -> Drawing:
    drawing = Drawing(740)
    for x, name, how, role in (
        (180, "patches: continuous", "linear map\nof each patch", "ffn"),
        (560, "codes: discrete", "tokeniser:\nnearest code", "state"),
    ):
        drawing.label(name, (x, 16), bold=True)
        image = drawing.box("image", (x - 60, 316), role="noise", w=90)
        text = drawing.box("text", (x + 90, 316), role="data", w=90)
        cut = drawing.box(how, (x - 60, 252), role=role, h=46, w=110)
        drawing.arrow(image.top, cut.bottom)
        cells = _sequence(drawing, x, 184, role)
        drawing.arrow(cut.top, (x - 60, cells[0].bottom[1]))
        drawing.arrow(text.top, (x + 90, cells[0].bottom[1]))
        model = drawing.box("one transformer", (x, 120), role="attention", w=270, h=42)
        for cell in (cells[0], cells[3], cells[-1]):
            drawing.arrow(cell.top, (cell.x, model.bottom[1]))
        out = drawing.box("text" if role == "ffn" else "text or codes", (x, 58), role="data", w=120)
        drawing.arrow(model.top, out.bottom)
    pixels = drawing.box("image", (694, 58), role="noise", w=70)
    drawing.arrow((622, 58), pixels.left)
    return drawing


def _sequence(drawing: Drawing, x: float, y: float, role: str) -> list[Box]:
    """Nine tokens: six of the image, three of text."""
    return [
        drawing.box("", (x - 124 + 31 * index, y), role=role if index < 5 else "data", w=26, h=26, corner=3)
        for index in range(9)
    ]


@figure(
    "multimodal/native-early-fusion/masks",
    title="A causal mask, and one in which the parts of an image see each other",
    desc="Two masks over a sequence of two words, an image of four tokens and three words. In the first everything "
    "is causal. In the second the four image tokens also see each other forwards; the rest is causal.",
)
def masks() -> Drawing:
    drawing = Drawing(740)
    kinds = [0, 0, 1, 1, 1, 1, 0, 0, 0]
    for x, name, both in ((220, "causal throughout", False), (540, "both ways within an image", True)):
        rows = [
            [float(j <= i or (both and kinds[i] == kinds[j] == 1)) for j in range(len(kinds))]
            for i in range(len(kinds))
        ]
        box = drawing.heatmap((x, 140), rows, cell=22, role="attention")
        drawing.label(name, (x, 16), bold=True)
        for index, kind in enumerate(kinds):
            role = "noise" if kind else "data"
            drawing.box("", (box.left[0] - 16, box.top[1] + 11 + 22 * index), role=role, w=18, h=18, corner=3)
    drawing.box("", (300, 262), role="data", w=18, h=18, corner=3)
    drawing.label("text", (314, 262), anchor="start", muted=True)
    drawing.box("", (382, 262), role="noise", w=18, h=18, corner=3)
    drawing.label("image", (396, 262), anchor="start", muted=True)
    return drawing


@figure(
    "multimodal/native-early-fusion/entropy",
    title="Entropy of attention as the weights of queries and keys grow",
    desc="With weights as they are the entropy falls from six bits to nearly zero as they grow sixteenfold. With "
    "norms on queries and keys it stays at 5.4 bits.",
)
def entropy() -> Chart:
    data = page_data("architectures/multimodal/native-early-fusion")
    chart = Chart(
        Axis("growth of the weights", 0.5, 8, log=True, ticks={0.5: "0.5", 1.0: "1", 2.0: "2", 4.0: "4", 8.0: "8"}),
        Axis("entropy, bits", 0, 6.5),
        height=290,
    )
    for series, (name, label) in enumerate((("as they are", "as they are"), ("normed", "queries and keys normed"))):
        chart.line(data["scales"], data[name], series=series, label=label)
    return chart
