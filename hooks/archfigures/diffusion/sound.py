"""Figures of docs/architectures/diffusion/sound.md."""

from __future__ import annotations

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data

PAGE = "architectures/diffusion/sound"


@figure(
    "diffusion/sound/routes",
    title="Three ways from a text to music",
    desc="Three rows. Codes: text, a language model, codes of each frame, the codec's decoder, sound. "
    "Latents: text, a diffusion transformer that runs several times, latents, the autoencoder's decoder, sound. Both: "
    "text, a language model that writes codes, its hidden states, a diffusion transformer, latents, decoder, sound.",
)
def routes() -> Drawing:
    drawing = Drawing(740)
    for row, name in enumerate(("codes", "latents", "both")):
        y = 50.0 + 92 * row
        drawing.label(name, (8, y), anchor="start", bold=True)
        text = drawing.box("text,\nlyrics", (106, y), role="data", w=66, h=44)
        decoder = drawing.box("decoder", (596, y), role="frozen", w=76, h=44)
        sound = drawing.box("sound", (700, y), role="data", w=62, h=44)
        if name == "codes":
            writer = drawing.box("language\nmodel", (232, y), role="attention", w=92, h=44)
            middle = drawing.box("codes, frame\nby frame", (478, y), role="state", w=106, h=44)
            drawing.arrow(middle.top, writer.top, via=((478, 12), (232, 12)))
            drawing.arrow(writer.right, middle.left)
        else:
            middle = drawing.box("latents,\nall at once", (478, y), role="state", w=106, h=44)
            flow = drawing.box("diffusion", (360, y), role="noise", w=82, h=44)
            drawing.arrow(flow.right, middle.left)
            drawing.arrow(middle.bottom, flow.bottom, via=((478, y + 36), (360, y + 36)))
            drawing.label("8 to 100 steps", (419, y + 48), size=12, muted=True)
            if name == "both":
                writer = drawing.box("language\nmodel", (232, y), role="attention", w=92, h=44)
                drawing.arrow(writer.right, flow.left)
                drawing.arrow(writer.on("bottom", 0.7), writer.on("bottom", 0.3), via=((250, y + 36), (214, y + 36)))
                drawing.label("codes", (232, y + 48), size=12, muted=True)
            else:
                writer = flow
        drawing.arrow(text.right, writer.left)
        drawing.arrow(middle.right, decoder.left)
        drawing.arrow(decoder.right, sound.left)
    return drawing


@figure(
    "diffusion/sound/seam",
    title="How well a tone is carried on after the seam between two windows",
    desc="Correlation of 48 new latents with the last one of the window before. The truth swings between almost "
    "one and minus one with a period of 23 latents. If the overlap is put in at every step the swing is in time but "
    "only a third as large after one period. As a condition it follows the truth.",
)
def seam() -> Chart:
    chart = Chart(Axis("latents after the seam", 0, 48), Axis("correlation with the last before it", -1, 1), height=300)
    curves = page_data(PAGE)["link"]
    names = {"truth": "truth", "put in at every step": "put in", "as a condition": "condition"}
    for series, (name, curve) in enumerate(curves.items()):
        chart.line(range(1, 49), curve, series=series, label=names[name], dashed=name == "as a condition")
    return chart
