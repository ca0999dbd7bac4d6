"""Figures of docs/architectures/transformers/vision-transformer.md."""

from __future__ import annotations

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data

PICTURE = [
    [0.2, 0.2, 0.3, 0.5, 0.6, 0.3, 0.2, 0.2],
    [0.2, 0.3, 0.7, 0.9, 0.9, 0.7, 0.3, 0.2],
    [0.3, 0.7, 0.9, 0.6, 0.6, 0.9, 0.7, 0.3],
    [0.4, 0.8, 0.6, 0.2, 0.2, 0.6, 0.8, 0.4],
    [0.4, 0.8, 0.6, 0.2, 0.2, 0.6, 0.8, 0.4],
    [0.3, 0.7, 0.9, 0.6, 0.6, 0.9, 0.7, 0.3],
    [0.1, 0.3, 0.7, 0.9, 0.9, 0.7, 0.3, 0.1],
    [0.1, 0.1, 0.3, 0.5, 0.5, 0.3, 0.1, 0.1],
]


@figure(
    "transformers/vision-transformer/pipeline",
    title="From an image to a class: patches, a class token, an encoder",
    desc="An image is cut into four by four patches. Each patch is flattened and multiplied by one matrix. A class "
    "token is put in front and a position added to each. An encoder with a full mask mixes all of them, and the "
    "class token's output is classified.",
)
def pipeline() -> Drawing:
    d = Drawing(760)
    image = d.heatmap((70, 110), PICTURE, cell=13, role="data", label="image")
    d.label("224 × 224 × 3", (70, 178), size=12, muted=True)
    for index in range(16):
        row, column = divmod(index, 4)
        part = [r[2 * column : 2 * column + 2] for r in PICTURE[2 * row : 2 * row + 2]]
        d.heatmap((190 + column * 22, 77 + row * 22), part, cell=8.5, role="data")
    d.label("patches", (223, 48))
    d.label("196 of 16 × 16 × 3", (223, 178), size=12, muted=True)
    d.arrow(image.right, (174, 110))
    matrix = d.box("matrix\n768 × $d$", (338, 110), role="ffn", w=84, h=44)
    d.arrow((272, 110), matrix.left)
    tokens = d.tensor((452, 122), 9, 3, cell=11, role="data")
    first = d.tensor((452, 60), 1, 3, cell=11, role="router")
    d.label("class token", (452, 42), size=12)
    d.label("+ positions\n197 × $d$", (452, 196), size=12, muted=True)
    d.arrow(matrix.right, (tokens.left[0], 110))
    encoder = d.box("encoder\n× $L$, full mask", (590, 110), role="attention", w=120, h=60)
    d.arrow((tokens.right[0], 110), encoder.left)
    d.arrow(first.right, encoder.on("left", 0.2), via=((500, 60), (500, encoder.on("left", 0.2)[1])))
    out = d.box("class", (714, 110), role="loss", w=60)
    d.arrow(encoder.right, out.left)
    return d


@figure(
    "transformers/vision-transformer/cost",
    title="Operations per image against its side, for three patch sizes",
    desc="Billions of operations of a ViT-B for images of 224 to 1,024 pixels a side, on a logarithmic axis. Halving "
    "the patch makes four times the tokens and four times the work or more; doubling the side does the same.",
)
def cost() -> Chart:
    run = page_data("architectures/transformers/vision-transformer")
    sides = run["sides"]
    chart = Chart(
        Axis("side of the image, pixels", 224, 1024, log=True, ticks={float(s): str(s) for s in sides}),
        Axis("operations, billions", 5, 20_000, log=True),
        height=300,
        left=72,
    )
    for series, patch in enumerate(("32", "16", "8")):
        chart.line(sides, run[patch], series=series, label=f"patches of {patch}")
        chart.points(sides, run[patch], series=series)
    return chart
