"""Figures of docs/architectures/mixture-of-experts/index.md."""

from __future__ import annotations

from archfigures import Axis, Chart, Drawing, figure


@figure(
    "mixture-of-experts/index/layer",
    title="A mixture-of-experts layer: the router sends a token to two of eight experts",
    desc="A token of width d goes to a router, which gives eight scores and chooses two. The token passes through "
    "those two of eight experts in a column, each a feed-forward network; their outputs are added with the router's "
    "weights and then added to the residual stream. The six other experts are drawn dashed: stored, but not computed.",
)
def layer() -> Drawing:
    drawing = Drawing(740)
    y = 190
    token = drawing.box("token $x$\n$d$", (60, y), role="data", h=48)
    router = drawing.box("router\n$d$ × $E$", (190, 60), role="router", h=48)
    drawing.arrow(token.top, router.left, via=((60, 60),))
    chosen = (2, 5)
    weights = {2: "0.7", 5: "0.3"}
    total = drawing.operator("+", (610, y))
    for index in range(8):
        at = (370, 36 + index * 44)
        active = index in chosen
        expert = drawing.box(f"expert {index + 1}", at, role="ffn" if active else "frozen", w=110, h=32)
        if active:
            drawing.arrow(token.right, expert.left, via=((278, y), (278, at[1])))
            drawing.arrow(
                expert.right, total.left, f"× {weights[index]}", via=((520, at[1]), (520, y)), at=0.5, side=-10
            )
    drawing.arrow(router.bottom, (190, 122))
    drawing.label("$E$ scores, the\nhighest $k$ = 2 chosen", (190, 140), muted=True)
    out = drawing.operator("+", (690, y))
    drawing.arrow(total.right, out.left)
    drawing.arrow(token.bottom, out.bottom, "residual stream", via=((60, 402), (690, 402)), side=-10)
    drawing.label("stored, not computed", (470, 62), muted=True, anchor="start")
    return drawing


@figure(
    "mixture-of-experts/index/touched",
    title="Share of the experts whose weights a batch has to read",
    desc="Three curves over the number of tokens decoded together, from one to 512: with two of eight experts "
    "nearly all are read from about sixteen tokens on, with eight of 128 from about sixty, with eight of 256 "
    "from about a hundred and fifty.",
)
def touched() -> Chart:
    tokens = [2 ** (i / 4) for i in range(0, 37)]
    ticks = {1.0: "1", 4.0: "4", 16.0: "16", 64.0: "64", 256.0: "256"}
    chart = Chart(
        Axis("tokens decoded together", 1, 512, log=True, ticks=ticks), Axis("share of experts read", 0, 1), height=300
    )
    for series, (count, k) in enumerate(((8, 2), (128, 8), (256, 8))):
        shares = [1 - (1 - k / count) ** t for t in tokens]
        chart.line(tokens, shares, series=series, label=f"{k} of {count}")
    return chart
