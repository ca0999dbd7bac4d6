"""Figures of docs/architectures/hybrids/index.md."""

from __future__ import annotations

from archdata import models
from archdata.formulas import bytes_of

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import DOCS

_SHOWN = ("llama-2-7b", "mixtral-8x7b", "jamba-v0.1", "qwen3-next-80b-a3b", "mamba-2.8b")


@figure(
    "hybrids/index/layouts",
    title="Four ways to put attention and recurrent layers together",
    desc="Four small stacks side by side. Interleaved: one attention layer among three recurrent ones, repeated. "
    "Parallel: attention and recurrent heads next to each other in every layer, their outputs merged. Shared: "
    "one attention block with one set of weights, called again between groups of recurrent layers. Windowed: "
    "recurrent layers and attention limited to a window.",
)
def layouts() -> Drawing:
    drawing = Drawing(760)
    _interleaved(drawing, 95)
    _parallel(drawing, 290)
    _shared(drawing, 490)
    _windowed(drawing, 670)
    return drawing


def _column(drawing: Drawing, x: float, title: str, names: tuple[str, ...], note: str) -> None:
    drawing.label(title, (x, 14), bold=True)
    roles = {"recurrent": "state", "attention": "attention", "window": "router"}
    boxes = [drawing.box(name, (x, 56 + index * 46), role=roles[name], w=108, h=30) for index, name in enumerate(names)]
    for below, above in zip(boxes[1:], boxes, strict=False):
        drawing.arrow(below.top, above.bottom)
    drawing.label(note, (x, 250), muted=True)


def _interleaved(drawing: Drawing, x: float) -> None:
    _column(
        drawing,
        x,
        "interleaved",
        ("recurrent", "attention", "recurrent", "recurrent"),
        "Jamba, Qwen3-Next,\nNemotron-H",
    )


def _parallel(drawing: Drawing, x: float) -> None:
    drawing.label("parallel heads", (x, 14), bold=True)
    for row in (0, 1):
        y = 164 - row * 96
        entry = drawing.dot((x, y + 42))
        attention = drawing.box("attention", (x - 46, y), role="attention", w=84, h=30)
        recurrent = drawing.box("recurrent", (x + 46, y), role="state", w=84, h=30)
        total = drawing.operator("+", (x, y - 34), r=9)
        for box in (attention, recurrent):
            drawing.arrow(entry.centre, box.bottom, via=((box.x, y + 42),))
            drawing.arrow(box.top, total.left if box.x < x else total.right, via=((box.x, y - 34),))
        if row == 0:
            drawing.arrow(total.top, (x, y - 54), stop=4)
    drawing.label("Hymba,\nFalcon-H1", (x, 250), muted=True)


def _shared(drawing: Drawing, x: float) -> None:
    drawing.label("shared attention", (x, 14), bold=True)
    shared = drawing.box("attention\none set of\nweights", (x + 54, 125), role="attention", w=90, h=66)
    top, second, third, last = (
        drawing.box("recurrent", (x - 54, 56 + index * 46), role="state", w=84, h=30) for index in range(4)
    )
    drawing.arrow(last.top, third.bottom)
    drawing.arrow(third.right, (shared.left[0], third.y))
    drawing.arrow((shared.left[0], second.y), second.right)
    drawing.arrow(second.top, top.bottom)
    drawing.arrow(top.right, shared.top, "again", via=((shared.x, top.y),), side=-9)
    drawing.label("Zamba,\nZamba2", (x, 250), muted=True)


def _windowed(drawing: Drawing, x: float) -> None:
    _column(drawing, x, "with a window", ("window", "recurrent", "window", "recurrent"), "Griffin,\nSamba")


@figure(
    "hybrids/index/memory",
    title="Memory for one sequence by its length, for five models",
    desc="Memory on a logarithmic axis over the length from 256 tokens to a million. Llama 2 7B and Mixtral grow in "
    "proportion to the length; Jamba and Qwen3-Next grow too, many times lower; Mamba stays level.",
)
def memory() -> Chart:
    known = models.load(DOCS)
    lengths = [2**i for i in range(8, 21)]
    ticks = {256.0: "256", 4096.0: "4K", 65536.0: "64K", 1048576.0: "1M"}
    sizes = {2.0**20: "1 MiB", 2.0**25: "32 MiB", 2.0**30: "1 GiB", 2.0**35: "32 GiB", 2.0**40: "1 TiB"}
    chart = Chart(
        Axis("tokens in the sequence", 256, 2**20, log=True, ticks=ticks),
        Axis("cache and state, bf16", 2**20, 2**40, log=True, ticks=sizes),
        height=360,
        left=84,
    )
    for series, key in enumerate(_SHOWN):
        sizes_of = [bytes_of(known[key].decoder.cached(length), "bf16") for length in lengths]
        chart.line(lengths, sizes_of, series=series, label=known[key].name)
    return chart
