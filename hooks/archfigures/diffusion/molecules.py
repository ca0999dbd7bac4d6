"""Figures of docs/architectures/diffusion/molecules.md."""

from __future__ import annotations

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data

PAGE = "architectures/diffusion/molecules"
LENGTHS = (256, 512, 1024, 2048, 4096, 5120)
COPIES = (1, 10, 100, 1000, 10000)


@figure(
    "diffusion/molecules/design",
    title="AlphaFold 3's design: a trunk over pairs that runs a few times, and a denoiser of atoms that runs often",
    desc="Left: sequences and ligands become tokens, T by 384, and pairs, T by T by 128. The trunk of 48 blocks runs "
    "eleven times over both. Its outputs are the condition of the diffusion module, which goes from noisy atoms to "
    "tokens, through 24 transformer blocks, and back to atoms, 200 times.",
)
def design() -> Drawing:
    drawing = Drawing(760)
    inputs = drawing.box("sequences,\nrelatives,\nligands", (62, 108), role="data", w=100, h=68)
    tokens = drawing.box("tokens\n$T$ × 384", (196, 62), role="data", w=92, h=44)
    pairs = drawing.box("pairs\n$T$ × $T$ × 128", (196, 154), role="state", w=112, h=44)
    trunk = drawing.box("48 blocks:\ntriangle updates,\nattention", (364, 108), role="attention", w=140, h=68)
    drawing.arrow(inputs.on("right", 0.3), tokens.left)
    drawing.arrow(inputs.on("right", 0.7), pairs.left)
    drawing.arrow(tokens.right, trunk.on("left", 0.3))
    drawing.arrow(pairs.right, trunk.on("left", 0.7))
    drawing.arrow(trunk.top, tokens.top, via=((364, 26), (196, 26)))
    drawing.label("both again: 11 passes", (280, 15), muted=True)
    noisy = drawing.box("noisy atoms\n$n$ × 3", (62, 260), role="noise", w=104, h=44)
    down = drawing.box("atoms close\nin the list", (206, 260), role="attention", w=110, h=44)
    middle = drawing.box("24 blocks over\ntokens, 768 wide", (364, 260), role="attention", w=136, h=44)
    up = drawing.box("atoms close\nin the list", (522, 260), role="attention", w=110, h=44)
    clean = drawing.box("clean atoms,\npredicted", (680, 260), role="data", w=110, h=44)
    for start, end in ((noisy, down), (down, middle), (middle, up), (up, clean)):
        drawing.arrow(start.right, end.left)
    drawing.arrow(trunk.bottom, middle.top)
    drawing.label("tokens modulate, pairs bias attention", (376, 192), anchor="start", muted=True)
    drawing.arrow(clean.bottom, noisy.bottom, "less noise, a random rotation: 200 times", via=((680, 308), (62, 308)))
    return drawing


@figure(
    "diffusion/molecules/triangles",
    title="Triangle multiplication: a pair is changed by two others that share a third token",
    desc="Two triangles of tokens i, j and k. Left, outgoing: the edges from i to k and from j to k are multiplied and "
    "change the edge from i to j. Right, incoming: the edges from k to j and from k to i do.",
)
def triangles() -> Drawing:
    drawing = Drawing(620)
    for x, title, outgoing in ((150.0, "outgoing", True), (470.0, "incoming", False)):
        drawing.label(title, (x, 14), bold=True)
        i, j, k = (
            drawing.box(name, at, role="data", w=40, h=32, corner=16)
            for name, at in (("$i$", (x - 95, 152)), ("$j$", (x + 95, 152)), ("$k$", (x, 52)))
        )
        for end, name, side in ((i, "i", -1), (j, "j", 1)):
            low, high = (end.x - side * 16, 138.0), (k.x + side * 18, 68.0)
            drawing.arrow(*((low, high) if outgoing else (high, low)))
            pair = f"$z_{{{name}k}}$" if outgoing else f"$z_{{k{name}}}$"
            drawing.label(pair, (x + side * 78, 98))
        drawing.arrow(i.right, j.left, "$z_{ij}$ is changed", dashed=True, side=17)
    return drawing


@figure(
    "diffusion/molecules/copies",
    title="How unevenly a network treats directions after learning so many rotated copies",
    desc="Three falling lines on logarithmic axes, one for each noise level. With one copy all are at 15 ångström. "
    "With ten thousand, the line for 16 ångström of noise is at 0.18, that for 4 at 0.40 and that for 1 at 0.92.",
)
def copies() -> Chart:
    chart = Chart(
        Axis("rotated copies learnt", 1, 10000, log=True, ticks={float(k): f"{k}" for k in COPIES}),
        Axis("difference between directions, Å", 0.1, 20, log=True, ticks={0.1: "0.1", 1.0: "1", 10.0: "10"}),
        height=310,
    )
    for series, (noise, row) in enumerate(page_data(PAGE)["uneven"].items()):
        chart.line(COPIES, row, series=series, label=f"noise of {noise} Å")
        chart.points(COPIES, row, series=series)
    return chart


@figure(
    "diffusion/molecules/cost",
    title="Operations of one block of the trunk by part, over the number of tokens",
    desc="Four rising lines on logarithmic axes. Triangle attention and triangle multiplication end steepest, with the "
    "third power; the transition of pairs rises with the second. What happens to the tokens themselves lies a "
    "hundred times lower or more.",
)
def cost() -> Chart:
    chart = Chart(
        Axis("tokens", 256, 5120, log=True, ticks={float(t): str(t) for t in (256, 512, 1024, 2048, 5120)}),
        Axis("operations", 1e9, 2e14, log=True),
        height=330,
    )
    parts = page_data(PAGE)["parts"]
    order = ("triangle attention", "triangle multiplication", "transition of pairs", "tokens")
    for series, name in enumerate(order):
        chart.line(LENGTHS, parts[name], series=series, label=name if name != "tokens" else "tokens themselves")
        chart.points(LENGTHS, parts[name], series=series)
    return chart
