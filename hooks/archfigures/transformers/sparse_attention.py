"""Figures of docs/architectures/transformers/sparse-attention.md."""

from __future__ import annotations

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data

CHOSEN = (1, 4, 5, 9)


@figure(
    "transformers/sparse-attention/indexer",
    title="An indexer chooses which cached tokens attention reads",
    desc="The new token makes a small index query and a full query. The index query is scored against the small index "
    "keys of all cached tokens; the best few are marked. Only their latents are gathered from the cache, and the full "
    "query attends to these.",
)
def indexer() -> Drawing:
    d = Drawing(760)
    token = d.box("new token", (66, 122), role="data", w=92)
    small = d.box("index query\n64 heads of 128", (226, 58), role="router", w=124, h=44)
    big = d.box("query\n128 heads", (226, 214), role="attention", w=104, h=44)
    d.arrow(token.right, small.left, via=((136, 122), (136, 58)))
    d.arrow(token.right, big.left, via=((136, 122), (136, 214)))
    keys = d.heatmap((476, 58), [[0.75 if j in CHOSEN else 0.15 for j in range(12)]], cell=20, role="router")
    d.label("index keys of all tokens, 128 numbers each", (476, 36), size=12)
    d.arrow(small.right, keys.left, "score")
    latents = d.heatmap(
        (476, 136), [[0.75 if j in CHOSEN else 0.12 for j in range(12)] for _ in range(3)], cell=20, role="state"
    )
    d.label("cached latents, 576 numbers each", (476, 178), size=12)
    for j in CHOSEN:
        x = keys.left[0] + (j + 0.5) * 20
        d.arrow((x, keys.bottom[1]), (x, latents.top[1]))
    attend = d.box("attend to the\nchosen 2,048", (680, 214), role="attention", w=120, h=44)
    d.arrow(big.right, attend.left)
    d.arrow(latents.right, attend.top, "gather", via=((680, 136),))
    return d


@figure(
    "transformers/sparse-attention/captured",
    title="How much of the attention weight is read, against how much is read",
    desc="Share of a query's attention weight on the tokens read, for 16 to 1,024 of 1,024 tokens. Choosing the best "
    "tokens captures nearly nine tenths with 16; choosing the best blocks of 16 by their mean key needs 256 or more "
    "for four fifths; a window sees little before it spans most of the text.",
)
def captured() -> Chart:
    run = page_data("architectures/transformers/sparse-attention")
    budgets = run["budgets"]
    ticks = {float(b): f"{b:,}" for b in budgets}
    chart = Chart(
        Axis("tokens read, of 1,024", 16, 1024, log=True, ticks=ticks), Axis("share of the weight", 0, 1.02), height=300
    )
    for series, name in enumerate(("best tokens", "best blocks", "window")):
        chart.line(budgets, run[name], series=series, label=name)
        chart.points(budgets, run[name], series=series)
    return chart
