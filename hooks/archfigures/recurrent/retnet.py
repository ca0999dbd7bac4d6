"""Figures of docs/architectures/recurrent/retnet.md."""

from __future__ import annotations

from archfigures import Axis, Chart, Drawing, figure

_TOKENS = 8
_DECAY = 0.8
_CHUNK = 4


def _weight(row: int, column: int) -> float:
    """The decay between two positions, blank above the diagonal."""
    return _DECAY ** (row - column) if column <= row else -1.0


@figure(
    "recurrent/retnet/three-forms",
    title="Retention in parallel, recurrent and chunkwise form",
    desc="Left, parallel: queries times keys, weighted by a triangle that fades with distance, times values. Middle, "
    "recurrent: a state that decays by gamma, takes in key times value, and is read by the query. Right, chunkwise: "
    "the same triangle inside two chunks, and a state carried from the first chunk to the second instead of the "
    "remaining pairs.",
)
def three_forms() -> Drawing:
    drawing = Drawing(760)
    _parallel(drawing, 125)
    _recurrent(drawing, 380)
    _chunkwise(drawing, 635)
    for x in (252, 508):
        drawing.line([(x, 14), (x, 246)], dashed=True)
    return drawing


def _parallel(drawing: Drawing, x: float) -> None:
    drawing.label("parallel: training", (x, 16), bold=True)
    triangle = [[_weight(i, j) for j in range(_TOKENS)] for i in range(_TOKENS)]
    drawing.heatmap((x, 128), triangle, cell=18, role="attention")
    drawing.label("$QK^{⊤} ⊙ γ^{n-m}$", (x, 42))
    drawing.label("key $m$", (x, 212), muted=True)
    drawing.label("query $n$", (x - 78, 128), anchor="end", muted=True)
    drawing.label("$T$ × $T$ scores, then times $V$", (x, 240), muted=True)


def _recurrent(drawing: Drawing, x: float) -> None:
    drawing.label("recurrent: decoding", (x, 16), bold=True)
    state = drawing.box("state $S$\n$d_k$ × $d_v$", (x, 120), role="state", w=96, h=56)
    drawing.arrow(state.on("right", 0.3), state.on("right", 0.8), "× $γ$", via=((x + 82, 109), (x + 82, 137)), side=8)
    write = drawing.box("$k_t^{⊤} v_t$", (x - 60, 205), role="data")
    read = drawing.box("$q_t S_t$", (x + 60, 205), role="attention")
    drawing.arrow(write.top, state.on("bottom", 0.25), via=((x - 60, 172), (x - 24, 172)))
    drawing.arrow(state.on("bottom", 0.75), read.top, via=((x + 24, 172), (x + 60, 172)))
    drawing.label("$S_t = γ S_{t-1} + k_t^{⊤} v_t$", (x, 42))
    drawing.label("one token, fixed memory", (x, 240), muted=True)


def _chunkwise(drawing: Drawing, x: float) -> None:
    drawing.label("chunkwise: long inputs", (x, 16), bold=True)
    blocks = [[_weight(i, j) if i // _CHUNK == j // _CHUNK else -1.0 for j in range(_TOKENS)] for i in range(_TOKENS)]
    drawing.heatmap((x, 128), blocks, cell=18, role="attention")
    state = drawing.box("$S$", (x - 36, 164), role="state", w=34, h=30)
    drawing.arrow((x - 36, 130), state.top)
    drawing.arrow(state.right, (x + 2, 164))
    drawing.label("triangle inside, state between", (x, 42))
    drawing.label("$T/C$ chunks of $C$ tokens", (x, 240), muted=True)


@figure(
    "recurrent/retnet/decay",
    title="How much of a token each head still holds, by distance",
    desc="Eight curves that fall from one with the distance in tokens, on a logarithmic axis; each head's curve "
    "falls half as fast as the one before, from a half-life of some twenty tokens to one of nearly three "
    "thousand.",
)
def decay() -> Chart:
    distances = [2 ** (i / 4) for i in range(0, 57)]
    chart = Chart(Axis("distance in tokens", 1, 16384, log=True), Axis("weight $γ^{distance}$", 0, 1.0), height=300)
    for head in range(8):
        gamma = 1 - 2.0 ** (-5 - head)
        label = {0: "heads 1 to 7", 7: "head 8"}.get(head, "")
        chart.line(distances, [gamma**d for d in distances], series=0 if head < 7 else 1, label=label)
    return chart
