"""Figures of docs/architectures/recurrent/mamba-2.md."""

from __future__ import annotations

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data

PAGE = "architectures/recurrent/mamba-2"


@figure(
    "recurrent/mamba-2/blocks",
    title="The matrix of a state space layer, cut into chunks of eight tokens",
    desc="Left, a lower triangle of 24 by 24 decays, cut into three by three blocks. Cells fade with distance from the "
    "diagonal, and little before the tenth token is seen after it, because that token took a large step. Right, how "
    "it is computed: blocks on the diagonal as small masked attentions, blocks below it through a state passed on from "
    "chunk to chunk.",
)
def blocks() -> Drawing:
    drawing = Drawing(740)
    stored: list[list[float]] = page_data(PAGE)["mask"]
    cells = [[value if j <= i else -1 for j, value in enumerate(row)] for i, row in enumerate(stored)]
    cell = 11
    mask = drawing.heatmap((152, 168), cells, cell=cell, role="state", label="decays $L$, 24 tokens")
    left, top = mask.left[0], mask.top[1]
    for i in (1, 2):
        at = i * 8 * cell
        drawing.line([(left, top + at), (left + 3 * 8 * cell, top + at)], role="note")
        drawing.line([(left + at, top), (left + at, top + 3 * 8 * cell)], role="note")
    drawing.label("token 10:\nlarge step", (left + 8 * cell + 8, top + 62), anchor="start", size=11.5, muted=True)
    previous = None
    for i in range(3):
        y = top + 44 + i * 88
        label = f"chunk {i + 1}: 8 × 8 products,\nmasked by its block of $L$"
        chunk = drawing.box(label, (418, y), role="attention", w=206)
        out = drawing.box("$y$", (712, y), role="data", w=40)
        drawing.arrow(chunk.right, out.left)
        if previous:
            drawing.arrow(previous.right, (out.left[0], y + 8), via=((674, previous.y), (674, y + 8)), role="state")
        if i < 2:
            state = drawing.box("state $N$ × $p$", (594, y + 44), role="state", w=118, h=28)
            drawing.arrow((470, chunk.bottom[1]), state.left, via=((470, state.y),))
            if previous:
                drawing.arrow(previous.bottom, state.top, role="state")
            previous = state
    return drawing


@figure(
    "recurrent/mamba-2/heads",
    title="Heads of Mamba-2: own values and decays, shared keys and queries",
    desc="Four heads in two groups. Each head has its own X and its own decay; the two heads of a group read and write "
    "with the same B and C. In multi-query attention the queries are many and keys and values are shared.",
)
def heads() -> Drawing:
    drawing = Drawing(740)
    out = drawing.box("projection to the width $d$", (380, 284), role="data", w=686)
    for group in range(2):
        x = 200 + group * 360
        norm = drawing.box(f"norm over group {group + 1}", (x, 222), role="norm", w=326)
        drawing.arrow(norm.bottom, (x, out.top[1]))
        shared = drawing.box(f"$B, C$ of group {group + 1}: $T$ × $N$", (x, 40), role="attention", w=190)
        for head in range(2):
            place = (x - 85 + head * 170, 132)
            index = group * 2 + head + 1
            text = f"head {index}\n$X$: $T$ × $p$, decay: $T$ × 1\nstate: $N$ × $p$"
            box = drawing.box(text, place, role="state", w=160)
            drawing.arrow(shared.on("bottom", 0.25 + 0.5 * head), box.top)
            drawing.arrow(box.bottom, (place[0], norm.top[1]), "$T$ × $p$", side=10)
    return drawing


@figure(
    "recurrent/mamba-2/chunk-size",
    title="Operations per token and head by the length of a chunk, for a state of 128 by 64",
    desc="Both axes logarithmic. The work inside a chunk grows with its length, the work through the state is "
    "constant at 32,768; they are equal at about 85 tokens. The scan needs 40,960 operations, fewer than chunks of 32 "
    "or more.",
)
def chunk_size() -> Chart:
    run = page_data(PAGE)
    sizes = run["sizes"]
    ticks = {float(2**i): f"{2**i}" for i in range(3, 13)}
    chart = Chart(
        Axis("tokens in a chunk", 8, 4096, log=True, ticks=ticks),
        Axis("operations per token and head", 1000, 3_000_000, log=True),
        height=300,
        left=78,
    )
    total = [a + b for a, b in zip(run["inside"], run["state"], strict=True)]
    chart.line(sizes, run["inside"], series=0, label="inside the chunk")
    chart.line(sizes, run["state"], series=2, label="through the state")
    chart.line(sizes, total, series=1, label="both, by matrix products")
    chart.line(sizes, [run["scan"]] * len(sizes), series=3, label="scan", dashed=True)
    return chart
