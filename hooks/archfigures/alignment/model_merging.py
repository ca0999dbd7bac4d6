"""Figures of docs/alignment/model-merging.md."""

from __future__ import annotations

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data


@figure(
    "alignment/model-merging/changes",
    title="Two models tuned from one start, their changes, and what is made of them",
    desc="A box for the common start. Two arrows lead up and down to two models, tuned on task A and on task B; the "
    "arrows are labelled with the changes tau A and tau B. From both models arrows lead to a box for the merged "
    "model, which is the start plus a mixture of the changes. A dashed arrow leads from the start straight to it.",
)
def changes() -> Drawing:
    drawing = Drawing(740)
    start = drawing.box("start $θ_0$", (80, 120), role="frozen", w=110, h=44)
    first = drawing.box("tuned on task A", (310, 50), role="ffn", w=140, h=44)
    second = drawing.box("tuned on task B", (310, 190), role="attention", w=140, h=44)
    merged = drawing.box("merged:\n$θ_0 + f(τ_A, τ_B)$", (600, 120), role="state", w=170, h=56)
    drawing.arrow(start.top, first.left, "change $τ_A$", via=((80, 50),), side=-12)
    drawing.arrow(start.bottom, second.left, "change $τ_B$", via=((80, 190),), side=12)
    drawing.arrow(first.right, merged.top, "$τ_A$", via=((600, 50),))
    drawing.arrow(second.right, merged.bottom, "$τ_B$", via=((600, 190),))
    drawing.arrow(start.right, merged.left, "the same start", dashed=True)
    return drawing


@figure(
    "alignment/model-merging/scales",
    title="Loss of the sum of four changes, by the factor it is scaled with",
    desc="A curve over the factor, from 0 to 1. It starts at 1, falls to 0.42 at a factor of 0.35, reaches 1 again at "
    "0.67 and rises to 2.7. A dashed line at 0.2 marks TIES and one at 0.11 a mean weighted by importance.",
)
def scales() -> Chart:
    run = page_data("alignment/model-merging")
    chart = Chart(Axis("factor of the sum", 0, 1), Axis("mean loss", 0, 2), height=280)
    chart.line(run["scales"], run["sum"], label="sum of changes, scaled")
    chart.line([0, 1], [run["ties"][run["densities"].index(0.3)]] * 2, series=1, dashed=True, label="TIES, density 0.3")
    chart.line([0, 1], [run["importance"]] * 2, series=2, dashed=True, label="by importance")
    chart.points([0.25], [run["sum"][run["scales"].index(0.25)]])
    chart.note("average", 0.25, run["sum"][run["scales"].index(0.25)], dy=-12)
    return chart
