"""Figures of docs/scaling-inference/speculative-decoding.md."""

from __future__ import annotations

from archfigures import Axis, Chart, figure
from archfigures.data import page_data


@figure(
    "scaling-inference/speculative-decoding/overlap",
    title="Draft and target distribution, their overlap, and what is drawn after a rejection",
    desc="For each of eight tokens a bar up to the smaller of the two probabilities, the part that is kept, and "
    "above it what the target has in excess of the draft, from which a token is drawn after a rejection. Dots "
    "mark the draft.",
)
def overlap() -> Chart:
    run = page_data("scaling-inference/speculative-decoding")
    target, draft = run["target"], run["draft"]
    tokens = list(range(len(target)))
    kept = [min(p, q) for p, q in zip(target, draft, strict=True)]
    chart = Chart(
        Axis("token", -0.6, 7.6, ticks={t: str(t) for t in tokens}), Axis("probability", 0, 0.35), height=300, left=70
    )
    chart.bars(tokens, kept, width=0.6, series=0, label="kept: the overlap")
    chart.bars(
        tokens,
        target,
        width=0.6,
        base=kept,
        series=1,
        label="drawn after a rejection: target above draft",
        outlined=True,
    )
    chart.points(tokens, draft, series=3, label="draft", r=4)
    return chart
