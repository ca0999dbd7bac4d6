"""Figures of docs/learning/optimisation.md."""

from __future__ import annotations

import math

from archfigures import Axis, Chart, figure
from archfigures.data import page_data

FAST, EXACT = (3.4445, -4.7750, 2.0315), (2.0, -1.5, 0.5)


@figure(
    "learning/optimisation/spectra",
    title="Singular values of one update under four rules",
    desc="The 64 singular values of an update of 64 by 128 numbers, from the largest to the smallest, on a log axis. "
    "The gradient's fall from 7 to 0.01, those of Adam's step from 6 to 0.08. Muon's lie between 0.7 and 1.2, and "
    "those of the exact polar factor are all one.",
)
def spectra() -> Chart:
    run = page_data("learning/optimisation")
    chart = Chart(
        Axis("singular value, from the largest", 1, 64, ticks={n: str(n) for n in (1, 16, 32, 48, 64)}),
        Axis("size", 0.01, 10, log=True, ticks={0.01: "0.01", 0.1: "0.1", 1.0: "1", 10.0: "10"}),
        height=290,
    )
    for series, (name, label) in enumerate((("momentum", "gradient"), ("Adam", "Adam"), ("Muon", "Muon"))):
        chart.line(run["rank"], run[name], series=series, label=label)
    chart.line(run["rank"], run["polar"], series=3, label="exact", dashed=True)
    return chart


@figure(
    "learning/optimisation/iteration",
    title="What the iteration does to a singular value",
    desc="Singular value before and after the iteration, the first on a logarithmic axis from 0.001 to 1. Five fast "
    "steps bring all values above 0.01 to between 0.7 and 1.2 with waves; eight fast and two exact steps bring all "
    "above 0.001 to one.",
)
def iteration() -> Chart:
    chart = Chart(
        Axis("singular value before, as a share of the root of the sum of squares", 0.001, 1, log=True),
        Axis("after", 0, 1.4),
        height=280,
    )
    values = [10 ** (step / 100 - 3) for step in range(301)]
    for series, (schedule, label) in enumerate(
        (
            ([FAST] * 5, "5 steps (Muon)"),
            ([FAST] * 8 + [EXACT] * 2, "8 + 2 steps (DeepSeek-V4)"),
            ([EXACT] * 5, "5 exact steps"),
        )
    ):
        chart.line(values, [_after(s, schedule) for s in values], series=series, label=label, dashed=series == 2)
    return chart


def _after(value: float, schedule: list[tuple[float, float, float]]) -> float:
    for a, b, c in schedule:
        value = a * value + b * value**3 + c * value**5
    return value


@figure(
    "learning/optimisation/coordinate-check",
    title="Change of a hidden layer in three steps, against the width",
    desc="Root mean square change of the last hidden layer for widths from 32 to 512 on logarithmic axes. With Adam "
    "and one learning rate it grows nearly in proportion to the width, with Muon matched to Adam's step like its "
    "root. With Adam under µP and with Muon's first rule it stays level.",
)
def coordinate_check() -> Chart:
    run = page_data("learning/optimisation")
    chart = Chart(
        Axis("width", 32, 512, log=True, ticks={float(n): str(n) for n in run["width"]}),
        Axis("change", 0.05, 1, log=True, ticks={0.05: "0.05", 0.1: "0.1", 0.2: "0.2", 0.5: "0.5", 1.0: "1"}),
        height=300,
    )
    for series, name in enumerate(("Adam", "Adam, µP", "Muon, spectral", "Muon, RMS")):
        chart.line(run["width"], run[f"{name}: hidden"], series=series, label=name)
        chart.points(run["width"], run[f"{name}: hidden"], series=series)
    return chart


@figure(
    "learning/optimisation/schedules",
    title="Three schedules of the learning rate",
    desc="Learning rate over the share of training done. Cosine falls along a half wave from the start to a tenth. WSD "
    "stays at the top until nine tenths and then falls in a straight line to zero. Kimi K2's stays at the top for two "
    "thirds and then falls along a cosine to a tenth.",
)
def schedules() -> Chart:
    chart = Chart(Axis("% of the tokens", 0, 100), Axis("learning rate", 0, 1.1), height=250)
    done = [share / 2 for share in range(201)]
    chart.line(done, [_warm(t) * _wave(t, 0, 100) for t in done], series=0, label="cosine")
    chart.line(done, [_warm(t) * min(1.0, (100 - t) / 10) for t in done], series=1, label="WSD, last tenth")
    hold = 100 * 10 / 15.5
    chart.line(done, [_warm(t) * _wave(t, hold, 100) for t in done], series=2, label="Kimi K2", dashed=True)
    return chart


def _warm(t: float) -> float:
    return min(1.0, t / 1.0)


def _wave(t: float, start: float, end: float) -> float:
    """Half a cosine from one at `start` to a tenth at `end`."""
    return 1.0 if t <= start else 0.1 + 0.45 * (1 + math.cos(math.pi * (t - start) / (end - start)))
