"""Figures of docs/architectures/transformers/time-series-tables.md."""

from __future__ import annotations

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data

PAGE = "architectures/transformers/time-series-tables"


@figure(
    "transformers/time-series-tables/grids",
    title="Two grids of tokens with attention along both axes",
    desc="Left: three related series, each cut into patches; the last two patches of each lie in the future. Attention "
    "runs along a series, over time, and then across the series of a group at the same time. Right: a table with "
    "five known rows and two new ones; the last column holds the label, which is unknown in the new rows. Attention "
    "runs along a row, over its cells, and then down a column, where every cell reads the known rows alone.",
)
def grids() -> Drawing:
    d = Drawing(760)
    cell = 30.0
    d.label("forecasting: series × patches", (206, 18), bold=True)
    past = d.tensor((161, 118), 3, 6, cell=cell, role="data")
    future = d.tensor((281, 118), 3, 2, cell=cell, role="noise")
    d.label("past", (161, 60), muted=True)
    d.label("future", (281, 60), muted=True)
    for row, name in enumerate(("sales", "price", "weather")):
        d.label(name, (62, 88 + row * cell), anchor="end", muted=True)
    d.arrow((past.left[0] + 6, 188), (future.right[0] - 6, 188), "1. along a series: time", side=14)
    d.arrow((324, future.top[1] + 4), (324, future.bottom[1] - 4))
    d.label("2. across\na group", (332, 118), anchor="start")
    d.rule((402, 30), (402, 292))
    d.label("prediction: rows × columns", (560, 18), bold=True)
    known = d.tensor((548, 137), 5, 4, cell=cell, role="data")
    labels = d.tensor((623, 137), 5, 1, cell=cell, role="router")
    new = d.tensor((548, 242), 2, 4, cell=cell, role="noise")
    unknown = d.tensor((623, 242), 2, 1, cell=cell, role="loss")
    d.label("features", (548, 50), muted=True)
    d.label("label", (623, 50), muted=True)
    d.label("known\nrows", (478, 137), anchor="end", muted=True)
    d.label("new\nrows", (478, 242), anchor="end", muted=True)
    for y in (227, 257):
        d.label("?", (623, y), bold=True)
    d.arrow((known.left[0] + 6, 288), (unknown.right[0] - 6, 288), "1. along a row: its cells", side=14)
    d.arrow((652, labels.top[1] + 4), (652, labels.bottom[1] - 2))
    d.arrow((652, unknown.bottom[1] - 4), (652, new.top[1] - 2))
    d.label("2. down a\ncolumn, to\nknown rows", (662, 180), anchor="start")
    return d


@figure(
    "transformers/time-series-tables/fans",
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


@figure(
    "transformers/time-series-tables/learnt",
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
    "transformers/time-series-tables/operations",
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
