"""Figures of docs/architectures/mixture-of-experts/load-balancing.md."""

from __future__ import annotations

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data


@figure(
    "mixture-of-experts/load-balancing/cures",
    title="Where the three methods act on the way from score to output",
    desc="A token's scores pass through the choice of the top k to the experts. The auxiliary loss acts on the "
    "scores through training; the bias is added only for the choice and is lowered for overloaded experts; "
    "capacity cuts the queue in front of an expert.",
)
def cures() -> Drawing:
    drawing = Drawing(740)
    y = 96
    scores = drawing.box("scores\n$s = x W_r$", (80, y), role="router", h=50)
    choice = drawing.box("choose top $k$", (270, y), role="router", h=44)
    queue = drawing.box("queue of\neach expert", (440, y), role="data", h=50)
    experts = drawing.box("experts", (600, y), role="ffn", h=44, w=90)
    drawing.arrow(scores.right, choice.left)
    drawing.arrow(choice.right, queue.left)
    drawing.arrow(queue.right, experts.left)
    bias = drawing.box("bias $b_e$", (270, 186), role="state")
    drawing.arrow(bias.top, choice.bottom, "+, for the choice only", side=8)
    drawing.arrow(queue.bottom, bias.right, "lower it where full", via=((440, 186),), dashed=True, side=14, at=0.45)
    loss = drawing.box("auxiliary loss", (80, 186), role="loss")
    drawing.arrow(loss.top, scores.bottom, "gradient", dashed=True, role="loss", side=8)
    drawing.label("capacity cuts here", (440, 44), bold=True)
    drawing.arrow((440, 54), queue.top)
    drawing.arrow(
        scores.top,
        experts.top,
        "weights come from the scores without bias",
        via=((80, 20), (600, 20)),
        side=-9,
        at=0.5,
    )
    return drawing


@figure(
    "mixture-of-experts/load-balancing/curves",
    title="Largest load of an expert, batch by batch, under four rules",
    desc="Without balancing, the largest load stays at about six times the even one. With the auxiliary loss and with "
    "the bias it falls to about one and a quarter within some tens of batches, with quantiles within three.",
)
def curves() -> Chart:
    chart = Chart(Axis("batch", 0, 200), Axis("largest load over the even one", 0, 7), height=280)
    for series, (method, worst) in enumerate(page_data("architectures/mixture-of-experts/load-balancing").items()):
        chart.line([4 * i for i in range(len(worst))], worst, series=(1, 0, 2, 3)[series], label=method)
    return chart
