"""Figures of docs/architectures/llms/llama-2.md."""

from __future__ import annotations

import math

from archfigures import Axis, Chart, Drawing, figure


@figure(
    "llms/llama-2/training",
    title="How Llama 2-Chat was trained: pretraining, fine-tuning, and a loop with two reward models",
    desc="Pretraining on two trillion tokens gives Llama 2; fine-tuning on 27,540 annotated answers gives the first "
    "chat model. Its answers are compared by people for helpfulness and for safety; each set of comparisons trains a "
    "reward model. The two rewards are combined; they drive rejection sampling and then PPO, and the new model's "
    "answers are compared again.",
)
def training() -> Drawing:
    d = Drawing(760)
    text = d.box("public text\n2T tokens", (62, 56), role="data", w=96)
    base = d.box("Llama 2", (232, 56), role="ffn", w=96)
    chat = d.box("Llama 2-Chat", (668, 150), role="ffn", w=112, h=44)
    first = d.box("demonstrations\n27,540", (440, 56), role="data", w=116)
    d.arrow(text.right, base.left, "pretrain")
    d.arrow(base.right, first.left, "fine-tune on")
    d.arrow(first.right, chat.top, "first version", via=((668, 56),))
    people = d.box("people compare\ntwo answers", (440, 150), role="loss", w=124)
    d.arrow(chat.left, people.right, "samples")
    helpful = d.box("helpfulness\nreward model", (232, 150), role="loss", w=112)
    safe = d.box("safety\nreward model", (232, 226), role="loss", w=112)
    d.arrow(people.left, helpful.right, "comparisons")
    d.arrow(people.bottom, safe.right, "comparisons", via=((440, 226),))
    join = d.box("join\nscores", (82, 188), role="router", w=72)
    for model, share in ((helpful, 0.25), (safe, 0.75)):
        end = join.on("right", share)
        d.arrow(model.left, end, via=((150, model.y), (150, end[1])))
    sample = d.box("rejection sampling:\nbest of $K$, fine-tune", (232, 318), role="state", w=156)
    ppo = d.box("PPO with a\nKL penalty", (464, 318), role="state", w=104)
    d.arrow(join.bottom, sample.left, "reward", via=((82, 318),), side=8)
    d.arrow(sample.right, ppo.left, "from version 5")
    d.arrow(ppo.right, chat.bottom, "next version", via=((668, 318),), at=0.42)
    d.frame([people, helpful, safe, join, sample, ppo, chat], "versions 1 to 5, new comparisons every week", margin=20)
    return d


@figure(
    "llms/llama-2/margin",
    title="The margin moves the ranking loss to the right",
    desc="Four copies of the logistic loss over the difference of two scores. Without a margin the loss is small "
    "from a difference of two on; for a pair rated significantly better it is small only from five on.",
)
def margin() -> Chart:
    chart = Chart(Axis("score of the chosen answer minus score of the other", -2, 8), Axis("loss", 0, 5), height=300)
    xs = [-2 + 0.1 * i for i in range(101)]
    for series, (name, m) in enumerate(
        [("negligibly better", 0), ("slightly better", 1), ("better", 2), ("significantly better", 3)]
    ):
        chart.line(xs, [math.log1p(math.exp(-(x - m))) for x in xs], series=series, label=name)
    return chart


@figure(
    "llms/llama-2/ghost-attention",
    title="Ghost Attention: sampled with the instruction everywhere, trained with it once",
    desc="Two rows of six messages. When the last answer is sampled, the instruction stands before each of the three "
    "user messages. In the training sample it stands before the first only, and only the last answer carries loss.",
)
def ghost_attention() -> Drawing:
    d = Drawing(720)
    names = ("user 1", "answer 1", "user 2", "answer 2", "user 3", "answer 3")
    for y, title, sampled in ((64, "sampling", True), (170, "training", False)):
        d.label(title, (14, y), anchor="start", bold=True)
        for index, name in enumerate(names):
            x = 150 + index * 102
            user, last = index % 2 == 0, index == 5
            if user and (sampled or index == 0):
                d.box("instruction", (x, y - 27), role="router", w=88, h=24)
            d.box(name, (x, y), role="data" if user else "loss" if last else "frozen", w=88, h=28, dashed=last)
            if not sampled:
                d.label("loss" if last else "no loss", (x, y + 30), size=12, muted=not last, bold=last)
    d.arrow((660, 80), (660, 154), "kept", side=8)
    return d
