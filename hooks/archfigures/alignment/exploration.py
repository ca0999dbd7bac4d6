"""Figures of docs/alignment/exploration.md."""

from __future__ import annotations

import math

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data

_CHANCES = (0.5, 0.2, 0.15, 0.1, 0.05)


@figure(
    "alignment/exploration/reinforced",
    title="What reinforcing one of five answers does to the entropy",
    desc="Five answers with probabilities 0.5, 0.2, 0.15, 0.1 and 0.05. A bar for each says how the entropy changes "
    "when its logit is raised. The bar of the likeliest points far down, the other four a little up. A dashed line "
    "marks the probability 0.26, which lies between them.",
)
def reinforced() -> Drawing:
    drawing = Drawing(740)
    entropy = -sum(p * math.log(p) for p in _CHANCES)
    base, scale = 96, 330
    drawing.label("probability", (20, 24), anchor="start", muted=True)
    drawing.label("change of the entropy", (20, base), anchor="start", muted=True)
    drawing.line([(190, base), (720, base)])
    for index, p in enumerate(_CHANCES):
        x = 245 + index * 100
        drawing.label(f"{p:.2f}", (x, 24))
        change = -p * (math.log(p) + entropy)
        height = abs(change) * scale
        middle = base - height / 2 if change > 0 else base + height / 2
        drawing.box("", (x, middle), role="state" if change > 0 else "noise", w=44, h=height, corner=2)
        label = f"{change:+.2f}".replace("-", "−")
        drawing.label(label, (x, base - height - 12 if change > 0 else base + height + 14), muted=True)
    limit = math.exp(-entropy)
    drawing.line([(295, 40), (295, 214)], dashed=True)
    drawing.label(f"probability $e^{{-H}}$ = {limit:.2f}", (306, 206), anchor="start", muted=True)
    return drawing


@figure(
    "alignment/exploration/passk",
    title="Chance that at least one of k answers is right, before and after training",
    desc="Four curves over the number of answers, from 1 to 256. Before training the curve starts at 0.14 and ends at "
    "0.95. Trained for pass@1 it starts highest, at 0.33, but rises slowly to 0.61 and falls behind from five answers "
    "on. With a bonus for entropy it crosses at 12. Trained for pass@8 it stays above the first up to 64 answers.",
)
def passk() -> Chart:
    run = page_data("alignment/exploration")
    chart = Chart(Axis("answers, $k$", 1, 256, log=True), Axis("pass@k", 0, 1), height=310)
    for series, name in enumerate(run["curves"]):
        chart.line(run["k"], run["curves"][name], series=series, label=name, dashed=name == "before")
    return chart


@figure(
    "alignment/exploration/trade",
    title="Chance of a right answer against the entropy, during training",
    desc="Three paths that start at the right, at an entropy of 1.44 and a chance of 0.14, lead to the upper left and "
    "lie nearly on each other. Trained for pass@1 the path ends at an entropy of 0.2 and a chance of 0.33. With a "
    "bonus it stops at an entropy of 0.85, and trained for pass@8 at 1.23.",
)
def trade() -> Chart:
    runs = page_data("alignment/exploration")["runs"]
    chart = Chart(Axis("entropy, nats", 0, 1.6), Axis("pass@1", 0, 0.4), height=270)
    for series, name in enumerate(runs):
        if name != "before":
            right, entropy = zip(*runs[name], strict=True)
            chart.line(list(entropy), list(right), series=series, label=name)
            chart.points([entropy[-1]], [right[-1]], series=series)
    return chart


@figure(
    "alignment/exploration/coin",
    title="The lead of the likeliest answer under rewards at random, by what is clipped",
    desc="Four curves over thirty rounds, all from a lead of 1.95 in logits. With the clip on both sides the lead "
    "grows to 3, with the upper one alone to 3.3. With the lower one alone it falls to 1.6. Without a clip it stays "
    "where it was.",
)
def coin() -> Chart:
    run = page_data("alignment/exploration")["coin"]
    chart = Chart(Axis("rounds", 0, 30), Axis("lead, in logits", 1.5, 3.5), height=250)
    for series, name in enumerate(run):
        chart.line(list(range(len(run[name]))), run[name], series=series, label=name)
    return chart
