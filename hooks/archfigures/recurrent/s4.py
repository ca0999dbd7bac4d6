"""Figures of docs/architectures/recurrent/s4.md."""

from __future__ import annotations

import math

from archfigures import Axis, Box, Chart, Drawing, figure
from archfigures.data import page_data

PAGE = "architectures/recurrent/s4"


@figure(
    "recurrent/s4/three-views",
    title="One state-space layer as a differential equation, a recurrence and a convolution",
    desc="Three boxes from left to right. A smooth input curve drives a differential equation; choosing a step turns "
    "it into a recurrence over samples, one state after another; unrolling the recurrence gives a decaying kernel "
    "that is convolved with the samples.",
)
def three_views() -> Drawing:
    drawing = Drawing(740)
    stored: list[float] = page_data(PAGE)["signal"][20:60]
    kernel = [math.exp(-i / 3.5) * math.cos(i / 1.6) for i in range(14)]
    columns = (
        (120, "differential equation", "$x'(t) = A x(t) + B u(t)$\n$y(t) = C x(t)$", "the design"),
        (370, "recurrence", "$x_t = Ā x_{t−1} + B̄ u_t$\n$y_t = C x_t$", "decoding, one token at a time"),
        (620, "convolution", "$y = K * u$\n$K_s = C Ā^{s} B̄$", "training, all tokens at once"),
    )
    boxes: list[Box] = []
    for x, name, text, use in columns:
        drawing.label(name, (x, 16), bold=True)
        boxes.append(drawing.box(text, (x, 160), role="state", w=190, h=56))
        drawing.label(use, (x, 206), muted=True)
    drawing.arrow(boxes[0].right, boxes[1].left, "step Δ")
    drawing.arrow(boxes[1].right, boxes[2].left, "unroll")
    low, span = min(stored), max(stored) - min(stored)

    def height(value: float) -> float:
        return 116 - 72 * (value - low) / span

    drawing.line([(30 + i * 4.6, height(v)) for i, v in enumerate(stored)], role="data", thick=True)
    drawing.label("$u(t)$", (30, 36), size=12)
    previous = None
    for i, value in enumerate(stored[::5]):
        place = (284 + i * 25, height(value))
        drawing.line([(place[0], 120), place], role="data")
        drawing.dot(place, role="data")
        state = drawing.dot((place[0], 124), role="state", r=5)
        if previous:
            drawing.line([previous, (place[0] - 5, 124)], role="state")
        previous = state.right
    for i, value in enumerate(kernel):
        drawing.line([(530 + i * 14, 88), (530 + i * 14, 88 - 38 * value)], role="state", thick=True)
    drawing.line([(524, 88), (720, 88)], role="note")
    drawing.label("$K$", (560, 44), size=12)
    return drawing


@figure(
    "recurrent/s4/memory",
    title="A curve of a thousand samples recalled from a state of 8 or 32 numbers",
    desc="The signal, its recollection by HiPPO-LegS with 8 numbers, which follows its outline, with 32 numbers, which "
    "follows it closely, and by the time-invariant equation of S4 with 32 numbers, which is close near the end and "
    "departs from it at the beginning.",
)
def memory() -> Chart:
    run = page_data(PAGE)
    xs = [5 + 10 * i for i in range(len(run["signal"]))]
    chart = Chart(Axis("sample", 0, 1000), Axis("value", -3, 3), height=320)
    chart.line(xs, run["signal"], series=3, label="signal", dashed=True)
    chart.line(xs, run["recalled"]["8"], series=1, label="LegS, 8 numbers")
    chart.line(xs, run["recalled"]["32"], series=0, label="LegS, 32 numbers")
    chart.line(xs, run["time_invariant"], series=2, label="as in S4, 32 numbers")
    return chart


@figure(
    "recurrent/s4/discretisation",
    title="Error of one step against the exact flow, over the size of the step",
    desc="Both axes logarithmic. The bilinear rule's error falls with the third power of the step, Euler's with the "
    "second; at a step of 0.1 they are 0.2 and 1.4.",
)
def discretisation() -> Chart:
    run = page_data(PAGE)
    chart = Chart(
        Axis("step Δ", 0.001, 1, log=True), Axis("relative error of Ā and B̄", 1e-7, 100, log=True), height=290
    )
    for series, (name, errors) in enumerate(run["discretisation"].items()):
        chart.line(run["steps"], errors, series=series, label=name)
        chart.points(run["steps"], errors, series=series)
    return chart


@figure(
    "recurrent/s4/long-filter",
    title="Four channels of a Hyena filter over two hundred positions",
    desc="Oscillating curves from a small network of the position, each multiplied by an exponential that fades at "
    "its own rate: the slowest is still visible at the end, the fastest has vanished after a third.",
)
def long_filter() -> Chart:
    run = page_data(PAGE)["filter"]
    bound = max(abs(v) for channel in run for v in channel)
    chart = Chart(Axis("distance in tokens", 0, 200), Axis("weight", -bound, bound), height=250)
    for series, channel in enumerate(run):
        chart.line(list(range(200)), channel, series=series)
    return chart
