"""Figures of docs/architectures/multimodal/any-to-any.md."""

from __future__ import annotations

from math import cos, pi, sin

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data

PAGE = "architectures/multimodal/any-to-any"


@figure(
    "multimodal/any-to-any/designs",
    title="Three ways to join many modalities",
    desc="Left: five modalities around images, each tied to images by pairs; dashed lines between the others appear "
    "by themselves. Middle: each modality is cut into tokens by its own tokeniser and all pass the same frozen "
    "encoder. Right: tokens of some modalities enter an encoder-decoder which gives tokens of others.",
)
def designs() -> Drawing:
    drawing = Drawing(740)
    _bind(drawing, 124)
    _share(drawing, 370)
    _translate(drawing, 616)
    return drawing


def _bind(drawing: Drawing, x: float) -> None:
    drawing.label("bind to images", (x, 14), bold=True)
    names = ("text", "sound", "depth", "heat", "motion")
    places = [(x + 88 * sin(2 * pi * i / 5), 138 - 78 * cos(2 * pi * i / 5)) for i in range(5)]
    for index in range(5):
        drawing.line([places[index], places[(index + 1) % 5]], dashed=True)
        drawing.line([places[index], (x, 138)], thick=True, role="attention")
    drawing.box("image", (x, 138), role="attention", w=64, h=32)
    for name, place in zip(names, places, strict=True):
        drawing.box(name, place, role="data", w=58, h=28, size=12)
    drawing.label("solid: trained pairs;\ndashed: appears by itself", (x, 262), muted=True)


def _share(drawing: Drawing, x: float) -> None:
    drawing.label("share an encoder", (x, 14), bold=True)
    encoder = drawing.box("one encoder", (x, 96), role="frozen", w=190, h=36)
    for index, (name, role) in enumerate((("image", "noise"), ("sound", "state"), ("points", "norm"))):
        px = x - 66 + 66 * index
        source = drawing.box(name, (px, 206), role=role, w=60, h=28, size=12)
        cut = drawing.box("tokens", (px, 150), role=role, w=60, h=28, size=12)
        drawing.arrow(source.top, cut.bottom)
        drawing.arrow(cut.top, (px, encoder.bottom[1]))
    head = drawing.box("head for a task", (x, 46), role="ffn", w=130, h=26, size=12)
    drawing.arrow(encoder.top, head.bottom)
    drawing.label("only tokenisers and\nheads are trained", (x, 262), muted=True)


def _translate(drawing: Drawing, x: float) -> None:
    drawing.label("translate tokens", (x, 14), bold=True)
    encoder = drawing.box("encoder", (x - 58, 130), role="attention", w=92, h=40)
    decoder = drawing.box("decoder", (x + 58, 130), role="attention", w=92, h=40)
    drawing.arrow(encoder.right, decoder.left)
    for side, base, names in (
        (-1, encoder, (("image", "noise"), ("caption", "data"))),
        (1, decoder, (("depth", "norm"), ("boxes", "router"))),
    ):
        for index, (name, role) in enumerate(names):
            px = x + side * 58 - 30 + 60 * index
            if side < 0:
                box = drawing.box(name, (px, 206), role=role, w=56, h=28, size=11.5)
                drawing.arrow(box.top, (px, base.bottom[1]))
            else:
                box = drawing.box(name, (px, 54), role=role, w=56, h=28, size=11.5)
                drawing.arrow((px, base.top[1]), box.bottom)
    drawing.label("any subset in,\nany other out", (x, 262), muted=True)


@figure(
    "multimodal/any-to-any/hub",
    title="How often sound finds its text through images it was never paired with",
    desc="A line rises from chance when images show one of sixteen facts to eighty-six per cent at eight and a "
    "hundred at sixteen. A level line near a hundred per cent stands for pairs of sound and text.",
)
def hub() -> Chart:
    rows = page_data(PAGE)["curve"]
    visible, through, direct = zip(*rows, strict=True)
    chart = Chart(Axis("facts of 16 that images show", 0, 16), Axis("found among 200", 0, 1.05), height=290)
    chart.line(visible, through, series=0, label="through images")
    chart.points(visible, through, series=0)
    chart.line(visible, direct, series=1, dashed=True, label="paired directly")
    return chart


@figure(
    "multimodal/any-to-any/masks",
    title="Two training examples of 4M: inputs, targets, unused",
    desc="Two pictures of seven modalities by their tokens. With a small alpha nearly all inputs come from two "
    "modalities. With a large alpha all modalities give some inputs and some targets. Most tokens are unused.",
)
def masks() -> Drawing:
    drawing = Drawing(740)
    data = page_data(PAGE)
    roles = ("note", "attention", "ffn")
    for picture, (marks, name) in enumerate(zip(data["pictures"], ("α = 0.2", "α = 10"), strict=True)):
        x0 = 100 + 330 * picture
        drawing.label(name, (x0 + 145, 14), bold=True)
        for row, (modality, tokens) in enumerate(zip(data["names"], marks, strict=True)):
            y = 42 + 24 * row
            if not picture:
                drawing.label(modality, (x0 - 8, y), anchor="end", size=12)
            for index, mark in enumerate(tokens):
                place = (x0 + 4 + 6 * index, y)
                if mark:
                    drawing.box("", place, role=roles[mark], w=5, h=17, corner=1)
                else:
                    drawing.dot(place, role="note", r=1.2)
    for index, name in enumerate(("unused", "input", "target")):
        if index:
            drawing.box("", (250 + 110 * index, 222), role=roles[index], w=16, h=16, corner=3)
        else:
            drawing.dot((250, 222), role="note", r=1.8)
        drawing.label(name, (264 + 110 * index, 222), anchor="start", muted=True)
    return drawing
