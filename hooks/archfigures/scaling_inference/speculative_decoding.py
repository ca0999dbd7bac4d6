"""Figures of docs/scaling-inference/speculative-decoding.md."""

from __future__ import annotations

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data


@figure(
    "scaling-inference/speculative-decoding/overlap",
    title="Draft and target distribution, their overlap, and what is drawn after a rejection",
    desc="For each of eight tokens a bar up to the smaller of the two probabilities, the part that is kept, and "
    "above it what the target has in excess of the draft, from which a token is drawn after a rejection. Dots "
    "mark the draft.",
)
def overlap() -> Chart:
    run = page_data("scaling-inference/speculative-decoding")
    target, draft = run["target"], run["draft"]
    tokens = list(range(len(target)))
    kept = [min(p, q) for p, q in zip(target, draft, strict=True)]
    chart = Chart(
        Axis("token", -0.6, 7.6, ticks={t: str(t) for t in tokens}), Axis("probability", 0, 0.35), height=300, left=70
    )
    chart.bars(tokens, kept, width=0.6, series=0, label="kept: the overlap")
    chart.bars(
        tokens,
        target,
        width=0.6,
        base=kept,
        series=1,
        label="drawn after a rejection: target above draft",
        outlined=True,
    )
    chart.points(tokens, draft, series=3, label="draft", r=4)
    return chart


@figure(
    "scaling-inference/speculative-decoding/module",
    title="A chained module that predicts the token after next",
    desc="Left, the model reads a token; its last hidden state goes to the output matrix, which gives the next token, "
    "and on to the module. There it is normalised and put beside the normalised embedding of the next token. A matrix "
    "brings both back to the width of the model, and one layer and the same output matrix give the token after next. "
    "A dashed arrow leads from the module's output back to its input, for drafting further.",
)
def module() -> Drawing:
    d = Drawing(760)
    token = d.box("token $t_{i}$", (70, 150), role="data", w=84)
    model = d.box("the model:\nall layers", (214, 150), role="attention", w=104, h=48)
    first = d.box("output matrix\n$t_{i+1}$", (214, 52), role="data", w=104, h=44)
    after = d.box("embedding\nof $t_{i+1}$", (428, 236), role="data", w=84, h=44)
    joined = d.box("two norms,\nside by side: $2d$", (400, 150), role="norm", w=124, h=48)
    matrix = d.box("$M$\n$d$ × $2d$", (528, 150), role="ffn", w=72, h=48)
    layer = d.box("one layer", (648, 150), role="attention", w=92, h=48)
    second = d.box("the same matrix\n$t_{i+2}$", (648, 52), role="data", w=116, h=44)
    frame = d.frame([joined, matrix, layer], "", margin=14)
    d.label("the module", (frame.left[0] + 42, frame.top[1] - 8), bold=True)
    d.arrow(token.right, model.left)
    d.arrow(model.top, first.bottom)
    d.arrow(model.right, joined.left, "$h_{i}$: $d$", side=-10)
    d.arrow(after.top, (428, joined.bottom[1]))
    d.arrow(joined.right, matrix.left)
    d.arrow(matrix.right, layer.left)
    d.arrow(layer.top, second.bottom)
    d.arrow(
        layer.on("bottom", 0.5),
        joined.on("bottom", 0.15),
        via=((648, 282), (joined.on("bottom", 0.15)[0], 282)),
        dashed=True,
    )
    d.label("drafting further: $h_{i}^{1}$ and $t_{i+2}$", (556, 270), size=12, muted=True)
    return d
