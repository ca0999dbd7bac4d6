"""Figures of docs/architectures/diffusion/pixel-space.md."""

from __future__ import annotations

from archfigures import Axis, Box, Chart, Drawing, figure
from archfigures.data import page_data

PAGE = "architectures/diffusion/pixel-space"
REACH = 2.2
"""Points farther out than this are not drawn."""


@figure(
    "diffusion/pixel-space/spaces",
    title="Four spaces in which diffusion takes place, with the sizes for 256 by 256 pixels",
    desc="Four rows. Cascade: noise of 64 by 64 pixels, a network, then two upsamplers. Latent: a VAE encoder gives "
    "32 by 32 by 4 numbers, a DiT, a decoder; a dashed arrow from a frozen encoder aligns the DiT's features. "
    "Representation: a frozen encoder gives 16 by 16 by 768, a DiT, a trained decoder. Pixels: 256 patches of 768 "
    "numbers, one transformer.",
)
def spaces() -> Drawing:
    drawing = Drawing(740)
    rows = {
        "cascade\n(Imagen)": ("64 × 64 × 3", "U-Net", "two upsamplers", "attention"),
        "latent\n(LDM, DiT)": ("32 × 32 × 4", "DiT", "decoder", "ffn"),
        "representation\n(RAE)": ("16 × 16 × 768", "DiT", "decoder", "ffn"),
        "pixels\n(JiT)": ("16 × 16 × 768", "transformer", "", "ffn"),
    }
    networks: list[Box] = []
    for row, (name, (shape, network, after, role)) in enumerate(rows.items()):
        y = 40 + 78 * row
        drawing.label(name, (6, y), anchor="start", bold=True)
        sources = {1: ("VAE encoder", "ffn"), 2: ("frozen encoder", "frozen"), 3: ("cut patches", "norm")}
        image = drawing.box("image", (164, y), role="data", w=64)
        source, kind = sources.get(row, ("shrink", "norm"))
        middle = drawing.box(source, (280, y), role=kind, w=120)
        space = drawing.box(shape, (432, y), role="noise", w=116)
        networks.append(drawing.box(network, (562, y), role="attention", w=96))
        drawing.arrow(image.right, middle.left)
        drawing.arrow(middle.right, space.left)
        drawing.arrow(space.right, networks[-1].left)
        if after:
            drawing.arrow(networks[-1].right, (632, y))
            drawing.box("\n".join(after.split()), (684, y), role=role, w=98)
    side = drawing.box("frozen encoder", (432, 79), role="frozen", w=116, h=26, dashed=True)
    drawing.arrow(side.right, networks[1].on("top", 0.4), via=[(552, 79)], dashed=True)
    drawing.label("REPA: align", (566, 84), anchor="start", size=12, muted=True)
    return drawing


@figure(
    "diffusion/pixel-space/spirals",
    title="Samples of small networks that predict data, velocity or noise, by the dimension of the space",
    desc="Three rows of four scatter plots of points in the plane of a spiral. Predicting data: a spiral in 2, 16, 64 "
    "and 256 dimensions. Velocity: a clear spiral in 2, a blurred one in 16, a cloud beyond. Noise: a spiral in 2, "
    "a cloud in 16, and in 64 and 256 few points inside the frame at all.",
)
def spirals() -> Drawing:
    drawing = Drawing(740)
    trained, curve = page_data(PAGE)["trained"], page_data(PAGE)["curve"]
    roles = {"data": "attention", "velocity": "ffn", "noise": "noise"}
    for row, (target, cells) in enumerate(trained.items()):
        middle = 104 + 174 * row
        drawing.label(f"predicts\n{target}", (8, middle), anchor="start", bold=True)
        for column, (space, cell) in enumerate(cells.items()):
            x0 = 164 + 160 * column
            if row == 0:
                drawing.label(f"{space} dimensions", (x0, 14), bold=True)
            drawing.box("", (x0, middle), role="note", w=148, h=148, corner=4)
            drawing.line([(round(x0 + 32 * x, 1), round(middle - 32 * y, 1)) for x, y in curve], role="note")
            inside = [(x, y) for x, y in cell["points"] if max(abs(x), abs(y)) < REACH]
            drawing.dots(((x0 + 32 * x, middle - 32 * y) for x, y in inside), role=roles[target])
            outside = len(cell["points"]) - len(inside)
            if outside > 5:
                drawing.label(f"{outside} of 250 outside", (x0, middle + 85), size=12, muted=True)
    return drawing


@figure(
    "diffusion/pixel-space/width",
    title="Error of the data by width of the best linear network, for three targets",
    desc="Predicting data reaches the least possible error with width 4 and stays there. Velocity and noise fall in "
    "straight lines and reach it only at width 64.",
)
def width() -> Chart:
    widths = [4, 16, 32, 48, 60, 62, 64]
    chart = Chart(
        Axis("width of the network", 0, 64, ticks={float(w): str(w) for w in (4, 16, 32, 48, 60)}),
        Axis("squared error of the data", 0, 12),
        height=270,
    )
    for series, (target, row) in enumerate(page_data(PAGE)["linear"].items()):
        colour = (0, 1, 4)[series]  # as in the figure of the spirals
        chart.line(widths, row, series=colour, label=f"predicts {target}")
        chart.points(widths, row, series=colour)
    return chart
