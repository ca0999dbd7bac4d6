"""Figures of docs/architectures/hybrids/short-convolutions.md."""

from __future__ import annotations

from archdata import models
from archdata.formulas import bytes_of

from archfigures import Axis, Box, Chart, Drawing, figure
from archfigures.data import DOCS


@figure(
    "hybrids/short-convolutions/block",
    title="A gated short convolution",
    desc="The tokens, T by d, enter one linear map that makes three branches of width d: a gate b, a value u and "
    "a gate c. b and u are multiplied; a convolution mixes each product with the two before it, kept in memory; "
    "the result is multiplied by c and passes a last linear map. Right: the convolution in one channel, three "
    "neighbouring products with the weights w2, w1 and w0 added up to one output.",
)
def block() -> Drawing:
    drawing = Drawing(760)
    _branches(drawing)
    drawing.line([(470, 10), (470, 346)], role="note", dashed=True)
    _channel(drawing, 620)
    return drawing


def _branches(drawing: Drawing) -> None:
    left, middle, right = 90.0, 220.0, 390.0
    drawing.label("$T$ × $d$", (middle, 352), muted=True)
    into = drawing.box("linear, $d$ to $3d$", (middle, 300), w=170)
    drawing.arrow((middle, 340), into.bottom)
    product = drawing.operator("×", (middle, 236), role="router")
    drawing.arrow(into.on("top", 0.1), product.left, "$b$", via=((into.on("top", 0.1)[0], 236),), side=-8)
    drawing.arrow(into.top, product.bottom, "$u$", side=8)
    mixed = drawing.box("convolution over $m$ = 3 tokens", (middle, 164), w=232, role="data")
    drawing.arrow(product.top, mixed.bottom, "$z$: $T$ × $d$", side=8)
    memory = drawing.box("the last\n$m$ − 1 inputs", (left - 22, 66), w=112, h=48, role="state")
    drawing.arrow(memory.bottom, mixed.on("top", 0.0), via=((memory.x, 120), (mixed.left[0], 120)), dashed=True)
    gate = drawing.operator("×", (middle, 84), role="router")
    drawing.arrow(mixed.top, gate.bottom, "$y$", side=8)
    start = into.on("top", 0.9)
    drawing.arrow(start, gate.right, "$c$", via=((start[0], 262), (right, 262), (right, 84)), side=8)
    out = drawing.box("linear", (middle, 26), w=110)
    drawing.arrow(gate.top, out.bottom)


def _channel(drawing: Drawing, x: float) -> None:
    drawing.label("in one channel", (x, 18), bold=True)
    tokens: list[Box] = []
    for index, name in enumerate(("$z_{t−3}$", "$z_{t−2}$", "$z_{t−1}$", "$z_t$")):
        role = "state" if index in (1, 2) else "data"
        tokens.append(drawing.box(name, (x - 96 + 64 * index, 286), w=56, role=role, dashed=index == 0))
    total = drawing.operator("+", (x + 32, 150))
    for box, weight, end in zip(tokens[1:], ("$w_2$", "$w_1$", "$w_0$"), (-8, 0, 8), strict=True):
        foot = (total.x + end, total.bottom[1] + abs(end) / 3)
        drawing.arrow(box.top, foot)
        x0, y0 = (box.x + 0.42 * (foot[0] - box.x), box.top[1] + 0.42 * (foot[1] - box.top[1]))
        rightwards = box.x >= total.x
        drawing.label(weight, (x0 + (10 if rightwards else -12), y0), anchor="start" if rightwards else "end", size=12)
    result = drawing.box("$y_t$", (x + 32, 92), w=56)
    drawing.arrow(total.top, result.bottom)
    drawing.label("$z_{t−3}$ and all before it\nhave no influence here", (x - 40, 330), muted=True, size=12)


@figure(
    "hybrids/short-convolutions/work",
    title="Work of one mixer for one token, by the length of the context",
    desc="Millions of operations, context from 0 to 4,096 tokens, in the shape of LFM2 1.2B. The short convolution "
    "takes 33.6 million at any length. Grouped-query attention starts at 21 million and grows in a straight line; "
    "the two cross at about 1,540 tokens.",
)
def work() -> Chart:
    decoder = models.load(DOCS)["lfm2-1.2b"].decoder
    mixers = {
        kind: layer.mixer for kind, layer in zip(models.load(DOCS)["lfm2-1.2b"].kinds, decoder.layers, strict=True)
    }
    lengths = [128 * k for k in range(33)]
    chart = Chart(
        Axis("tokens of context", 0, 4096, ticks={float(k): f"{k:,}" for k in (0, 1024, 2048, 3072, 4096)}),
        Axis("million operations", 0, 60, ticks={float(k): str(k) for k in (0, 20, 40, 60)}),
        height=280,
    )
    for series, (kind, label) in enumerate(
        (("full", "attention, 8 of 32 heads with keys"), ("conv", "short convolution"))
    ):
        mixer = mixers[kind]
        assert mixer is not None
        done = [(2 * mixer.parameters(decoder.width) + mixer.mixing_flops(length)) / 1e6 for length in lengths]
        chart.line(lengths, done, series=series, label=label)
    return chart


@figure(
    "hybrids/short-convolutions/memory",
    title="Cache and state of one sequence by its length, in bf16",
    desc="Logarithmic axes, 128 to 131,072 tokens. At the right end Qwen3 1.7B needs 14 GiB, Llama 3.2 1B 4 GiB, LFM2 "
    "1.2B and LFM3 1.7B each 1.5 GiB. LFM3 bends where its windows of 256 tokens are full.",
)
def memory() -> Chart:
    loaded = models.load(DOCS)
    lengths = [2**k for k in range(7, 18)]
    chart = Chart(
        Axis("tokens", 128, 131072, log=True, ticks={float(2**k): f"{2**k:,}" for k in range(7, 18, 2)}),
        Axis("cache and state, MiB", 1, 20_000, log=True, ticks={10.0**p: f"{10**p:,}" for p in range(5)}),
        height=300,
        left=78,
        right=34,
    )
    for series, key in enumerate(("qwen3-1.7b", "llama-3.2-1b", "lfm3-1.7b", "lfm2-1.2b")):
        held = [bytes_of(loaded[key].decoder.cached(length), "bf16") / 2**20 for length in lengths]
        chart.line(lengths, held, series=series, label=loaded[key].name)
    return chart
