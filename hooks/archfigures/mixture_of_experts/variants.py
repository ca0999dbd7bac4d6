"""Figures of docs/architectures/mixture-of-experts/variants.md."""

from __future__ import annotations

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data


@figure(
    "mixture-of-experts/variants/gallery",
    title="Four other things to choose among",
    desc="Four small diagrams. Zero-computation: a router chooses among experts and doing nothing. Depths: a router "
    "sends some tokens through a whole layer and others around it. Transformers: text and image tokens use their own "
    "weights but one attention. Attention: a head whose value and output maps are chosen among several.",
)
def gallery() -> Drawing:
    drawing = Drawing(740)
    _zero(drawing, 95)
    _depths(drawing, 280)
    _modalities(drawing, 465)
    _attention(drawing, 648)
    return drawing


def _zero(drawing: Drawing, x: float) -> None:
    drawing.label("zero-computation", (x, 14), bold=True)
    router = drawing.box("router", (x, 178), role="router", w=76, h=30)
    drawing.arrow((x, 222), router.bottom)
    for dx, text, role in ((-52, "expert", "ffn"), (0, "expert", "ffn"), (52, "", "frozen")):
        box = drawing.box(text, (x + dx, 108), role=role, w=48, h=42, size=11.5, dashed=not text, corner=5)
        drawing.arrow(router.top, box.bottom)
        drawing.arrow(box.top, (x + dx, 56))
    drawing.label("$x$", (x + 52, 108), size=13)
    drawing.label("one choice is to\nreturn the input", (x, 250), muted=True)


def _depths(drawing: Drawing, x: float) -> None:
    drawing.label("depths", (x, 14), bold=True)
    layer = drawing.box("whole\nlayer", (x, 112), role="attention", w=132, h=62)
    for index in range(5):
        px = x - 52 + 26 * index
        inside = index in (1, 4)
        drawing.box("", (px, 196), role="data" if inside else "frozen", w=20, h=20, corner=3)
        if inside:
            drawing.arrow((px, 186), (px, layer.bottom[1]))
            drawing.arrow((px, layer.top[1]), (px, 56))
    drawing.arrow((x - 62, 196), (x - 80, 56), via=((x - 80, 196),), dashed=True)
    drawing.label("some tokens pass\nthrough, others around", (x, 250), muted=True)


def _modalities(drawing: Drawing, x: float) -> None:
    drawing.label("transformers", (x, 14), bold=True)
    for dx, name, role in ((-42, "text", "data"), (42, "image", "noise")):
        token = drawing.box(name, (x + dx, 202), role=role, w=66, h=26)
        own = drawing.box("weights", (x + dx, 156), role=role, w=70, h=28)
        drawing.arrow(token.top, own.bottom)
        after = drawing.box("weights", (x + dx, 66), role=role, w=70, h=28)
        drawing.arrow(own.top, (x + dx, 124))
        drawing.arrow((x + dx, 96), after.bottom)
    drawing.box("one attention", (x, 110), role="attention", w=154, h=28)
    drawing.label("modality decides;\nno router", (x, 250), muted=True)


def _attention(drawing: Drawing, x: float) -> None:
    drawing.label("attention", (x, 14), bold=True)
    drawing.box("values: 2 of 4", (x + 32, 176), role="ffn", w=100, h=28, size=12)
    drawing.box("query,\nkey", (x - 50, 176), role="data", w=52, h=40, size=12)
    mix = drawing.box("one head", (x, 112), role="attention", w=140, h=30)
    out = drawing.box("output: 2 of 4", (x, 58), role="ffn", w=116, h=28, size=12)
    drawing.arrow((x + 32, 162), (x + 32, mix.bottom[1]))
    drawing.arrow((x - 50, 156), (x - 50, mix.bottom[1]))
    drawing.arrow(mix.top, out.bottom)
    drawing.label("few heads with\nchosen maps", (x, 250), muted=True)


@figure(
    "mixture-of-experts/variants/steering",
    title="Average number of real experts while a bias steers it",
    desc="The average begins at one and a half of six choices, because the router prefers doing nothing, and rises "
    "within some thirty batches to the target of four.",
)
def steering() -> Chart:
    averages = page_data("architectures/mixture-of-experts/variants")["averages"]
    chart = Chart(Axis("batch", 0, 60), Axis("real experts per token, of 6 choices", 0, 6), height=260)
    chart.line(list(range(len(averages))), averages, series=0, label="average")
    chart.line([0, 60], [4, 4], series=1, dashed=True, label="target")
    return chart


@figure(
    "mixture-of-experts/variants/shares",
    title="Tokens by the number of real experts they use, after steering",
    desc="Bars: half of the tokens use four real experts, about a fifth each use three and five, a few use two or six.",
)
def shares() -> Chart:
    values = page_data("architectures/mixture-of-experts/variants")["shares"]
    chart = Chart(
        Axis("real experts of 6 choices", -0.5, 6.5, ticks={float(n): str(n) for n in range(7)}),
        Axis("share of tokens", 0, 0.6),
        height=240,
    )
    chart.bars(list(range(7)), values, width=0.6)
    return chart
