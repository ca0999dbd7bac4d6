"""Figures of docs/architectures/transformers/retrieval.md."""

from __future__ import annotations

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data

PAGE = "architectures/transformers/retrieval"
SHARES = (0.0, 0.1, 0.25, 0.5, 0.75, 0.9)


@figure(
    "transformers/retrieval/places",
    title="Four places at which retrieved knowledge enters a transformer",
    desc="On the left a stack from prompt through layers to the next token. On the right four stores, each with an "
    "arrow to its place: text to the prompt, keys and values to attention, encoded chunks to cross-attention between "
    "the layers, and stored states with their tokens to the prediction at the top.",
)
def places() -> Drawing:
    drawing = Drawing(740)
    token = drawing.box("next token", (170, 28), role="data", w=170, h=36)
    cross = drawing.box("cross-attention", (170, 104), role="attention", w=170, h=36)
    layer = drawing.box("attention", (170, 180), role="attention", w=170, h=36)
    prompt = drawing.box("prompt", (170, 256), role="data", w=170, h=36)
    for below, above in ((prompt, layer), (layer, cross), (cross, token)):
        drawing.arrow(below.top, above.bottom)
    for box, store, names in (
        (token, "states, each with its token", "kNN-LM, Memory Decoder"),
        (cross, "chunks, encoded", "RETRO"),
        (layer, "keys and values", "Memorizing Transformers, block attention, Cartridges"),
        (prompt, "text, or vectors for runs of it", "RAG, REFRAG"),
    ):
        held = drawing.box(store, (480, box.y), role="state", w=230, h=36)
        drawing.arrow(held.left, box.right)
        drawing.label(names, (480, box.y + 30), muted=True, size=12)
    return drawing


@figure(
    "transformers/retrieval/shares",
    title="Loss by the share that the store has in the prediction",
    desc="Three lines over the share from 0 to 0.9. For facts the loss falls steeply from nearly 10 nats to below 1; "
    "for what follows a rule it rises from 1.3 to 2.7; for all together it is lowest, 1.5, at about a quarter.",
)
def shares() -> Chart:
    chart = Chart(
        Axis("share of the store", 0, 0.9),
        Axis("nats a token", 0.1, 12, log=True, ticks={v: f"{v:g}" for v in (0.1, 0.3, 1.0, 3.0, 10.0)}),
        height=300,
    )
    for series, label in enumerate(("facts", "rule", "all")):
        row = [line[series] for line in page_data(PAGE)["shares"]]
        chart.line(SHARES, row, series=series, label=label)
        chart.points(SHARES, row, series=series)
    return chart
