"""Figures of docs/architectures/diffusion/ddim.md."""

from __future__ import annotations

import math

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data

PAGE = "architectures/diffusion/ddim"


@figure(
    "diffusion/ddim/step",
    title="One step of DDIM and one of DDPM from the same point",
    desc="Two panels. Left, DDIM: from the noisy point a long dashed arrow leads to the predicted data; a shorter "
    "arrow back along the predicted noise ends in the next point. Right, DDPM: the way back along the "
    "predicted noise is shorter, and fresh noise leads on from there to one of many points on a circle.",
)
def step() -> Drawing:
    drawing = Drawing(740)
    for left, fresh in ((40.0, False), (410.0, True)):
        drawing.label("DDPM, $η$ = 1" if fresh else "DDIM, $η$ = 0", (left + 140, 14), bold=True)
        start, data = (left + 30, 60.0), (left + 235, 190.0)
        drawing.arrow(start, data, dashed=True, stop=7)
        drawing.dot(start, role="noise", r=6)
        drawing.dot(data, role="data", r=6)
        drawing.label("$x_t$", (start[0] - 18, start[1]), bold=True)
        drawing.label("$α_s x̂_0$", (data[0] + 12, data[1] + 16), anchor="start")
        share = 0.33 if fresh else 0.62
        back = (data[0] + (start[0] - data[0]) * share, data[1] + (start[1] - data[1]) * share + 14)
        drawing.arrow((data[0] - 8, data[1] + 10), back, role="attention", stop=0 if fresh else 7)
        if fresh:
            radius = 58.0
            for k in range(16):
                angle = 2 * math.pi * k / 16
                tip = (back[0] + radius * math.cos(angle), back[1] + radius * math.sin(angle))
                drawing.dot(tip, role="noise", r=2.5)
            tip = (back[0] + radius * math.cos(3.6), back[1] + radius * math.sin(3.6))
            drawing.arrow(back, tip, role="noise")
            drawing.label("$η_s z$", (back[0] - 22, back[1] + 6))
            drawing.label("$x_s$: one of many", (back[0] - 66, back[1] + 44), anchor="end")
        else:
            drawing.dot(back, role="attention", r=6)
            drawing.label("$x_s$", (back[0] - 6, back[1] + 20), bold=True)
            drawing.label("$σ_s ε_θ$", (left + 130, 168))
    return drawing


@figure(
    "diffusion/ddim/map",
    title="Which starting noise becomes which sample",
    desc="Data over noise. The exact map is a rising curve with three flat parts, one for each group of the data. "
    "DDIM with 20 steps is close to it, with 5 steps smoother. DDPM with 100 steps gives points all over the "
    "three groups, whatever the noise was.",
)
def noise_map() -> Chart:
    run = page_data(PAGE)
    chart = Chart(Axis("noise $x_T$", -2.4, 2.4), Axis("data $x_0$", -2.2, 2.2), height=320)
    for series, name in enumerate(("exact", "DDIM, 20 steps", "DDIM, 5 steps")):
        chart.line(run["z"], run["map"][name], series=series, label=name)
    chart.points(run["z"], run["map"]["DDPM, 100 steps"], series=3, label="DDPM, 100 steps")
    return chart


@figure(
    "diffusion/ddim/steps",
    title="Distance to the true distribution by steps, with a perfect and with a flawed network",
    desc="Logarithmic axes. With the perfect network DDIM and DDPM fall as parallel lines, DDIM at half the "
    "distance. With the flawed network DDIM levels off at 0.4 and DDPM falls on to below 0.1.",
)
def steps() -> Chart:
    run = page_data(PAGE)
    ticks = {5.0: "5", 10.0: "10", 20.0: "20", 50.0: "50", 100.0: "100", 250.0: "250"}
    distances = {0.01: "0.01", 0.1: "0.1", 1.0: "1"}
    chart = Chart(
        Axis("steps", 5, 250, log=True, ticks=ticks),
        Axis("distance to the truth", 0.004, 1, log=True, ticks=distances),
        height=300,
    )
    lines = {"DDIM": ("distance", "0.0"), "DDPM": ("distance", "1.0")}
    lines |= {"DDIM, flawed network": ("flawed", "0.0"), "DDPM, flawed network": ("flawed", "1.0")}
    for series, (name, (key, eta)) in enumerate(lines.items()):
        chart.line(run["steps"], run[key][eta], series=series % 2, dashed=series > 1, label=name)
        chart.points(run["steps"], run[key][eta], series=series % 2)
    return chart
