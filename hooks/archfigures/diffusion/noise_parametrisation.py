"""Figures of docs/architectures/diffusion/noise-parametrisation.md."""

from __future__ import annotations

import math
from collections.abc import Callable

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data


@figure(
    "diffusion/noise-parametrisation/circle",
    title="Data, noise, the noisy point and its two velocities",
    desc="Two plots with the data x0 to the right and the noise upwards. Left: the noisy point moves along a "
    "quarter of a circle from data to noise, and the velocity is the tangent. Right: it moves along the "
    "straight line from data to noise, and the velocity is that line.",
)
def circle() -> Drawing:
    drawing = Drawing(740)
    size = 190.0
    for left, straight in ((70.0, False), (440.0, True)):
        origin = (left, 250.0)
        data, noise = (left + size, 250.0), (left, 250.0 - size)
        angles = [math.pi / 2 * k / 24 for k in range(25)]
        path = [(left + size * math.cos(a), 250 - size * math.sin(a)) for a in angles]
        drawing.line([data, noise] if straight else path, dashed=True)
        drawing.arrow(origin, data, role="data")
        drawing.arrow(origin, noise, role="noise")
        drawing.label("$x_0$", (data[0] + 14, 250))
        drawing.label("$ε$", (left, noise[1] - 12))
        share = 0.4
        if straight:
            point = (left + size * (1 - share), 250 - size * share)
            tip = (point[0] - 75, point[1] - 75)
        else:
            angle = share * math.pi / 2
            point = (left + size * math.cos(angle), 250 - size * math.sin(angle))
            tip = (point[0] - 106 * math.sin(angle), point[1] - 106 * math.cos(angle))
        drawing.arrow(origin, point, role="attention", stop=6)
        drawing.arrow(point, tip, role="ffn")
        drawing.dot(point, role="attention", r=5)
        drawing.label("$x_t$", (point[0] + 20, point[1] + 2), bold=True)
        name = "$v = ε - x_0$" if straight else "$v = α_t ε - σ_t x_0$"
        drawing.label(name, (tip[0] + 16, tip[1] - 8), anchor="start")
        drawing.label("straight path" if straight else "variance-preserving", (left + 95, 14), bold=True)
    drawing.label("angle: $α_t$ = cos, $σ_t$ = sin", (165, 272), muted=True)
    drawing.label("$α_t$ = 1 − $t$, $σ_t$ = $t$", (535, 272), muted=True)
    return drawing


@figure(
    "diffusion/noise-parametrisation/schedules",
    title="Log signal-to-noise ratio over time for five schedules",
    desc="Five falling curves. The linear schedule falls fast and ends near minus ten; the scaled linear one of "
    "Stable Diffusion ends at minus five already; the cosine and the straight path fall nearly evenly and then "
    "plunge; the scaled linear one with zero terminal signal leaves its original only near the end and "
    "plunges.",
)
def schedules() -> Chart:
    run = page_data("architectures/diffusion/noise-parametrisation")
    chart = Chart(Axis("step $t$", 0, 1000), Axis("$λ_t$ = log SNR", -14, 10), height=340)
    for series, (name, values) in enumerate(run["log_snr"].items()):
        chart.line(run["t"], values, series=series, label=name, dashed=series == 4)
    return chart


@figure(
    "diffusion/noise-parametrisation/weights",
    title="How an unweighted loss on each prediction weights the error of the data",
    desc="On a logarithmic axis over the log signal-to-noise ratio. Noise prediction: a straight rising line, tiny "
    "at high noise. Data prediction: level at one. Velocity and flow: level at one at high noise, rising like "
    "the noise prediction at low noise, flow a little above in the middle. Min-SNR: rising, then level at "
    "five.",
)
def weights() -> Chart:
    chart = Chart(Axis("$λ$ = log SNR (noise on the left, data on the right)", -8, 8), _weight_axis(), height=320)
    lams = [-8 + 0.1 * k for k in range(161)]
    forms: dict[str, Callable[[float], float]] = {
        "noise": math.exp,
        "data": lambda _: 1.0,
        "velocity": lambda lam: 1 + math.exp(lam),
        "flow": lambda lam: (1 + math.exp(lam / 2)) ** 2,
        "min-SNR, 5": lambda lam: min(math.exp(lam), 5.0),
    }
    for series, (name, weight) in enumerate(forms.items()):
        chart.line(lams, [weight(lam) for lam in lams], series=series, label=name, dashed=series == 4)
    return chart


def _weight_axis() -> Axis:
    ticks = {0.001: "0.001", 0.01: "0.01", 0.1: "0.1", 1.0: "1", 10.0: "10", 100.0: "100", 1000.0: "1,000"}
    return Axis("weight of $‖x_0 - x̂_0‖^2$", 0.001, 1000, log=True, ticks=ticks)
