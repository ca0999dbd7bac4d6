"""Figures of docs/architectures/multimodal/clip-siglip.md."""

from __future__ import annotations

from archfigures import Drawing, figure

_SIZE = 6


@figure(
    "multimodal/clip-siglip/matrix",
    title="One similarity matrix, two losses",
    desc="Left: an image encoder and a text encoder give rows and columns of a matrix of similarities whose "
    "diagonal holds the true pairs. Middle, CLIP: a softmax along each row and each column. Right, SigLIP: "
    "every cell separately, yes on the diagonal, no elsewhere.",
)
def matrix() -> Drawing:
    drawing = Drawing(760)
    values = [[0.95 if i == j else 0.12 + 0.13 * ((3 * i + 5 * j) % 3) / 2 for j in range(_SIZE)] for i in range(_SIZE)]
    image = drawing.box("image\nencoder", (62, 140), role="ffn", h=48)
    text = drawing.box("text\nencoder", (200, 30), role="attention", h=44)
    similarity = drawing.heatmap((200, 140), values, cell=22, role="state")
    drawing.arrow(image.right, similarity.left)
    drawing.arrow(text.bottom, similarity.top)
    drawing.label("similarities, $B$ × $B$", (200, 226), muted=True)
    drawing.heatmap((430, 140), values, cell=22, role="attention")
    drawing.line([(362, 96), (498, 96), (498, 118), (362, 118), (362, 96)], role="loss", thick=True)
    drawing.line([(408, 72), (430, 72), (430, 208), (408, 208), (408, 72)], role="noise", thick=True)
    drawing.label("CLIP", (430, 30), bold=True)
    drawing.label("softmax along rows and columns", (430, 226), muted=True)
    signs = drawing.heatmap((645, 140), [[min(v, 0.5) for v in row] for row in values], cell=22, role="router")
    for i in range(_SIZE):
        for j in range(_SIZE):
            drawing.label("+" if i == j else "−", (signs.left[0] + 11 + j * 22, signs.top[1] + 11 + i * 22), size=12)
    drawing.label("SigLIP", (645, 30), bold=True)
    drawing.label("each pair: yes or no", (645, 226), muted=True)
    return drawing
