"""Figures of docs/architectures/multimodal/multimodal-neurons.md."""

from __future__ import annotations

from archfigures import Drawing, figure


@figure(
    "multimodal/multimodal-neurons/path",
    title="From image patch to neuron to word",
    desc="An image is cut into patches and encoded by a frozen vision encoder. A single trained linear layer maps "
    "the patch features into a frozen text transformer. Inside it, in a feed-forward layer, one neuron is "
    "active for the patches that show a horse, and its output weights, read through the unembedding, say "
    "horse. Only the linear layer was trained.",
)
def path() -> Drawing:
    drawing = Drawing(760)
    y = 110
    image = drawing.tensor((50, y), 3, 3, cell=22, label="patches")
    encoder = drawing.box("vision\nencoder", (150, y), role="frozen", h=52)
    linear = drawing.box("linear\nlayer", (250, y), role="ffn", h=52)
    drawing.arrow(image.right, encoder.left)
    drawing.arrow(encoder.right, linear.left)
    attention = drawing.box("attention", (375, y), role="frozen", h=40)
    neurons = [
        drawing.dot((480, y - 44 + index * 22), role="loss" if index == 1 else "note", r=7) for index in range(5)
    ]
    plus = drawing.operator("+", (580, y))
    drawing.arrow(linear.right, attention.left)
    for index, neuron in enumerate(neurons):
        drawing.arrow(attention.right, neuron.left, head=False, role="loss" if index == 1 else "note")
        drawing.arrow(neuron.right, plus.left, head=False, role="loss" if index == 1 else "note")
    drawing.label("neurons of an MLP", (480, y + 66), muted=True)
    word = drawing.box("“horse”", (694, y), role="data", h=40)
    drawing.arrow(plus.right, word.left, "unembed", side=-10)
    drawing.arrow(attention.on("bottom", 0.5), plus.bottom, "residual stream", via=((375, 210), (580, 210)), side=-10)
    drawing.label("active on horse patches, writes “horse”", (480, 30), bold=True, size=12)
    drawing.label("frozen", (150, 160), muted=True)
    drawing.label("trained", (250, 160), muted=True)
    drawing.label("frozen text transformer", (480, 240), muted=True)
    return drawing
