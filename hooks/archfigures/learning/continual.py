"""Figures of docs/learning/continual.md."""

from __future__ import annotations

from archfigures import Axis, Chart, figure
from archfigures.data import page_data

PAGE = "learning/continual"


@figure(
    "learning/continual/replay",
    title="Error on old facts while new ones are learned, by the share of replay",
    desc="Four curves over the steps from 10 to 10,000, logarithmic. Without replay the error on old facts rises to "
    "0.76 within thirty steps and stays there. With one, five and twenty-five per cent of old facts in each batch it "
    "rises at first and then falls, the sooner the more is replayed.",
)
def replay() -> Chart:
    stored = page_data(PAGE)
    ticks = {float(n): f"{n:,}" for n in (10, 100, 1000, 10000)}
    chart = Chart(Axis("steps", 10, 10000, log=True, ticks=ticks), Axis("error on old facts", 0, 0.8))
    for series, (share, rows) in enumerate(stored["replayed"].items()):
        old = [row[0] for row in rows]
        chart.line(stored["steps"], old, series=series, label=f"{share} replayed")
        chart.points(stored["steps"], old, series=series)
    return chart


@figure(
    "learning/continual/edits",
    title="Error on old facts by the number of edits",
    desc="Three rising curves over the number of edits, from 1 to 80. Edits along the key lie highest and reach 1.0. "
    "Edits by the covariance, one after another, reach 0.7, and all edits at once 0.9; at few edits these two agree "
    "and lie at less than half of the first.",
)
def edits() -> Chart:
    stored = page_data(PAGE)
    ticks = {float(n): str(n) for n in stored["edits"]}
    chart = Chart(Axis("edits", 1, 80, log=True, ticks=ticks), Axis("error on old facts", 0, 1.1))
    for series, (way, rows) in enumerate(stored["edited"].items()):
        old = [row[0] for row in rows]
        chart.line(stored["edits"], old, series=series, label=way)
        chart.points(stored["edits"], old, series=series)
    return chart
