"""Figures of docs/architectures/transformers/index.md."""

from __future__ import annotations

from archfigures import Box, Drawing, figure

STREAM = 62


@figure(
    "transformers/index/decoder-block",
    title="A decoder block, annotated with shapes",
    desc="Token ids become vectors on a residual stream of shape T by d. Each of L layers adds the result of two "
    "branches to it: attention, which mixes tokens, and a gated feed-forward network, which processes each token by "
    "itself. A last norm and a matrix turn the stream into T by V scores.",
)
def decoder_block() -> Drawing:
    d = Drawing(760)
    tokens = d.box("tokens", (36, STREAM), role="data", w=60)
    embed = d.box("embed", (112, STREAM), role="ffn", w=60)
    plus1, plus2 = d.operator("+", (430, STREAM)), d.operator("+", (632, STREAM))
    out = d.box("norm and\nunembed", (720, STREAM), role="ffn", w=72)
    d.arrow(tokens.right, embed.left)
    d.label("$T$", (73, 47), size=12, muted=True)
    d.arrow(embed.right, plus1.left, "residual stream, $T$ × $d$", side=-11, at=0.58)
    d.arrow(plus1.right, plus2.left, "$T$ × $d$", side=-11, at=0.66)
    d.arrow(plus2.right, out.left)
    d.arrow(out.bottom, (720, 128))
    d.label("logits\n$T$ × $V$", (720, 150), size=12, muted=True)
    parts = [*_attention(d, plus1), *_feed_forward(d, plus2)]
    d.frame([plus1, *parts], "× $L$ layers", margin=14)
    return d


def _attention(d: Drawing, plus: Box) -> list[Box]:
    norm = d.box("norm", (196, 124), role="norm")
    q, k, v = (
        d.box(name, (x, 200), role="attention", w=50)
        for name, x in (("$W_{Q}$", 196), ("$W_{K}$", 272), ("$W_{V}$", 348))
    )
    mixing = "softmax($QK^{⊤}$/√$d_{h}$) $V$\ncausal mask, RoPE on $Q$ and $K$"
    mix = d.box(mixing, (284, 290), role="attention", w=236, h=50)
    cache = d.box("cache: $K$ and $V$ of past tokens", (284, 356), role="state", w=236, dashed=True)
    project = d.box("$W_{O}$", (430, 200), role="attention", w=46)
    d.arrow((196, STREAM), norm.top)
    d.dot((196, STREAM), role="note", r=3)
    d.arrow(norm.bottom, q.top)
    for target in (k, v):
        d.arrow((196, 160), target.top, via=((target.x, 160),))
    for box, shape in ((q, "$T$ × $Hd_{h}$"), (k, "$T$ × $Gd_{h}$"), (v, "$T$ × $Gd_{h}$")):
        d.arrow(box.bottom, (box.x, mix.top[1]))
        d.label(shape, (box.x + 5, 240), size=11.5, muted=True, anchor="start")
    d.arrow(cache.top, mix.bottom)
    d.arrow(mix.right, project.bottom, via=((430, 290),))
    d.label("$T$ × $Hd_{h}$", (435, 250), size=11.5, muted=True, anchor="start")
    d.arrow(project.top, plus.bottom)
    return [norm, q, mix, cache, project]


def _feed_forward(d: Drawing, plus: Box) -> list[Box]:
    norm = d.box("norm", (494, 124), role="norm")
    gate = d.box("$W_{gate}$", (494, 200), role="ffn", w=56)
    up = d.box("$W_{up}$", (564, 200), role="ffn", w=56)
    times = d.operator("×", (564, 290), role="ffn")
    down = d.box("$W_{down}$", (632, 200), role="ffn", w=58)
    d.arrow((494, STREAM), norm.top)
    d.dot((494, STREAM), role="note", r=3)
    d.arrow(norm.bottom, gate.top)
    d.arrow((494, 160), up.top, via=((564, 160),))
    d.arrow(gate.bottom, times.left, via=((494, 290),))
    d.label("SiLU", (524, 280), size=11.5, muted=True)
    d.arrow(up.bottom, times.top)
    d.label("$T$ × $d_{ff}$", (569, 250), size=11.5, muted=True, anchor="start")
    d.arrow(times.right, down.bottom, via=((632, 290),))
    d.arrow(down.top, plus.bottom)
    return [norm, gate, times, down]
