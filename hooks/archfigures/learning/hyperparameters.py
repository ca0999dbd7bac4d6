"""Figures of docs/learning/hyperparameters.md."""

from __future__ import annotations

import math

from archfigures import Axis, Chart, figure
from archfigures.data import page_data


@figure(
    "learning/hyperparameters/coordinate-check",
    title="Change of a hidden layer in three steps, against the width",
    desc="Root mean square change of the last hidden layer for widths from 32 to 512 on logarithmic axes. With Adam "
    "and one learning rate it grows by a factor of eight, with Muon matched to Adam's step by one of four, like the "
    "root of the width. With Adam under µP and with Muon's first rule it stays level.",
)
def coordinate_check() -> Chart:
    run = page_data("learning/hyperparameters")
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
    "learning/hyperparameters/schedules",
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
