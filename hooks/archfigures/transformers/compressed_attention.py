"""Figures of docs/architectures/transformers/compressed-attention.md."""

from __future__ import annotations

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data

PAGE = "architectures/transformers/compressed-attention"
TOKENS, RATE, WINDOW, BEST = 20, 4, 5, 2


def _entries(token: int) -> int:
    """Entries that are complete when a token comes."""
    return (token + 1) // RATE


@figure(
    "transformers/compressed-attention/mask",
    title="Which entries and which tokens each query reads: all entries, or the best two",
    desc="Two masks of twenty rows. Each has five columns for entries and twenty for tokens. In the token columns a "
    "band of five along the diagonal. In the left mask every finished entry is read, one more every four rows; in the "
    "right mask at most two of them, chosen for each row.",
)
def mask() -> Drawing:
    drawing = Drawing(760)
    cell = 11.0
    for x, name, sparse in (
        (190, "heavily compressed: all entries", False),
        (570, "compressed, selected: best two", True),
    ):
        drawing.label(name, (x, 14), bold=True)
        chosen = [
            [0.85 if e < _entries(t) and (not sparse or e in _picked(t)) else 0.06 for e in range(TOKENS // RATE)]
            for t in range(TOKENS)
        ]
        near = [
            [0.85 if t - WINDOW < s <= t else (0.06 if s <= t else -1) for s in range(TOKENS)] for t in range(TOKENS)
        ]
        left = drawing.heatmap((x - 128, 156), chosen, cell=cell, role="state")
        right = drawing.heatmap((x + 24, 156), near, cell=cell, role="attention")
        drawing.label("entries", (left.x, 36), muted=True, size=12)
        drawing.label("tokens", (right.x, 36), muted=True, size=12)
        drawing.arrow((left.left[0] - 12, 60), (left.left[0] - 12, 250), head=True)
    drawing.label("query", (26, 278), muted=True, size=12)
    return drawing


def _picked(token: int) -> set[int]:
    """A made-up choice of entries for each query, as an indexer might make it."""
    ranked = sorted(range(_entries(token)), key=lambda e: (7 * e + 3 * (token // 3)) % 5)
    return set(ranked[:BEST])


@figure(
    "transformers/compressed-attention/entries",
    title="Which tokens enter which entry",
    desc="Twelve tokens in groups of four. Above, without overlap: each entry is made from its group. Below, with "
    "overlap: each entry is made from its own group and from the one before, to which each token adds a second row.",
)
def entries() -> Drawing:
    drawing = Drawing(760)
    left, step = 196.0, 40.0
    for row, (name, note, overlap) in enumerate(
        (("by 128 (drawn: 4)", "one row per token", False), ("by 4, overlapping", "two rows per token", True))
    ):
        y = 40 + 122 * row
        drawing.label(name, (150, y + 4), anchor="end", bold=True)
        drawing.label(note, (150, y + 26), anchor="end", muted=True)
        made = [
            drawing.box(f"entry {i + 1}", (left + step * (4 * i + 1.5), y), role="state", w=84, h=26) for i in range(3)
        ]
        for token in range(12):
            x = left + step * token
            drawing.dot((x, y + 62), role="data", r=6)
            group = token // 4
            drawing.arrow((x, y + 56), made[group].on("bottom", 0.3 + 0.13 * (token % 4)))
            if overlap and group < 2:
                drawing.arrow((x, y + 56), made[group + 1].on("bottom", 0.05 + 0.05 * (token % 4)), dashed=True)
    drawing.label("tokens", (left + step * 12, 102), anchor="start", muted=True)
    return drawing


@figure(
    "transformers/compressed-attention/growth",
    title="Numbers that one layer keeps, over the length of the text, by kind of layer",
    desc="On logarithmic axes: full attention with eight key–value heads highest, latents with an index about a third, "
    "compressed by four a ninth of it, by a hundred and twenty-eight far below, and a window of a hundred and "
    "twenty-eight constant. Compressed layers follow the window at first.",
)
def growth() -> Chart:
    chart = Chart(
        Axis(
            "tokens",
            64,
            2**20,
            log=True,
            ticks={2.0**k: name for k, name in ((7, "128"), (10, "1K"), (13, "8K"), (16, "64K"), (20, "1M"))},
        ),
        Axis("numbers kept by a layer", 3e4, 3e9, log=True, ticks={10.0**k: f"$10^{{{k}}}$" for k in range(5, 10)}),
        height=340,
    )
    xs = [2 ** (6 + i / 4) for i in range(57)]
    kinds = (
        ("full, 8 KV heads", [2048 * x for x in xs]),
        ("latent, indexed", [704 * x for x in xs]),
        ("compressed by 4", [512 * min(x, 128) + 640 * (x // 4) for x in xs]),
        ("by 128", [512 * min(x, 128) + 512 * (x // 128) for x in xs]),
        ("window of 128", [2048 * min(x, 128) for x in xs]),
    )
    for series, (label, kept) in enumerate(kinds):
        chart.line(xs, kept, series=series, label=label)
    return chart


@figure(
    "transformers/compressed-attention/found",
    title="Chance that a token is found again, by how many tokens share an entry",
    desc="Three curves over one to 128 tokens per entry. With equal weights and one entry read it falls from "
    "certainty at two to two fifths at sixteen. With eight of sixty-four entries read it stays near certainty up to "
    "eight. If the token had a larger gate when it was written, it stays near one throughout.",
)
def found() -> Chart:
    stored = page_data(PAGE)["found"]
    rates = [2.0**k for k in range(8)]
    chart = Chart(
        Axis("tokens in an entry", 1, 128, log=True, ticks={r: f"{r:g}" for r in rates}),
        Axis("chance that its entry is read", 0, 1.02, ticks={v: f"{v:g}" for v in (0.0, 0.25, 0.5, 0.75, 1.0)}),
        height=310,
    )
    names = {
        "gate 0, first 1": "equal weights, best entry",
        "gate 0, first 8": "equal weights, best 8 of 64",
        "gate 2, first 1": "gate of 2, best entry",
    }
    for series, (key, label) in enumerate(names.items()):
        chart.line(rates, stored[key], series=series, label=label)
        chart.points(rates, stored[key], series=series)
    return chart
