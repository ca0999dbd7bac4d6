"""Figures of docs/learning/optimisation.md."""

from __future__ import annotations

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
    "steps bring all values above 0.002 to between 0.7 and 1.2 with waves; eight fast and two exact steps bring all "
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
