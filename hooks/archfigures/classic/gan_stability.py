"""Figures of docs/architectures/classic/gan-stability.md."""

from __future__ import annotations

import math

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data

PAGE = "architectures/classic/gan-stability"


@figure(
    "classic/gan-stability/games",
    title="The smallest game under six rules, integrated, with the exact eigenvalues",
    desc="Six small planes of generator's place and critic's slope, each with one path from the same start. Minimax "
    "and Wasserstein circle. R1 with weight 0.3 spirals in; with weight 1 it goes in without turning; R1 and R2"
    " spiral in faster. The penalty towards slope one ends on a loop around the solution. The "
    "eigenvalues are given below each path.",
)
def games() -> Drawing:
    run = page_data(PAGE)["games"]
    drawing = Drawing(760)
    shown = (
        ("minimax 0", "minimax", "± 0.5 $i$", "loss"),
        ("Wasserstein 0", "Wasserstein", "± $i$", "loss"),
        ("WGAN-GP 0.3", "slope to 1 (WGAN-GP)", "none: a kink", "noise"),
        ("R1 0.3", "R1, $γ$ = 0.3", "−0.15 ± 0.48 $i$", "state"),
        ("R1 1", "R1, $γ$ = 1", "−0.5 twice", "state"),
        ("R1 and R2 0.3", "R1 and R2, $γ$ = 0.3", "−0.3 ± 0.4 $i$", "attention"),
    )
    for index, (key, name, values, role) in enumerate(shown):
        x, y, scale = 130.0 + 250 * (index % 3), 104.0 + 198 * (index // 3), 46.0
        drawing.label(name, (x, y - 86), bold=True, size=12.5)
        drawing.line([(x - 72, y), (x + 72, y)])
        drawing.line([(x, y - 66), (x, y + 66)])
        points = [(round(x + scale * t, 1), round(y - scale * p, 1)) for t, p in run[key][::2]]
        drawing.line(points, role=role)
        drawing.dot(points[0], role=role, r=4)
        drawing.label("$θ$", (x + 82, y), muted=True)
        drawing.label("$ψ$", (x + 10, y - 71), muted=True)
        drawing.label(values, (x, y + 80), muted=True)
    return drawing


@figure(
    "classic/gan-stability/strength",
    title="How fast the smallest game converges, by the weight of the penalty",
    desc="Rate of convergence over gamma. With R1 it rises to one half at gamma one and then falls again; with R1 "
    "and R2 it reaches one half at gamma one half already and falls from there.",
)
def strength() -> Chart:
    chart = Chart(Axis("weight of the penalty, $γ$", 0, 4), Axis("rate of convergence", 0, 0.55), height=290)

    def rate(friction: float) -> float:
        return (friction - math.sqrt(max(friction**2 - 1, 0))) / 2

    gammas = [0.02 * i for i in range(201)]
    chart.line(gammas, [rate(g) for g in gammas], series=0, label="R1")
    chart.line(gammas, [rate(2 * g) for g in gammas], series=1, label="R1 and R2")
    return chart


@figure(
    "classic/gan-stability/slopes",
    title="The push on a sample by its score, for the generator's losses",
    desc="Size of the derivative of the generator's loss over the score of a sample. Minimax rises from zero to one "
    "from left to right, non-saturating falls from one to zero, Wasserstein and hinge are one everywhere, least"
    " squares falls in a straight line from five to zero at a score of one and is negative beyond.",
)
def slopes() -> Chart:
    scores = [-4 + 0.1 * i for i in range(81)]
    chart = Chart(Axis("score of a generated sample", -4, 4), Axis("push towards a higher score", -2.2, 5), height=300)
    chart.line(scores, [1 / (1 + math.exp(-s)) for s in scores], series=1, label="minimax")
    chart.line(scores, [1 / (1 + math.exp(s)) for s in scores], series=0, label="non-saturating")
    chart.line(scores, [1.0 for _ in scores], series=2, label="Wasserstein, hinge")
    chart.line(scores, [1 - s for s in scores], series=3, label="least squares")
    return chart


@figure(
    "classic/gan-stability/distance",
    title="Pull towards the data by distance, with a perfect critic",
    desc="Over the distance of two unit Gaussians: the minimax pull rises to about one half near a distance of two "
    "and falls towards zero beyond six; the non-saturating pull grows with the distance without end; the "
    "Wasserstein pull is one everywhere.",
)
def distance() -> Chart:
    run = page_data(PAGE)
    chart = Chart(
        Axis("distance $Δ$ between generated and real", 0, 8), Axis("pull on the generator", 0, 4), height=300
    )
    for series, name in ((1, "minimax"), (0, "non-saturating"), (2, "Wasserstein")):
        chart.line(run["distances"], run["slopes"][name], series=series, label=name)
    return chart


@figure(
    "classic/gan-stability/modes",
    title="Two generated points and two places of data, over time",
    desc="Two charts of position over steps, with dashed lines at minus one and one for the data. Without a penalty "
    "both points travel together from one place to the other. With R1 and R2 they part early and each stays at "
    "one place.",
)
def modes() -> Drawing:
    runs = page_data(PAGE)["runs"]
    drawing = Drawing(760)
    for column, (name, run) in enumerate(runs.items()):
        x0, y0, width, scale = 60.0 + 375 * column, 104.0, 300.0, 40.0
        drawing.label(name, (x0 + width / 2, 16), bold=True)
        for place in (-1, 1):
            drawing.line([(x0, y0 - scale * place), (x0 + width, y0 - scale * place)], dashed=True)
            drawing.label("−1" if place < 0 else "1", (x0 - 14, y0 - scale * place), muted=True)
        for point, role in ((0, "attention"), (1, "noise")):
            drawing.line(
                [
                    (round(x0 + width * step / (len(run) - 1), 1), round(y0 - scale * at[point], 1))
                    for step, at in enumerate(run)
                ],
                role=role,
            )
        drawing.label("4,000 steps →", (x0 + width / 2, y0 + 68), muted=True)
        drawing.label("position", (x0 - 22, y0 - 70), anchor="start", size=12, muted=True)
    return drawing


@figure(
    "classic/gan-stability/covering",
    title="Share of starts that cover both modes, by the generator's speed",
    desc="Over the speed of the generator against the critic, from a quarter to eight. Without a penalty about "
    "half to three quarters of the starts cover both modes, with the relativistic loss two thirds or more. R1 "
    "covers all up to twice the critic's speed and fewer beyond. With R1 and R2 all starts cover both at every "
    "speed, with either loss.",
)
def covering() -> Chart:
    run = page_data(PAGE)
    ticks = {0.25: "1/4", 0.5: "1/2", 1.0: "1", 2.0: "2", 4.0: "4", 8.0: "8"}
    speed = Axis("speed of the generator over that of the critic", 0.25, 8, log=True, ticks=ticks)
    chart = Chart(speed, Axis("share of starts", 0, 1.05), height=300)
    styles = {"no penalty": 1, "R1": 2, "R1 and R2": 0, "relativistic": 3, "relativistic, R1 and R2": 4}
    for name, series in styles.items():
        chart.line(run["speeds"], run["covering"][name], series=series, label=name, dashed="relativistic" in name)
        chart.points(run["speeds"], run["covering"][name], series=series)
    return chart
