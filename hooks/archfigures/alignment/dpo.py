"""Figures of docs/alignment/dpo.md."""

from __future__ import annotations

import math

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data


@figure(
    "alignment/dpo/flow",
    title="DPO: four log-probabilities, one margin, one loss",
    desc="A pair of answers, winner and loser, goes through the policy and the frozen reference, which gives four "
    "log-probabilities. Their differences form the margin, and the logistic loss of it has a gradient into the "
    "policy only.",
)
def flow() -> Drawing:
    drawing = Drawing(740)
    winner = drawing.box("prompt,\nwinner $y_w$", (68, 56), role="state", h=46)
    loser = drawing.box("prompt,\nloser $y_l$", (68, 156), role="noise", h=46)
    policy = drawing.box("policy $π_θ$", (230, 56), role="ffn", h=44, w=120)
    reference = drawing.box("reference $π_{ref}$", (230, 156), role="frozen", h=44, w=134)
    for source in (winner, loser):
        for target in (policy, reference):
            drawing.arrow(source.right, target.left)
    margin = drawing.box(
        "margin $m$:\nhow much more than the reference\nthe policy prefers $y_w$", (470, 106), role="data", h=70
    )
    drawing.arrow(policy.right, margin.on("left", 0.3), via=((320, 56), (320, margin.on("left", 0.3)[1])))
    drawing.arrow(reference.right, margin.on("left", 0.7), via=((320, 156), (320, margin.on("left", 0.7)[1])))
    loss = drawing.box("$-$log $σ(β m)$", (670, 106), role="loss", h=40)
    drawing.arrow(margin.right, loss.left)
    drawing.arrow(
        loss.top,
        policy.top,
        "gradient, weighted by $σ(-β m)$",
        via=((670, 18), (230, 18)),
        role="loss",
        dashed=True,
        side=12,
    )
    return drawing


@figure(
    "alignment/dpo/losses",
    title="Losses over the margin for DPO, cDPO, hinge and IPO",
    desc="DPO's loss falls all the way, ever more slowly. With a fifth of the labels assumed to be wrong it has a "
    "lowest point and rises again. The hinge falls in a straight line to zero. IPO's is a parabola with its lowest "
    "point at a margin of one half over beta.",
)
def losses() -> Chart:
    beta, flipped = 0.5, 0.2
    margins = [-3 + 0.1 * i for i in range(121)]
    chart = Chart(Axis("margin", -3, 9), Axis("loss", 0, 3), height=290)
    right = [math.log1p(math.exp(-beta * m)) for m in margins]
    wrong = [math.log1p(math.exp(beta * m)) for m in margins]
    chart.line(margins, right, series=0, label="DPO")
    chart.line(
        margins,
        [(1 - flipped) * a + flipped * b for a, b in zip(right, wrong, strict=True)],
        series=3,
        label="cDPO, a fifth flipped",
    )
    chart.line(margins, [max(0.0, 1 - beta * m) for m in margins], series=2, label="hinge")
    chart.line(margins, [(m - 1 / (2 * beta)) ** 2 / 4 for m in margins], series=1, label="IPO, at a quarter")
    return chart


@figure(
    "alignment/dpo/shared",
    title="Both answers of a pair become less probable",
    desc="Four answers that share features. Under DPO the winner does not rise from 0.44 but falls to nothing, the "
    "loser a little faster; a third answer, which was never compared and has more of the feature that distinguishes "
    "the winner, rises to 0.99. With some cross-entropy on the winner it keeps its probability.",
)
def shared() -> Chart:
    data = page_data("alignment/dpo")
    chart = Chart(Axis("steps", 0, 400), Axis("probability", 0, 1), height=290)
    steps = [8 * i for i in range(len(data["shared"]))]
    for series, index, name in ((2, 0, "winner"), (4, 1, "loser"), (3, 2, "like the winner, never compared")):
        chart.line(steps, [row[index] for row in data["shared"]], series=series, label=name)
        chart.line(steps, [row[index] for row in data["anchored"]], series=series, dashed=True)
    return chart


@figure(
    "alignment/dpo/toy",
    title="Three answers under DPO: winner, loser, and one that was never compared",
    desc="The winner's probability rises from a fifth to nearly one within some hundred steps. The loser falls to "
    "nothing at once, and the answer that was never compared falls from one half to nothing as well.",
)
def toy() -> Chart:
    run = page_data("alignment/dpo")["DPO"]
    chart = Chart(Axis("steps", 0, 2000), Axis("probability", 0, 1), height=280)
    for series, name in enumerate(("winner", "loser", "never compared")):
        chart.line(
            [40 * i for i in range(len(run))], [row[series] for row in run], series=(2, 4, 3)[series], label=name
        )
    return chart
