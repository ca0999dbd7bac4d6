"""Figures of docs/learning/mixed-precision.md."""

from __future__ import annotations

from archfigures import Axis, Chart, figure
from archfigures.data import page_data


@figure(
    "learning/mixed-precision/lost",
    title="The error of four ways to store weights, by step",
    desc="Mean squared error by step, from 0 to 3,000, on a log axis from 0.02 to 3. In bf16 alone it stays at 2 "
    "from some tens of steps on. In fp32, in bf16 with a copy in fp32, and in bf16 with stochastic rounding it falls "
    "from 2.1 to 0.03, and the three lines nearly coincide.",
)
def lost() -> Chart:
    run = page_data("learning/mixed-precision")
    chart = Chart(
        Axis("step", 0, 3000),
        Axis("mean squared error", 0.02, 3, log=True, ticks={0.03: "0.03", 0.1: "0.1", 0.3: "0.3", 1.0: "1", 3.0: "3"}),
        height=280,
    )
    for series, (name, dashed) in enumerate(
        (("bf16, copy in fp32", False), ("bf16", False), ("bf16, stochastic", True))
    ):
        chart.line([20 * n for n in range(len(run[name]))], run[name], series=series, label=name, dashed=dashed)
    return chart
