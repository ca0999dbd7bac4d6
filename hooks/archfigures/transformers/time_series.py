"""Figures of docs/architectures/transformers/time-series.md."""

from __future__ import annotations

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data

PAGE = "architectures/transformers/time-series"


@figure(
    "transformers/time-series/grid",
    title="A grid of patches with attention along both axes",
    desc="Three related series, each cut into patches; the last two patches of each lie in the future. Attention runs "
    "along a series, over time, and then across the series of a group at the same time.",
)
def grid() -> Drawing:
    d = Drawing(560)
    cell = 34.0
    past = d.tensor((196, 96), 3, 6, cell=cell, role="data")
    future = d.tensor((332, 96), 3, 2, cell=cell, role="noise")
    d.label("past", (196, 30), muted=True)
    d.label("future", (332, 30), muted=True)
    for row, name in enumerate(("sales", "price", "weather")):
        d.label(name, (84, 62 + row * cell), anchor="end", muted=True)
    d.arrow((past.left[0] + 6, 172), (future.right[0] - 6, 172), "1. along a series: time", side=14)
    d.arrow((382, future.top[1] + 4), (382, future.bottom[1] - 4))
    d.label("2. across the series\nof a group", (394, 96), anchor="start")
    return d


@figure(
    "transformers/time-series/fans",
    title="Width of an 80% interval by what is fed back",
    desc="A random walk over 64 steps in patches of 16. The exact width rises from 2.6 to 20.5. Where the median is "
    "fed back, the width falls back to 2.6 at the start of each patch and never exceeds 10.3. With nine quantiles fed "
    "back it rises to 15.4, with a step back after each patch; from a head of nine levels alone to 12.5.",
)
def fans() -> Chart:
    stored = page_data(PAGE)["fans"]
    chart = Chart(
        Axis("steps ahead", 0, 64, ticks={0: "0", 16: "16", 32: "32", 48: "48", 64: "64"}),
        Axis("width of the 80% interval", 0, 22),
        height=300,
    )
    for series, (name, widths) in enumerate(stored.items()):
        chart.line(range(1, 65), widths, series=series, label=name, dashed=name == "one pass")
    for end in (16, 32, 48):
        chart.upright(end)
    return chart
