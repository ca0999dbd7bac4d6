"""Figures of docs/architectures/recurrent/rwkv.md."""

from __future__ import annotations

from archfigures import Box, Drawing, figure


@figure(
    "recurrent/rwkv/versions",
    title="The state update of RWKV 4, 5, 6 and 7",
    desc="Four rows, each from the state before a token to the state after it. Version 4: a pair of sums for each "
    "channel, faded by a constant, then the exponential of the key is added. Version 5: a matrix for each head, faded "
    "by a constant for each channel, then the outer product of key and value is added. Version 6: the fading is "
    "computed from the token. Version 7: in addition, what a removal key returns is removed, with a rate for each "
    "channel.",
)
def versions() -> Drawing:
    drawing = Drawing(760)
    for x, title in ((164, "state before"), (296, "fade"), (436, "erase"), (576, "write"), (702, "state after")):
        drawing.label(title, (x, 14), bold=True)
    rows = (
        ("RWKV-4", 1, ("× $e^{-w}$", "data"), "", "+ exp($k_t$) $v_t$, exp($k_t$)"),
        ("RWKV-5 Eagle", 4, ("× $w$", "data"), "", "+ $k_t^{⊤} v_t$"),
        ("RWKV-6 Finch", 4, ("× $w_t$", "router"), "", "+ $k_t^{⊤} v_t$"),
        ("RWKV-7 Goose", 4, ("× $w_t$", "router"), "− $(a_t κ_t)^{⊤} κ_t S$", "+ $k_t^{⊤} v_t$"),
    )
    for index, (name, columns, (fade, role), erase, write) in enumerate(rows):
        y = 60 + index * 66
        drawing.label(name, (4, y), anchor="start", bold=True)
        before, after = (_state(drawing, x, y, columns) for x in (164, 702))
        boxes = [drawing.box(fade, (296, y), role=role, w=76)]
        if erase:
            boxes.append(drawing.box(erase, (436, y), role="router"))
        boxes.append(drawing.box(write, (576, y), role="attention"))
        for left, right in zip((before, *boxes), (*boxes, after), strict=True):
            drawing.arrow(left.right, right.left, role="state")
    drawing.label("violet: computed from the token; grey: a parameter", (440, 304), muted=True)
    return drawing


def _state(drawing: Drawing, x: float, y: float, columns: int) -> Box:
    if columns == 1:
        return drawing.tensor((x, y), 4, 2, cell=10, role="state")
    return drawing.tensor((x, y), 4, 4, cell=10, role="state")


@figure(
    "recurrent/rwkv/block",
    title="A block of RWKV-7: time mixing and channel mixing, each with a token shift",
    desc="Left to right along the residual stream of width d. Time mixing: normalisation, a shift that mixes "
    "each token with the one before, six projections r, w, k, v, a, g, of which w, a and g have low rank, the "
    "state of 64 by 64 for each head, a norm for each head, a gate and an output projection. Channel mixing: "
    "normalisation, shift, a projection to 4 d, squared ReLU and a projection back.",
)
def block() -> Drawing:
    drawing = Drawing(760)
    y, stream = 126, 226
    norm = drawing.box("norm", (60, y), role="norm", w=58)
    shift = drawing.box("shift", (140, y), role="router", w=58)
    wide = drawing.box("r, k, v\nd × d", (236, y - 44), role="attention", w=86)
    narrow = drawing.box("w, a, g\nlow rank", (236, y + 44), role="router", w=86)
    state = drawing.box("state\n64 × 64\nper head", (348, y), role="state", w=84, h=72)
    out = drawing.box("norm, × g,\n$W_o$", (452, y), role="norm", w=84)
    for start, end in ((norm.right, shift.left), (state.right, out.left)):
        drawing.arrow(start, end)
    for box in (wide, narrow):
        drawing.arrow(shift.right, box.left)
        drawing.arrow(box.right, state.on("left", 0.3 if box is wide else 0.7))
    first = drawing.operator("+", (452, stream), role="norm")
    norm2 = drawing.box("norm", (532, y), role="norm", w=58)
    shift2 = drawing.box("shift", (600, y), role="router", w=58)
    ffn = drawing.box("d → 4d,\nReLU²,\n4d → d", (694, y), role="ffn", w=78, h=66)
    second = drawing.operator("+", (694, stream), role="norm")
    drawing.arrow((8, stream), first.left, "$x$: $T$ × $d$", side=14, at=0.09)
    drawing.arrow((60, stream), norm.bottom)
    drawing.arrow(out.bottom, first.top)
    drawing.arrow(first.right, second.left)
    drawing.arrow((532, stream), norm2.bottom)
    drawing.arrow(norm2.right, shift2.left)
    drawing.arrow(shift2.right, ffn.left)
    drawing.arrow(ffn.bottom, second.top)
    drawing.arrow(second.right, (752, stream))
    drawing.label("time mixing", (256, 24), bold=True)
    drawing.label("channel mixing", (620, 24), bold=True)
    drawing.arrow((348, 56), state.top, role="state")
    drawing.label("from the previous token", (358, 62), anchor="start", muted=True)
    return drawing
