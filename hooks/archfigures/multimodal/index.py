"""Figures of docs/architectures/multimodal/index.md."""

from __future__ import annotations

from itertools import pairwise

from archfigures import Box, Drawing, figure


@figure(
    "multimodal/index/fusion",
    title="Four places where image and text can meet",
    desc="Four columns. Late: two encoders whose vectors are compared. Projector: an image encoder whose outputs "
    "are mapped into the language model's input sequence. Cross-attention: the language model attends to image "
    "features in added layers. Early: image tokens and text tokens form one sequence in one model.",
)
def fusion() -> Drawing:
    drawing = Drawing(760)
    _late(drawing, 95)
    _projector(drawing, 285)
    _cross(drawing, 480)
    _early(drawing, 670)
    return drawing


def _inputs(drawing: Drawing, x: float) -> tuple[Box, Box]:
    return drawing.box("image", (x - 42, 250), role="noise", w=64), drawing.box(
        "text", (x + 42, 250), role="data", w=64
    )


def _late(drawing: Drawing, x: float) -> None:
    drawing.label("late: compare", (x, 14), bold=True)
    image, text = _inputs(drawing, x)
    left = drawing.box("image\nencoder", (x - 42, 170), role="attention", w=76, h=46)
    right = drawing.box("text\nencoder", (x + 42, 170), role="attention", w=76, h=46)
    similarity = drawing.box("similarity", (x, 80), role="loss", h=36)
    drawing.arrow(image.top, left.bottom)
    drawing.arrow(text.top, right.bottom)
    drawing.arrow(left.top, similarity.on("bottom", 0.1), via=((left.x, 120), (similarity.on("bottom", 0.1)[0], 120)))
    drawing.arrow(right.top, similarity.on("bottom", 0.9), via=((right.x, 120), (similarity.on("bottom", 0.9)[0], 120)))
    drawing.label("CLIP, SigLIP", (x, 290), muted=True)


def _projector(drawing: Drawing, x: float) -> None:
    drawing.label("projector", (x, 14), bold=True)
    image, text = _inputs(drawing, x)
    encoder = drawing.box("encoder", (x - 42, 190), role="frozen", w=76, h=32)
    projector = drawing.box("projector", (x - 42, 138), role="ffn", w=82, h=32)
    model = drawing.box("language model", (x, 70), role="attention", w=160, h=44)
    drawing.arrow(image.top, encoder.bottom)
    drawing.arrow(encoder.top, projector.bottom)
    drawing.arrow(projector.top, (x - 42, model.bottom[1]))
    drawing.arrow(text.top, (x + 42, model.bottom[1]))
    drawing.label("LLaVA, Qwen-VL", (x, 290), muted=True)


def _cross(drawing: Drawing, x: float) -> None:
    drawing.label("cross-attention", (x, 14), bold=True)
    image, text = _inputs(drawing, x)
    encoder = drawing.box("encoder", (x - 50, 190), role="frozen", w=74, h=32)
    blocks = [
        drawing.box(name, (x + 48, 188 - 40 * index), role=role, w=98, h=30)
        for index, (name, role) in enumerate(
            (("LM layer", "frozen"), ("cross-attend", "router"), ("LM layer", "frozen"), ("cross-attend", "router"))
        )
    ]
    drawing.arrow(image.top, (image.x, encoder.bottom[1]))
    drawing.arrow(text.top, (text.x, blocks[0].bottom[1]))
    for below, above in pairwise(blocks):
        drawing.arrow(below.top, above.bottom)
    for block in (blocks[1], blocks[3]):
        drawing.arrow(encoder.top, block.left, via=((encoder.x, block.y),))
    drawing.label("Flamingo", (x, 290), muted=True)


def _early(drawing: Drawing, x: float) -> None:
    drawing.label("early: one sequence", (x, 14), bold=True)
    image, text = _inputs(drawing, x)
    cut = drawing.box("patches or\ntokeniser", (x - 42, 186), role="ffn", w=82, h=44)
    model = drawing.box("one model for\nall tokens", (x, 86), role="attention", w=160, h=60)
    drawing.arrow(image.top, cut.bottom)
    drawing.arrow(cut.top, (x - 42, model.bottom[1]))
    drawing.arrow(text.top, (x + 42, model.bottom[1]))
    drawing.label("Chameleon, Emu3", (x, 290), muted=True)
