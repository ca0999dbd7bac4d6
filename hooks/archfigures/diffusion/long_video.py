"""Figures of docs/architectures/diffusion/long-video.md."""

from __future__ import annotations

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data

PAGE = "architectures/diffusion/long-video"


@figure(
    "diffusion/long-video/pack",
    title="How FramePack packs nineteen latents of history and the first image",
    desc="Upper row: the first image, sixteen old latents, two newer ones, the last one, and nine latents of noise. "
    "Middle row: frames of one size under grids of different fineness. The first image and the last latent have 1,560 "
    "tokens each, the two before 390 together, the sixteen before 416 together, the nine new ones 14,040. All enter a "
    "transformer as one sequence of 17,966 tokens; nine latents come out.",
)
def pack() -> Drawing:
    drawing = Drawing(740)
    strips = {
        "first image": (30, 1, "data"),
        "16 old latents": (96, 16, "data"),
        "2": (394, 2, "data"),
        "1": (448, 1, "data"),
        "9 to generate": (490, 9, "noise"),
    }
    feet = {}
    for name, (x0, count, role) in strips.items():
        for index in range(count):
            drawing.box("", (x0 + 18 * index, 44), role=role, w=13, h=26, corner=2)
        feet[name] = (x0 + 9 * (count - 1), 60)
        drawing.label(name, (max(feet[name][0], 40), 16), size=12, muted=True)
    drawing.label("…", (63, 44))
    rows = {
        "first image": (46, 6, 8, 12, 1, "data", "1,560 tokens"),
        "16 old latents": (206, 24, 2, 3, 4, "data", "416 tokens"),
        "2": (358, 12, 4, 6, 1, "data", "390 tokens"),
        "1": (470, 6, 8, 12, 1, "data", "1,560 tokens"),
        "9 to generate": (622, 6, 8, 12, 4, "noise", "14,040 tokens"),
    }
    network = drawing.box(
        "one sequence of 17,966 tokens, all of which attend to each other: HunyuanVideo's transformer",
        (358, 268),
        role="attention",
        w=690,
        h=34,
    )
    for name, (x, cell, height, width, copies, role, tokens) in rows.items():
        for copy in reversed(range(copies)):
            grid = drawing.tensor((x + 10 * copy, 152 - 8 * copy), height, width, cell=cell, role=role)
        middle = x + 5 * (copies - 1)
        drawing.arrow(feet[name], (middle, 152 - 8 * (copies - 1) - 26))
        drawing.label(tokens, (middle, 196), size=12, muted=True)
        drawing.arrow((x, 208), (x, network.top[1]))
        assert grid.w == 72
    out = drawing.box("nine latents, a little cleaner", (576, 326), role="data", w=226, h=28)
    drawing.arrow((576, network.bottom[1]), out.top)
    return drawing


@figure(
    "diffusion/long-video/wave",
    title="The noise of five blocks of frames over fifty passes",
    desc="A row for each block, a column for each pass. Every block goes from dark noise to white in thirty passes, "
    "and each begins five passes after the one above, so that the shading forms a slanted band.",
)
def wave() -> Drawing:
    drawing = Drawing(740)
    levels = page_data(PAGE)["wave"]
    rows = [[row[block] for row in levels] for block in range(len(levels[0]))]
    shaded = drawing.heatmap((400, 48), rows, cell=13, role="noise")
    for block in range(len(rows)):
        drawing.label(
            f"block {block + 1}", (shaded.left[0] - 8, shaded.top[1] + 6.5 + 13 * block), anchor="end", size=12
        )
    for number in (1, 10, 20, 30, 40, 50):
        drawing.label(str(number), (shaded.left[0] + 13 * (number - 0.5), shaded.bottom[1] + 12), size=12, muted=True)
    drawing.label("pass", (shaded.left[0] - 8, shaded.bottom[1] + 12), anchor="end", size=12, muted=True)
    drawing.height = 106
    return drawing


@figure(
    "diffusion/long-video/shrink",
    title="Length of a packed token's rotation by frequency",
    desc="Two curves over the frequency. For two frames the length falls from 1 to 0.88 at the fastest pair; for four "
    "frames it falls to 0.47.",
)
def shrink() -> Chart:
    data = page_data(PAGE)
    chart = Chart(
        Axis("angle for one latent frame, radians", 0.006, 1.3, log=True),
        Axis("length of the rotation", 0, 1),
        height=260,
    )
    for series, (frames, lengths) in enumerate(data["shrink"].items()):
        chart.line(data["frequency"], lengths, series=series, label=f"{frames} frames in a token")
        chart.points(data["frequency"], lengths, series=series)
    return chart


@figure(
    "diffusion/long-video/delta",
    title="One frame written into the state by the gated delta rule",
    desc="The old state is multiplied by a gate, then read with the keys of the frame. The difference between the "
    "values and what was read is written with the same keys and added to the gated state. The new state is read with "
    "the queries of the frame.",
)
def delta() -> Drawing:
    drawing = Drawing(740)
    old = drawing.box("state $S_{t-1}$\n$d_h$ × $d_h$", (66, 60), role="state", w=100)
    gate = drawing.operator("×", (176, 60), role="router")
    drawing.arrow((176, 18), gate.top, "gate $g_t$", side=8)
    drawing.arrow(old.right, gate.left)
    add = drawing.operator("+", (520, 60))
    drawing.arrow(gate.right, add.left)
    new = drawing.box("state $S_t$", (640, 60), role="state", w=100, h=48)
    drawing.arrow(add.right, new.left)
    read = drawing.box("read", (270, 140), role="attention", w=84)
    drawing.arrow((270, 60), read.top)
    minus = drawing.operator("−", (392, 140), role="loss")
    drawing.arrow(read.right, minus.left, "recalled")
    write = drawing.box("write", (520, 140), role="attention", w=84)
    drawing.arrow(minus.right, write.left, "error")
    drawing.arrow(write.top, add.bottom)
    look = drawing.box("read", (640, 140), role="attention", w=84)
    drawing.arrow(new.bottom, look.top)
    for label, x, target in (
        ("keys $K_t$", 270, read),
        ("values $V_t$", 392, minus),
        ("$K_t$, strengths $β_t$", 520, write),
        ("queries $Q_t$", 658, look),
    ):
        source = drawing.box(label, (x, 214), role="data", w=132 if "strengths" in label else None)
        drawing.arrow((x if x != 658 else 640, source.top[1]), target.bottom)
    drawing.arrow(look.right, (730, 140))
    drawing.label("out", (712, 126), size=12, muted=True)
    return drawing


@figure(
    "diffusion/long-video/memory",
    title="Correlation with the first frame, for five contexts",
    desc="The last three frames: falls to 0.23 after 96 frames. Packed with plain means: to 0.57. Packed with learned "
    "patches and the last nineteen frames: both 0.88. Packed, with the first frame: 0.92 throughout.",
)
def memory() -> Chart:
    chart = Chart(Axis("frame", 0, 96), Axis("correlation with the first", 0, 1), height=300)
    names = {
        "last three frames": "3 frames",
        "packed, plain means": "packed, means",
        "packed, learned": "packed, learned",
        "packed, learned, and the first": "and the first",
        "last nineteen frames": "19 frames",
    }
    for series, (name, curve) in enumerate(page_data(PAGE)["memory"].items()):
        chart.line(range(97), curve, series=series, label=names[name], dashed=name == "last nineteen frames")
    return chart
