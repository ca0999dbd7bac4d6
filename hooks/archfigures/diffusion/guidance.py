"""Figures of docs/architectures/diffusion/guidance.md."""

from __future__ import annotations

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data

OWN, OTHERS = ((1.1, 0.7), (0.1, 1.3)), ((-1.2, 0.3), (-0.7, -0.9), (0.9, -0.9), (1.4, -0.2))
"""Centres of the clusters of the wanted class and of the others, as in the page's code."""


@figure(
    "diffusion/guidance/extrapolation",
    title="Two predictions and the extrapolation through them",
    desc="From a noisy point two arrows lead to the unconditional and the conditional prediction. A line through "
    "both tips goes on to the guided prediction, at a distance that grows with the guidance scale; scale one "
    "is the conditional one, scale zero the unconditional.",
)
def extrapolation() -> Drawing:
    drawing = Drawing(740)
    start = drawing.dot((90, 150), role="noise", r=6)
    drawing.label("$x_t$", (90, 174), bold=True)
    tips = {0.0: (330, 170), 1.0: (400, 120), 2.5: (505, 45)}
    names = {0.0: "without condition, $w$ = 0", 1.0: "with condition, $w$ = 1", 2.5: "guided, $w$ = 2.5"}
    roles = {0.0: "frozen", 1.0: "attention", 2.5: "loss"}
    drawing.line([tips[0.0], tips[2.5]], dashed=True)
    for w, tip in tips.items():
        drawing.arrow(start.centre, tip, role=roles[w], stop=6)
        drawing.dot(tip, role=roles[w], r=5)
        drawing.label(names[w], (tip[0] + 14, tip[1] + (4 if w else 8)), anchor="start")
    return drawing


@figure(
    "diffusion/guidance/scales",
    title="What guidance samples at three scales, and the density it is said to sample",
    desc="Densities over one dimension. Scale one follows the class, a bell around one. Scales two and eight give "
    "narrower bells further to the right, around 1.5 and 2.8. The dashed tilted density for scale eight is a "
    "bell around 1.45 only.",
)
def scales() -> Chart:
    run = page_data("architectures/diffusion/guidance")
    chart = Chart(Axis("$x_0$", -3, 5), Axis("density", 0, 1.2), height=310)
    for series, w in enumerate(("1.0", "2.0", "8.0")):
        chart.line(run["grid"], run["samples"][w], series=series, label=f"guided, $w$ = {float(w):g}")
    chart.line(run["grid"], run["tilted"]["8.0"], series=2, dashed=True, label="$p(x) p(c|x)^8$")
    return chart


@figure(
    "diffusion/guidance/clouds",
    title="Samples of one class of three at five guidance scales",
    desc="Five panels. Scale 0: points in all six clusters. Scale 1: points in the two clusters of the wanted class. "
    "With 2 and 4 they move outwards, away from the other classes; with 8 they form one small cloud beyond both.",
)
def clouds() -> Drawing:
    drawing = Drawing(740)
    for column, (w, points) in enumerate(page_data("architectures/diffusion/guidance")["clouds"].items()):
        x0, y0 = 76 + 147 * column, 100
        drawing.label(f"$w$ = {float(w):g}", (x0, 14), bold=True)
        drawing.box("", (x0, y0), role="note", w=138, h=142, corner=4)
        for x, y in OTHERS:
            drawing.dot((x0 + 26 * x, y0 - 26 * y), role="frozen", r=5)
        for x, y in OWN:
            drawing.dot((x0 + 26 * x, y0 - 26 * y), role="loss", r=5)
        inside = [(x0 + 26 * x, y0 - 26 * y) for x, y in points if max(abs(x), abs(y)) < 2.6]
        drawing.dots(inside, role="attention", r=1.6)
    return drawing
