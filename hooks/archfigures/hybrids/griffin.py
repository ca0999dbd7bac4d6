"""Figures of docs/architectures/hybrids/griffin.md."""

from __future__ import annotations

import math

from archdata import models
from archdata.formulas import bytes_of

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import DOCS, page_data


@figure(
    "hybrids/griffin/block",
    title="Griffin's recurrent block and its pattern of layers",
    desc="Left: tokens of width d enter two branches. One is a linear layer, a convolution over four tokens "
    "and the RG-LRU, a recurrence with one number of state for each of n channels and two gates computed from "
    "its input. The other is a linear layer and GELU. Their product goes through a last linear layer. Right: "
    "three layers, recurrent, recurrent and windowed attention, each followed by a gated feed-forward network.",
)
def block() -> Drawing:
    drawing = Drawing(760)
    _recurrent(drawing)
    drawing.line([(496, 8), (496, 372)], role="note", dashed=True)
    _pattern(drawing, 632)
    return drawing


def _recurrent(drawing: Drawing) -> None:
    x, right = 150.0, 390.0
    drawing.label("$T$ × $d$", (270, 384), muted=True)
    first = drawing.box("linear", (x, 326), w=110)
    second = drawing.box("linear", (right, 326), w=110)
    start = (270.0, 372.0)
    drawing.arrow(start, first.bottom, via=((270, 356), (x, 356)))
    drawing.arrow(start, second.bottom, via=((270, 356), (right, 356)))
    convolution = drawing.box("convolution, 4 tokens", (x, 274), w=170, role="data")
    drawing.arrow(first.top, convolution.bottom)
    unit = drawing.box("", (x, 158), w=276, h=112, role="state")
    drawing.label("RG-LRU", (x - 124, 116), anchor="start", bold=True)
    drawing.label("gates $r_t$, $i_t$ from $x_t$", (x, 144), size=12)
    drawing.label("$h_t = a_t h_{t−1}$ + √(1 − $a_t^2$) $i_t x_t$", (x, 172), size=13)
    drawing.label("one number a channel", (x, 198), muted=True, size=12)
    drawing.arrow(convolution.top, unit.bottom, "$T$ × $n$", side=8)
    gelu = drawing.box("GELU", (right, 164), w=90, role="ffn")
    drawing.arrow(second.top, gelu.bottom)
    product = drawing.operator("×", (270, 68))
    drawing.arrow(unit.top, product.left, via=((x, 68),))
    drawing.arrow(gelu.top, product.right, via=((right, 68),))
    out = drawing.box("linear", (270, 22), w=110)
    drawing.arrow(product.top, out.bottom)


def _pattern(drawing: Drawing, x: float) -> None:
    before = (x, 376.0)
    for index, (name, role) in enumerate((("recurrent", "state"), ("recurrent", "state"), ("window", "attention"))):
        y = 340 - index * 112
        mixer = drawing.box(name, (x, y), w=120, role=role)
        ffn = drawing.box("gated MLP", (x, y - 50), w=120, role="ffn")
        drawing.arrow(before, mixer.bottom)
        drawing.arrow(mixer.top, ffn.bottom)
        before = ffn.top
    drawing.arrow(before, (x, 24))
    drawing.label("× L / 3", (x + 70, 30), anchor="start", bold=True)


@figure(
    "hybrids/griffin/gate",
    title="Half-life of a channel by the logit of its recurrence gate",
    desc="Half-life in tokens on a logarithmic scale, for bases 0.9, 0.99 and 0.999. With the gate open the "
    "lines end at 0.8, 9 and 88 tokens; at a logit of 0 at twice that; at minus 8 they reach 2,500, 26,000 and "
    "258,000. A dashed line at 177 tokens marks the longest finite half-life in bf16.",
)
def gate() -> Chart:
    ticks = {1.0: "1", 10.0: "10", 100.0: "100", 1000.0: "1,000", 10000.0: "10,000", 100000.0: "100,000"}
    chart = Chart(
        Axis("logit of the recurrence gate", -8, 4, ticks={float(t): f"{t}".replace("-", "−") for t in (-8, -4, 0, 4)}),
        Axis("half-life in tokens", 0.5, 300_000, log=True, ticks=ticks),
        height=300,
        left=84,
    )
    logits = [-8 + 0.25 * i for i in range(49)]
    for series, base in enumerate((0.9, 0.99, 0.999)):
        lives = [math.log(2) * (1 + math.exp(-s)) / (8 * -math.log(base)) for s in logits]
        chart.line(logits, lives, series=series, label=f"base a = {base}")
    finest = math.log(2) / -math.log(1 - 2**-8)
    chart.line([-8, 4], [finest, finest], series=3, dashed=True, label="longest finite one in bf16")
    return chart


@figure(
    "hybrids/griffin/scale",
    title="Size of the state for three scales of the input",
    desc="Root mean square of a channel's state for uncorrelated inputs of size one, against the share lost per "
    "token. Inputs as they are: from 1.2 to 22. Scaled by one minus a: from 0.6 down to 0.02. Scaled by the root of "
    "one minus a squared: one throughout. With that scale and an input that stays the same, from 1.7 to 45.",
)
def scale() -> Chart:
    run = page_data("architectures/hybrids/griffin")
    left = [1 - base for base in run["bases"]]
    chart = Chart(
        Axis("1 − a, share lost per token", 0.5, 0.001, log=True, ticks={1 - b: f"{1 - b:.3g}" for b in run["bases"]}),
        Axis("size of the state", 0.01, 100, log=True, ticks={10.0**p: f"{10.0**p:g}" for p in range(-2, 3)}),
        height=300,
    )
    names = {"1": "input as it is", "1 - a": "times 1 − a", "sqrt(1 - a²)": "times √(1 − a²)"}
    for series, (key, label) in enumerate(names.items()):
        chart.line(left, run["noise"][key], series=series, label=label)
        chart.points(left, run["noise"][key], series=series)
    key = "sqrt(1 - a²)"
    chart.line(left, run["constant"][key], series=2, dashed=True, label="the same, input constant")
    return chart


@figure(
    "hybrids/griffin/memory",
    title="Memory of one sequence by its length, in bf16",
    desc="Logarithmic axes, 128 to 131,072 tokens. Gemma 7B grows from 56 MiB to 56 GiB and Gemma 2B from 2 "
    "MiB to 2.3 GiB; the two RecurrentGemma models stop growing at 2,048 tokens, at 25 and 16 MiB.",
)
def memory() -> Chart:
    loaded = models.load(DOCS)
    lengths = [2**k for k in range(7, 18)]
    ticks = {float(2**k): f"{2**k:,}" for k in range(7, 18, 2)}
    chart = Chart(
        Axis("tokens", 128, 131072, log=True, ticks=ticks),
        Axis("cache and state, MiB", 1, 100_000, log=True, ticks={10.0**p: f"{10**p:,}" for p in range(6)}),
        height=300,
        left=78,
        right=34,
    )
    for series, key in enumerate(("gemma-7b", "gemma-2b", "recurrentgemma-9b", "recurrentgemma-2b")):
        held = [bytes_of(loaded[key].decoder.cached(length), "bf16") / 2**20 for length in lengths]
        chart.line(lengths, held, series=series, label=loaded[key].name)
    return chart
