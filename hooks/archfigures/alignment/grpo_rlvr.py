"""Figures of docs/alignment/grpo-rlvr.md."""

from __future__ import annotations

import math

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data

_REWARDS = (1, 0, 0, 1, 0)


@figure(
    "alignment/grpo-rlvr/group",
    title="One prompt, a group of answers, a check, and advantages within the group",
    desc="A prompt goes to the policy, which writes five answers. A checker gives each a reward of one or zero. Each "
    "reward minus the group's mean, divided by its spread, is the answer's advantage: positive for the two right "
    "ones, negative for the three wrong ones. The advantages weight the policy gradient.",
)
def group() -> Drawing:
    drawing = Drawing(740)
    prompt = drawing.box("prompt", (46, 130), role="data", h=40)
    policy = drawing.box("policy $π_θ$", (160, 130), role="ffn", h=44)
    drawing.arrow(prompt.right, policy.left)
    mean = sum(_REWARDS) / len(_REWARDS)
    spread = (sum((r - mean) ** 2 for r in _REWARDS) / len(_REWARDS)) ** 0.5
    check = drawing.box("check", (430, 130), role="loss", w=70, h=210)
    drawing.label("reward", (510, 14), muted=True)
    drawing.label("advantage", (620, 14), muted=True)
    for index, reward in enumerate(_REWARDS):
        y = 42 + index * 44
        answer = drawing.box(f"answer {index + 1}", (300, y), role="attention", h=30)
        drawing.arrow(policy.right, answer.left)
        drawing.arrow(answer.right, (check.left[0], y))
        drawing.arrow((check.right[0], y), (496, y))
        drawing.label(str(reward), (510, y))
        advantage = (reward - mean) / spread
        width = abs(advantage) * 30
        centre = 620 + (width / 2 if advantage > 0 else -width / 2)
        drawing.box("", (centre, y), role="state" if advantage > 0 else "noise", w=width, h=18, corner=2)
        drawing.label(f"{advantage:+.2f}".replace("-", "−"), (690, y), muted=True)
    drawing.line([(620, 26), (620, 236)])
    drawing.arrow(
        (620, 240),
        policy.bottom,
        "raise right answers, lower wrong ones",
        via=((620, 268), (160, 268)),
        role="loss",
        dashed=True,
    )
    return drawing


@figure(
    "alignment/grpo-rlvr/usable",
    title="Chance that a group teaches something, by how hard the prompt is",
    desc="Four arches over the chance of a right answer, zero at both ends: groups of four, eight, sixteen and "
    "sixty-four answers. The larger the group, the wider the flat top; prompts that are nearly always solved "
    "or nearly never solved teach little.",
)
def usable() -> Chart:
    run = page_data("alignment/grpo-rlvr")
    chart = Chart(Axis("chance of a right answer", 0, 1), Axis("chance of a mixed group", 0, 1), height=290)
    for series, size in enumerate(("4", "8", "16", "64")):
        chart.line([0, *run["p"], 1], [0, *run[size], 0], series=series, label=f"group of {size}")
    return chart


@figure(
    "alignment/grpo-rlvr/divisors",
    title="Weight of a prompt by how often it is solved, for three divisors of the advantage",
    desc="Three curves over the chance of a right answer, both axes logarithmic. Divided by nothing the weight is one "
    "everywhere. Divided by the spread it is two in the middle and rises to both ends. Divided by the mean it rises to "
    "the left only. Dashed, in the limit of a large group, the rise goes on; in a group of sixteen it levels off.",
)
def divisors() -> Chart:
    run = page_data("alignment/grpo-rlvr")["weights"]
    chart = Chart(Axis("chance of a right answer", 0.005, 1, log=True), Axis("weight", 0.5, 250, log=True), height=300)
    names = {"nothing": "nothing (Dr. GRPO)", "spread": "spread (GRPO)", "mean": "mean (MaxRL)"}
    for series, (over, name) in enumerate(names.items()):
        chart.line(run["p"], run[over], series=series, label=name)
        chart.line(run["p"], run[f"{over}, limit"], series=series, dashed=True)
    return chart


@figure(
    "alignment/grpo-rlvr/pull",
    title="How hard a token of a good answer is pulled, by the ratio of new to old probability",
    desc="Four curves over the ratio from 0 to 3, all through 1 at ratio 1. With the clip the pull grows with the "
    "ratio and drops to zero at 1.2. CISPO stays between 0.8 and 1.2. SAPO falls off smoothly beyond 2. DPPO, for a "
    "token of old probability 0.1, grows up to a ratio of 3 and then drops to zero.",
)
def pull() -> Chart:
    ratios = [0.01 * i for i in range(301)]
    chart = Chart(Axis("ratio of new to old probability", 0, 3), Axis("pull", 0, 3.2), height=290)
    chart.line([r for r in ratios if r <= 1.2], [r for r in ratios if r <= 1.2], series=0, label="clip (GRPO, DAPO)")
    chart.line([1.2, 1.2, 3], [1.2, 0, 0], series=0)
    chart.line(ratios, [min(max(r, 0.8), 1.2) for r in ratios], series=1, label="CISPO")
    gates = [1 / (1 + math.exp(1 - r)) for r in ratios]
    chart.line(ratios, [4 * g * (1 - g) * r for g, r in zip(gates, ratios, strict=True)], series=2, label="SAPO")
    chart.line([0, 3, 3], [0, 3, 0], series=3, label="DPPO, old probability 0.1", dashed=True)
    return chart
