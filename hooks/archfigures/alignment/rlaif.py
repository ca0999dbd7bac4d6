"""Figures of docs/alignment/rlaif.md."""

from __future__ import annotations

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data


@figure(
    "alignment/rlaif/flow",
    title="Constitutional AI as a flow of data",
    desc="Upper row, the supervised phase: a prompt goes to a helpful model, whose answer is criticised and rewritten "
    "by the same model under a principle drawn at random, several times; the last revision becomes a "
    "demonstration for fine-tuning. Lower row, the reinforcement phase: the tuned model writes two answers, a "
    "judge reads them with a principle and gives the probability that the first is better; these labels train a "
    "preference model, and that one rewards the policy.",
)
def flow() -> Drawing:
    drawing = Drawing(760)
    drawing.label("supervised phase", (10, 16), anchor="start", bold=True)
    prompt = drawing.box("prompt", (48, 78), role="data", h=36)
    helpful = drawing.box("answer", (160, 78), role="ffn", w=84, h=40)
    critique = drawing.box("critique", (300, 78), role="attention", w=90, h=40)
    revision = drawing.box("revision", (440, 78), role="ffn", w=90, h=40)
    sft = drawing.box("demonstrations\n(prompt, last revision)", (646, 78), role="state", w=172, h=44)
    principle = drawing.box("principle, at random", (370, 138), role="router", h=30)
    drawing.arrow(prompt.right, helpful.left)
    drawing.arrow(helpful.right, critique.left)
    drawing.arrow(critique.right, revision.left)
    drawing.arrow(revision.right, sft.left)
    drawing.arrow(revision.top, critique.top, "several rounds", via=((440, 36), (300, 36)), dashed=True, side=-9)
    drawing.arrow((critique.x + 14, principle.top[1]), (critique.x + 14, critique.bottom[1]))
    drawing.arrow((revision.x - 14, principle.top[1]), (revision.x - 14, revision.bottom[1]))
    drawing.label("reinforcement phase", (10, 194), anchor="start", bold=True)
    again = drawing.box("prompt", (48, 262), role="data", h=36)
    tuned = drawing.box("tuned model:\ntwo answers", (166, 262), role="ffn", w=104, h=44)
    judge = drawing.box("judge:\nP(A better)", (316, 262), role="loss", w=100, h=44)
    labels = drawing.box("soft labels", (446, 262), role="state", w=92, h=40)
    preference = drawing.box("preference\nmodel", (570, 262), role="loss", w=88, h=44)
    policy = drawing.box("policy", (698, 262), role="ffn", w=80, h=44)
    second = drawing.box("principle, at random", (316, 322), role="router", h=30)
    for left, right in ((again, tuned), (tuned, judge), (judge, labels), (labels, preference)):
        drawing.arrow(left.right, right.left)
    drawing.arrow(preference.right, policy.left)
    drawing.arrow(second.top, judge.bottom)
    drawing.arrow(sft.bottom, tuned.top, "fine-tuning", via=((646, 176), (166, 176)), role="loss", dashed=True, side=-9)
    drawing.label("PPO", (638, 246), muted=True, size=12)
    return drawing


@figure(
    "alignment/rlaif/labels",
    title="Labels that err at random and labels that err alike",
    desc="Quality reached, as a share of the possible, over the number of labels from 30 to 10,000. A model's labels "
    "start higher, at 0.72 against 0.42 for people's, and level off at 0.89. People's labels pass them before "
    "1,000 and approach 1. A less biased model stays ahead until nearly 3,000 and levels off at 0.98.",
)
def labels() -> Chart:
    run = page_data("alignment/rlaif")
    numbers = run["numbers"]
    chart = Chart(
        Axis("labels", 30, 10_000, log=True, ticks={float(n): f"{n:,}" for n in numbers}),
        Axis("share of possible quality", 0.4, 1),
        height=290,
    )
    for series, (name, label) in enumerate(
        (
            ("people", "people: 25% wrong at random"),
            ("model", "model with a taste of 0.5"),
            ("model, less biased", "of 0.2"),
        )
    ):
        chart.line(numbers, run[name], series=series, label=label)
        chart.points(numbers, run[name], series=series)
    return chart
