"""Figures of docs/architectures/transformers/context-extension.md."""

from __future__ import annotations

from archfigures import Axis, Chart, figure
from archfigures.data import page_data


@figure(
    "transformers/context-extension/ramp",
    title="How much each method slows each pair down",
    desc="Factor by which a pair's rotation is slowed, for the 64 pairs from fast to slow, at a scale of eight. "
    "Interpolation slows all pairs eight times. NTK-aware scaling rises smoothly from one to eight. YaRN and Llama "
    "3.1's rule leave fast pairs alone, slow the slow ones eight times, and pass from one to the other over a ramp.",
)
def ramp() -> Chart:
    run = page_data("architectures/transformers/context-extension")
    chart = Chart(
        Axis("pair, from fast to slow", 0, 63),
        Axis("slowed by", 0.9, 9, log=True, ticks={1.0: "1", 2.0: "2", 4.0: "4", 8.0: "8"}),
    )
    for series, (name, factors) in enumerate(run.items()):
        chart.line(list(range(64)), factors, series=series, label=name)
    chart.line([46, 46], [0.9, 9], series=5, dashed=True)
    chart.note("unfinished from here on", 46.8, 1.1, anchor="start")
    return chart
