"""Figures of docs/scaling-inference/parallelism.md."""

from __future__ import annotations

from archfigures import Axis, Chart, Drawing, figure

ROWS = (178.0, 144.0, 110.0, 76.0)
"""Where the four layers stand, from the first to the last."""
FULL, HALF, HIGH = 72.0, 36.0, 24.0


@figure(
    "scaling-inference/parallelism/ways",
    title="Four ways to spread a model of four layers over two devices",
    desc="Four panels with two devices each. Data: both hold all layers and read different tokens; gradients are "
    "exchanged. Sharded data: each stores one half of every layer and fetches the other when it is needed. Tensor: "
    "each computes with one half of every layer, and the outputs are added up after each. Pipeline: the first device "
    "has the lower two layers, the second the upper two, and activations pass from one to the other.",
)
def ways() -> Drawing:
    drawing = Drawing(760)
    for index, (name, sends) in enumerate(
        (("data", "gradients"), ("sharded data", "weights, gradients"), ("tensor", "sums"), ("pipeline", "activations"))
    ):
        middle = 95 + 190 * index
        columns = (middle - 43, middle + 43)
        drawing.label(name, (middle, 16), bold=True)
        for device, x in enumerate(columns):
            drawing.label(f"device {device + 1}", (x, 42), muted=True)
            for layer, y in enumerate(ROWS):
                if index == 3 and (layer > 1) != (device == 1):
                    continue
                side = x + (HALF / 2 if device else -HALF / 2)
                if index == 1:
                    drawing.box("", (x, y), role="frozen", w=FULL, h=HIGH, dashed=True)
                wide = index in (0, 3)
                at = x if wide else side if index == 1 else middle + (28 if device else -28)
                role = "ffn" if device else "attention"
                drawing.box("", (at, y), role=role, w=FULL if wide else HALF, h=HIGH)
        if index == 2:
            for y in ROWS:
                drawing.operator("+", (middle, y), r=8)
        if index == 3:
            drawing.arrow(
                (columns[0], ROWS[1] - HIGH / 2), (columns[1] - FULL / 2, ROWS[2]), via=[(columns[0], ROWS[2])]
            )
        texts = (("tokens 1", "tokens 2"),) * 2 + (("all tokens", "all tokens"), ("in pieces", ""))
        for x, words in zip(columns, texts[index], strict=True):
            if words:
                drawing.box(words, (x, 222), w=78, h=26, size=12)
        drawing.label(f"exchanged: {sends}", (middle, 256), size=12)
    return drawing


@figure(
    "scaling-inference/parallelism/bubble",
    title="Share of the time that a pipeline waits, by the number of pieces of the batch",
    desc="Three falling curves for 4, 8 and 16 stages. With one piece they begin at 75, 88 and 94 percent; with 64 "
    "pieces they are at 4, 10 and 19 percent.",
)
def bubble() -> Chart:
    ticks = {1.0: "1", 4.0: "4", 16.0: "16", 64.0: "64", 256.0: "256"}
    chart = Chart(
        Axis("pieces (micro-batches)", 1, 256, log=True, ticks=ticks),
        Axis("% of the time waiting", 0, 100),
        height=280,
    )
    pieces = [2 ** (step / 4) for step in range(33)]
    for series, stages in enumerate((4, 8, 16)):
        share = [100 * (stages - 1) / (count + stages - 1) for count in pieces]
        chart.line(pieces, share, series=series, label=f"{stages} stages")
    return chart
