"""Figures of docs/architectures/multimodal/world-action.md."""

from __future__ import annotations

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data

PAGE = "architectures/multimodal/world-action"


@figure(
    "multimodal/world-action/heads",
    title="Three ways for a vision-language model to act",
    desc="Left: the language model writes an action as seven tokens, one after the other. Middle: a head regresses "
    "the action from its last state. Right: a small action expert beside the language model reads its keys and "
    "values and denoises a chunk of fifty actions in ten steps.",
)
def heads() -> Drawing:
    drawing = Drawing(740)
    for x, name in ((122, "tokens"), (356, "regression"), (596, "flow beside it")):
        drawing.label(name, (x, 14), bold=True)
        model_x = x if name != "flow beside it" else x - 92
        model = drawing.box("vision-language\nmodel", (model_x, 160), role="attention", w=124, h=56)
        for dx, source, role in ((-32, "images", "noise"), (32, "text", "data")):
            box = drawing.box(source, (model_x + dx, 240), role=role, w=58, h=28, size=12)
            drawing.arrow(box.top, (box.x, model.bottom[1]))
        if name == "tokens":
            for index in range(7):
                cell = drawing.box("", (x - 72 + 24 * index, 74), role="router", w=20, h=26, corner=3)
                if index in (0, 3, 6):
                    drawing.arrow((min(max(cell.x, x - 50), x + 50), model.top[1]), cell.bottom)
            drawing.label("7 tokens, one by one", (x, 44), muted=True)
        elif name == "regression":
            head = drawing.box("linear head", (x, 96), role="ffn", w=110, h=30)
            drawing.arrow(model.top, head.bottom)
            out = drawing.box("one action", (x, 48), role="router", w=96, h=28)
            drawing.arrow(head.top, out.bottom)
        else:
            expert = drawing.box("action\nexpert", (x + 92, 160), role="ffn", w=84, h=56)
            drawing.arrow(model.right, expert.left, "keys,")
            drawing.label("values", (x + 9, 172), size=12, muted=True)
            noise = drawing.box("noise, state", (x + 92, 240), role="noise", w=96, h=28, size=12)
            drawing.arrow(noise.top, expert.bottom)
            out = drawing.box("50 actions", (x + 92, 74), role="router", w=92, h=30)
            drawing.arrow(expert.top, out.bottom)
            drawing.label("10 steps", (x + 92, 44), muted=True)
    return drawing


@figure(
    "multimodal/world-action/modes",
    title="Demonstrations that pass an obstacle on either side, and what three heads make of them",
    desc="Points in the plane. Demonstrations lie in two groups, left and right of an obstacle at the centre. "
    "Regression gives one point in the middle, on the obstacle. Flow gives points in both groups.",
)
def modes() -> Chart:
    data = page_data(PAGE)
    chart = Chart(Axis("first dimension of the action", -1, 1), Axis("second dimension", 0, 0.6), height=300)
    ring = [(-0.3, 0.1), (-0.3, 0.5), (0.3, 0.5), (0.3, 0.1), (-0.3, 0.1)]
    xs, ys = zip(*ring, strict=True)
    chart.line(xs, ys, series=3, dashed=True, label="obstacle")
    for series, name in enumerate(("demonstrations", "flow, 10 steps", "regression")):
        xs, ys = zip(*data[name], strict=True)
        chart.points(xs, ys, series=series, label=name, r=6 if name == "regression" else 3.2)
    return chart


@figure(
    "multimodal/world-action/drift",
    title="Error of imagined states by how far ahead they are imagined",
    desc="Three rising lines for world models learned from twenty, a hundred and a thousand samples. The first "
    "passes the size of the states themselves before forty steps; the last stays below a tenth.",
)
def drift() -> Chart:
    curves = page_data(PAGE)["drift"]
    chart = Chart(Axis("steps ahead", 1, 40), Axis("error over size of the state", 0, 1.6), height=280)
    for series, (count, errors) in enumerate(curves.items()):
        chart.line(list(range(1, 41)), errors, series=series, label=f"{int(count):,} samples")
    return chart
