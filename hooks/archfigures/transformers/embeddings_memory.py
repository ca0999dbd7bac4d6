"""Figures of docs/architectures/transformers/embeddings-memory.md."""

from __future__ import annotations

from archfigures import Drawing, figure


@figure(
    "transformers/embeddings-memory/entries",
    title="Where look-ups enter a decoder",
    desc="Token ids go to three tables. The embedding table starts the residual stream at the bottom, and the same "
    "table, dashed, scores it at the top. A small table for each layer adds gated rows within the layers. A hash of "
    "the last tokens reads rows of large n-gram tables, which are added in some early layer.",
)
def entries() -> Drawing:
    d = Drawing(720)
    tokens = d.box("tokens", (60, 150), role="data", w=76)
    table = d.box("embedding\n$V$ × $d$", (206, 60), role="state", w=100, h=44)
    layer = d.box("a table for each layer\n$V$ × 256", (240, 150), role="state", w=168, h=44)
    ngram = d.box("hash of the last\n2 or 3 tokens", (206, 244), role="router", w=124, h=44)
    large = d.box("n-gram tables", (360, 244), role="state", w=108)
    for box in (table, layer, ngram):
        d.arrow(tokens.right, box.left, via=((124, 150), (124, box.y)))
    d.arrow(ngram.right, large.left)
    first = d.box("layers", (520, 60), role="attention", w=78, h=44)
    d.arrow(table.right, first.left, "stream, $T$ × $d$", side=-10)
    rest = d.box("layers", (620, 60), role="attention", w=78, h=44)
    d.arrow(first.right, rest.left)
    d.arrow(rest.right, (706, 60))
    d.arrow(layer.right, first.on("bottom", 0.3), "gated, in every layer", via=((first.on("bottom", 0.3)[0], 150),))
    d.arrow(layer.right, rest.on("bottom", 0.6), via=((rest.on("bottom", 0.6)[0], 150),))
    d.arrow(
        large.right, first.on("bottom", 0.75), "gated, in a few", at=0.22, via=((first.on("bottom", 0.75)[0], 244),)
    )
    d.arrow(
        table.top,
        (684, 58),
        "the same table scores the output, when tied",
        via=((206, 22), (684, 22)),
        dashed=True,
        side=-9,
    )
    return d
