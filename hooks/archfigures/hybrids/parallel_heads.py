"""Figures of docs/architectures/hybrids/parallel-heads.md."""

from __future__ import annotations

from archdata import models
from archdata.formulas import bytes_of

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import DOCS

FULL = (0, 15, 31)
GROUPS = [[i, i + 1] for i in (1, 3, 5, 7, 9, 11, 13)] + [[16, 17, 18]] + [[i, i + 1] for i in (19, 21, 23, 25, 27, 29)]


@figure(
    "hybrids/parallel-heads/merge",
    title="Two ways to put attention and a recurrence side by side: Falcon-H1 and Hymba",
    desc="Left, Falcon-H1: the normalised input goes to attention with a cache and to Mamba-2 with a state; "
    "each has its own output projection and the results are added. Right, Hymba: one projection feeds attention "
    "heads and a Mamba branch of equal width; each output is normalised and scaled, the two are averaged and "
    "share one output projection. Learned meta tokens stand before the text.",
)
def merge() -> Drawing:
    drawing = Drawing(760)
    _panel(drawing, 186, hymba=False)
    drawing.line([(380, 8), (380, 384)], role="note", dashed=True)
    _panel(drawing, 574, hymba=True)
    return drawing


def _panel(drawing: Drawing, x: float, *, hymba: bool) -> None:
    left, right = x - 88, x + 88
    drawing.label("Hymba" if hymba else "Falcon-H1", (x - 170, 16), anchor="start", bold=True)
    if hymba:
        drawing.tensor((x - 62, 384), 1, 4, cell=13, role="router")
        drawing.tensor((x + 26, 384), 1, 9, cell=13, role="data")
        drawing.label("meta", (x - 62, 404), muted=True, size=12)
        drawing.label("text", (x + 26, 404), muted=True, size=12)
    else:
        drawing.tensor((x, 384), 1, 9, cell=13, role="data")
        drawing.label("$T$ × $d$", (x, 404), muted=True, size=12)
    source = (x, 374.0)
    norm = drawing.box(
        "norm" if not hymba else "norm, one projection", (x, 334), w=90 if not hymba else 170, role="norm"
    )
    drawing.arrow(source, norm.bottom)
    attention = drawing.box("attention", (left, 256), w=118, role="attention")
    mamba = drawing.box("Mamba" if hymba else "Mamba-2", (right, 256), w=118, role="state")
    for box in (attention, mamba):
        drawing.arrow(norm.top, box.bottom, via=((x, 304), (box.x, 304)))
    names = ("norm × $β_1$", "norm × $β_2$") if hymba else ("linear", "linear")
    outs = [
        drawing.box(name, (place, 180), w=118, role="norm" if hymba else "data")
        for name, place in zip(names, (left, right), strict=True)
    ]
    for box, out, shape in zip((attention, mamba), outs, ("$T$ × $Hd_h$", "$T$ × $n$"), strict=True):
        drawing.arrow(box.top, out.bottom, shape, side=8)
    drawing.label("cache", (left - 25, 287), muted=True, size=12)
    drawing.label("state", (right + 24, 287), muted=True, size=12)
    plus = drawing.operator("+", (x, 128))
    for out, side in zip(outs, (plus.left, plus.right), strict=True):
        drawing.arrow(out.top, side, via=((out.x, 128),))
    top = plus
    if hymba:
        top = drawing.box("linear / 2", (x, 82), w=100)
        drawing.arrow(plus.top, top.bottom)
    residual = drawing.operator("+", (x, 36))
    drawing.arrow(top.top, residual.bottom)
    drawing.arrow(source, residual.left, via=((x - 172, source[1]), (x - 172, 36)))


@figure(
    "hybrids/parallel-heads/mask",
    title="What a token of Hymba's windowed layers may read",
    desc="A triangle of 22 by 22 cells. The first four columns, the meta tokens, are visible to all later rows; in "
    "addition, each row sees itself and the six tokens before it.",
)
def mask() -> Drawing:
    drawing = Drawing(760)
    shades = [
        [(1.0 if j < 4 else 0.55) if j <= i and (i - j <= 6 or j < 4) else 0.0 for j in range(22)] for i in range(22)
    ]
    grid = drawing.heatmap((380, 148), shades, cell=12)
    drawing.label("tokens that read", (grid.left[0] - 12, 148), anchor="end", muted=True)
    drawing.label("4 meta", (grid.left[0] + 24, 8), size=12)
    drawing.label("text", (grid.left[0] + 156, 8), size=12, muted=True)
    drawing.label("window", (grid.right[0] + 10, 262), anchor="start", muted=True)
    return drawing


@figure(
    "hybrids/parallel-heads/stack",
    title="The 32 layers of Hymba 1.5B: whose keys and values they use",
    desc="A row of 32 cells. Layers 0, 15 and 31 have full attention. The others have a window; they form "
    "thirteen pairs and one group of three, and only the first of each group has keys and values of its own.",
)
def stack() -> Drawing:
    drawing = Drawing(760)
    first = {group[0] for group in GROUPS}
    for index in range(32):
        x = 30 + index * 22.6
        role = "attention" if index in FULL else ("state" if index in first else "frozen")
        drawing.box("", (x, 46), w=18, h=34, role=role, dashed=role == "frozen")
        if index in FULL:
            drawing.label(str(index), (x, 16), bold=True, size=12)
    for group in GROUPS:
        start, end = (30 + group[k] * 22.6 for k in (0, -1))
        drawing.line([(start, 72), (start, 80), (end, 80), (end, 72)], role="note")
    for x, role, name in ((80, "attention", "full, own cache"), (300, "state", "window, own cache")):
        drawing.box("", (x, 108), w=18, h=18, role=role)
        drawing.label(name, (x + 18, 108), anchor="start", size=12)
    drawing.box("", (540, 108), w=18, h=18, role="frozen", dashed=True)
    drawing.label("window, borrowed cache", (558, 108), anchor="start", size=12)
    return drawing


def _hymba(tokens: int) -> int:
    """Bytes Hymba 1.5B keeps in bf16; the sum is that of hymba_memory in the page's code, which a test compares."""
    cache = 3 * (128 + tokens) + 14 * (128 + min(tokens, 1024))
    return 2 * (cache * 5 * (64 + 128) + 32 * 3200 * 19)


@figure(
    "hybrids/parallel-heads/memory",
    title="Memory of one sequence by its length, in bf16",
    desc="Logarithmic axes, 256 to 262,144 tokens. Llama 3.1 8B grows from 32 MiB to 32 GiB. Falcon-H1 7B "
    "starts at 78 MiB, most of it state, crosses below Llama near a thousand tokens and ends at 11 GiB; Qwen3.5 "
    "9B runs from 33 MiB to 8 GiB. Hymba 1.5B starts near 16 MiB and ends at 1.4 GiB.",
)
def memory() -> Chart:
    loaded = models.load(DOCS)
    lengths = [2**k for k in range(8, 19)]
    chart = Chart(
        Axis("tokens", 256, 262144, log=True, ticks={float(2**k): f"{2**k:,}" for k in range(8, 19, 2)}),
        Axis("cache and state, MiB", 10, 100_000, log=True, ticks={10.0**p: f"{10**p:,}" for p in range(1, 6)}),
        height=300,
        left=78,
        right=34,
    )
    for series, key in enumerate(("llama-3.1-8b", "falcon-h1-7b", "qwen3.5-9b")):
        held = [bytes_of(loaded[key].decoder.cached(length), "bf16") / 2**20 for length in lengths]
        chart.line(lengths, held, series=series, label=loaded[key].name)
    chart.line(lengths, [_hymba(length) / 2**20 for length in lengths], series=3, label="Hymba 1.5B")
    return chart
