"""Figures of docs/learning/hybrid-training.md."""

from __future__ import annotations

from itertools import pairwise

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data

PIPELINES = (
    (
        "Llama 2-Chat",
        (
            ("pretraining", "2T tokens", "data"),
            ("fine-tuning", "27,540\ndemonstrations", "ffn"),
            ("reward models", "1,418,091\ncomparisons", "loss"),
            ("rejection sampling,\nthen PPO", "5 rounds", "router"),
        ),
    ),
    (
        "Tülu 3 8B",
        (
            ("pretraining\n(Llama 3.1)", "about 15T\ntokens", "data"),
            ("fine-tuning", "939,344\nanswers", "ffn"),
            ("preferences, DPO", "271,409\npairs", "loss"),
            ("verifiable reward", "29,946\nprompts", "router"),
        ),
    ),
)


@figure(
    "learning/hybrid-training/pipelines",
    title="Two pipelines stage by stage, with the volume of data in each",
    desc="Llama 2-Chat: two trillion tokens of pretraining, 27,540 demonstrations, 1,418,091 comparisons for two "
    "reward models, five rounds of rejection sampling and at last PPO. Tulu 3 8B: a Llama 3.1 base pretrained on "
    "about 15 trillion tokens, 939,344 answers, 271,409 preference pairs, 29,946 prompts with a verifier.",
)
def pipelines() -> Drawing:
    d = Drawing(760)
    for x, kind in ((96, "self-supervised"), (456, "externally supervised")):
        d.label(kind, (x, 16), muted=True)
    for row, (name, stages) in enumerate(PIPELINES):
        y = 96 + row * 134
        d.label(name, (24, y - 40), anchor="start", bold=True)
        boxes = []
        for column, (stage, volume, role) in enumerate(stages):
            x = 96 + column * 188
            boxes.append(d.box(stage, (x, y), role=role, w=144, h=46))
            d.label(volume, (x, y + 45), size=12.5, muted=True)
        for one, next_one in pairwise(boxes):
            d.arrow(one.right, next_one.left)
        if name == "Llama 2-Chat":
            people, loop = boxes[2], boxes[3]
            d.arrow(loop.top, people.top, "new answers to compare", via=((loop.x, y - 40), (people.x, y - 40)))
    d.line([(190, 8), (190, 296)], dashed=True)
    return d


@figure(
    "learning/hybrid-training/toy",
    title="Fine-tuning changes the form everywhere, a verifier changes what is right",
    desc="Over the steps of the small pipeline, for prompts without demonstrations: the share of completions that are "
    "answers jumps during fine-tuning, the share of right ones follows at two fifths of it, and rises to nearly one "
    "only under the verifier.",
)
def toy() -> Chart:
    rows = page_data("learning/hybrid-training")
    steps = [row["step"] for row in rows]
    chart = Chart(Axis("step", 0, 120), Axis("share of completions", 0, 1.05))
    chart.line(steps, [row["answers"] for row in rows], series=0, label="are answers")
    chart.line(steps, [row["right"] for row in rows], series=1, label="are right")
    chart.line([60, 60], [0, 1.05], series=4, dashed=True)
    chart.note("demonstrations for 5 of 25 prompts", 30, 0.08)
    chart.note("a verifier for all prompts", 90, 0.08)
    return chart
