"""Figures of docs/architectures/recurrent/xlstm.md."""

from __future__ import annotations

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data


@figure(
    "recurrent/xlstm/cells",
    title="The scalar cell (sLSTM) and the matrix cell (mLSTM)",
    desc="Two panels. Left, the scalar cell: four gates get the token and, through a loop, the last output; a number "
    "c, a normaliser n and a stabiliser m for each channel are updated, and the output gate times c over n is the "
    "output. Right, the matrix cell: two gates for a head, query, key and value from the token alone; a matrix of key "
    "by value size, a normaliser vector and a stabiliser; the query reads. Nothing leads from the output back to the "
    "gates.",
)
def cells() -> Drawing:
    drawing = Drawing(760)
    _scalar(drawing, 176)
    drawing.line([(372, 8), (372, 300)], role="note", dashed=True)
    _matrix(drawing, 566)
    return drawing


def _scalar(drawing: Drawing, x: float) -> None:
    drawing.label("sLSTM: a number a channel", (x, 14), bold=True)
    token = drawing.box("token $x_t$", (x, 280), w=120)
    gates = drawing.box("gates  $i_t$  $f_t$  $z_t$  $o_t$", (x, 216), role="router", w=190)
    drawing.arrow(token.top, gates.bottom)
    state = drawing.tensor((x, 130), 3, 8, cell=14, role="state")
    for row, name in enumerate("cnm"):
        drawing.label(f"${name}$", (x - 68, 116 + 14 * row), size=12)
    drawing.label("3 × d", (x + 62, 130), anchor="start", muted=True)
    drawing.arrow(gates.top, state.bottom)
    out = drawing.box("$h_t = σ(o_t) c / n$", (x, 62), w=150)
    drawing.arrow(state.top, out.bottom)
    drawing.arrow(out.left, gates.left, via=((24, 62), (24, 216)), role="loss")
    drawing.label("memory mixing", (30, 184), anchor="start", size=12)


def _matrix(drawing: Drawing, x: float) -> None:
    drawing.label("mLSTM: a matrix a head", (x, 14), bold=True)
    token = drawing.box("token $x_t$", (x, 280), w=120)
    gates = drawing.box("gates  $i_t$  $f_t$", (x - 104, 216), role="router", w=110)
    keys = drawing.box("$k_t$  $v_t$", (x + 12, 216), role="attention", w=80)
    query = drawing.box("$q_t$", (x + 126, 216), role="attention", w=56)
    for box in (gates, keys, query):
        drawing.arrow(token.on("top", 0.5 + 0.4 * (box.x - x) / 130), box.bottom)
    state = drawing.tensor((x, 130), 5, 7, cell=13, role="state")
    drawing.tensor((x + 62, 130), 5, 1, cell=13, role="state")
    drawing.label("$C$: $d_k$ × $d_v$", (x - 54, 130), anchor="end", muted=True)
    drawing.label("$n$, $m$", (x + 74, 130), anchor="start", muted=True)
    for box in (gates, keys):
        drawing.arrow(box.top, state.on("bottom", 0.25 if box is gates else 0.6))
    out = drawing.box("$h_t = q_t C$ / max(|$q_t n$|, 1)", (x, 62), w=200)
    drawing.arrow(state.top, out.bottom)
    drawing.arrow(query.top, out.right, via=((query.x, 62),))


@figure(
    "recurrent/xlstm/gates",
    title="How much of the memory one important token takes, by how many came before",
    desc="Share of a normalised memory that belongs to the newest token, after up to 256 tokens. With "
    "exponential input gates a logit of 6 against 0 gives it nearly all for a few tokens, 0.76 after 128 and "
    "0.61 after 256; with sigmoid gates it falls from 0.67 at two tokens to below 0.01.",
)
def gates() -> Chart:
    run = page_data("architectures/recurrent/xlstm")
    ticks = {float(t): str(t) for t in run["tokens"]}
    chart = Chart(
        Axis("tokens in memory", 1, 256, log=True, ticks=ticks), Axis("share of the newest", 0, 1), height=280
    )
    for series, (gate, shares) in enumerate(run["share"].items()):
        chart.line(run["tokens"], shares, series=series, label=f"{gate} input gate")
        chart.points(run["tokens"], shares, series=series)
    return chart
