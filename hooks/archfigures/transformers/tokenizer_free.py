"""Figures of docs/architectures/transformers/tokenizer-free.md."""

from __future__ import annotations

from itertools import pairwise

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data

PAGE = "architectures/transformers/tokenizer-free"
SIZE = 15.0


@figure(
    "transformers/tokenizer-free/patches",
    title="A sentence cut by four rules, under the entropy of its next byte",
    desc="Bytes of a sentence in a row, a bar above each for the entropy of a small model before it: high at "
    "the first letters of words, near zero within them. Below, four rows of brackets: patches of four bytes, words, "
    "patches that begin where entropy exceeds one bit, and single bytes.",
)
def patches() -> Drawing:
    drawing = Drawing(760)
    stored = page_data(PAGE)
    text, bits = stored["text"], stored["bits"]
    left = 66.0
    drawing.label("bits", (left - 12, 52), anchor="end", muted=True)
    drawing.line([(left - 4, 94), (left + SIZE * len(text), 94)])
    limit = 94 - 15 * 1.0
    drawing.line([(left - 4, limit), (left + SIZE * len(text), limit)], role="loss", dashed=True)
    for index, (byte, entropy) in enumerate(zip(text, bits, strict=True)):
        x = left + SIZE * (index + 0.5)
        height = max(15 * entropy, 1)
        drawing.box("", (x, 94 - height / 2), role="loss" if entropy > 1 else "frozen", w=9, h=height, corner=1)
        drawing.label("␣" if byte == " " else byte, (x, 108), size=13)
    words = [index == 0 or text[index - 1] == " " for index in range(len(text))]
    rows = (
        ("bytes", [True] * len(text), "frozen"),
        ("fixed 4", [index % 4 == 0 for index in range(len(text))], "data"),
        ("spaces", words, "router"),
        ("entropy", [index == 0 or entropy > 1 for index, entropy in enumerate(bits)], "attention"),
    )
    for row, (name, starts, role) in enumerate(rows):
        y = 136 + 27 * row
        drawing.label(name, (left - 8, y), anchor="end", bold=True, size=12)
        edges = [index for index, start in enumerate(starts) if start] + [len(text)]
        for begin, end in pairwise(edges):
            width = SIZE * (end - begin) - 2
            drawing.box("", (left + SIZE * (begin + end) / 2, y), role=role, w=width, h=16, corner=3)
        drawing.label(f"{len(edges) - 1}", (left + SIZE * len(text) + 6, y), anchor="start", muted=True, size=12)
    return drawing


@figure(
    "transformers/tokenizer-free/hierarchy",
    title="A byte model with patches: encoder over bytes, large model over patches, decoder over bytes",
    desc="Ten bytes at the bottom enter a small encoder. Three patches of them, of unequal length, become one "
    "vector each for the large model. Its outputs go to a small decoder, which also gets the encoder's vectors of the "
    "bytes and predicts the next byte at each.",
)
def hierarchy() -> Drawing:
    drawing = Drawing(760)
    text = "the␣model␣"
    left, cell = 150.0, 42.0
    encoder = drawing.box("small encoder, one vector per byte", (left + 5 * cell, 218), role="ffn", w=10 * cell, h=30)
    big = drawing.box("large model, one vector per patch", (left + 5 * cell, 128), role="attention", w=10 * cell, h=34)
    decoder = drawing.box(
        "small decoder, next byte at every byte", (left + 5 * cell, 42), role="ffn", w=10 * cell, h=30
    )
    spans = ((0, 1, "data"), (1, 4, "router"), (4, 10, "data"))
    for index, byte in enumerate(text):
        x = left + cell * (index + 0.5)
        role = next(role for begin, end, role in spans if begin <= index < end)
        box = drawing.box(byte, (x, 268), role=role, w=34, h=26)
        drawing.arrow(box.top, (x, encoder.bottom[1]))
    for begin, end, _ in spans:
        x = left + cell * (begin + end) / 2
        drawing.arrow((x, encoder.top[1]), (x, big.bottom[1]))
        shift = left + cell * end - 8
        drawing.arrow((shift, big.top[1]), (shift, decoder.bottom[1]))
    drawing.arrow(encoder.left, decoder.left, via=[(112, 218), (112, 42)], dashed=True)
    drawing.label("bytes skip\nthe large model", (104, 128), anchor="end", muted=True)
    drawing.label("$T$ bytes", (600, 268), anchor="start", muted=True)
    drawing.label("gather:\n$T$ to $T/P$", (600, 172), anchor="start", muted=True)
    drawing.label("spread to the\nbytes that follow", (600, 84), anchor="start", muted=True)
    return drawing


@figure(
    "transformers/tokenizer-free/share",
    title="Share of all surprise that falls on the first byte of a patch, over the mean length of patches",
    desc="Fixed patches: a curve that falls as one over the length. Patches by entropy: nearly all surprise at three "
    "bytes, still two thirds at eight. Patches by rise of entropy and by spaces lie near it.",
)
def share() -> Chart:
    chart = Chart(
        Axis("mean bytes in a patch", 1, 11),
        Axis("share of surprise on first bytes", 0, 1),
        height=320,
    )
    stored = page_data(PAGE)
    for series, (key, label) in enumerate(
        (
            ("entropy", "entropy above a threshold"),
            ("rise", "rise of entropy"),
            ("spaces", "spaces"),
            ("fixed", "fixed"),
        )
    ):
        xs, ys = zip(*stored[key], strict=True)
        if len(xs) > 1:
            chart.line(xs, ys, series=series)
        chart.points(xs, ys, series=series, label=label, r=5 if len(xs) == 1 else 3)
    return chart
