"""Figures of docs/architectures/visual-tokens/audio-codecs.md."""

from __future__ import annotations

import math

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data

PAGE = "architectures/visual-tokens/audio-codecs"


@figure(
    "visual-tokens/audio-codecs/pipeline",
    title="A neural audio codec: encoder, residual quantiser, decoder and discriminators",
    desc="A waveform of 24,000 samples a second is shortened by strided convolutions of 2, 4, 5 and 8 to 75 frames "
    "of 128 numbers. A ladder of books encodes each frame: each book encodes what is left over, and the entries are"
    " added up. The decoder mirrors the encoder. Discriminators on spectrograms compare output and input.",
)
def pipeline() -> Drawing:
    drawing = Drawing(760)
    y = 74

    def wave(x: float, role: str) -> None:
        points = [(x - 36 + 0.9 * i, y - 22 * math.sin(i / 4.2) * math.exp(-(((i - 40) / 26) ** 2))) for i in range(81)]
        drawing.line(points, role=role)

    wave(54, "data")
    drawing.label("24,000 a second", (58, y + 42), muted=True)
    encoder = drawing.box("encoder\n÷ 2 · 4 · 5 · 8", (172, y), role="ffn", h=50)
    frames = drawing.tensor((278, y), 6, 4, cell=11, role="attention", shape="75 × 128")
    drawing.arrow((94, y), encoder.left)
    drawing.arrow(encoder.right, frames.left)
    books = []
    for index in range(3):
        book = drawing.box(f"book {index + 1}", (372 + 72 * index, y), role="router", w=58, h=34)
        books.append(book)
        drawing.arrow(book.bottom, (book.x, 139))
    drawing.arrow(frames.right, books[0].left)
    drawing.arrow(books[0].right, books[1].left)
    drawing.arrow(books[1].right, books[2].left)
    drawing.label("what is left over", (444, y - 34), muted=True)
    total = drawing.box("sum of the entries", (444, 154), role="state", w=202)
    decoder = drawing.box("decoder\n× 8 · 5 · 4 · 2", (614, 154), role="ffn", h=50)
    drawing.arrow(total.right, decoder.left)
    x, y = 706, 74
    wave(x, "noise")
    drawing.arrow(decoder.right, (706, 104), via=((706, 154),))
    judge = drawing.box("spectral\ndiscriminators", (620, 30), role="loss", h=44)
    drawing.arrow((706, 46), judge.right, via=((706, 30),), dashed=True)
    drawing.arrow((54, 44), judge.left, via=((54, 16), (540, 16), (540, 30)), dashed=True)
    return drawing


@figure(
    "visual-tokens/audio-codecs/ladder",
    title="Bits a second by the number of books that are kept",
    desc="Both axes are logarithmic. EnCodec rises in a straight line from 750 bits a second with one book to 24,000"
    " with thirty-two. DAC at 44 kilohertz lies a little above and ends at nine books. Mimi lies a factor five "
    "below and ends at thirty-two books with 4,400. Two single-book codecs stand alone at 480 and 800 bits a "
    "second.",
)
def ladder() -> Chart:
    books = Axis("books kept", 0.9, 36, log=True, ticks={1: "1", 2: "2", 4: "4", 8: "8", 16: "16", 32: "32"})
    rates = {100.0: "0.1", 300.0: "0.3", 1000.0: "1", 3000.0: "3", 10_000.0: "10", 30_000.0: "30"}
    chart = Chart(books, Axis("kbit/s", 100, 32_000, log=True, ticks=rates), height=310)
    for series, (name, frames, bits, most) in enumerate(
        (("EnCodec 24 kHz", 75.0, 10, 32), ("DAC 44.1 kHz", 44_100 / 512, 10, 9), ("Mimi", 12.5, 11, 32))
    ):
        kept = [n for n in (1, 2, 4, 8, 9, 16, 32) if n <= most]
        chart.line(kept, [frames * bits * n for n in kept], series=series, label=name)
        chart.points(kept, [frames * bits * n for n in kept], series=series)
    chart.points([1, 1], [480, 800], series=3, label="one large book: WavTokenizer, X-Codec 2", r=4)
    return chart


@figure(
    "visual-tokens/audio-codecs/distortion",
    title="Energy left over by bits spent: residual stages, single books, and the limit",
    desc="Energy left over in decibels falls with bits. The limit falls fastest, in a straight line. Single books of"
    " 4, 8 and 10 bits lie one to two and a half decibels above it. Residual stages start at the first single "
    "book and fall behind a little with every stage.",
)
def distortion() -> Chart:
    run = page_data(PAGE)
    chart = Chart(Axis("bits for a vector of four numbers", 0, 24), Axis("energy left over, dB", -37, 0), height=300)
    for series, (name, label) in enumerate(
        (("residual", "residual stages of 4 bits"), ("single", "one book"), ("limit", "limit for any code"))
    ):
        xs, ys = zip(*run[name], strict=True)
        chart.line(xs, ys, series=series, label=label, dashed=name == "limit")
        if name != "limit":
            chart.points(xs, ys, series=series)
    return chart


@figure(
    "visual-tokens/audio-codecs/delays",
    title="Three delay patterns: MusicGen, Dia and Moshi",
    desc="Grids of books by steps; a number is the frame whose code is drawn. MusicGen shifts each of four books by "
    "one more step. Dia draws the first of nine books eight steps ahead of the others, which are shifted by one"
    " each. Moshi draws the first of eight books one step ahead of the seven others, which move together.",
)
def delays() -> Drawing:
    drawing = Drawing(760)
    cell = 17.0
    for x, name, shifts, frames in (
        (88, "MusicGen", (0, 1, 2, 3), 5),
        (356, "Dia", (0, *range(8, 16)), 5),
        (656, "Moshi, one voice", (0, *(1,) * 7), 8),
    ):
        steps = frames + max(shifts)
        shades = [[0.25 if 0 <= s - d < frames else 0.0 for s in range(steps)] for d in shifts]
        y = 40 + cell * len(shifts) / 2
        box = drawing.heatmap((x, y), shades, cell=cell)
        drawing.label(name, (x, 18), bold=True)
        for row, shift in enumerate(shifts):
            for frame in range(frames):
                at = (box.left[0] + (shift + frame + 0.5) * cell, box.top[1] + (row + 0.5) * cell)
                drawing.label(str(frame + 1), at, size=11)
        drawing.label("steps →", (x, box.bottom[1] + 15), muted=True)
    return drawing
