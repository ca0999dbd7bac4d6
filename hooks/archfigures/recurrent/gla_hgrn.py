"""Figures of docs/architectures/recurrent/gla-hgrn.md."""

from __future__ import annotations

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data

PAGE = "architectures/recurrent/gla-hgrn"


@figure(
    "recurrent/gla-hgrn/gates",
    title="Gates of one head over sixteen tokens in four designs",
    desc="Four grids of eight key channels by sixteen tokens, stronger in colour where more of the state is kept. "
    "Lightning attention: one shade everywhere. Mamba-2: columns of one shade each. Gated linear attention: every cell "
    "its own, mostly strong. HGRN2: every cell its own, and rows no fainter than a bound that rises downwards.",
)
def gates() -> Drawing:
    drawing = Drawing(740)
    stored: dict[str, list[list[float]]] = page_data(PAGE)["gates"]
    for index, (name, cells) in enumerate(stored.items()):
        x = 110 + index * 174
        drawing.heatmap((x, 92), cells, cell=9.5, role="state", label=name)
        drawing.label("16 tokens", (x, 146), size=11.5, muted=True)
    drawing.label("8 key channels,\nwhich are rows\nof the state", (4, 178), anchor="start", size=11.5, muted=True)
    drawing.label("strong colour: kept, faint: forgotten", (736, 178), anchor="end", size=11.5, muted=True)
    return drawing


@figure(
    "recurrent/gla-hgrn/two-levels",
    title="Two levels of chunks: which pairs are computed how",
    desc="A lower triangle of sixteen tokens in two chunks of eight, each in two blocks of four. Pairs inside a block "
    "of four are computed one by one; pairs of different blocks of a chunk by a matrix product; pairs of different "
    "chunks through the state.",
)
def two_levels() -> Drawing:
    drawing = Drawing(740)
    cell, left, top = 13, 40, 24
    for i in range(16):
        for j in range(i + 1):
            role = "router" if i // 4 == j // 4 else "attention" if i // 8 == j // 8 else "state"
            drawing.heatmap((left + (j + 0.5) * cell, top + (i + 0.5) * cell), [[0.75]], cell=cell, role=role)
    drawing.label("columns: keys, rows: queries", (left + 8 * cell, top + 16 * cell + 16), size=12, muted=True)
    for y, role, text in (
        (
            66,
            "router",
            "same block of 4: exp of a difference of logarithms,\nfor each pair and channel; no matrix unit",
        ),
        (134, "attention", "same chunk of 8: matrix product; both sides measured\nfrom the start of the query's block"),
        (202, "state", "earlier chunk: through the state, faded by the gates\nfrom the chunk's start"),
    ):
        drawing.heatmap((330, y), [[0.75]], cell=22, role=role)
        drawing.label(text, (352, y), anchor="start", size=12.5)
    return drawing


@figure(
    "recurrent/gla-hgrn/stability",
    title="The longest usable chunk over the half-life of the gates",
    desc="Both axes logarithmic. With ratios of running products the longest chunk grows with the half-life: 2 to 128 "
    "tokens in 16 bits, 16 to 512 in 32 bits. With blocks in log space it is 512, the longest tried, for every gate.",
)
def stability() -> Chart:
    run = page_data(PAGE)
    halves = run["half_lives"]
    chart = Chart(
        Axis("tokens in which a gate halves the state", 0.25, 16, log=True, ticks={h: f"{h:g}" for h in halves}),
        Axis("tokens in a chunk", 1, 1024, log=True, ticks={1.0: "1", 4.0: "4", 16.0: "16", 64.0: "64", 256.0: "256"}),
        height=300,
    )
    for series, (name, sizes) in enumerate(run["chunks"].items()):
        chart.line(halves, sizes, series=series, label=name)
        chart.points(halves, sizes, series=series)
    return chart


@figure(
    "recurrent/gla-hgrn/lightning",
    title="Half-life of the 64 heads of lightning attention in four layers of MiniMax-01",
    desc="On a logarithmic axis each layer is a straight line over the heads. Layer 0 runs from below one token to "
    "177, layer 40 lies about twice as high, layer 60 four times, layer 78, the last with lightning attention, about "
    "eighty times.",
)
def lightning() -> Chart:
    run = page_data(PAGE)["lightning"]
    chart = Chart(Axis("head", 0, 63), Axis("half-life in tokens", 0.5, 20_000, log=True), height=280, left=72)
    for series, (layer, values) in enumerate(run.items()):
        chart.line(list(range(64)), values, series=series, label=f"layer {layer}")
    return chart
