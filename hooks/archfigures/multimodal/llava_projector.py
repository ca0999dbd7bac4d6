"""Figures of docs/architectures/multimodal/llava-projector.md."""

from __future__ import annotations

from archfigures import Axis, Chart, Drawing, figure


@figure(
    "multimodal/llava-projector/flow",
    title="An image becomes a part of the language model's input",
    desc="An image passes a vision encoder, whose patch features, 576 by 1024, pass a projector to 576 by 4096. "
    "They stand between the embeddings of the text in one sequence, which the language model continues; only "
    "the answer is trained on.",
)
def flow() -> Drawing:
    drawing = Drawing(740)
    image = drawing.box("image\n336 × 336", (60, 190), role="noise", h=50)
    encoder = drawing.box("vision encoder\nCLIP ViT-L/14", (216, 190), role="frozen", h=50)
    projector = drawing.box("projector", (455, 190), role="ffn", h=50, w=104)
    drawing.arrow(image.right, encoder.left)
    drawing.arrow(encoder.right, projector.left, "576 × 1024")
    x = 330.0
    cells = []
    for name, role, wide in (
        ("text", "data", 50),
        *[("", "ffn", 22)] * 6,
        ("text", "data", 50),
        ("text", "data", 50),
        ("answer", "loss", 66),
    ):
        cells.append(drawing.box(name, (x + wide / 2, 106), role=role, w=wide, h=34, size=12, corner=4))
        x += wide + 3
    model = drawing.box("language model", (516, 32), role="attention", w=374, h=38)
    for cell in (cells[0], cells[3], cells[7], cells[9]):
        drawing.arrow(cell.top, (cell.x, model.bottom[1]))
    drawing.arrow(projector.top, (projector.x, cells[3].bottom[1]), "576 × 4096", side=10)
    drawing.label("one sequence", (316, 106), anchor="end", muted=True)
    drawing.label(
        "stage 1 trains the projector alone, stage 2 the projector and the language model", (370, 242), muted=True
    )
    return drawing


@figure(
    "multimodal/llava-projector/budget",
    title="Tokens of a square image by its side, for four designs",
    desc="Tokens over the side of a square image. LLaVA-1.5 takes 576 and Gemma 3 takes 256 whatever the size. "
    "LLaVA-1.6 takes 1176 up to 336 pixels and 2928 above. Qwen2-VL grows with the square of the side: 64 tokens at "
    "224 pixels, 2304 at 1344.",
)
def budget() -> Chart:
    chart = Chart(Axis("side of a square image, px", 100, 1500), Axis("tokens", 0, 3000), height=320)
    sides = list(range(112, 1457, 28))
    chart.line(sides, [(side // 28) ** 2 for side in sides], series=0, label="Qwen2-VL")
    chart.line([100, 336, 337, 1500], [1176, 1176, 2928, 2928], series=1, label="LLaVA-1.6")
    chart.line([100, 1500], [576, 576], series=2, label="LLaVA-1.5")
    chart.line([100, 1500], [256, 256], series=3, label="Gemma 3")
    return chart
