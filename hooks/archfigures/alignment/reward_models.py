"""Figures of docs/alignment/reward-models.md."""

from __future__ import annotations

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data

_STEPS = (
    ("1", "2x + 6 = 14", 0.98),
    ("2", "so 2x = 8", 0.95),
    ("3", "halve: x = 2", 0.30),
    ("4", "answer: 2", 0.90),
)


def _bar(drawing: Drawing, left: float, y: float, share: float, role: str) -> None:
    drawing.box("", (left + 35, y), role="note", w=70, h=14, corner=2)
    drawing.box("", (left + 35 * share, y), role=role, w=70 * share, h=14, corner=2)
    drawing.label(f"{share:.2f}", (left + 78, y), anchor="start", muted=True)


@figure(
    "alignment/reward-models/kinds",
    title="Three ways to score the same solution",
    desc="A solution of four steps whose third step is wrong. An outcome model reads it whole and gives one number, "
    "0.24. A process model gives each step a number: 0.98, 0.95, 0.30 for the wrong step, 0.90 for the last. A "
    "generative model writes what it finds, that half of eight is four, and then gives the probability of the "
    "word yes, 0.03.",
)
def kinds() -> Drawing:
    drawing = Drawing(760)
    for x, name in ((100, "solution"), (283, "process"), (466, "outcome"), (640, "generative")):
        drawing.label(name, (x, 12), bold=True)
    boxes = []
    for index, (number, text, share) in enumerate(_STEPS):
        y = 48 + index * 46
        box = drawing.box(f"{number}.  {text}", (100, y), role="noise" if share < 0.5 else "data", w=150, h=34)
        boxes.append(box)
        _bar(drawing, 232, y, share, "noise" if share < 0.5 else "loss")
        drawing.arrow(box.right, (230, y))
    drawing.label("product 0.25", (283, 226), muted=True)
    last = boxes[-1]
    drawing.arrow(last.bottom, (466, 202), via=((100, 250), (466, 250)), head=True)
    _bar(drawing, 415, 190, 0.24, "loss")
    critique = drawing.box(
        "“Half of 8 is 4,\nso step 3 is wrong.\nCorrect? No.”", (640, 96), role="attention", w=160, h=70
    )
    _bar(drawing, 588, 190, 0.03, "loss")
    drawing.arrow(critique.bottom, (640, 180), "P(Yes)", side=8)
    drawing.arrow((466, 250), (744, 96), via=((744, 250),), head=False)
    drawing.arrow((744, 96), critique.right)
    return drawing


@figure(
    "alignment/reward-models/labels",
    title="What step labels are worth",
    desc="Share of sound solutions among those picked from sixteen, over the number of labelled solutions, for two "
    "models of the same form. Labels of steps reach 0.63 from ten solutions and 0.72 from a hundred. Labels of "
    "outcomes need five hundred solutions for 0.69. Picking at random gives 0.17.",
)
def labels() -> Chart:
    run = page_data("alignment/reward-models")["labels"]
    sizes = run["sizes"]
    chart = Chart(
        Axis("labelled solutions", 10, 500, log=True, ticks={float(s): str(s) for s in sizes}),
        Axis("sound, best of 16", 0, 0.8),
        height=280,
    )
    for series, name in ((0, "process"), (1, "outcome")):
        chart.line(sizes, run[name], series=series, label=f"labels of {'steps' if series == 0 else 'outcomes'}")
        chart.points(sizes, run[name], series=series)
    chart.line([10, 500], [run["one of them"]] * 2, series=3, label="one at random", dashed=True)
    return chart


@figure(
    "alignment/reward-models/checker",
    title="A policy against a checker that misses some right answers and accepts a trick",
    desc="Over six hundred steps the mean verdict rises quickly to 0.8, stays there for two hundred steps and rises to "
    "one. The share of right answers rises with it to 0.95, and then falls to nearly nothing between steps 250 and "
    "450, while the share of tricks rises from 0.05 to nearly one.",
)
def checker() -> Chart:
    run = page_data("alignment/reward-models")["checker"]
    chart = Chart(Axis("steps", 0, 600), Axis("share, or verdict", 0, 1.05), height=270)
    steps = [10 * i for i in range(len(run))]
    rewards = (0.8, 0.01, 1.0)
    chart.line(steps, [sum(p * r for p, r in zip(row, rewards, strict=True)) for row in run], label="mean verdict")
    chart.line(steps, [row[0] for row in run], series=1, label="right answers")
    chart.line(steps, [row[2] for row in run], series=2, label="tricks")
    return chart


@figure(
    "alignment/reward-models/overoptimisation",
    title="Score and quality while a reward model is optimised",
    desc="Over the KL divergence from the policy. The score rises all the way, for the best of n and for the "
    "optimal penalised policy. Quality rises to 1.33 at the best of 32 and then falls below zero; for the "
    "penalised policy it peaks earlier and lower, at 0.72.",
)
def overoptimisation() -> Chart:
    run = page_data("alignment/reward-models")["overoptimisation"]
    chart = Chart(Axis("KL divergence from the policy, nats", 0, 8), Axis("expected value", -1, 6), height=320)
    for series, name in ((0, "best of n"), (1, "tilted")):
        distance, score, quality = zip(*run[name], strict=True)
        label = "best of $n$" if series == 0 else "policy $∝ π e^{s/β}$"
        chart.line(distance, quality, series=series, label=f"{label}: quality")
        chart.line(distance, score, series=series, dashed=True)
        if series == 0:
            chart.points(distance, quality, series=series)
    chart.note("score (dashed)", 6.2, 5.6)
    return chart
