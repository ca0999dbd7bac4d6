"""Figures of docs/alignment/rlhf-ppo.md."""

from __future__ import annotations

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data


@figure(
    "alignment/rlhf-ppo/flow",
    title="One step of PPO with its four models",
    desc="A prompt goes to the policy, which writes an answer. The answer goes to three more models. The frozen "
    "reward model gives it one score. The frozen reference gives each token a log-probability, from which a penalty "
    "for departing from it follows. The value model predicts at each token what is still to come. Rewards and values "
    "become advantages, and these the clipped loss, whose gradient goes into the policy; the value model gets a loss "
    "of its own.",
)
def flow() -> Drawing:
    drawing = Drawing(760)
    prompt = drawing.box("prompt $x$", (52, 150), role="data", h=36)
    policy = drawing.box("policy $π_θ$", (170, 150), role="ffn", h=46)
    answer = drawing.box("answer $y$", (290, 150), role="data", h=36)
    drawing.arrow(prompt.right, policy.left)
    drawing.arrow(policy.right, answer.left)
    reward = drawing.box("reward model", (432, 74), role="frozen", w=118, h=42)
    reference = drawing.box("reference $π_{ref}$", (432, 150), role="frozen", w=118, h=42)
    value = drawing.box("value model $V$", (432, 226), role="ffn", w=118, h=42)
    for model in (reward, reference, value):
        drawing.arrow(answer.right, model.left, via=((350, 150), (350, model.y)) if model is not reference else ())
    gae = drawing.box("GAE", (640, 150), role="norm", w=70, h=170)
    drawing.arrow(reward.right, gae.on("left", 0.5 - 76 / 170), "score, at the end")
    drawing.arrow(reference.right, gae.left, "$-β log π_θ/π_{ref}$")
    drawing.arrow(value.right, gae.on("left", 0.5 + 76 / 170), "$V_t$ at each token")
    drawing.arrow(
        gae.top,
        policy.top,
        "advantages $A_t$, through the clipped loss",
        via=((640, 14), (170, 14)),
        role="loss",
        dashed=True,
        side=12,
        at=0.62,
    )
    drawing.arrow(
        gae.bottom, value.bottom, "targets $A_t + V_t$", via=((640, 272), (432, 272)), role="loss", dashed=True, side=12
    )
    drawing.label("dashed boxes: frozen", (16, 262), anchor="start", muted=True)
    return drawing


@figure(
    "alignment/rlhf-ppo/clip",
    title="The clipped objective of one token",
    desc="The objective over the ratio of new to old probability. For a positive advantage it rises to a ratio of "
    "1.2 and is flat beyond. For a negative one it is flat up to a ratio of 0.8 and falls from there on.",
)
def clip() -> Chart:
    ratios = [0.02 * i for i in range(101)]
    chart = Chart(Axis("ratio of new to old probability", 0, 2), Axis("objective", -2, 2), height=280)
    chart.line(ratios, [min(r, 1.2) for r in ratios], series=2, label="advantage +1")
    chart.line(ratios, [min(-r, -max(r, 0.8)) for r in ratios], series=4, label="advantage −1")
    chart.note("no gradient", 1.6, 1.2, dy=-10)
    chart.note("no gradient", 0.4, -0.8, dy=-10)
    return chart


@figure(
    "alignment/rlhf-ppo/spread",
    title="Bias and variance of the advantage against lambda",
    desc="Squared bias and variance of an estimated advantage over lambda from 0 to 1. Bias falls from 0.23 to "
    "nothing, variance rises from nothing to 2.9.",
)
def spread() -> Chart:
    run = page_data("alignment/rlhf-ppo")["spread"]
    chart = Chart(Axis("$λ$", 0, 1), Axis("squared error", 0, 3), height=260)
    for series, name in ((0, "bias"), (1, "variance")):
        chart.line(run["lambda"], run[name], series=series, label="squared bias" if series == 0 else name)
        chart.points(run["lambda"], run[name], series=series)
    return chart


@figure(
    "alignment/rlhf-ppo/run",
    title="PPO on 81 answers against the best possible value",
    desc="Reward minus the penalty over rounds of 64 samples. With the clip, four and sixteen epochs on each batch "
    "climb to the best possible value of 3.16. Without it, four epochs do so as well and sixteen climb fast and "
    "then collapse.",
)
def run() -> Chart:
    data = page_data("alignment/rlhf-ppo")
    chart = Chart(Axis("rounds", 0, 60), Axis("reward − $β$ KL", 0, 3.5), height=310)
    for series, name in enumerate(data["runs"]):
        values = data["runs"][name]
        chart.line(list(range(len(values))), values, series=series, label=name)
    chart.line([0, 60], [data["best"]] * 2, series=5, dashed=True)
    chart.note("best possible", 4, data["best"], anchor="start", dy=-6)
    return chart


@figure(
    "alignment/rlhf-ppo/memory",
    title="Bytes in memory for each parameter of the policy",
    desc="Stacked bars. Supervised fine-tuning needs 16 bytes for the policy. DPO and GRPO add 2 for the frozen "
    "reference. PPO with four models of one size needs 16 for the policy, 16 for the value model, 2 for the "
    "reference and 2 for the reward model, 36 in all.",
)
def memory() -> Chart:
    ticks = {0.0: "SFT", 1.0: "DPO", 2.0: "GRPO", 3.0: "PPO"}
    chart = Chart(Axis("", -0.6, 3.6, ticks=ticks), Axis("bytes per parameter", 0, 40), height=270)
    parts = (
        ("policy", [16, 16, 16, 16]),
        ("value model", [0, 0, 0, 16]),
        ("reference", [0, 2, 2, 2]),
        ("reward model", [0, 0, 0, 2]),
    )
    base = [0.0] * 4
    for series, (name, sizes) in enumerate(parts):
        tops = [low + size for low, size in zip(base, sizes, strict=True)]
        chart.bars(list(range(4)), tops, width=0.55, series=series, label=name, base=base)
        base = tops
    return chart
