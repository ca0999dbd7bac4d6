"""Figures of docs/architectures/transformers/position-absolute-relative.md."""

from __future__ import annotations

import math
from collections.abc import Callable

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data

SIZE = 12


@figure(
    "transformers/position-absolute-relative/biases",
    title="What is added to the scores: four bias matrices",
    desc="Four 12 by 12 lower triangles, shaded by the bias a score receives. Clipped distances: five diagonals of "
    "their own, one shade beyond. T5 buckets: diagonals whose bands widen with distance. ALiBi: an even fade from "
    "the diagonal. None: one shade everywhere.",
)
def biases() -> Drawing:
    d = Drawing(760)
    kinds: tuple[tuple[str, str, Callable[[int], float]], ...] = (
        ("clipped distances", "learned, one for each diagonal", lambda back: 0.95 - 0.16 * min(back, 5)),
        ("T5 buckets", "learned, bands that widen", lambda back: 0.95 - 0.16 * min(_bucket(back), 5)),
        ("ALiBi", "fixed, linear", lambda back: 0.95 - 0.08 * back),
        ("none", "the mask alone", lambda back: 0.5),
    )
    for column, (name, note, shade) in enumerate(kinds):
        cells = [[shade(i - j) if j <= i else -1.0 for j in range(SIZE)] for i in range(SIZE)]
        box = d.heatmap((96 + column * 189, 110), cells, cell=11, role="attention", label=name)
        d.label(note, (box.x, box.bottom[1] + 16), size=12, muted=True)
    return d


def _bucket(back: int) -> int:
    return back if back < 2 else min(2 + int(math.log2(back / 2) * 1.6), 5)


@figure(
    "transformers/position-absolute-relative/spread",
    title="Over how many tokens attention spreads as a text grows",
    desc="Keys in use against length on logarithmic axes, for contents that all match equally. Without position it "
    "equals the length. With ALiBi it stops growing, at 22 and at 174 tokens for two heads. With T5's buckets it is "
    "nearly flat up to some hundred tokens and grows again once most tokens share the last bucket.",
)
def spread() -> Chart:
    run = page_data("architectures/transformers/position-absolute-relative")
    lengths = run["lengths"]
    ticks = {float(t): f"{t:,}" for t in lengths[::2]}
    chart = Chart(
        Axis("tokens in the text", 16, 4096, log=True, ticks=ticks), Axis("keys in use", 8, 5000, log=True), height=310
    )
    names = {"none": "none", "T5": "T5 buckets", "ALiBi 2": "ALiBi, slope 1/8", "ALiBi 5": "ALiBi, slope 1/64"}
    for series, (name, label) in enumerate(names.items()):
        chart.line(lengths, run[name], series=series, label=label)
        chart.points(lengths, run[name], series=series)
    return chart


COLOURS = {
    "none": 0,
    "sinusoids": 0,
    "table": 1,
    "T5": 2,
    "ALiBi": 3,
    "RoPE": 4,
    "half RoPE": 5,
    "PoPE random": 4,
    "PoPE free": 4,
}


def _found(task: str, lines: dict[str, str]) -> Chart:
    run = page_data("architectures/transformers/position-absolute-relative")
    ticks = {float(t): str(t) for t in run["tried"]}
    chart = Chart(
        Axis("tokens in the text", 14, 580, log=True, ticks=ticks),
        Axis("weight on the right token", 0, 1.12, ticks={0.0: "0", 0.25: "0.25", 0.5: "0.5", 0.75: "0.75", 1.0: "1"}),
        height=300,
    )
    chart.upright(32)
    chart.note("longest trained", 32, 0.2, dx=-6, anchor="end")
    for kind, label in lines.items():
        series = COLOURS[kind]
        chart.line(
            run["tried"], run["found"][f"{task} {kind}"], series=series, label=label, dashed=kind.startswith("PoPE")
        )
        chart.points(run["tried"], run["found"][f"{task} {kind}"], series=series)
    return chart


@figure(
    "transformers/position-absolute-relative/find-by-content",
    title="Finding a content again in longer texts than trained on",
    desc="Weight on the right token against length, from 16 to 512 tokens; training ended at 32. Without positions it "
    "stays at one, with a learned table near 0.9. ALiBi falls to 0.6, RoPE on half of the columns to 0.7, RoPE on "
    "all of them to 0.3 and PoPE to 0.1 at 512 tokens.",
)
def find_by_content() -> Chart:
    names = {
        "none": "none, sinusoids, T5",
        "table": "table",
        "half RoPE": "half RoPE",
        "ALiBi": "ALiBi",
        "RoPE": "RoPE",
        "PoPE random": "PoPE",
    }
    return _found("match", names)


@figure(
    "transformers/position-absolute-relative/find-by-place",
    title="Finding the token three places back in longer texts than trained on",
    desc="Weight on the right token against length; training ended at 32 tokens. PoPE with free lags stays "
    "at one, RoPE and PoPE end near 0.8. T5's buckets fall to 0.3, half RoPE and sinusoids below 0.15. A learned "
    "table falls to zero at once, and without positions or with ALiBi the head never learns it.",
)
def find_by_place() -> Chart:
    names = {
        "PoPE free": "",
        "RoPE": "RoPE",
        "PoPE random": "PoPE",
        "T5": "T5",
        "half RoPE": "half RoPE",
        "sinusoids": "sinusoids",
        "table": "table",
    }
    chart = _found("back", {**names, "ALiBi": "ALiBi, none"})
    chart.note("PoPE, free lags", 512, 1.0, dy=-7, anchor="end")
    return chart
