"""Figures of docs/architectures/multimodal/optical-compression.md."""

from __future__ import annotations

from archfigures import Axis, Box, Chart, Drawing, figure
from archfigures.data import page_data

PAGE = "architectures/multimodal/optical-compression"


@figure(
    "multimodal/optical-compression/encoder",
    title="The encoders of DeepSeek-OCR and DeepSeek-OCR 2",
    desc="Two rows. In both, a page of 1,024 by 1,024 pixels becomes 4,096 patches, which pass through SAM and two "
    "convolutions that leave 256 tokens. In the first row these pass through CLIP, and what comes out is joined with "
    "what went in. In the second, a small language model reads them and 256 learned queries, and only the queries go "
    "on. A language model with experts writes the text.",
)
def encoder() -> Drawing:
    drawing = Drawing(740)
    for y, version in ((86, 1), (250, 2)):
        page = drawing.box("", (34, y), role="data", w=48, h=64, corner=2)
        for line in range(6):
            drawing.line([(18, y - 22 + 9 * line), (50 - 6 * (line % 3), y - 22 + 9 * line)])
        sam = drawing.box("SAM\n12 layers,\n8 in windows", (160, y), role="attention", w=104)
        drawing.arrow(page.right, sam.left, "4,096")
        convolution = drawing.box("convolve\ntwice", (284, y), role="norm", w=82)
        drawing.arrow(sam.right, convolution.left)
        name = "CLIP\n24 layers,\nall to all" if version == 1 else "Qwen2 0.5B\n24 layers,\nmask below"
        inner = drawing.box(name, (448, y), role="attention", w=104)
        drawing.arrow(convolution.right, inner.left, "256")
        decoder = drawing.box("language\nmodel with\nexperts", (640, y), role="ffn", w=96)
        if version == 1:
            join = drawing.operator("‖", (538, y))
            drawing.arrow(inner.right, join.left)
            drawing.arrow(join.right, decoder.left, "256")
            drawing.arrow((384, y), join.top, via=[(384, y - 58), (538, y - 58)])
        else:
            queries = drawing.box("256 learned queries", (448, y + 74), role="router", h=28)
            drawing.arrow(queries.top, inner.bottom)
            drawing.arrow(inner.right, decoder.left, "256 queries")
        label = "DeepSeek-OCR" if version == 1 else "DeepSeek-OCR 2"
        drawing.label(label, (10, y - 56), anchor="start", bold=True)
        _text(drawing, decoder)
    return drawing


def _text(drawing: Drawing, decoder: Box) -> None:
    drawing.arrow(decoder.right, (738, decoder.y))
    drawing.label("text", (715, decoder.y - 11), size=12, muted=True)


@figure(
    "multimodal/optical-compression/masks",
    title="Two attention masks: queries behind an image, and output behind a reference",
    desc="Left: ten by ten. Five image tokens see each other; five queries see the image and earlier queries. Right: "
    "fourteen by fourteen. Five reference tokens are causal; nine output tokens see the reference and the last three "
    "outputs.",
)
def masks() -> Drawing:
    drawing = Drawing(740)
    data = page_data(PAGE)
    for name, x, split, labels, role in (
        ("flow", 200, 5, ("image", "queries"), "attention"),
        ("reference", 540, 5, ("image, prompt", "output"), "state"),
    ):
        grid = [[float(value) for value in row] for row in data[name]]
        cell = 16 if name == "flow" else 12
        shaded = drawing.heatmap((x, 122), grid, cell=cell, role=role)
        left, top = shaded.left[0], shaded.top[1]
        rest = len(grid) - split
        for label, first, count in ((labels[0], 0, split), (labels[1], split, rest)):
            middle = cell * (first + count / 2)
            drawing.label(label, (left + middle, top - 12), size=12, muted=True)
            drawing.label(label, (left - 10, top + middle), anchor="end", size=12, muted=True)
    return drawing


@figure(
    "multimodal/optical-compression/reading",
    title="Share of letters read correctly, by compression",
    desc="On a logarithmic axis from 8 to 300 text tokens for a vision token. By shape alone, reading falls from "
    "everything at 50 to a quarter at 300. With a language, real words are read almost to the end; scrambled words "
    "fall below reading by shape.",
)
def reading() -> Chart:
    data = page_data(PAGE)
    ticks = {10.0: "10", 20.0: "20", 50.0: "50", 100.0: "100", 200.0: "200"}
    chart = Chart(
        Axis("text tokens for one vision token", 8, 310, log=True, ticks=ticks),
        Axis("letters read correctly", 0, 1),
        height=300,
    )
    names = {
        "words by shape": "by shape alone",
        "words with language": "words, with language",
        "scrambled with language": "scrambled, with language",
    }
    for series, (key, name) in enumerate(names.items()):
        shares = [row[key] for row in data["read"].values()]
        chart.line(data["compression"], shares, series=series, label=name)
        chart.points(data["compression"], shares, series=series)
    for place, note in ((10, "97%"), (20, "60%")):
        chart.upright(place)
        chart.note(note, place, 0.06, anchor="start", dx=5)
    return chart


@figure(
    "multimodal/optical-compression/fading",
    title="A conversation whose older rounds are kept as smaller pictures",
    desc="From right to left: the present as text, then pictures of 1,280, 1,024, 640 and 512 pixels with 400, 256, "
    "100 and 64 tokens, and at last nothing.",
)
def fading() -> Drawing:
    drawing = Drawing(740)
    drawing.box("now: as text", (664, 76), role="data", w=120, h=40)
    x = 560.0
    for pixels, tokens in ((1280, 400), (1024, 256), (640, 100), (512, 64)):
        w = pixels / 10.5
        x -= w / 2
        drawing.box("", (x, 76), role="state", w=w, h=w, corner=3)
        lines = 7
        for line in range(lines):
            y = 76 - w * 0.36 + w * 0.72 * line / (lines - 1)
            drawing.line([(x - w * 0.38, y), (x + w * (0.38 - 0.1 * (line % 3)), y)])
        drawing.label(f"{tokens} tokens", (x, 156), size=12, muted=True)
        x -= w / 2 + 38
    drawing.label("…", (x + 4, 76))
    drawing.arrow((600, 182), (60, 182), "older", side=12)
    return drawing
