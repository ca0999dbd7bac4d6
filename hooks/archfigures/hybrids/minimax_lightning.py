"""Figures of docs/architectures/hybrids/minimax-lightning.md."""

from __future__ import annotations

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data

STACKS = (
    ("MiniMax-01, M1", "2025-01, 2025-06", ["state"] * 7 + ["attention"], 80, "7 lightning, 1 softmax"),
    ("M2, M2.5, M2.7", "2025-10 to 2026-03", ["attention"], 62, "softmax in every layer"),
    ("M3", "2026-06", ["router"], 60, "3 softmax, then selected blocks"),
)


@figure(
    "hybrids/minimax-lightning/record",
    title="Which layers of MiniMax's models have which attention",
    desc="Three rows of cells, one cell per layer. MiniMax-01 and M1: 80 layers, every eighth with softmax attention, "
    "the others lightning. M2 and its successors: 62 layers, all softmax. M3: 60 layers, the first three with softmax "
    "over everything, 57 with softmax over selected blocks.",
)
def record() -> Drawing:
    drawing = Drawing(760)
    for row, (name, date, pattern, layers, what) in enumerate(STACKS):
        y = 38 + row * 78
        drawing.label(name, (6, y - 24), anchor="start", bold=True)
        drawing.label(date, (170, y - 24), anchor="start", muted=True, size=12)
        drawing.label(what, (754, y - 24), anchor="end", size=12)
        for layer in range(layers):
            role = "attention" if name == "M3" and layer < 3 else pattern[layer % len(pattern)]
            drawing.tensor((11 + layer * 9.35, y), 3, 1, cell=7.6, role=role)
    for x, role, label in (
        (60, "state", "lightning: a state"),
        (280, "attention", "softmax: cache, all read"),
        (530, "router", "sparse: cache, 2,048 tokens read"),
    ):
        drawing.tensor((x, 240), 2, 1, cell=7.6, role=role)
        drawing.label(label, (x + 14, 240), anchor="start", size=12)
    return drawing


@figure(
    "hybrids/minimax-lightning/precision",
    title="Error of a lightning head whose state is kept in 16 bits, by its half-life",
    desc="Logarithmic axes. Rounded to bf16 every 256 tokens, the error of the output grows from 0.01% at a "
    "half-life of one token to 0.2% at 16,384. Rounded after every token it is 0.2% to 0.6% up to a half-life of "
    "64, 3% at 256, and between 36% and 133% beyond, where the decay is lost in rounding.",
)
def precision() -> Chart:
    run = page_data("architectures/hybrids/minimax-lightning")
    lives = run["half_lives"]
    chart = Chart(
        Axis("half-life in tokens", 1, 16384, log=True, ticks={float(v): f"{v:,}" for v in lives}),
        Axis("relative error", 1e-4, 10, log=True, ticks={10.0**p: f"{10.0**p * 100:g}%" for p in range(-4, 2)}),
        height=290,
        left=74,
        right=34,
    )
    for series, (name, errors) in enumerate(run["error"].items()):
        chart.line(lives, errors, series=series, label=f"state rounded {name}")
        chart.points(lives, errors, series=series)
    chart.line([355, 355], [1e-4, 10], series=2, dashed=True, label="355 tokens")
    return chart


@figure(
    "hybrids/minimax-lightning/hops",
    title="Chains of look-ups through one linear state, by their length",
    desc="Share of chains that end at the right vector, for a state of 64 by 64. With 64 stored pairs nearly "
    "all chains up to twelve steps are right; with 96 it falls from 0.996 to 0.95, with 128 from 0.98 to 0.81, "
    "with 160 from 0.95 to 0.51. Softmax attention stays at one.",
)
def hops() -> Chart:
    run = page_data("architectures/hybrids/minimax-lightning")
    chart = Chart(
        Axis("look-ups in a row", 1, 12, ticks={float(v): str(v) for v in run["hops"]}),
        Axis("right at the end", 0.4, 1, ticks={0.4: "0.4", 0.6: "0.6", 0.8: "0.8", 1.0: "1"}),
        height=290,
    )
    for series, (pairs, shares) in enumerate(run["right"].items()):
        chart.line(run["hops"], shares, series=series, label=f"{pairs} pairs")
        chart.points(run["hops"], shares, series=series)
    chart.line([1, 12], [1, 1], series=5, dashed=True, label="softmax")
    return chart


def _read(design: str, tokens: int) -> float:
    """Numbers read for a new token; a test compares it with read_per_token in the page's code."""
    full, sparse = {"all": (80, 0), "01": (10, 0), "M2": (62, 0), "M3": (3, 57)}[design]
    heads = 4 if design == "M3" else 8
    state = 70 * 64 * 128 * 128 if design == "01" else 0
    a_token = 2 * heads * 128
    return full * a_token * tokens + sparse * (128 * tokens + a_token * min(tokens, 2048)) + state


@figure(
    "hybrids/minimax-lightning/read",
    title="What the attention layers read for one new token, by the length of the text",
    desc="Logarithmic axes, from 4,096 to 1,048,576 tokens, in millions of numbers. MiniMax-01 with softmax "
    "in all layers and M2 lie close together and end at 172,000 and 133,000. MiniMax-01 as built begins at 157 "
    "and ends at 22,000; M3 begins at 162 and ends at 11,000.",
)
def read() -> Chart:
    lengths = [2**k for k in range(12, 21)]
    ticks = {float(2**k): f"{2**k:,}" for k in range(12, 21, 2)}
    chart = Chart(
        Axis("tokens", 4096, 2**20, log=True, ticks=ticks),
        Axis(
            "numbers read per token, millions",
            100,
            200_000,
            log=True,
            ticks={10.0**p: f"{10**p:,}" for p in (2, 3, 4, 5)},
        ),
        height=290,
        left=78,
        right=40,
    )
    names = {"all": "MiniMax-01, if all were softmax", "M2": "M2", "01": "MiniMax-01", "M3": "M3"}
    for series, (design, label) in enumerate(names.items()):
        chart.line(
            lengths, [_read(design, t) / 1e6 for t in lengths], series=series, label=label, dashed=design == "all"
        )
    return chart
