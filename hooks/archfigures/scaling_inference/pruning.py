"""Figures of docs/scaling-inference/pruning.md."""

from __future__ import annotations

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data

SCATTERED = ("10110100", "01010110", "10011001", "00101101", "11010010", "01101010", "10001101", "01110100")
PAIRS = ("10100101", "01101001", "11000011", "00111010", "10010110", "01011100", "01100101", "10101001")
ROWS = ("11111111", "00000000", "11111111", "11111111", "00000000", "00000000", "11111111", "00000000")


@figure(
    "scaling-inference/pruning/patterns",
    title="Four patterns of removed weights: anywhere, two of four, whole units, whole layers",
    desc="Three squares of eight by eight weights. In the first the kept weights are scattered; in the second every "
    "four neighbours in a row keep two; in the third whole rows are gone. On the right a stack of six layers of which "
    "two are dashed and passed by an arrow. Below each stands what it needs: a sparse format, special arithmetic "
    "units, or nothing, because a smaller dense matrix or a shorter stack remains.",
)
def patterns() -> Drawing:
    drawing = Drawing(740)
    kinds = (
        ("anywhere", SCATTERED, "a sparse format;\nno gain in speed\non most devices"),
        ("2 of 4", PAIRS, "a place of two bits for\neach value, and units\nthat compute with it"),
        ("whole units (width)", ROWS, "nothing: a smaller\ndense matrix"),
    )
    for column, (name, rows, needs) in enumerate(kinds):
        x = 95 + column * 180
        drawing.label(name, (x, 16), bold=True)
        drawing.heatmap((x, 105), [[float(cell) for cell in row] for row in rows], cell=18)
        drawing.label(needs, (x, 216), muted=True)
    x = 645
    drawing.label("whole layers (depth)", (x, 16), bold=True)
    boxes = [
        drawing.box(
            f"layer {n}",
            (x, 212 - 28 * n),
            role="frozen" if n in (4, 5) else "ffn",
            w=90,
            h=20,
            dashed=n in (4, 5),
        )
        for n in range(1, 7)
    ]
    for below, above in ((0, 1), (1, 2)):
        drawing.arrow(boxes[below].top, boxes[above].bottom)
    drawing.arrow(boxes[2].right, boxes[5].right, via=((x + 66, boxes[2].y), (x + 66, boxes[5].y)))
    drawing.label("nothing: a shorter\nstack, and less cache", (x, 222), muted=True)
    return drawing


@figure(
    "scaling-inference/pruning/rules",
    title="Error of a layer's output by the share of removed weights, for four ways to remove them",
    desc="Four rising curves over the share removed, from 20 to 80 per cent. At one half, removing the smallest "
    "weights gives an error of 0.105, removing by size times input 0.016, with SparseGPT's repair 0.010, and with the "
    "best weights for the places kept 0.005. The order is the same everywhere.",
)
def rules() -> Chart:
    run = page_data("scaling-inference/pruning")
    chart = Chart(
        Axis("share of the weights removed", 0.2, 0.8), Axis("error of the output", 0.0001, 1, log=True), height=280
    )
    names = {
        "magnitude": "smallest",
        "wanda": "size times input (Wanda)",
        "sparsegpt": "repaired (SparseGPT)",
        "refit": "best for the places",
    }
    for series, (key, label) in enumerate(names.items()):
        chart.line(run["shares"], run[key], series=series, label=label)
    return chart
