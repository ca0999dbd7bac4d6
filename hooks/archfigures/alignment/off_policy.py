"""Figures of docs/alignment/off-policy.md."""

from __future__ import annotations

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data


@figure(
    "alignment/off-policy/policies",
    title="Three policies between a sample and its gradient",
    desc="A sampler writes answers and their log-probabilities under its own policy, mu. A queue holds the answers "
    "together with the version that wrote them. The trainer computes their log-probabilities again at the start of a "
    "step, under the old policy, and then under the policy it is changing. The first weight leads from the sampler's "
    "policy to the old one, the second, clipped, from the old one to the current one. A dashed arrow takes new weights "
    "back to the sampler.",
)
def policies() -> Drawing:
    drawing = Drawing(760)
    sampler = drawing.box("sampler\n$μ$", (70, 110), role="frozen", w=100, h=60)
    queue = drawing.box("queue:\nanswers,\nversions", (230, 110), role="data", w=100, h=76)
    old = drawing.box("trainer, at the\nstart: $π_{old}$", (410, 110), role="ffn", w=130, h=60)
    current = drawing.box("trainer, now:\n$π_θ$", (640, 110), role="ffn", w=130, h=60)
    drawing.arrow(sampler.right, queue.left, "$y$, $log μ$")
    drawing.arrow(queue.right, old.left)
    drawing.arrow(old.right, current.left, "$π_θ/π_{old}$, clipped")
    drawing.arrow(
        sampler.top, old.top, "$w = π_{old}/μ$, cut off or masked", via=((70, 40), (410, 40)), role="loss", side=12
    )
    drawing.arrow(
        current.bottom,
        sampler.bottom,
        "new weights, every few steps, also in the middle of an answer",
        via=((640, 186), (70, 186)),
        dashed=True,
        side=12,
    )
    return drawing


@figure(
    "alignment/off-policy/left",
    title="Mean weight of an answer by its length, when answers over three are dropped",
    desc="Four curves over the length in tokens, logarithmic, from 50 to 64,000. With the noise of bf16 in a model of "
    "0.5B the mean weight falls from 1 at a hundred tokens to 0.46 at a thousand and to 0.1 at four thousand. With the "
    "noise of a 7B model whose logits are in fp32 it is a half at four thousand. With fp16 it stays near 1 up to ten "
    "thousand tokens. With the noise of fp32 it hardly falls.",
)
def left() -> Chart:
    run = page_data("alignment/off-policy")
    chart = Chart(Axis("length of the answer, tokens", 50, 64000, log=True), Axis("mean weight", 0, 1.05), height=280)
    for series, name in enumerate(run["left"]):
        chart.line(run["lengths"], run["left"][name], series=series, label=name)
    return chart


@figure(
    "alignment/off-policy/waiting",
    title="Share of the time that a place in the batch is busy, if all wait for the longest answer",
    desc="Two falling curves over the number of answers, logarithmic, from 1 to 16,384. With a spread of 0.5 in the "
    "logarithm of the length the share falls from 1 to 0.15, with a spread of 1 to 0.03.",
)
def waiting() -> Chart:
    run = page_data("alignment/off-policy")
    chart = Chart(
        Axis("answers that are waited for", 1, 16384, log=True), Axis("share of time busy", 0, 1.05), height=260
    )
    for series, name in enumerate(run["busy"]):
        chart.line(run["counts"], run["busy"][name], series=series, label=f"{name} in log length")
        chart.points(run["counts"], run["busy"][name], series=series)
    return chart
