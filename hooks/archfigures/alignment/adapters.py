"""Figures of docs/alignment/adapters.md."""

from __future__ import annotations

from itertools import pairwise

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data


@figure(
    "alignment/adapters/layer",
    title="A frozen matrix with a low-rank adapter beside it, and merged",
    desc="Left: a row vector x of d_in numbers goes two ways. Above, through the frozen matrix W of d_in by d_out. "
    "Below, through A of d_in by r, which makes r numbers, and through B of r by d_out; the result is scaled by "
    "alpha over r. Both are added to give the output of d_out numbers. A and B are trained. Right: after training, "
    "W plus the scaled product of A and B is one matrix of the old shape, and x goes through it alone.",
)
def layer() -> Drawing:
    drawing = Drawing(760, height=322)
    x = drawing.tensor((52, 162), 1, 8, cell=10, label="$x$", shape="$d_{in}$")
    drawing.label("while it is trained", (250, 14), bold=True)
    w = drawing.tensor((220, 98), 8, 6, cell=11, role="frozen", label="$W$, frozen", shape="$d_{in} × d_{out}$")
    a = drawing.tensor((186, 238), 8, 2, cell=11, role="ffn", label="$A$", shape="$d_{in} × r$")
    b = drawing.tensor((302, 238), 2, 6, cell=11, role="ffn", label="$B$", shape="$r × d_{out}$")
    total = drawing.operator("+", (410, 162))
    y = drawing.tensor((470, 162), 1, 6, cell=10, label="$h$", shape="$d_{out}$")
    drawing.arrow(x.right, w.left, via=((122, 162), (122, 98)))
    drawing.arrow(x.right, a.left, via=((122, 162), (122, 238)))
    drawing.arrow(a.right, b.left, "$r$")
    drawing.arrow(w.right, total.top, via=((410, 98),))
    drawing.arrow(b.right, total.bottom, "× α/$r$", via=((410, 238),))
    drawing.arrow(total.right, y.left)
    drawing.rule((530, 8), (530, 312))
    drawing.label("merged", (645, 14), bold=True)
    one = drawing.tensor(
        (645, 162), 8, 6, cell=11, role="frozen", label="$W$ + α/$r$ · $AB$", shape="$d_{in} × d_{out}$"
    )
    drawing.arrow((548, 162), one.left, "$x$")
    drawing.arrow(one.right, (742, 162), "$h$")
    drawing.label("trained", (300, 296), anchor="start", size=12)
    drawing.heatmap((286, 296), [[1.0]], cell=13, role="ffn")
    return drawing


@figure(
    "alignment/adapters/places",
    title="Where the methods add something to a layer of a transformer",
    desc="A layer from left to right. Soft prompts stand before the tokens at the input. In attention, prefix tuning "
    "adds keys and values, (IA)3 scales the keys and values. LoRA stands beside each of the matrices for queries, "
    "keys, values and output and those of the feed-forward network. Bottleneck adapters follow attention and the "
    "feed-forward network. (IA)3 also scales the hidden activations of the feed-forward network.",
)
def places() -> Drawing:
    drawing = Drawing(760, height=300)
    middle = 140.0
    tokens = drawing.box("tokens", (46, middle), role="data", w=70)
    prompt = drawing.box("soft\nprompt", (46, 222), role="ffn", w=70)
    projections = {
        name: drawing.box(f"$W_{name}$", (150, y), role="frozen", w=46, h=30)
        for name, y in (("Q", 80.0), ("K", middle), ("V", 200.0))
    }
    scales = {name: drawing.operator("×", (206, box.y), role="ffn") for name, box in projections.items() if name != "Q"}
    attention = drawing.box("attention", (296, middle), role="attention", w=84, h=84)
    prefix = drawing.box("prefix: keys\nand values", (296, 250), role="ffn", w=104)
    drawing.arrow(prefix.top, attention.bottom)
    out = drawing.box("$W_O$", (378, middle), role="frozen", w=44, h=30)
    first = drawing.box("bottle-\nneck", (452, middle), role="ffn", w=64)
    up = drawing.box("$W_{up}$", (530, middle), role="frozen", w=54, h=30)
    scale = drawing.operator("×", (585, middle), role="ffn")
    down = drawing.box("$W_{down}$", (644, middle), role="frozen", w=66, h=30)
    second = drawing.box("bottle-\nneck", (724, middle), role="ffn", w=64)
    for box in projections.values():
        drawing.arrow(tokens.right, box.left, via=((104, middle), (104, box.y)))
    drawing.arrow(prompt.top, tokens.bottom)
    drawing.arrow(projections["Q"].right, attention.on("left", 0.12), via=((234, 80), (234, attention.top[1] + 10)))
    for name, box in scales.items():
        drawing.arrow(projections[name].right, box.left)
    drawing.arrow(scales["K"].right, attention.left)
    drawing.arrow(scales["V"].right, attention.on("left", 0.88), via=((234, 200), (234, attention.bottom[1] - 10)))
    row = [attention, out, first, up, scale, down, second]
    for box, following in pairwise(row):
        drawing.arrow(box.right, following.left)
    for box in (*projections.values(), out, up, down):
        chip = drawing.box("$AB$", (box.x, box.top[1] - 12), role="ffn", w=34, h=18, size=11, corner=4)
        drawing.line([chip.bottom, box.top])
    drawing.label("feed-forward network", (587, 70), muted=True)
    drawing.label("LoRA: $AB$ beside a matrix · (IA)³: × by a vector", (560, 222), muted=True)
    drawing.label("residual additions and norms left out", (560, 244), muted=True)
    return drawing


@figure(
    "alignment/adapters/rank",
    title="What is left to learn after training, by rank",
    desc="The distance between the learned change and the one to be learned, from 0.75 down, for ranks 1 to 16. For a "
    "change with four directions it reaches zero at rank 4. For one with many directions it falls slowly, to 0.11 at "
    "rank 16. In both cases the trained points lie on the lines of the smallest possible distance.",
)
def rank() -> Chart:
    run = page_data("alignment/adapters")["ranks"]
    ranks = [1, 2, 4, 8, 16]
    ticks = {float(r): str(r) for r in ranks}
    chart = Chart(Axis("rank", 0.9, 18, log=True, ticks=ticks), Axis("distance left", 0, 0.8), height=270)
    for series, (name, row) in enumerate(run.items()):
        chart.line(ranks, row["smallest"], series=series, dashed=True, label="" if series else "smallest possible")
        chart.points(ranks, row["trained"], series=series, label=f"trained, {name}", r=4)
    return chart


@figure(
    "alignment/adapters/scale",
    title="What the first step gains, by rank, scale and optimiser",
    desc="Four lines over ranks 1 to 128 on logarithmic axes, all through one at rank 16. With a plain gradient step "
    "the gain falls in proportion to the rank when the scale is alpha over r, and is level when it is alpha over the "
    "root of r. With Adam it is level with alpha over r and rises with the root of the rank otherwise.",
)
def scale() -> Chart:
    run = page_data("alignment/adapters")["scales"]
    ranks = [1, 2, 4, 8, 16, 32, 64, 128]
    ticks = {float(r): str(r) for r in ranks}
    chart = Chart(
        Axis("rank", 0.9, 140, log=True, ticks=ticks), Axis("gain relative to rank 16", 0.1, 20, log=True), height=300
    )
    names = {"alpha/r": "α/$r$", "alpha/sqrt(r)": "α/√$r$"}
    for key, row in run.items():
        optimiser, name = key.split(", ")
        adam = optimiser == "Adam"
        chart.line(ranks, row, series=2 if adam else 0, dashed=name != "alpha/r", label=f"{optimiser}, {names[name]}")
    return chart
