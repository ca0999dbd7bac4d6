"""Figures of docs/architectures/mixture-of-experts/mixtral.md."""

from __future__ import annotations

from archfigures import Drawing, figure

STORED = {"experts": 45.097, "attention": 1.342, "embedding and output": 0.262}
"""Billions of parameters, by part; the test of the page's code computes them exactly."""


@figure(
    "mixture-of-experts/mixtral/split",
    title="Mixtral 8x7B: what is stored and what a token uses",
    desc="Two bars on one scale. Stored: eight experts' blocks of 5.6 billion parameters each and 1.6 billion of "
    "attention and embeddings. Used: two experts' blocks and the same 1.6 billion.",
)
def split() -> Drawing:
    drawing = Drawing(740)
    scale = 12.2
    block = STORED["experts"] / 8 * scale
    common = (STORED["attention"] + STORED["embedding and output"]) * scale
    for y, name, used in ((50, "stored", set(range(8))), (126, "used", {2, 5})):
        drawing.label(name, (88, y), anchor="end", bold=True)
        drawing.box("", (100 + common / 2, y), role="attention", w=common, h=44, corner=3)
        for index in range(8):
            on = index in used
            x = 104 + common + block * (index + 0.5)
            text = f"{index + 1}" if on else ""
            drawing.box(text, (x, y), role="ffn" if on else "frozen", w=block - 4, h=44, dashed=not on, corner=3)
    drawing.label("attention, embeddings: 1.6B", (100, 92), anchor="start", muted=True)
    drawing.label("eight blocks of experts, 5.6B each", (420, 92), muted=True)
    drawing.label("1.6B and two blocks: 12.9B", (100, 168), anchor="start", muted=True)
    return drawing


@figure(
    "mixture-of-experts/mixtral/grouped",
    title="How the layer is computed: sort, run each expert once, scatter back",
    desc="Five tokens with two experts each become ten assignments. Sorted by expert they form contiguous groups of "
    "different sizes, one for each expert. Each expert runs once on its group, and the rows go back to their "
    "tokens, weighted and added.",
)
def grouped() -> Drawing:
    drawing = Drawing(740)
    chosen = ((0, 2), (2, 1), (0, 3), (2, 0), (1, 2))
    roles = ("ffn", "router", "state", "norm")
    names = ("A", "B", "C", "D", "E")
    for row, (name, pair) in enumerate(zip(names, chosen, strict=True)):
        y = 46.0 + 36 * row
        drawing.box(name, (60, y), role="data", w=36, h=28)
        for slot, expert in enumerate(pair):
            drawing.box(str(expert + 1), (108 + 36 * slot, y), role=roles[expert], w=30, h=26)
    drawing.label("token", (56, 14), muted=True)
    drawing.label("its experts", (128, 14), muted=True)
    drawing.arrow((176, 118), (226, 118), "sort")
    order = sorted((expert, names[row]) for row, pair in enumerate(chosen) for expert in pair)
    y = 30.0
    for expert in range(4):
        members = [name for e, name in order if e == expert]
        start = y
        for name in members:
            drawing.box(name, (258, y), role=roles[expert], w=34, h=17, size=11, corner=3)
            y += 19.0
        middle = (start + y - 19) / 2
        box = drawing.box(f"expert {expert + 1}", (400, 46 + 48 * expert), role=roles[expert], w=96, h=32)
        drawing.arrow((276, middle), box.left)
        drawing.arrow(box.right, (546, 46 + 48 * expert))
        y += 6
    gather = drawing.box("weight, add\nby token", (604, 118), role="norm", w=112, h=190)
    for index, name in enumerate(names):
        drawing.box(name, (706, 46 + 36 * index), role="data", w=36, h=28)
    drawing.arrow(gather.right, (686, 118))
    return drawing
