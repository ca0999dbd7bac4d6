"""Figures of docs/architectures/transformers/tabular.md."""

from __future__ import annotations

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data

PAGE = "architectures/transformers/tabular"


@figure(
    "transformers/tabular/grid",
    title="A table as a grid of tokens with attention along both axes",
    desc="A table with five known rows and two new ones; the last column holds the label, which is unknown in the new "
    "rows. Attention runs along a row, over its cells, and then down a column, where every cell reads the known rows "
    "alone.",
)
def grid() -> Drawing:
    d = Drawing(450)
    cell = 30.0
    known = d.tensor((144, 117), 5, 4, cell=cell, role="data")
    labels = d.tensor((219, 117), 5, 1, cell=cell, role="router")
    new = d.tensor((144, 222), 2, 4, cell=cell, role="noise")
    unknown = d.tensor((219, 222), 2, 1, cell=cell, role="loss")
    d.label("features", (144, 30), muted=True)
    d.label("label", (219, 30), muted=True)
    d.label("known\nrows", (74, 117), anchor="end", muted=True)
    d.label("new\nrows", (74, 222), anchor="end", muted=True)
    for y in (207, 237):
        d.label("?", (219, y), bold=True)
    d.arrow((known.left[0] + 6, 268), (unknown.right[0] - 6, 268), "1. along a row: its cells", side=14)
    d.arrow((252, labels.top[1] + 4), (252, labels.bottom[1] - 2))
    d.arrow((252, unknown.bottom[1] - 4), (252, new.top[1] - 2))
    d.label("2. down a column, all\nto the known rows", (266, 160), anchor="start")
    return d


@figure(
    "transformers/tabular/learnt",
    title="What training on made-up tables learns",
    desc="The forecast of a further label against the ones among 20 labels, from 0 to 8. Points are means over "
    "made-up tables, lines Bayes' rule. With even rates the line rises from 0.05 to 0.41, with rare ones from 0.02 to "
    "0.28; points lie on the lines.",
)
def learnt() -> Chart:
    stored = page_data(PAGE)["learnt"]
    counts = range(9)
    chart = Chart(
        Axis("ones among 20 labels in the context", 0, 8, ticks={k: str(k) for k in range(0, 9, 2)}),
        Axis("forecast of a one", 0, 0.42),
        height=290,
    )
    for series, (name, (a, b), label) in enumerate(
        (("even", (1, 1), "made of even rates"), ("rare", (0.5, 9.5), "made of mostly rare ones"))
    ):
        chart.line(counts, [(k + a) / (20 + a + b) for k in counts], series=series, label=label)
        chart.points(counts, stored[name], series=series)
    chart.line(counts, [k / 20 for k in counts], series=2, label="share of ones", dashed=True)
    return chart


@figure(
    "transformers/tabular/operations",
    title="Operations for a table of 100 features",
    desc="Against the number of rows on logarithmic axes, from 100 to a million. With a token for each cell, as in "
    "TabPFN-2.5, they rise from 8e10 to 6.5e17. With a token for each row, as in TabPFN-3, from 3e10 to 4.9e16; the "
    "lines part from a thousand rows on and stay about 13 apart.",
)
def operations() -> Chart:
    stored = page_data(PAGE)["operations"]
    chart = Chart(Axis("known rows", 100, 1e6, log=True), Axis("operations", 1e10, 1e18, log=True), height=320)
    chart.line(stored["rows"], stored["cells"], series=0, label="a token for each cell (TabPFN-2.5)")
    chart.line(stored["rows"], stored["row tokens"], series=1, label="a token for each row (TabPFN-3)")
    return chart
