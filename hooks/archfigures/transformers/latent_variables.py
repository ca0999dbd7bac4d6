"""Figures of docs/architectures/transformers/latent-variables.md."""

from __future__ import annotations

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data


@figure(
    "transformers/latent-variables/next-vector",
    title="CALM: one vector for four tokens",
    desc="Left, in use: four tokens are compressed into one vector, a transformer reads it and gives h; a small "
    "network turns noise and h into a vector z; a frozen decoder turns z into four tokens, which are the next input. "
    "Right, in training: a frozen encoder turns the next four tokens into a normal distribution, and the energy loss "
    "compares samples from it with several z.",
)
def next_vector() -> Drawing:
    d = Drawing(760)
    d.label("in use", (190, 16), bold=True)
    d.label("in training", (610, 16), bold=True)
    given = d.box("4 tokens", (56, 262), role="data", w=82)
    squeeze = d.box("compress", (56, 196), role="ffn", w=88)
    stack = d.box("transformer", (130, 124), role="attention", w=112, h=44)
    head = d.box("head", (130, 54), role="router", w=70)
    noise = d.box("noise", (44, 54), role="noise", w=58, h=28)
    z = d.box("$z$", (232, 54), role="state", w=40, h=30)
    decoder = d.box("decoder,\nfrozen", (306, 124), role="frozen", w=86, h=44)
    out = d.box("next 4 tokens", (306, 196), role="data", w=112)
    d.arrow(given.top, squeeze.bottom, "$4 × d$", side=9)
    d.arrow(squeeze.top, (93, 146), via=[(56, 166), (93, 166)])
    d.label("$d$", (74, 158))
    d.arrow(stack.top, head.bottom, "$h$", side=9)
    d.arrow(noise.right, head.left)
    d.arrow(head.right, z.left)
    d.arrow(z.right, decoder.top, via=[(306, 54)])
    d.label("128 numbers", (306, 40), muted=True)
    d.arrow(decoder.bottom, out.top)
    d.arrow(out.bottom, given.right, dashed=True, via=[(306, 262)])

    d.rule((420, 30), (420, 270))
    true = d.box("next 4 tokens", (660, 262), role="data", w=112)
    encoder = d.box("encoder,\nfrozen", (660, 190), role="frozen", w=86, h=44)
    normal = d.box("$μ, σ$", (660, 122), role="state", w=64, h=32)
    samples = d.box("several $z$", (510, 122), role="state", w=92, h=32)
    source = d.box("head", (510, 190), role="router", w=70, h=34)
    loss = d.box("energy loss", (586, 54), role="loss", w=108)
    d.arrow(true.top, encoder.bottom)
    d.arrow(encoder.top, normal.bottom)
    d.arrow(source.top, samples.bottom)
    d.arrow((510, 236), source.bottom)
    d.label("$h$, other noise each time", (512, 250), muted=True)
    d.arrow(normal.top, loss.right, via=[(660, 54)])
    d.arrow(samples.top, loss.left, via=[(510, 54)])
    return d


@figure(
    "transformers/latent-variables/code",
    title="Free Transformer: a random code in the middle of a decoder",
    desc="A stack in two halves. Between them a code is added to the input of the next layer's keys and values, while "
    "its queries come from the first half alone. In generation the code is drawn at random. In training "
    "an encoder block that sees the whole text, with a learned vector as its query, reads the first half's output and "
    "gives the bits of the code; a loss limits how far they are from random.",
)
def code() -> Drawing:
    d = Drawing(760)
    tokens = d.box("tokens", (150, 316), role="data", w=80)
    first = d.box("first half of the layers,\ncausal", (150, 246), role="attention", w=190, h=48)
    add = d.operator("+", (210, 146))
    second = d.box("second half of the layers,\ncausal", (150, 72), role="attention", w=190, h=48)
    d.arrow(tokens.top, first.bottom)
    d.arrow((90, 222), (90, 96))
    d.arrow((210, 222), add.bottom, "$T × d$", side=9, at=0.5)
    d.arrow(add.top, (210, 96))
    d.label("queries", (82, 160), anchor="end", muted=True)
    d.label("keys, values", (202, 114), anchor="end", muted=True)
    d.arrow(second.top, (150, 26))
    d.label("next token, at every place", (150, 16))
    z = d.box("code $z_t$:\none of $2^{16}$", (350, 146), role="state", w=104, h=48)
    d.arrow(z.left, add.right)
    dice = d.box("16 random bits", (510, 88), role="noise", w=122, h=32)
    bits = d.box("16 bits", (510, 192), role="router", w=80, h=32)
    d.arrow(dice.left, z.on("right", 0.25), via=[(425, 88), (425, z.on("right", 0.25)[1])])
    d.arrow(bits.left, z.on("right", 0.75), via=[(425, 192), (425, z.on("right", 0.75)[1])])
    d.label("in generation", (582, 88), anchor="start", muted=True)
    d.label("in training, or reading a prompt", (510, 160), anchor="start", muted=True)
    encoder = d.box("encoder block,\nsees the whole text", (510, 286), role="attention", w=160, h=48)
    d.arrow(encoder.top, bits.bottom)
    d.arrow(first.right, encoder.left, via=[(300, 246), (300, 286)])
    query = d.box("learned\nquery", (680, 286), role="norm", w=74, h=44)
    d.arrow(query.left, encoder.right)
    loss = d.box("how far\nfrom random?", (680, 192), role="loss", w=108, h=44)
    d.arrow(bits.right, loss.left, dashed=True)
    return d


@figure(
    "transformers/latent-variables/energy",
    title="Three losses for a model that draws minus or plus a spread, when the data are minus one or one",
    desc="Against the spread from 0 to 2: the energy loss with distances falls to 1 at a spread of one and rises "
    "again. With squared distances it is 2 everywhere. The squared distance to the data alone is least at a spread "
    "of zero.",
)
def energy() -> Chart:
    stored = page_data("architectures/transformers/latent-variables")
    chart = Chart(
        Axis("spread of what the model draws (data: 1)", 0, 2, ticks={0: "0", 0.5: "0.5", 1: "1", 1.5: "1.5", 2: "2"}),
        Axis("expected loss", 0.8, 4, ticks={1: "1", 2: "2", 3: "3", 4: "4"}),
        height=300,
    )
    for series, name in enumerate(("distance", "squared distance", "squared, first term only")):
        chart.line(stored["spread"], stored[name], series=series, label=name)
    chart.upright(1)
    return chart
