"""Figures of docs/architectures/transformers/gated-differential-attention.md."""

from __future__ import annotations

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data


@figure(
    "transformers/gated-differential-attention/three-ways",
    title="Three ways for a head to read nothing",
    desc="Left, a sink: one learned logit joins the scores, takes its share of the softmax and is dropped. Middle, a "
    "gate: the head's output is multiplied by a sigmoid of the token. Right, a difference: a second softmax map is "
    "subtracted from the first before the values are weighted.",
)
def three_ways() -> Drawing:
    d = Drawing(760)
    _sink(d)
    _gate(d)
    _difference(d)
    return d


def _sink(d: Drawing) -> None:
    d.label("sink logit", (122, 18), bold=True)
    scores = d.tensor((88, 72), 1, 6, cell=16, role="attention", label="scores")
    sink = d.tensor((174, 72), 1, 1, cell=16, role="router", label="learned")
    soft = d.box("softmax", (122, 128), role="attention", w=120)
    d.arrow(scores.bottom, (88, soft.top[1]))
    d.arrow(sink.bottom, (174, soft.top[1]))
    weights = d.tensor((88, 186), 1, 6, cell=16, role="attention", shape="sum below 1")
    dropped = d.box("", (174, 186), role="router", w=16, h=16, dashed=True, corner=1.5)
    d.label("dropped", (174, 207), size=12, muted=True)
    d.arrow((88, soft.bottom[1]), weights.top)
    d.arrow((174, soft.bottom[1]), dropped.top)


def _gate(d: Drawing) -> None:
    d.label("gate", (378, 18), bold=True)
    head = d.box("output of a head", (330, 74), role="attention", w=124)
    token = d.box("token", (448, 74), role="data", w=64)
    sigmoid = d.operator("σ", (448, 128), role="router", r=13)
    times = d.operator("×", (330, 128), role="router", r=13)
    d.arrow(head.bottom, times.top)
    d.arrow(token.bottom, sigmoid.top, "$W_{g}$", side=8)
    d.arrow(sigmoid.left, times.right)
    project = d.box("$W_{O}$", (330, 186), role="attention", w=64)
    d.arrow(times.bottom, project.top)


def _difference(d: Drawing) -> None:
    d.label("difference", (632, 18), bold=True)
    one = d.box("softmax 1", (572, 74), role="attention", w=90)
    two = d.box("softmax 2", (694, 74), role="attention", w=90)
    minus = d.operator("−", (572, 128), role="norm", r=13)
    d.arrow(one.bottom, minus.top)
    d.arrow(two.bottom, minus.right, via=((694, 128),))
    d.label("× λ", (710, 112), size=12, muted=True)
    values = d.box("weigh values", (572, 186), role="attention", w=100)
    d.arrow(minus.bottom, values.top)


@figure(
    "transformers/gated-differential-attention/weight",
    title="What a sink does to the weight on the best token",
    desc="Weight on the best of 256 tokens against its score. Without a sink the weight rises once the score stands "
    "out from the noise. With sink logits of six and eight it rises later, and the weight on all tokens together, "
    "dashed, starts near zero instead of one.",
)
def weight() -> Chart:
    run = page_data("architectures/transformers/gated-differential-attention")
    chart = Chart(Axis("score of the best token", 0, 12), Axis("weight", 0, 1.02), height=300)
    for series, name in enumerate(("no sink", "sink 6", "sink 8")):
        chart.line(run["best"], run[name], series=series, label=name)
        if name != "no sink":
            chart.line(run["best"], run[f"{name} all"], series=series, dashed=True)
    chart.note("dashed: all tokens together", 0.6, 0.62, anchor="start")
    return chart


WAYS = {"none": "plain head", "first token": "first token", "sink logit": "sink logit", "gate": "gate"}


@figure(
    "transformers/gated-differential-attention/entropy",
    title="Entropy of the weights when nothing is asked for",
    desc="Entropy of one head's attention over training steps, median of eight heads of each kind. All start at the "
    "logarithm of ten. A plain head settles at 1.4 nats, with a first token at 0.9, with a sink logit it falls to "
    "0.2, and with a gate it stays at 2.3.",
)
def entropy() -> Chart:
    run = page_data("architectures/transformers/gated-differential-attention")["parking"]
    chart = Chart(Axis("training steps", 0, 2000), Axis("entropy, nats", 0, 2.6), height=280)
    for series, (way, label) in enumerate(WAYS.items()):
        chart.line(run["steps"], run[way]["entropy, nothing"], series=series, label=label)
    return chart


@figure(
    "transformers/gated-differential-attention/noise",
    title="What a head adds when nothing is asked for",
    desc="Square of what the head adds, relative to an item's vector, over training steps on a logarithmic scale. For "
    "plain heads it stays at four per cent. Heads with a first token fall into two groups: three of eight end below "
    "one in a thousand, five stay near two to three per cent. With a sink logit or a gate all fall below one in four "
    "thousand.",
)
def noise() -> Chart:
    run = page_data("architectures/transformers/gated-differential-attention")["parking"]
    chart = Chart(Axis("training steps", 0, 2150), Axis("added, squared", 5e-6, 0.2, log=True), height=290, left=70)
    for series, (way, label) in enumerate(WAYS.items()):
        chart.line(run["steps"], run[way]["error"], series=series, label=label)
        errors = run[way]["errors"]
        chart.points([2040 + 30 * series] * len(errors), errors, series=series)
    chart.note("each head", 2135, 0.1, anchor="end")
    return chart
