"""Figures of docs/alignment/on-policy-distillation.md."""

from __future__ import annotations

import math

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data


@figure(
    "alignment/on-policy-distillation/loop",
    title="On-policy distillation: the student writes, the teacher reads, every token gets a signal",
    desc="A prompt goes to the student, which writes an answer of several tokens. The answer goes to the frozen "
    "teacher, which reads it in one pass and gives a distribution for each token. The difference between the two "
    "distributions, token by token, has a gradient into the student only.",
)
def loop() -> Drawing:
    drawing = Drawing(740)
    prompt = drawing.box("prompt", (46, 90), role="data", h=40)
    student = drawing.box("student $π_θ$", (170, 90), role="ffn", h=48, w=110)
    drawing.arrow(prompt.right, student.left)
    tokens = [drawing.box(f"$y_{i + 1}$", (300 + 46 * i, 90), role="attention", w=36, h=34) for i in range(4)]
    drawing.arrow(student.right, tokens[0].left)
    drawing.label("its own answer", (369, 56), muted=True)
    teacher = drawing.box("teacher $π_T$, frozen", (625, 90), role="frozen", h=48, w=160)
    drawing.arrow(tokens[-1].right, teacher.left, "one pass")
    gaps = [drawing.box("", (300 + 46 * i, 190), role="loss", w=36, h=h) for i, h in enumerate((10, 34, 16, 24))]
    for token, gap in zip(tokens, gaps, strict=True):
        drawing.arrow(token.bottom, gap.top)
    drawing.label("a divergence for each token", (369, 226), muted=True)
    drawing.arrow(teacher.bottom, gaps[-1].right, via=((625, 190),))
    drawing.arrow(gaps[0].left, student.bottom, "gradient", via=((170, 190),), role="loss", dashed=True, side=12)
    return drawing


@figure(
    "alignment/on-policy-distillation/prefixes",
    title="Words off the track while learning from a teacher, by whose text is used",
    desc="Four curves that fall over the updates, on a logarithmic axis, from 90 per cent to the teacher's own one per "
    "cent. The two trained on the student's own text are there after about fifty updates; the two trained on the "
    "teacher's text are still falling after two hundred.",
)
def prefixes() -> Chart:
    run = page_data("alignment/on-policy-distillation")
    chart = Chart(Axis("updates", 0, 294), Axis("off the track", 0.01, 1, log=True), height=290)
    for name, curve in run["off"].items():
        text, divergence = name.split(", ")
        label = text if divergence.startswith("forward") else ""
        chart.line(run["steps"], curve, series=2 if text == "own text" else 0, label=label, dashed=not label)
    return chart


def _bump(x: float, mean: float, width: float) -> float:
    return math.exp(-0.5 * ((x - mean) / width) ** 2) / (width * math.sqrt(2 * math.pi))


@figure(
    "alignment/on-policy-distillation/modes",
    title="One bump fitted to a teacher with two peaks, by either divergence",
    desc="The teacher has a large peak at minus two and a smaller one at two and a half. The forward fit is one wide "
    "bump over both, highest in the gap between them. The reverse fit sits on the large peak and leaves the other out.",
)
def modes() -> Chart:
    run = page_data("alignment/on-policy-distillation")
    xs = [-6 + 0.05 * i for i in range(241)]
    chart = Chart(Axis("what is said", -6, 6), Axis("density", 0, 0.7), height=280)
    chart.line(xs, [0.65 * _bump(x, -2, 0.6) + 0.35 * _bump(x, 2.5, 0.6) for x in xs], series=4, label="teacher")
    chart.line(xs, [_bump(x, *run["forward"]) for x in xs], series=0, label="student, forward KL")
    chart.line(xs, [_bump(x, *run["reverse"]) for x in xs], series=2, label="student, reverse KL", dashed=True)
    return chart
