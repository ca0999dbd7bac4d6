"""Figures of docs/architectures/multimodal/unified-generation.md."""

from __future__ import annotations

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data


@figure(
    "multimodal/unified-generation/losses",
    title="One sequence, and the loss of each kind of token",
    desc="A sequence of text, a given image, text and an image being made passes one transformer. Text positions "
    "are trained by cross-entropy on the next token, positions of the noised image by squared error on the "
    "velocity, and the given image has no loss.",
)
def losses() -> Drawing:
    drawing = Drawing(740)
    parts = (
        ("text", "data", 3, "next token:\ncross-entropy", "loss"),
        ("image, given", "noise", 4, "no loss", ""),
        ("text", "data", 3, "next token:\ncross-entropy", "loss"),
        ("image, noised", "state", 4, "velocity:\nsquared error", "loss"),
    )
    model = drawing.box("one transformer", (370, 140), role="attention", w=640, h=42)
    x = 62.0
    for name, role, count, goal, loss in parts:
        left = x
        for _ in range(count):
            drawing.box("", (x + 17, 208), role=role, w=34, h=34, corner=4)
            x += 41
        middle = (left + x - 7) / 2
        drawing.label(name, (middle, 244), bold=True)
        drawing.arrow((middle, 191), (middle, model.bottom[1]))
        if loss:
            target = drawing.box(goal, (middle, 52), role="loss", h=46, w=124)
            drawing.arrow((middle, model.top[1]), target.bottom)
        else:
            drawing.label(goal, (middle, 52), muted=True)
        x += 17
    drawing.label("VAE latents or\nencoder features", (270, 278), muted=True)
    drawing.label("VAE latents mixed\nwith noise, and the time", (603, 278), muted=True)
    return drawing


@figure(
    "multimodal/unified-generation/mask",
    title="Which part sees which: text, a given image, text, an image being made, text",
    desc="A mask over five parts. Text is causal. The tokens of each image see each other both ways and all that "
    "stands before. The columns of the noised image are empty outside its own rows: text behind it does not "
    "see it.",
)
def mask() -> Drawing:
    drawing = Drawing(740)
    lengths, kinds = (2, 4, 2, 4, 2), ("text", "image, given", "text", "image, noised", "text")
    part = [index for index, length in enumerate(lengths) for _ in range(length)]
    rows = [[float(_sees(part, kinds, i, j)) for j in range(len(part))] for i in range(len(part))]
    box = drawing.heatmap((400, 160), rows, cell=20, role="attention")
    start = 0
    for length, kind in zip(lengths, kinds, strict=True):
        y = box.top[1] + 20 * (start + length / 2)
        drawing.label(kind, (box.left[0] - 12, y), anchor="end", bold=kind == "image, noised")
        start += length
    return drawing


def _sees(part: list[int], kinds: tuple[str, ...], row: int, column: int) -> bool:
    same = part[row] == part[column]
    if kinds[part[column]] == "image, noised" and not same:
        return False
    return column <= row or (same and kinds[part[row]] != "text")


@figure(
    "multimodal/unified-generation/costs",
    title="Steps and operations to make one image with 7B active parameters",
    desc="Three lines of four points for 256, 576, 1024 and 4096 tokens, operations over steps, both logarithmic. "
    "One code at a time needs as many steps as tokens and the fewest operations. Masking needs 16 steps, flow "
    "50; both compute all tokens at every step.",
)
def costs() -> Chart:
    data = page_data("architectures/multimodal/unified-generation")
    chart = Chart(
        Axis("steps, one after the other", 8, 8000, log=True),
        Axis("operations", 1e12, 1e16, log=True),
        height=330,
    )
    for series, (name, rows) in enumerate(data.items()):
        _, steps, operations = zip(*rows, strict=True)
        chart.line(steps, operations, series=series, label=name)
        chart.points(steps, operations, series=series, r=4)
    for tokens, steps, operations in data["latents by flow, 50 steps"]:
        chart.note(f"{tokens:,} tokens", steps, operations, anchor="start", dx=10, dy=4)
    return chart
