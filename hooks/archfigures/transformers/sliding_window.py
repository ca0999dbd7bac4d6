"""Figures of docs/architectures/transformers/sliding-window.md."""

from __future__ import annotations

from collections.abc import Callable

from archfigures import Drawing, figure
from archfigures.data import page_data


@figure(
    "transformers/sliding-window/masks",
    title="Three masks: full, windowed, and windowed with first tokens kept",
    desc="Three 12 by 12 grids, rows reading columns. Full causal attention fills the lower triangle. A window of "
    "four fills a band of width four below the diagonal. The third adds the first two columns to the band.",
)
def masks() -> Drawing:
    d = Drawing(720)
    size, window = 12, 4
    kinds: tuple[tuple[str, str, Callable[[int, int], int]], ...] = (
        ("full", "cache grows", lambda i, j: 0),
        ("window of 4", "cache of 4", lambda i, j: i - window + 1),
        ("window and 2 first tokens", "cache of 6", lambda i, j: j if j < 2 else i - window + 1),
    )
    for column, (name, cache, least) in enumerate(kinds):
        cells = [[0.75 if least(i, j) <= j <= i else 0.0 for j in range(size)] for i in range(size)]
        box = d.heatmap((122 + column * 238, 118), cells, cell=14, role="attention", label=name)
        d.label(cache, (box.x, box.bottom[1] + 16), muted=True)
    return d


@figure(
    "transformers/sliding-window/reach",
    title="How far information travels through stacked windows",
    desc="Four 24 by 24 grids showing which earlier tokens can affect each token. One layer with a window of four "
    "gives a narrow band, two and four layers widen it by three tokens per layer, and a stack of two windows and one "
    "full layer fills the whole triangle.",
)
def reach() -> Drawing:
    run = page_data("architectures/transformers/sliding-window")
    d = Drawing(720)
    titles = {"1": "1 layer", "2": "2 layers", "4": "4 layers", "mixed": "2 windows, 1 full"}
    for column, (name, title) in enumerate(titles.items()):
        cells = [[0.75 * v for v in row] for row in run[name]]
        d.heatmap((96 + column * 176, 106), cells, cell=6.6, role="attention", label=title)
    return d
