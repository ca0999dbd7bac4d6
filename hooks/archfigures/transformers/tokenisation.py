"""Figures of docs/architectures/transformers/tokenisation.md."""

from __future__ import annotations

from archfigures import Axis, Chart, Drawing, figure
from archfigures import text as textual
from archfigures.data import page_data


@figure(
    "transformers/tokenisation/merges",
    title="A word under byte-pair encoding, merge by merge",
    desc="The word lowest with its leading space as seven letters in the top row. Each row below joins one pair of "
    "neighbours of the row above, in the order in which the pairs were learned, until three pieces are left.",
)
def merges() -> Drawing:
    d = Drawing(720)
    steps = page_data("architectures/transformers/tokenisation")["steps"]
    for row, symbols in enumerate(steps):
        y, x = 28 + row * 46, 170.0
        d.label(
            "letters" if row == 0 else f"after merge {row}" if row < len(steps) - 1 else "pieces",
            (24, y),
            anchor="start",
        )
        before = set(steps[row - 1]) if row else set(symbols)
        for symbol in symbols:
            label = symbol.replace(" ", "␣")
            width = 26 + 34 * (len(symbol) - 1) + textual.width("m", 13)
            role = "data" if symbol in before else "router"
            d.box(label, (x + width / 2, y), role=role, w=width, h=30)
            x += width + 10
    return d


@figure(
    "transformers/tokenisation/compression",
    title="Letters per token against the number of merges",
    desc="Letters per token for the passage the merges were learned on and for another one. Both begin at one. With "
    "200 merges every word of the first is one token; the other rises less and flattens.",
)
def compression() -> Chart:
    run = page_data("architectures/transformers/tokenisation")
    chart = Chart(Axis("merges", 0, 200), Axis("letters per token", 0, 5.5), height=290)
    for series, (name, label) in enumerate((("trained on", "the passage learned on"), ("held out", "another passage"))):
        chart.line(run["merges"], run[name], series=series, label=label)
        chart.points(run["merges"], run[name], series=series)
    return chart
