"""Figures of docs/architectures/diffusion/search-and-caches.md."""

from __future__ import annotations

from itertools import pairwise

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data

PAGE = "architectures/diffusion/search-and-caches"
_FULL = (0, 1, 4, 6)
"""The levels, of eight, at which the drawn cache makes a full pass."""
_PARENTS = ((0, 1, 2, 3), (0, 0, 2, 3), (0, 1, 2, 2))
"""From which of four candidates each one of the next stretch comes."""


@figure(
    "diffusion/search-and-caches/passes",
    title="Fewer passes with a cache, more with a search",
    desc="Above, eight noise levels from left to right, each with a stack of four blocks. At the first, second, fifth "
    "and seventh level all blocks are computed; at the others only the lowest, and what the rest added comes from "
    "the last full pass. Below, four samples of one prompt are drawn side by side. Twice the judge drops one of them, "
    "whose line ends, and another one continues in its place as well; at the end one of the four is returned.",
)
def passes() -> Drawing:
    drawing = Drawing(740)
    drawing.label("cache", (10, 70), anchor="start", bold=True)
    drawing.label("noise", (128, 132), size=12, muted=True)
    drawing.label("data", (688, 132), size=12, muted=True)
    for level in range(8):
        x = 128.0 + 80 * level
        full = level in _FULL
        for block in range(4):
            computed = full or block == 0
            role = "attention" if computed else "frozen"
            last = drawing.box("", (x, 106 - 24 * block), role=role, w=44, h=17, dashed=not computed, corner=4)
        if not full:
            drawing.arrow((last.left[0] - 36, 58), (last.left[0], 58), stop=2)
    drawing.label("search", (10, 226), anchor="start", bold=True)
    rows = [176.0 + 34 * row for row in range(4)]
    stretches = [128.0, 300.0, 472.0, 632.0]
    for stretch, (left, right) in enumerate(pairwise(stretches)):
        goes_on = {*_PARENTS[stretch + 1]} if stretch < 2 else {1}
        for row, y in enumerate(rows):
            role = "data" if row in goes_on else "loss"
            drawing.line([(left + 14, y), (right - 22, y)], role="note")
            drawing.dot((right - 16, y), role=role, r=6)
            if stretch < 2:
                for child, parent in enumerate(_PARENTS[stretch + 1]):
                    if parent == row:
                        drawing.line([(right - 10, y), (right + 14, rows[child])], role="note", dashed=child != row)
        drawing.label("judge" if stretch < 2 else "best", (right - 16, 150), size=12, muted=True)
    drawing.arrow((stretches[-1] - 6, rows[1]), (stretches[-1] + 56, rows[1]), stop=2)
    return drawing


@figure(
    "diffusion/search-and-caches/caches",
    title="Distance to the truth by evaluations, for caches and for solvers that take as few steps",
    desc="Logarithmic axes. An answer used again at even intervals falls along Euler's line. Asking when the input has "
    "moved lies below both. An extrapolated answer is worst at eight evaluations and among the best at sixteen. 2M "
    "with levels even in the logarithm is below everything from sixteen on.",
)
def caches() -> Chart:
    stored = page_data(PAGE)
    chart = Chart(
        Axis("evaluations of the network", 3.6, 34, log=True, ticks={4.0: "4", 8.0: "8", 16.0: "16", 32.0: "32"}),
        Axis("distance to the truth", 0.006, 0.6, log=True, ticks={0.01: "0.01", 0.1: "0.1", 0.5: "0.5"}),
        height=340,
    )
    rules = stored["caches"]
    curves = {
        "Euler": [(int(n), gaps["Euler"]) for n, gaps in stored["solvers"].items()],
        "reused": [rule["reused"] for name, rule in rules.items() if name.startswith("every")],
        "extrapolated": [rule["line"] for name, rule in rules.items() if name.startswith("every")],
        "when moved": [rule["reused"] for name, rule in rules.items() if name.startswith("moved")],
        "2M, even in log σ": [(int(n), gaps["2M, even in log"]) for n, gaps in stored["solvers"].items()],
    }
    for series, (name, places) in enumerate(curves.items()):
        chart.line([n for n, _ in places], [gap for _, gap in places], series=series, label=name)
        chart.points([n for n, _ in places], [gap for _, gap in places], series=series)
    return chart


@figure(
    "diffusion/search-and-caches/asked",
    title="At which of 64 noise levels eight evaluations are made",
    desc="Two rows of marks along a logarithmic axis from a level of 80 to 0.002. Every eighth level: the marks are "
    "evenly spread over Karras's levels, which lie closer at low noise. When the input has moved: seven of eight marks "
    "lie between 3 and 0.03, where the data get their shape.",
)
def asked() -> Chart:
    rules = page_data(PAGE)["caches"]
    ticks = {80.0: "80", 10.0: "10", 1.0: "1", 0.1: "0.1", 0.01: "0.01"}
    chart = Chart(
        Axis("noise level at which the network is asked", 120, 0.0015, log=True, ticks=ticks),
        Axis("", 0, 3, ticks={1.0: "moved", 2.0: "even"}),
        height=170,
    )
    for series, (place, name) in enumerate(((2, "every 8th"), (1, "moved 0.06"))):
        levels = rules[name]["asked"]
        chart.points(levels, [place] * len(levels), series=series)
    return chart


@figure(
    "diffusion/search-and-caches/candidates",
    title="Mean reward by candidates, for the best of all and for steering",
    desc="The best of K rises all the way, past what steering can reach from 64 candidates on. Steering is ahead "
    "up to 32 and then levels off at 6.6, the tilt of what 32 steps draw. The true tilted distribution has 7.3.",
)
def candidates() -> Chart:
    stored = page_data(PAGE)["search"]
    ticks = {float(n): f"{n}" for n in stored["counts"]}
    chart = Chart(Axis("candidates", 0.9, 70, log=True, ticks=ticks), Axis("mean reward", -1, 8), height=300)
    for series, name in enumerate(("best of", "steered")):
        rewards = stored["reward"][name]
        chart.line(stored["counts"], rewards, series=series, label="best of K" if series == 0 else "steered")
        chart.points(stored["counts"], rewards, series=series)
    for series, (goal, label) in enumerate(
        ((stored["tilted"], "tilted"), (stored["reach"]["32"], "what 32 steps reach"))
    ):
        chart.line([0.9, 70], [goal, goal], series=2 + series, label=label)
    return chart
