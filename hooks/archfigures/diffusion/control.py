"""Figures of docs/architectures/diffusion/control.md."""

from __future__ import annotations

from archfigures import Drawing, figure
from archfigures.data import page_data

PAGE = "architectures/diffusion/control"


@figure(
    "diffusion/control/zero",
    title="A frozen block, its trained copy, and the two layers that start at zero",
    desc="Above, the features x go through the frozen block to y. Below, a copy of the block receives x plus the "
    "condition, which passes a layer that starts at zero; its output is added to y through another such layer. On "
    "the right, a table of gradients: in the first step only the outer layer has one, in the second all three.",
)
def zero() -> Drawing:
    drawing = Drawing(740)
    features = drawing.box("$x$", (56, 92), role="data", w=50)
    frozen = drawing.box("frozen block", (190, 92), role="frozen", w=124, dashed=True)
    plus = drawing.operator("+", (396, 92))
    result = drawing.box("$y$", (458, 92), role="data", w=46)
    condition = drawing.box("condition\n(edges, depth, pose)", (156, 208), role="data", w=150)
    first = drawing.box("zero conv", (292, 208), role="router", w=88)
    inner = drawing.operator("+", (366, 208))
    copy = drawing.box("trained copy", (366, 150), role="attention", w=108)
    second = drawing.box("zero conv", (484, 150), role="router", w=88)
    drawing.arrow(features.right, frozen.left)
    drawing.arrow(frozen.right, plus.left)
    drawing.arrow(plus.right, result.left)
    drawing.arrow(condition.right, first.left)
    drawing.arrow(first.right, inner.left)
    drawing.arrow(features.bottom, inner.bottom, via=[(56, 248), (366, 248)])
    drawing.arrow(inner.top, copy.bottom)
    drawing.arrow(copy.right, second.left)
    drawing.arrow(second.top, plus.bottom, via=[(484, 122), (396, 122)])
    rows = page_data(PAGE)["first steps"][:3]
    drawing.label("gradients, step by step", (642, 16), bold=True)
    for column in range(3):
        drawing.label(str(column + 1), (636 + 42 * column, 40), size=12, muted=True)
    for line, (name, label) in enumerate((("out", "outer zero conv"), ("copy", "copy"), ("into", "inner zero conv"))):
        y = 64 + 26 * line
        drawing.label(label, (610, y), anchor="end", size=12.5)
        for column, row in enumerate(rows):
            value = f"{row[name]:.2f}" if row[name] else "0"
            drawing.label(value, (636 + 42 * column, y), size=12.5, bold=value == "0")
    return drawing


@figure(
    "diffusion/control/attention",
    title="One softmax over words and picture, and two attentions added",
    desc="Left: queries meet the keys of words and picture in one softmax. Right: the same queries meet the words in "
    "the frozen attention and the picture in a second one with keys and values of its own; the second is scaled "
    "and added.",
)
def attention() -> Drawing:
    drawing = Drawing(740)
    drawing.label("one softmax", (150, 16), bold=True)
    drawing.label("decoupled (IP-Adapter)", (540, 16), bold=True)
    queries = drawing.box("queries", (70, 96), role="data", w=76)
    words = drawing.box("words", (70, 152), role="data", w=76)
    picture = drawing.box("picture", (70, 204), role="noise", w=76)
    one = drawing.box("softmax over\nwords and picture", (236, 152), role="attention", w=140)
    drawing.arrow(queries.right, one.top, via=[(236, 96)])
    drawing.arrow(words.right, one.left)
    drawing.arrow(picture.right, one.bottom, via=[(236, 204)])
    queries = drawing.box("queries", (402, 122), role="data", w=76)
    words = drawing.box("words", (402, 62), role="data", w=76)
    picture = drawing.box("picture", (402, 196), role="noise", w=76)
    first = drawing.box("attention\n(frozen)", (554, 72), role="frozen", w=100, dashed=True)
    second = drawing.box("attention, new\n$W_K', W_V'$", (554, 186), role="attention", w=118)
    scale = drawing.operator("×", (648, 186), role="router")
    plus = drawing.operator("+", (690, 122))
    drawing.arrow(words.right, (first.left[0], 62))
    drawing.arrow(queries.right, (first.left[0], 84), via=[(480, 122), (480, 84)])
    drawing.arrow(queries.right, (second.left[0], 174), via=[(472, 122), (472, 174)])
    drawing.arrow(picture.right, (second.left[0], 196))
    drawing.arrow(first.right, plus.top, via=[(690, 72)])
    drawing.arrow(second.right, scale.left)
    drawing.arrow(scale.right, plus.bottom, via=[(690, 186)])
    drawing.label("scale $s$", (648, 214), size=12, muted=True)
    return drawing


@figure(
    "diffusion/control/edit",
    title="Editing by noising and denoising, by strength",
    desc="Six panels. The data are five small clouds on a circle. A guide lies outside them. With strength 0.1 all "
    "results lie in the cloud nearest to it, close to its side; with more they spread over neighbouring clouds; with "
    "strength 1 over all five.",
)
def edit() -> Drawing:
    drawing = Drawing(740)
    run = page_data(PAGE)
    panels = {"data": run["data"]} | {f"strength {s}": cloud for s, cloud in run["clouds"].items()}
    for column, (name, points) in enumerate(panels.items()):
        x0, y0 = 64 + 122.5 * column, 92
        drawing.label(name, (x0, 14), bold=True, size=12.5)
        drawing.box("", (x0, y0), role="note", w=116, h=122, corner=4)
        role = "frozen" if name == "data" else "attention"
        drawing.dots([(x0 + 28 * x, y0 - 28 * y) for x, y in points], role=role)
        gx, gy = run["guide"]
        drawing.operator("", (x0 + 28 * gx, y0 - 28 * gy), role="loss", r=4.5)
    return drawing
