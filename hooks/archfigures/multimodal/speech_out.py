"""Figures of docs/architectures/multimodal/speech-out.md."""

from __future__ import annotations

from archfigures import Box, Drawing, figure


@figure(
    "multimodal/speech-out/orders",
    title="Four orders in which the codes of frames can be predicted",
    desc="Four grids of four codebooks by five frames; the number in a cell is the step of the large model. Flat: "
    "one to twenty. Parallel: the step is the frame. Delay: each book is one step later than the one above. "
    "Depth: as parallel, with a small model going down each column.",
)
def orders() -> Drawing:
    drawing = Drawing(740)
    notes = {
        "flat": "20 steps",
        "parallel": "5 steps; books of a\nframe independent",
        "delay": "8 steps; a book sees\nthe ones above it",
        "depth": "5 steps, and 4 small\nones in each",
    }
    for index, name in enumerate(notes):
        x0 = 74 + 172 * index
        drawing.label(name, (x0 + 56, 16), bold=True)
        for book in range(4):
            for frame in range(5):
                step = _step(name, book, frame)
                role = ("data", "attention", "ffn", "state", "router")[(step - 1) % 5]
                drawing.box(str(step), (x0 + 28 * frame, 50 + 30 * book), role=role, w=25, h=25, size=11, corner=3)
        if name == "depth":
            for frame in range(5):
                drawing.arrow((x0 + 28 * frame, 154), (x0 + 28 * frame, 168))
        drawing.label(notes[name], (x0 + 56, 188), muted=True)
    drawing.label("book 1", (54, 50), anchor="end", muted=True, size=11)
    drawing.label("book 4", (54, 140), anchor="end", muted=True, size=11)
    return drawing


def _step(order: str, book: int, frame: int) -> int:
    """The step of the large model, from 1, for four books."""
    if order == "flat":
        return 4 * frame + book + 1
    return frame + 1 + (book if order == "delay" else 0)


@figure(
    "multimodal/speech-out/moshi",
    title="Moshi: text and two voices, frame by frame",
    desc="Rows over frames of 80 milliseconds: own text, own semantic code, seven own acoustic codes delayed by one "
    "frame, and the same two kinds for the user. The model predicts its own rows; the user's rows come from "
    "the microphone.",
)
def moshi() -> Drawing:
    drawing = Drawing(740)
    rows = (
        ("own text (inner monologue)", "data", 0, "predicted"),
        ("own voice, semantic code", "attention", 0, "predicted"),
        ("own voice, 7 acoustic codes", "ffn", 1, "predicted"),
        ("user's voice, semantic code", "frozen", 0, "heard"),
        ("user's voice, 7 acoustic codes", "frozen", 1, "heard"),
    )
    for row, (name, role, late, how) in enumerate(rows):
        y = 46 + 42 * row + (16 if row > 2 else 0)
        drawing.label(name, (262, y), anchor="end", bold=True, size=12)
        for frame in range(8):
            x = 292 + 46 * frame
            if frame >= late:
                drawing.box(str(frame - late + 1), (x, y), role=role, w=40, h=30, size=11.5, corner=4)
            else:
                drawing.box("", (x, y), role="note", w=40, h=30, dashed=True, corner=4)
        drawing.label(how, (650, y), anchor="start", muted=True, size=11.5)
    drawing.label("80 ms", (292, 16), muted=True, size=11)
    drawing.arrow((330, 16), (630, 16), head=True)
    return drawing


@figure(
    "multimodal/speech-out/thinker",
    title="Thinker and Talker",
    desc="Sound, images and text enter the Thinker, a language model that writes text. Its hidden states and its "
    "text enter the Talker, a smaller transformer that writes codes; a decoder with a window turns codes into "
    "sound.",
)
def thinker() -> Drawing:
    drawing = Drawing(740)
    inputs: list[Box] = [
        drawing.box(name, (66, y), role=role, w=92)
        for name, role, y in (("sound", "noise", 40), ("image", "noise", 90), ("text", "data", 140))
    ]
    brain = drawing.box("Thinker\n(language model)", (230, 90), role="attention", w=138, h=120)
    for box in inputs:
        drawing.arrow(box.right, (brain.left[0], box.y))
    text = drawing.box("text", (390, 46), role="data", w=64)
    talker = drawing.box("Talker", (480, 124), role="router", w=104, h=60)
    drawing.arrow((brain.right[0], 46), text.left)
    drawing.arrow((brain.right[0], 118), (talker.left[0], 118), "hidden states")
    drawing.arrow(text.right, talker.top, via=((480, 46),))
    codec = drawing.box("codec decoder,\nin a window", (662, 124), role="ffn", h=50)
    drawing.arrow(talker.right, codec.left, "codes")
    sound = drawing.box("sound", (662, 46), role="noise", w=70)
    drawing.arrow(codec.top, sound.bottom)
    drawing.arrow(talker.bottom, (talker.left[0], 142), via=((480, 178), (404, 178), (404, 142)))
    drawing.label("its own codes so far", (480, 194), muted=True)
    return drawing
