"""Figures of docs/architectures/recurrent/recall-limits.md."""

from __future__ import annotations

import math

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data

PAGE = "architectures/recurrent/recall-limits"
COLUMNS = (126, 380, 634)


@figure(
    "recurrent/recall-limits/limits",
    title="Three limits of a state of fixed size: room, interference, and the kind of update",
    desc="Three columns. Copying: fourteen symbols go into a state with room for five, and five come out right. "
    "Recall: three key–value pairs are added into one state, and the first key reads the first value mixed with the "
    "others. Tracking: two swaps applied in one order or the other leave different arrangements, while two gates give "
    "the same product in either order.",
)
def limits() -> Drawing:
    drawing = Drawing(760)
    for x, title in zip(COLUMNS, ("too little room", "mixed up", "the wrong kind of step"), strict=True):
        drawing.label(title, (x, 14), bold=True)
    _room(drawing, COLUMNS[0])
    _mixed(drawing, COLUMNS[1])
    _order(drawing, COLUMNS[2])
    return drawing


def _room(drawing: Drawing, x: float) -> None:
    text = drawing.tensor((x, 56), 1, 14, cell=15, role="data", shape="14 symbols")
    state = drawing.tensor((x, 146), 2, 2, cell=15, role="state")
    drawing.label("$b$ bits:\nroom for 5", (x + 26, 146), anchor="start", muted=True)
    drawing.arrow((text.x, text.bottom[1] + 24), state.top)
    kept = drawing.tensor((x - 67.5, 226), 1, 5, cell=15, role="data")
    lost = drawing.tensor((x + 37.5, 226), 1, 9, cell=15, role="noise")
    drawing.label("right", (kept.x, 248), muted=True, size=12)
    drawing.label("guessed", (lost.x, 248), muted=True, size=12)
    drawing.arrow(state.bottom, (x, 216), "copy", side=9)


def _mixed(drawing: Drawing, x: float) -> None:
    state = drawing.tensor((x, 146), 3, 3, cell=14, role="state", shape="")
    drawing.label("$d_k$ × $d_v$", (x + 32, 146), anchor="start", muted=True)
    for index, offset in enumerate((-76, 0, 76), 1):
        pair = drawing.box(f"$k_{index} v_{index}$", (x + offset, 56), role="attention", w=64, h=26)
        drawing.arrow(pair.bottom, state.on("top", 0.2 + 0.3 * (index - 1)), role="state")
    read = drawing.heatmap((x, 226), [[1, 0.4, 0.25]], cell=22, role="state")
    for index, offset in enumerate((-22, 0, 22), 1):
        drawing.label(f"$v_{index}$", (x + offset, 250), muted=True, size=12)
    drawing.arrow(state.bottom, read.top, "read with $k_1$", side=9)


def _order(drawing: Drawing, x: float) -> None:
    for row, (order, result) in enumerate(
        ((("swap 1, 2", "swap 2, 3"), "B C A"), (("swap 2, 3", "swap 1, 2"), "C A B"))
    ):
        y = 56 + row * 48
        drawing.label("A B C", (x - 104, y), size=12.5)
        first = drawing.box(order[0], (x - 42, y), role="router", w=62, h=26, size=11)
        second = drawing.box(order[1], (x + 38, y), role="router", w=62, h=26, size=11)
        drawing.arrow((x - 84, y), first.left)
        drawing.arrow(first.right, second.left)
        drawing.arrow(second.right, (x + 88, y))
        drawing.label(result, (x + 108, y), bold=True)
    drawing.label("order matters", (x, 140), muted=True)
    for row, order in enumerate((("× 0.9", "× 0.5"), ("× 0.5", "× 0.9"))):
        y = 178 + row * 40
        drawing.label("1", (x - 92, y))
        first = drawing.box(order[0], (x - 42, y), role="state", w=56, h=26, size=12)
        second = drawing.box(order[1], (x + 38, y), role="state", w=56, h=26, size=12)
        drawing.arrow((x - 84, y), first.left)
        drawing.arrow(first.right, second.left)
        drawing.arrow(second.right, (x + 88, y))
        drawing.label("0.45", (x + 108, y), bold=True)
    drawing.label("gates commute", (x, 250), muted=True)


@figure(
    "recurrent/recall-limits/recall",
    title="Values named correctly by the size of the memory, for 64 pairs",
    desc="Share of 64 pairs whose value is named correctly among 256, over the numbers in memory. Attention is at one "
    "with 1,024 numbers, its cache. Least squares reaches 0.96 at 1,024 numbers, adding 0.74 and the delta rule 0.42; "
    "at 4,096 numbers least squares and adding are at one and the delta rule at 0.89.",
)
def recall() -> Chart:
    run = page_data(PAGE)
    ticks = {16.0: "16", 64.0: "64", 256.0: "256", 1024.0: "1,024", 4096.0: "4,096", 16384.0: "16,384"}
    chart = Chart(
        Axis("numbers in memory", 16, 16384, log=True, ticks=ticks), Axis("values named correctly", 0, 1), height=310
    )
    for series, (kind, shares) in enumerate(run["recall"].items()):
        held = [128 * size if kind == "attention" else size * size for size in run["sizes"]]
        chart.line(held, shares, series=series, label=kind)
        chart.points(held, shares, series=series)
    return chart


@figure(
    "recurrent/recall-limits/versions",
    title="Newest values named correctly by the number of writes under sixteen names",
    desc="From 16 to 1,024 writes. Attention that prefers the newest stays at one, the delta rule near 0.93, a fading "
    "sum near 0.65; plain adding and plain attention fall from three quarters to almost nothing.",
)
def versions() -> Chart:
    run = page_data(PAGE)
    ticks = {float(n): f"{n:,}" for n in run["writes"]}
    chart = Chart(
        Axis("values written under 16 names", 16, 1024, log=True, ticks=ticks),
        Axis("newest named correctly", 0, 1.02, ticks={x / 5: f"{x / 5:g}" for x in range(6)}),
        height=310,
    )
    for series, (rule, shares) in enumerate(run["versions"].items()):
        chart.line(run["writes"], shares, series=series, label=rule)
        chart.points(run["writes"], shares, series=series)
    return chart


@figure(
    "recurrent/recall-limits/copying",
    title="Random texts copied without a mistake, by their length",
    desc="Share of random texts of 26 letters over their length. A state of 256 bits allows all texts up to 54 letters "
    "and almost none beyond, one of 1,024 bits up to 217. Looking up the last two, three or four letters falls "
    "gently, and later for more letters: at one half near 35, 160 and 800 letters.",
)
def copying() -> Chart:
    run = page_data(PAGE)
    ticks = {float(n): f"{n:,}" for n in run["lengths"]}
    chart = Chart(
        Axis("letters in the text", 8, 1024, log=True, ticks=ticks),
        Axis("copied without a mistake", 0, 1.02, ticks={x / 5: f"{x / 5:g}" for x in range(6)}),
        height=310,
    )
    grid = [8 * 2 ** (i / 40) for i in range(281)]
    for series, (n, shares) in enumerate(run["copied"].items()):
        expected = [math.exp(-(x - int(n)) * (x - int(n) - 1) / 2 * 26.0 ** -int(n) * (25 / 26)) for x in grid]
        chart.line(grid, expected, series=series)
        chart.points(run["lengths"], shares, series=series, label=f"look up {n}")
    for series, bits in ((3, 256), (4, 1024)):
        edge = bits / math.log2(26)
        chart.line(
            [8, edge, edge, 1024], [1.0, 1.0, 0.0, 0.0], series=series, label=f"at most, {bits:,} bits", dashed=True
        )
    return chart


@figure(
    "recurrent/recall-limits/steps",
    title="What one token can do to a state: shrink, reflect, or rotate by two reflections",
    desc="Three planes with the directions 1 and 2. A gate between zero and one shortens the arrow. An erasure of "
    "strength two reflects it at a line. Two erasures, at two mirrors thirty degrees apart, rotate it by sixty "
    "degrees.",
)
def steps() -> Drawing:
    drawing = Drawing(740)
    titles = (
        ("a gate in [0, 1]", "shrinks: never changes sign"),
        ("one erasure, strength 2", "reflects: parity, swaps"),
        ("two erasures, strength 2", "rotates: counting, any permutation"),
    )
    for x, (title, note) in zip((120, 370, 620), titles, strict=True):
        drawing.label(title, (x, 14), bold=True)
        drawing.line([(x - 88, 126), (x + 88, 126)], role="note")
        drawing.line([(x, 48), (x, 204)], role="note")
        drawing.label(note, (x, 224), muted=True)
    _spoke(drawing, 120, 35, 70, "$s$")
    _spoke(drawing, 120, 35, 34, "", after=True)
    drawing.label("$αs$", (134, 98))
    _mirror(drawing, 370, 60)
    _spoke(drawing, 370, 15, 70, "$s$")
    _spoke(drawing, 370, 105, 70, "$s'$", after=True)
    _mirror(drawing, 620, 30)
    _mirror(drawing, 620, 60)
    _spoke(drawing, 620, 10, 70, "$s$")
    _spoke(drawing, 620, 50, 70, "", dashed=True)
    _spoke(drawing, 620, 70, 70, "$s''$", after=True)
    return drawing


def _spoke(
    drawing: Drawing, x: float, degrees: float, length: float, name: str, *, after: bool = False, dashed: bool = False
) -> None:
    dx, dy = math.cos(math.radians(degrees)), -math.sin(math.radians(degrees))
    end = (x + length * dx, 126 + length * dy)
    drawing.arrow((x, 126), end, role="state" if after else "data", dashed=dashed)
    if name:
        drawing.label(name, (end[0] + 14 * dx + (4 if dx > 0.9 else 0), end[1] + 13 * dy))


def _mirror(drawing: Drawing, x: float, degrees: float) -> None:
    dx, dy = 84 * math.cos(math.radians(degrees)), -84 * math.sin(math.radians(degrees))
    drawing.line([(x - 0.8 * dx, 126 - 0.8 * dy), (x + dx, 126 + dy)], role="router", dashed=True)


@figure(
    "recurrent/recall-limits/drift",
    title="Error of a tracked permutation by the number of tokens",
    desc="Both axes logarithmic. In fp16 the error grows from 0.006 at one token to about 0.5 at 2,048 tokens, where "
    "the state is misread; in fp32 it grows in the same way, a thousand times lower or more. With a rounding step "
    "after each token the error stays near 0.001 for all 16,384 tokens.",
)
def drift() -> Chart:
    run = page_data(PAGE)["drift"]
    ticks = {1.0: "1", 16.0: "16", 256.0: "256", 4096.0: "4,096", 16384.0: "16,384"}
    chart = Chart(
        Axis("tokens", 1, 16384, log=True, ticks=ticks),
        Axis(
            "largest error",
            1e-7,
            10,
            log=True,
            ticks={10.0**p: f"$10^{{{p}}}$".replace("-", "−") for p in (-7, -5, -3, -1, 1)},
        ),
        height=310,
    )
    for series, (name, errors) in enumerate(run.items()):
        chart.line([int(t) for t in errors], list(errors.values()), series=series, label=name)
        chart.points([int(t) for t in errors], list(errors.values()), series=series)
    chart.line([1, 16384], [0.5, 0.5], series=5, dashed=True)
    chart.note("misread from here on", 1.3, 0.5, anchor="start", dy=-7)
    return chart
