"""Figures of docs/alignment/sft.md."""

from __future__ import annotations

from archfigures import Axis, Chart, Drawing, figure
from archfigures import text as textual
from archfigures.data import page_data

_END = "end"
_TURNS = (("user", ("Capital", "of", "Peru?")), ("assistant", ("Lima.",)), ("user", ("Chile?",)))
_LAST = ("assistant", ("Santiago.",))
_CONVERSATIONS = (5, 7, 4)
_CELL = 17.0


def _tokens() -> list[tuple[str, bool]]:
    """Each token with whether the assistant wrote it."""
    out = []
    for role, words in (*_TURNS, _LAST):
        out.append((role, False))
        out.extend((word, role == "assistant") for word in (*words, _END))
    return out


@figure(
    "alignment/sft/mask",
    title="Which tokens of a conversation carry loss",
    desc="Fourteen tokens of two turns in a row: the mark for the user, a question, an end mark, the mark for the "
    "assistant, an answer, an end mark, and the same again. Below each position stands the token it has to "
    "predict. Only where that token was written by the assistant, the two answers and their end marks, is there "
    "a loss; every other position is read without one.",
)
def mask() -> Drawing:
    drawing = Drawing(760)
    tokens = _tokens()
    drawing.label("read", (10, 30), anchor="start", muted=True)
    drawing.label("scored on", (10, 96), anchor="start", muted=True)
    left, gap = 76.0, 5.0
    for index, (word, _) in enumerate(tokens):
        following = tokens[index + 1] if index + 1 < len(tokens) else ("", False)
        needed = max(textual.width(word, 11), textual.width(following[0], 11) if following[1] else 0)
        x = left + (needed + 8) / 2
        mark = word in (_END, "user", "assistant")
        box = drawing.box(word, (x, 30), role="norm" if mark else "data", w=needed + 8, h=28, size=11, corner=4)
        if following[1]:
            target = drawing.box(following[0], (x, 96), role="loss", w=needed + 8, h=28, size=11, corner=4)
            drawing.arrow(box.bottom, target.top, role="loss")
        else:
            drawing.dot((x, 96), role="frozen", r=2.5)
        left = box.right[0] + gap
    return drawing


@figure(
    "alignment/sft/packing",
    title="Three conversations in one row, with a causal mask and with a block-diagonal one",
    desc="Two grids of sixteen by sixteen tokens. Under the causal mask alone the lower triangle is full, and the "
    "cells in which a token reads an earlier conversation are marked as leaks. Under the block-diagonal mask "
    "three small triangles lie along the diagonal, and the positions above start from zero for each.",
)
def packing() -> Drawing:
    drawing = Drawing(760, height=396)
    owner = [index for index, count in enumerate(_CONVERSATIONS) for _ in range(count)]
    size = len(owner)
    inside = [[1.0 if j <= i and owner[i] == owner[j] else -1.0 for j in range(size)] for i in range(size)]
    leaks = [[1.0 if j <= i and owner[i] != owner[j] else -1.0 for j in range(size)] for i in range(size)]
    for x, name in ((200.0, "causal mask only"), (560.0, "block-diagonal mask")):
        drawing.label(name, (x, 12), bold=True)
        first = x - size * _CELL / 2
        block = name.startswith("block")
        for column in range(size):
            place = column - owner.index(owner[column]) if block else column
            drawing.label(str(place), (first + (column + 0.5) * _CELL, 52), size=11, muted=True)
        drawing.label("position", (first, 36), size=11, muted=True, anchor="start")
        middle = (x, 62 + size * _CELL / 2)
        drawing.heatmap(middle, inside, cell=_CELL)
        if not block:
            drawing.heatmap(middle, leaks, cell=_CELL, role="noise")
        drawing.line(
            [(first - 1, 61), (first + size * _CELL + 1, 61), (first + size * _CELL + 1, 63 + size * _CELL)],
            role="note",
        )
        drawing.line([(first - 1, 61), (first - 1, 63 + size * _CELL), (first + size * _CELL + 1, 63 + size * _CELL)])
    drawing.label("rows read columns", (380, 352), muted=True)
    for x, role, text in ((190, "attention", "the same conversation"), (400, "noise", "another conversation: a leak")):
        drawing.heatmap((x, 378), [[1.0]], cell=13, role=role)
        drawing.label(text, (x + 14, 378), anchor="start")
    return drawing


@figure(
    "alignment/sft/self-instruct",
    title="Self-Instruct: a pool of tasks that a model extends itself",
    desc="A pool begins with 175 seed tasks. Eight of them are shown to the language model, which writes new "
    "instructions, then an input and an answer for each. A filter drops what is too similar to the pool or "
    "malformed; the rest returns to the pool, and the pool is what the same model is finally tuned on.",
)
def self_instruct() -> Drawing:
    drawing = Drawing(760)
    seeds = drawing.box("175 seed tasks,\nwritten by people", (90, 40), role="data", h=46)
    pool = drawing.box("pool of tasks", (90, 140), role="state", w=130, h=46)
    model = drawing.box("language model", (325, 140), role="frozen", w=130, h=46)
    instance = drawing.box("input and answer\nby the same model", (530, 140), role="frozen", h=46)
    gate = drawing.box("filter", (695, 140), role="router", w=80, h=46)
    tuned = drawing.box("fine-tuning of\nthe same model", (90, 248), role="ffn", h=46)
    drawing.arrow(seeds.bottom, pool.top)
    drawing.arrow(pool.right, model.left, "8 as examples")
    drawing.arrow(model.right, instance.left, "new")
    drawing.arrow(instance.right, gate.left)
    drawing.arrow(
        gate.bottom,
        pool.on("bottom", 0.8),
        "ROUGE-L with every one in the pool at most 0.7",
        via=((695, 196), (pool.on("bottom", 0.8)[0], 196)),
        side=12,
    )
    drawing.arrow(gate.top, (695, 84), dashed=True)
    drawing.label("repeats, malformed: dropped", (738, 72), muted=True, anchor="end", size=12)
    drawing.arrow(pool.on("bottom", 0.3), (pool.on("bottom", 0.3)[0], tuned.top[1]))
    return drawing


@figure(
    "alignment/sft/filled",
    title="How full batches are, by how they are made",
    desc="Bars for the share of positions that hold a token. Batches of 16 random conversations padded to the "
    "longest are less than a third full. Sorted by length first they are nearly full. Bins of 4,096 to 32,768 "
    "tokens packed by best fit decreasing are full to two per cent and better.",
)
def filled() -> Chart:
    run = page_data("alignment/sft")
    sizes = ("4096", "8192", "16384", "32768")
    shares = [run["padded"], run["padded, by length"], *(run[size]["filled"] for size in sizes)]
    names = ["padded", "padded, sorted", *(f"bins of {int(size) // 1024}k" for size in sizes)]
    ticks = {float(index): name for index, name in enumerate(names)}
    chart = Chart(Axis("", -0.6, 5.6, ticks=ticks), Axis("share of positions filled", 0, 1), height=250)
    chart.bars(list(range(2)), shares[:2], width=0.6, series=1)
    chart.bars(list(range(2, 6)), shares[2:], width=0.6, series=0)
    return chart
