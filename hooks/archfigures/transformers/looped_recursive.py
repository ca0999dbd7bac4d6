"""Figures of docs/architectures/transformers/looped-recursive.md."""

from __future__ import annotations

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data
from archfigures.draw import Box

PAGE = "architectures/transformers/looped-recursive"
LOOPS = (2, 4, 8, 12, 16, 24, 32, 48, 64)


@figure(
    "transformers/looped-recursive/unrolled",
    title="A looped transformer, folded and unrolled",
    desc="Left: tokens pass through a prelude, then a core whose output returns to its input, then a coda. Right: the "
    "same unrolled: three copies of the core in a row share their weights, the prelude's output is fed into each, and "
    "each keeps its own cache. After each a dashed arrow leads to the coda: an exit.",
)
def unrolled() -> Drawing:
    drawing = Drawing(760)
    drawing.label("stored", (96, 16), bold=True)
    tokens = drawing.box("tokens", (96, 262), role="data", w=92)
    prelude = drawing.box("prelude", (96, 200), role="ffn", w=92)
    core = drawing.box("core", (96, 128), role="attention", w=92, h=40)
    coda = drawing.box("coda", (96, 54), role="ffn", w=92)
    drawing.arrow(tokens.top, prelude.bottom)
    drawing.arrow(prelude.top, core.bottom, "$T × d$")
    drawing.arrow(core.top, coda.bottom)
    drawing.arrow(core.on("right", 0.25), core.on("right", 0.75), via=[(172, 118), (172, 138)])
    drawing.label("× $r$", (188, 128), anchor="start")

    drawing.label("applied", (490, 16), bold=True)
    first = drawing.box("prelude", (284, 176), role="ffn", w=84)
    last = drawing.box("coda", (704, 54), role="ffn", w=84)
    drawing.arrow((284, 240), first.bottom)
    drawing.label("tokens", (284, 252), muted=True)
    states = [drawing.box(f"core, {i + 1}", (404 + 108 * i, 118), role="attention", w=76, h=40) for i in range(3)]
    for index, box in enumerate(states):
        cache = drawing.box(f"cache {index + 1}", (box.x + 14, 232), role="state", w=72, h=24)
        drawing.arrow(cache.top, (cache.x, box.bottom[1]), dashed=True, head=False)
        enter = box.on("bottom", 0.2)
        drawing.arrow(first.right, enter, via=[(enter[0], first.y)])
    drawing.arrow((316, 118), states[0].left)
    drawing.label("$s_0$ = 0", (288, 118), muted=True)
    for left, right, name in zip(states, states[1:], ("$s_1$", "$s_2$"), strict=False):
        drawing.arrow(left.right, right.left, name)
    drawing.arrow(states[2].right, last.bottom, "$s_3$", via=[(704, 118)], side=8)
    for box in states[:2]:
        drawing.arrow(box.top, last.left, dashed=True, via=[(box.x, 54)])
    drawing.label("exits", (562, 44), muted=True)
    drawing.label("the input,\nevery time", (334, 202), anchor="start", muted=True)
    return drawing


@figure(
    "transformers/looped-recursive/designs",
    title="Five ways to reuse or skip layers",
    desc="Five columns. Universal transformer: one layer, looped, every token with its own number of rounds. Recurrent "
    "depth: the middle layers loop between fixed ones. HRM: two networks, a fast one looped inside a slow one. TRM: "
    "one small network updates two states in turn. Mixture of depths: no loop; a router lets some tokens skip a layer.",
)
def designs() -> Drawing:
    drawing = Drawing(760)
    columns = (
        (80, "universal", "one layer,\nlooped"),
        (232, "recurrent depth", "the middle"),
        (384, "HRM", "fast inside slow"),
        (536, "TRM", "one network,\ntwo states"),
        (684, "mixture of depths", "tokens skip;\nno loop"),
    )
    for x, name, note in columns:
        drawing.label(name, (x, 16), bold=True)
        drawing.label(note, (x, 236 if "\n" in note else 228), muted=True)
    one = drawing.box("layer", (80, 116), role="attention", w=76, h=40)
    _loop(drawing, one, "$r_t$")
    drawing.arrow((80, 196), one.bottom)
    drawing.arrow(one.top, (80, 42))

    below = drawing.box("prelude", (232, 176), role="ffn", w=76)
    core = drawing.box("core", (232, 116), role="attention", w=76, h=40)
    above = drawing.box("coda", (232, 58), role="ffn", w=76)
    drawing.arrow(below.top, core.bottom)
    drawing.arrow(core.top, above.bottom)
    _loop(drawing, core, "$r$")

    slow = drawing.box("slow", (384, 68), role="router", w=76, h=36)
    fast = drawing.box("fast", (384, 158), role="attention", w=76, h=36)
    _loop(drawing, fast, "$n$")
    drawing.arrow(fast.on("top", 0.3), slow.on("bottom", 0.3))
    drawing.arrow(slow.on("bottom", 0.7), fast.on("top", 0.7))
    drawing.arrow((384, 206), fast.bottom)

    net = drawing.box("network", (536, 116), role="attention", w=76, h=40)
    answer = drawing.box("answer", (500, 56), role="router", w=60, h=28)
    latent = drawing.box("latent", (572, 56), role="state", w=60, h=28)
    drawing.arrow(net.on("top", 0.2), answer.bottom)
    drawing.arrow(net.on("top", 0.8), latent.bottom)
    _loop(drawing, net, "$n$")
    drawing.arrow((536, 196), net.bottom)

    layer = drawing.box("layer", (700, 104), role="attention", w=64, h=36)
    choice = drawing.box("router", (684, 166), role="router", w=64, h=28)
    drawing.arrow((684, 204), choice.bottom)
    drawing.arrow((layer.x, choice.top[1]), layer.bottom)
    drawing.arrow(layer.top, (700, 42))
    drawing.arrow(choice.left, (640, 42), via=[(640, choice.y)], dashed=True)
    return drawing


def _loop(drawing: Drawing, box: Box, label: str) -> None:
    right = box.right[0] + 18
    drawing.arrow(
        box.on("right", 0.25), box.on("right", 0.75), via=[(right, box.y - box.h / 4), (right, box.y + box.h / 4)]
    )
    drawing.label(label, (right + 5, box.y), anchor="start", size=12)


@figure(
    "transformers/looped-recursive/parity",
    title="Accuracy on 32 bits over the number of loops, after learning at 8 bits with 8 to 12 loops",
    desc="A dashed line rises from one half to one at 31 loops, the best that information moving one position a loop "
    "allows. Five runs with the input fed back follow it and reach nine tenths to one. Of five without, some reach it "
    "and others stay near one half.",
)
def parity() -> Chart:
    chart = Chart(
        Axis("loops", 2, 64, log=True, ticks={float(n): str(n) for n in LOOPS}),
        Axis("share of right answers", 0.45, 1.02, ticks={v: f"{v:g}" for v in (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)}),
        height=340,
    )
    stored = page_data(PAGE)
    for series, (key, label) in enumerate((("recall", "input fed back in"), ("no recall", "input at the start only"))):
        for index, run in enumerate(stored[key]):
            chart.line(LOOPS, run["32"], series=series, label=label if index == 0 else "")
    fine = [2 * 1.06**i for i in range(60)]
    bound = [(min(n + 1, 32) + max(31 - n, 0) / 2) / 32 for n in fine]
    chart.line(fine, bound, series=3, dashed=True, label="possible")
    return chart
