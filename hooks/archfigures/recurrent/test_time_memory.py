"""Figures of docs/architectures/recurrent/test-time-memory.md."""

from __future__ import annotations

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data

PAGE = "architectures/recurrent/test-time-memory"


@figure(
    "recurrent/test-time-memory/loop",
    title="The inner loop: a memory that takes a gradient step for each token",
    desc="From left to right a memory W passes from token to token. Each token gives a key, a value and a "
    "query. The key goes through the memory, its answer is compared with the value, and the gradient of their "
    "squared distance changes the memory. The query goes through the changed memory, which is the output. The "
    "projections, the first memory and the step sizes are trained from outside.",
)
def loop() -> Drawing:
    drawing = Drawing(760)
    before = drawing.box("memory $W_{t-1}$", (76, 70), role="state", w=124, h=44)
    step = drawing.box("− $η_t$ ∇ loss", (340, 70), role="loss", w=120)
    after = drawing.box("memory $W_t$", (566, 70), role="state", w=124, h=44)
    drawing.arrow(before.right, step.left, role="state")
    drawing.arrow(step.right, after.left, role="state")
    drawing.arrow(after.right, (752, 70), role="state")
    loss = drawing.box("loss\n½ |f($k_t$; W) − $v_t$|²", (340, 164), role="loss", w=190)
    drawing.arrow(loss.top, step.bottom, "gradient", side=8)
    drawing.arrow(before.bottom, loss.on("left", 0.3), via=((76, loss.on("left", 0.3)[1]),), role="state")
    pair = drawing.box("$k_t$, $v_t$", (340, 250), role="attention", w=90)
    query = drawing.box("$q_t$", (566, 250), role="attention", w=60)
    drawing.arrow(pair.top, loss.bottom)
    out = drawing.box("$o_t$ = f($q_t$; $W_t$)", (566, 164), w=140)
    drawing.arrow(query.top, out.bottom)
    drawing.arrow(after.bottom, out.top, role="state")
    token = drawing.box("token $x_t$", (453, 320), w=100)
    drawing.arrow(token.on("top", 0.3), pair.bottom)
    drawing.arrow(token.on("top", 0.7), query.bottom)
    drawing.label("inner loop: runs while reading,\nin training and in use", (20, 14), anchor="start", muted=True)
    drawing.label(
        "outer loop: trains the projections to $k, v, q$,\nthe first memory and the rates",
        (20, 306),
        anchor="start",
        muted=True,
    )
    drawing.label("f: a matrix,\nor a network", (690, 128), muted=True)
    return drawing


@figure(
    "recurrent/test-time-memory/sizes",
    title="Values named correctly by the size of the mini-batch, each at its best step",
    desc="Share named correctly over mini-batches of 1 to 128 tokens. For facts told once it stays near 0.78 for "
    "every size. For the newest values under sixteen names it falls from 0.94 at one token to 0.79 at eight, 0.40 at "
    "thirty-two and 0.10 at 128.",
)
def sizes() -> Chart:
    run = page_data(PAGE)
    ticks = {float(size): str(size) for size in run["sizes"]}
    chart = Chart(
        Axis("tokens in a mini-batch", 1, 128, log=True, ticks=ticks), Axis("values named correctly", 0, 1), height=290
    )
    names = {"once": "64 facts, each told once", "newest": "newest value of 16 names, 128 writes"}
    for series, (task, shares) in enumerate(run["named"].items()):
        chart.line(run["sizes"][: len(shares)], shares, series=series, label=names[task])
        chart.points(run["sizes"][: len(shares)], shares, series=series)
    return chart


@figure(
    "recurrent/test-time-memory/momentum",
    title="What one surprising token contributes to the memory, over the following tokens",
    desc="Over forty tokens. Without forgetting the contribution stays at one. With a forgotten share of 0.1 it falls "
    "steadily. With momentum 0.7 in addition it first rises to 2.1 after four tokens and then falls; with momentum "
    "0.9 it rises to 3.9 at eight tokens and is still 0.7 at the end.",
)
def momentum() -> Chart:
    run = page_data(PAGE)["left"]
    chart = Chart(Axis("tokens since it was read", 0, 39), Axis("contribution to the memory", 0, 4.2), height=280)
    names = ("α 0", "α 0.1", "α 0.1, momentum 0.7", "α 0.1, momentum 0.9")
    for series, (name, left) in enumerate(zip(names, run, strict=True)):
        chart.line(list(range(len(left))), left, series=series, label=name)
    return chart
