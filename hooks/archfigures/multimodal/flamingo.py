"""Figures of docs/architectures/multimodal/flamingo.md."""

from __future__ import annotations

from archfigures import Drawing, figure


@figure(
    "multimodal/flamingo/layers",
    title="Gated cross-attention between the layers of a frozen language model",
    desc="An image passes a frozen encoder and a resampler that gives 64 vectors. Text goes up through frozen "
    "language-model layers; before some of them stands an added layer, whose attention to the 64 vectors and "
    "whose feed-forward network are each multiplied by tanh of a number and added to the text stream.",
)
def layers() -> Drawing:
    drawing = Drawing(740)
    image = drawing.box("image or video", (96, 330), role="noise", w=130)
    encoder = drawing.box("vision encoder", (96, 262), role="frozen", w=130)
    resampler = drawing.box("resampler", (96, 176), role="router", w=130, h=44)
    latents = drawing.box("learned\nlatents", (228, 262), role="state", h=46)
    drawing.arrow(image.top, encoder.bottom)
    drawing.arrow(encoder.top, resampler.bottom, "any number", side=-8)
    drawing.arrow(latents.top, resampler.right, via=((latents.x, 176),))
    text = drawing.box("text embeddings", (560, 330), role="data", w=150)
    x = 560.0
    attention = drawing.box("cross-attention", (x - 120, 252), role="router", w=130, h=34)
    gate = drawing.operator("×", (x - 120, 210))
    plus = drawing.operator("+", (x, 210))
    mlp = drawing.box("feed-forward", (x + 110, 172), role="router", w=110, h=34)
    gate2 = drawing.operator("×", (x + 110, 128))
    plus2 = drawing.operator("+", (x, 128))
    frozen = drawing.box("language-model layer", (x, 66), role="frozen", w=170, h=40)
    drawing.arrow(text.top, plus.bottom)
    drawing.arrow((x, 300), attention.bottom, "queries", via=((x - 120, 300),))
    drawing.arrow(attention.top, gate.bottom)
    drawing.arrow(gate.right, plus.left)
    drawing.label("tanh $α$", (x - 138, 210), anchor="end", size=12)
    drawing.arrow(plus.top, plus2.bottom)
    drawing.arrow((x, 192), mlp.left, via=((x + 20, 192), (x + 20, 172)))
    drawing.arrow(mlp.top, gate2.bottom)
    drawing.arrow(gate2.left, plus2.right)
    drawing.label("tanh $β$", (x + 126, 128), anchor="start", size=12)
    drawing.arrow(plus2.top, frozen.bottom)
    drawing.arrow(frozen.top, (x, 16))
    drawing.arrow(
        resampler.top, attention.left, "keys, values: 64 vectors", via=((96, 120), (340, 120), (340, 252)), side=-9
    )
    drawing.label("to the next layers", (x + 14, 24), anchor="start", muted=True)
    return drawing


@figure(
    "multimodal/flamingo/mask",
    title="Which image each position of an interleaved text may look at",
    desc="Two masks for a text with two images. With the mask of Flamingo each position sees the vectors of the "
    "latest image before it only. With the other mask it sees those of all images before it.",
)
def mask() -> Drawing:
    drawing = Drawing(740)
    words = ("⟨image 1⟩", "a", "cat", "⟨image 2⟩", "a", "dog")
    latest = [[1, 0], [1, 0], [1, 0], [0, 1], [0, 1], [0, 1]]
    every = [[1, 0], [1, 0], [1, 0], [1, 1], [1, 1], [1, 1]]
    for x, rows, name in ((230, latest, "latest image only"), (550, every, "all images before")):
        wide = [[float(cell) for cell in row for _ in range(3)] for row in rows]
        box = drawing.heatmap((x, 130), wide, cell=24, role="router", label="")
        drawing.label(name, (x, 18), bold=True)
        for index in (0, 1):
            drawing.label(f"image {index + 1}", (box.left[0] + 36 + 72 * index, 44), muted=True, size=11.5)
        for row, word in enumerate(words):
            drawing.label(word, (box.left[0] - 10, box.top[1] + 12 + 24 * row), anchor="end", size=12)
    return drawing
