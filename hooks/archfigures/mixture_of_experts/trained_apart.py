"""Figures of docs/architectures/mixture-of-experts/trained-apart.md."""

from __future__ import annotations

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data

PAGE = "architectures/mixture-of-experts/trained-apart"
SHOWN = {
    "public model": "public",
    "whole models, domain known": "separate",
    "all weights averaged": "all averaged",
    "experts of these, rest averaged": "rest averaged",
    "experts trained beside, rest frozen": "rest frozen",
    "  router by ridge regression": "and ridge",
    "  trained on together": "and trained",
}
"""Ways and what they are called here; of two with one name, the last, behind a frozen rest."""


@figure(
    "mixture-of-experts/trained-apart/beside",
    title="Experts trained apart beside a public one, and joined afterwards",
    desc="Left, three rows, one for each owner: private data feed the training of the owner's expert, which stands "
    "beside a frozen copy of the public expert. Right: one mixture of the public expert and the three others under a "
    "router; the last expert is dashed, left out.",
)
def beside() -> Drawing:
    drawing = Drawing(760)
    drawing.label("at each owner", (190, 16), bold=True)
    drawing.label("joined, without training", (598, 16), bold=True)
    router = drawing.box("router", (700, 122), role="router", w=72, h=36)
    public = drawing.box("public expert", (520, 44), role="frozen", w=116, h=30)
    leaves = router.on("left", 0.2)
    drawing.arrow(leaves, public.right, via=[(650, leaves[1]), (650, 44)])
    for index, name in enumerate(("news", "maths", "code")):
        y = 70 + 82 * index
        data = drawing.box(f"{name}\ndata", (44, y), role="data", w=66, h=44)
        frozen = drawing.box("public, frozen", (176, y - 16), role="frozen", w=122, h=26, size=12.5)
        own = drawing.box(f"{name} expert", (176, y + 16), role="ffn", w=122, h=26, size=12.5)
        drawing.frame([frozen, own], margin=5)
        drawing.arrow(data.right, (110, y))
        last = name == "code"
        joined = drawing.box(f"{name} expert", (520, own.y), role="ffn", w=116, h=30, dashed=last)
        drawing.arrow(own.right, joined.left)
        start = router.on("left", 0.5 + 0.3 * index) if not last else router.bottom
        via = [(632, start[1]), (632, joined.y)] if not last else [(router.x, joined.y)]
        drawing.arrow(start, joined.right, via=via, dashed=last)
    drawing.label("weights, row of the router", (352, 74), muted=True)
    drawing.label("left out", (520, 278), muted=True)
    return drawing


@figure(
    "mixture-of-experts/trained-apart/ways",
    title="Error on the public domain and on the owners' by the way of joining",
    desc="Dots on a logarithmic axis for seven ways. The public model fails on the owners' domains, separate models "
    "are best on all. Averaging all weights is poor on both, joining experts behind averaged layers little better. "
    "Behind frozen layers the owners' domains are good and the public one is bad; a router by ridge regression "
    "mends most of that, and further training makes both good.",
)
def ways() -> Chart:
    rows = {way: errors for way, *errors in page_data(PAGE)["ways"]}
    chart = Chart(
        Axis("", -0.5, len(SHOWN) - 0.5, ticks={float(place): name for place, name in enumerate(SHOWN.values())}),
        Axis("error over variance", 0.01, 1, log=True, ticks={v: f"{v:g}" for v in (0.01, 0.03, 0.1, 0.3, 1.0)}),
        height=300,
    )
    for series, label in enumerate(("public domain", "owners' domains")):
        chart.points(list(range(len(SHOWN))), [rows[way][series] for way in SHOWN], series=series, label=label, r=6)
    return chart
