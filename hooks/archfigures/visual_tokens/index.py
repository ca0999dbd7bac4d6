"""Figures of docs/architectures/visual-tokens/index.md."""

from __future__ import annotations

from archfigures import Drawing, figure


@figure(
    "visual-tokens/index/map",
    title="From signal to tokens and back: encoder, quantiser, generator, decoder, and the choices for each",
    desc="A chain of five parts: signal, encoder, quantiser, generator, decoder. Below, the choices: shrink factor; "
    "codebook, residual stages, rounding, signs; raster, masked, by scale, with delays; and losses. A dashed arrow "
    "leads around the quantiser from encoder to generator.",
)
def overview() -> Drawing:
    drawing = Drawing(760)
    y = 84
    signal = drawing.box("image,\nvideo, sound", (62, y), role="data", h=50)
    encoder = drawing.box("encoder", (186, y), role="ffn", h=50)
    quantiser = drawing.box("quantiser", (318, y), role="router", h=50)
    generator = drawing.box("generator", (520, y), role="attention", h=50)
    decoder = drawing.box("decoder", (660, y), role="ffn", h=50)
    drawing.arrow(signal.right, encoder.left)
    drawing.arrow(encoder.right, quantiser.left)
    drawing.arrow(quantiser.right, generator.left, "integers")
    drawing.arrow(generator.right, decoder.left)
    drawing.arrow(decoder.right, (750, y))
    drawing.arrow(
        encoder.top,
        generator.top,
        "vectors, without a quantiser",
        via=((186, 30), (520, 30)),
        dashed=True,
    )
    for x, lines in (
        (186, "shrink by 8–32\nper side; by 320\nto 1,920 in time"),
        (318, "nearest code (VQ)\nresidual stages (RVQ)\nrounding (FSQ)\nsigns (LFQ, BSQ)"),
        (520, "raster: one by one\nmasked: in groups\nby scale: map by map\ndelays, depth: several\ncodes per place"),
        (660, "pixel, spectral,\nperceptual and\nadversarial losses"),
    ):
        rows = lines.count("\n") + 1
        drawing.label(lines, (x, 122 + 8.5 * rows), muted=True)
    return drawing
