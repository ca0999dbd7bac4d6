"""Figures of docs/alignment/index.md."""

from __future__ import annotations

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data


@figure(
    "alignment/index/signals",
    title="Which method fits which signal",
    desc="Five columns, one for each kind of signal: demonstrations lead to supervised fine-tuning; pairs of answers "
    "with a preference lead to DPO or to a reward model with PPO; a check such as a test or a known answer leads to "
    "GRPO and related methods; a teacher leads to on-policy distillation; written principles lead to feedback from a "
    "model. Below each stand the models that have to be in memory.",
)
def signals() -> Drawing:
    drawing = Drawing(860)
    columns = (
        ("demonstrations", 130, (("supervised\nfine-tuning", "policy"),)),
        (
            "preferences",
            262,
            (
                ("DPO and\nrelatives", "policy, reference"),
                ("reward model,\nthen PPO", "policy, reference,\nreward and\nvalue model"),
            ),
        ),
        ("a check", 146, (("GRPO and\nrelatives", "policy, sometimes\na reference,\nand the checker"),)),
        ("a teacher", 120, (("on-policy\ndistillation", "policy and\nteacher"),)),
        ("principles", 160, (("feedback from\na model", "policy and judge, then\nas for preferences"),)),
    )
    left = 10.0
    drawing.label("signal", (10, 12), anchor="start", muted=True)
    for signal, width, methods in columns:
        top = drawing.box(signal, (left + width / 2, 44), role="data", w=width - 16, h=34)
        for index, (method, memory) in enumerate(methods):
            at = left + width * (index + 0.5) / len(methods)
            box = drawing.box(method, (at, 122), role="ffn", h=50, w=width / len(methods) - 14)
            drawing.arrow((at, top.bottom[1]), box.top)
            drawing.arrow(box.bottom, (at, 178))
            drawing.label(f"in memory:\n{memory}", (at, 197 + 8.5 * memory.count("\n")), muted=True, size=12)
        left += width + 6
    return drawing


@figure(
    "alignment/index/frontier",
    title="Reward gained against distance from the reference policy",
    desc="Expected reward over Kullback-Leibler divergence. A curve of optimal policies rises steeply at first and "
    "flattens; points for the best of 1, 2, 4, 8, 16 and 32 samples lie just below it.",
)
def frontier() -> Chart:
    run = page_data("alignment/index")
    chart = Chart(Axis("KL divergence from the reference", 0, 3.2), Axis("expected reward", 0, 3.2), height=300)
    chart.line(*zip(*run["tilted"], strict=True), series=0, label="optimal policy for some $β$")
    chart.points(*zip(*run["best of n"], strict=True), series=1, label="best of $n$ = 1, 2, 4, 8, 16, 32", r=4)
    return chart
