"""Figures of docs/alignment/diffusion-alignment.md."""

from __future__ import annotations

from itertools import pairwise

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data


@figure(
    "alignment/diffusion-alignment/process",
    title="Denoising as a decision process",
    desc="From left to right the states of one sample: pure noise, two states in between, the finished image. Each "
    "arrow is an action of the policy: a normal distribution whose mean the network gives. Only the finished image "
    "has a reward; its advantage within the group of images for the same prompt goes back to every step.",
)
def process() -> Drawing:
    drawing = Drawing(760)
    prompt = drawing.box("prompt $c$", (64, 40), role="data", h=34)
    names = ("$x_1$\nnoise", "$x_{1-Δ}$", "$x_{Δ}$", "$x_0$\nimage")
    shades = ("noise", "noise", "noise", "data")
    boxes = [
        drawing.box(name, (64 + 155 * index, 130), role=shade, w=64, h=48)
        for index, (name, shade) in enumerate(zip(names, shades, strict=True))
    ]
    for index, (left, right) in enumerate(pairwise(boxes)):
        net = drawing.box("$π_θ$", (left.x + 77, 130), role="ffn", w=40, h=36)
        drawing.arrow(left.right, net.left)
        drawing.arrow(net.right, right.left, dashed=index == 1)
        drawing.arrow((net.x, 40), net.top, head=True)
        drawing.arrow((net.x, 212), net.bottom, role="loss", dashed=True)
    drawing.arrow(prompt.right, (boxes[2].x + 77, 40), head=False)
    reward = drawing.box("reward $r(x_0, c)$", (670, 130), role="loss", w=128, h=42)
    drawing.arrow(boxes[3].right, reward.left)
    drawing.arrow(
        reward.bottom,
        (boxes[0].x + 77, 212),
        "$A$: reward against the other images of the group",
        via=((670, 212),),
        role="loss",
        dashed=True,
        head=False,
        side=14,
        at=0.5,
    )
    drawing.label("each step: $x_{t-Δ}$ ~ N(mean from $v_θ$, $σ_t^{2}Δ$)", (350, 22), muted=True)
    return drawing


@figure(
    "alignment/diffusion-alignment/paths",
    title="One starting noise, three samplers",
    desc="Paths of a sample from time 1 to 0, all from the same noise. With the differential equation they are one "
    "line. With a noise level of 0.2 they spread a little around it; with 0.7 they end all over the data's "
    "distribution.",
)
def paths() -> Chart:
    run = page_data("alignment/diffusion-alignment")["paths"]
    ticks = {0.0: "1", 0.25: "0.75", 0.5: "0.5", 0.75: "0.25", 1.0: "0"}
    chart = Chart(Axis("time, from noise to data", 0, 1, ticks=ticks), Axis("$x$", -1.5, 3), height=280)
    for series, noise in ((1, "0.7"), (2, "0.2"), (0, "0.0")):
        for index, path in enumerate(run[noise] if noise != "0.0" else run[noise][:1]):
            share = [step / (len(path) - 1) for step in range(len(path))]
            name = "ODE" if noise == "0.0" else f"SDE, $a$ = {noise}"
            chart.line(share, path, series=series, label=name if index == 0 else "")
    return chart


@figure(
    "alignment/diffusion-alignment/reach",
    title="How much of the wanted change a path penalty allows, by the sampler's noise",
    desc="Share of the ideal shift reached by the best policy over the noise level from 0 to 2. At 0, the ordinary "
    "differential equation, nothing is reached. At 0.2 a fifth to a quarter, at 0.7 between 0.93 and 0.98, at the "
    "square root of two everything.",
)
def reach() -> Chart:
    run = page_data("alignment/diffusion-alignment")
    chart = Chart(Axis("noise level $a$ of the sampler", 0, 2), Axis("share of the shift reached", 0, 1.05), height=280)
    for series, steps in ((1, "10"), (0, "200")):
        chart.line(run["levels"], run["reached"][steps], series=series, label=f"{steps} steps")
    chart.upright(0.7)
    chart.note("Flow-GRPO", 0.72, 0.12, anchor="start")
    chart.upright(2**0.5)
    chart.note("memoryless", 2**0.5 + 0.02, 0.12, anchor="start")
    return chart


@figure(
    "alignment/diffusion-alignment/runs",
    title="Mean and spread of the samples while a policy gradient raises a reward",
    desc="Over 300 rounds. Without a penalty the mean goes from 1 to the target of 2 and the standard deviation falls "
    "from 0.48 to 0.14 and on. With a penalty of 0.5 the mean stops at 1.46 and the standard deviation at 0.36; if "
    "each step pays only for itself the mean stops at 1.40.",
)
def runs() -> Chart:
    run = page_data("alignment/diffusion-alignment")["runs"]
    chart = Chart(Axis("rounds", 0, 300), Axis("mean (solid), spread (dashed)", 0, 2.1), height=300)
    for series, name in enumerate(run):
        rounds = [6 * i for i in range(len(run[name]))]
        mean, spread = zip(*run[name], strict=True)
        chart.line(rounds, mean, series=series, label=name)
        chart.line(rounds, spread, series=series, dashed=True)
    return chart
