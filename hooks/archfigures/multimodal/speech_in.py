"""Figures of docs/architectures/multimodal/speech-in.md."""

from __future__ import annotations

from archfigures import Drawing, figure
from archfigures.data import page_data


@figure(
    "multimodal/speech-in/whisper",
    title="Whisper: thirty seconds from samples to text",
    desc="480,000 samples become 3000 frames of 80 mel bands, two convolutions halve them to 1500 positions of "
    "width d, an encoder processes them, and a decoder with cross-attention writes text tokens after tokens "
    "that name the language and the task.",
)
def whisper() -> Drawing:
    drawing = Drawing(740)
    wave = drawing.box("30 s of sound", (70, 210), role="noise", w=112)
    mel = drawing.box("log-mel", (246, 210), role="norm", w=84)
    conv = drawing.box("2 convolutions,\nstride 1 and 2", (246, 136), role="ffn", h=46)
    encoder = drawing.box("encoder", (246, 54), role="attention", w=120, h=42)
    drawing.arrow(wave.right, mel.left, "480,000")
    drawing.arrow(mel.top, conv.bottom, "3000 × 80", side=8)
    drawing.arrow(conv.top, encoder.bottom, "1500 × $d$", side=8)
    decoder = drawing.box("decoder with cross-attention", (558, 54), role="attention", w=322, h=42)
    drawing.arrow(encoder.right, decoder.left, "keys, values")
    x = 398.0
    for name, role, wide in (
        ("start", "router", 52),
        ("language", "router", 78),
        ("task", "router", 48),
        ("times?", "router", 62),
        ("text …", "data", 62),
    ):
        box = drawing.box(name, (x + wide / 2, 136), role=role, w=wide, h=30, size=12, corner=4)
        drawing.arrow(box.top, (box.x, decoder.bottom[1]))
        x += wide + 5
    drawing.label("what to do is part of the text", (560, 174), muted=True)
    drawing.arrow(decoder.top, (558, 10))
    return drawing


@figure(
    "multimodal/speech-in/mel",
    title="Log-mel features of a rising tone with a click",
    desc="A picture of forty mel bands over seventy-five steps of forty milliseconds. A strong line rises from the "
    "low bands to the high ones, steeply at first; in the middle a vertical line, the click, crosses all "
    "bands.",
)
def mel() -> Drawing:
    drawing = Drawing(740)
    rows = page_data("architectures/multimodal/speech-in")
    box = drawing.heatmap((384, 162), [[value**2 for value in row] for row in rows], cell=7.4, role="attention")
    drawing.label("8 kHz", (box.left[0] - 10, box.top[1] + 6), anchor="end", muted=True)
    drawing.label("mel band", (box.left[0] - 10, box.y), anchor="end")
    drawing.label("0", (box.left[0] - 10, box.bottom[1] - 6), anchor="end", muted=True)
    drawing.label("0 s", (box.left[0], box.bottom[1] + 14), muted=True)
    drawing.label("time", (box.x, box.bottom[1] + 14))
    drawing.label("3 s", (box.right[0], box.bottom[1] + 14), muted=True)
    return drawing


@figure(
    "multimodal/speech-in/rates",
    title="How many positions a second reach the language model",
    desc="Five rows of a second of sound cut into parts: one hundred frames of mel features, fifty positions in "
    "Whisper's encoder and in wav2vec 2.0, twenty-five in Qwen2-Audio and in raw frames of Gemma 4, twelve and "
    "a half in Voxtral and Qwen3-Omni, and, for comparison, two and a half spoken words.",
)
def rates() -> Drawing:
    drawing = Drawing(740)
    rows = (
        ("mel frames", 100, "norm"),
        ("Whisper's encoder, wav2vec 2.0", 50, "attention"),
        ("Qwen2-Audio, raw frames", 25, "ffn"),
        ("Voxtral, Qwen3-Omni", 12.5, "state"),
        ("words, spoken", 2.5, "data"),
    )
    for row, (name, rate, role) in enumerate(rows):
        y = 26 + 44 * row
        drawing.label(name, (228, y), anchor="end", bold=True)
        drawing.label(f"{rate:g} a second", (626, y), anchor="start", muted=True)
        width, count = 376 / rate, int(rate)
        if width < 5:  # too narrow for boxes
            for index in range(count):
                x = 240 + width * (index + 0.5)
                drawing.line([(x, y - 13), (x, y + 13)], role=role)
            continue
        for index in range(count):
            drawing.box("", (240 + width * (index + 0.5), y), role=role, w=width - 2, h=26, corner=1.5)
        if rate != count:
            rest = 376 - count * width
            drawing.box("", (616 - rest / 2, y), role=role, w=rest - 2, h=26, corner=1.5, dashed=True)
    return drawing
