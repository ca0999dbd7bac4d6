"""Figures of docs/architectures/multimodal/q-former.md."""

from __future__ import annotations

from archfigures import Drawing, figure


@figure(
    "multimodal/q-former/bridge",
    title="Thirty-two queries carry an image into a frozen language model",
    desc="A frozen image encoder gives 257 features of 1408 numbers. Thirty-two learned queries of 768 numbers pass "
    "twelve layers of self-attention, in every second of which they attend to the features. A linear map "
    "brings them to the width of a frozen language model, where they stand before the text.",
)
def bridge() -> Drawing:
    drawing = Drawing(740)
    image = drawing.box("image\n224 × 224", (60, 206), role="noise", h=50)
    encoder = drawing.box("image encoder\nViT-g/14", (196, 206), role="frozen", h=50)
    cross = drawing.box("cross-attention", (440, 206), role="router", w=140, h=36)
    attention = drawing.box("self-attention", (440, 262), role="attention", w=140, h=36)
    network = drawing.box("feed-forward", (440, 150), role="ffn", w=140, h=36)
    queries = drawing.box("32 learned queries", (440, 330), role="state", w=160)
    drawing.frame([attention, network], margin=14)
    drawing.label("12 layers;\ncross-attention\nin every second", (538, 206), anchor="start", bold=True)
    drawing.arrow(image.right, encoder.left)
    drawing.arrow(encoder.right, cross.left, "257 × 1408")
    drawing.arrow(queries.top, attention.bottom)
    drawing.arrow(attention.top, cross.bottom)
    drawing.arrow(cross.top, network.bottom)
    linear = drawing.box("linear", (440, 74), role="ffn", w=80, h=32)
    drawing.arrow(network.top, linear.bottom, "32 × 768", side=-8, at=0.72)
    soft = drawing.box("32 vectors", (570, 74), role="state", w=96, h=32)
    text = drawing.box("text", (672, 74), role="data", w=70, h=32)
    model = drawing.box("language model", (616, 22), role="frozen", w=210, h=32)
    drawing.arrow(linear.right, soft.left)
    drawing.arrow(soft.top, (soft.x, model.bottom[1]))
    drawing.arrow(text.top, (text.x, model.bottom[1]))
    return drawing


@figure(
    "multimodal/q-former/masks",
    title="One network, three masks, three tasks",
    desc="Three masks over four queries and four text tokens. Contrast: queries see queries, text sees text. Match: "
    "all tokens see each other. Caption: queries see queries; each text token sees all queries and the text up "
    "to itself.",
)
def masks() -> Drawing:
    drawing = Drawing(740)
    notes = {"contrast": "compare as two encoders", "match": "do they belong together?", "caption": "write the text"}
    for index, name in enumerate(notes):
        x = 150 + index * 235
        rows = [[float(_sees(name, i, j)) for j in range(8)] for i in range(8)]
        box = drawing.heatmap((x, 134), rows, cell=20, role="attention")
        drawing.label(name, (x, 14), bold=True)
        drawing.label("queries", (x - 40, 40), muted=True, size=11)
        drawing.label("text", (x + 40, 40), muted=True, size=11)
        if not index:
            drawing.label("queries", (box.left[0] - 8, 94), anchor="end", muted=True, size=11)
            drawing.label("text", (box.left[0] - 8, 174), anchor="end", muted=True, size=11)
        drawing.label(notes[name], (x, 234), muted=True)
    return drawing


def _sees(task: str, row: int, column: int) -> bool:
    """Whether a row looks at a column; the first four are queries, the others text."""
    if task == "match":
        return True
    if task == "caption" and row >= 4:
        return column <= row
    return (row < 4) == (column < 4)
