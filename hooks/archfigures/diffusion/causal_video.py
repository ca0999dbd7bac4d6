"""Figures of docs/architectures/diffusion/causal-video.md."""

from __future__ import annotations

import math

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data

PAGE = "architectures/diffusion/causal-video"


@figure(
    "diffusion/causal-video/contexts",
    title="What the past looks like in training and in use",
    desc="Four rows of four frames, of which the fourth is denoised from the three before. Teacher forcing: three true "
    "frames. Diffusion forcing: three true frames, each with noise of its own strength. Self forcing and use: three "
    "frames that the model has written.",
)
def contexts() -> Drawing:
    drawing = Drawing(600)
    rows = {
        "teacher forcing": (("true", "data"),) * 3,
        "diffusion forcing": (("a little noisy", "data"), ("very noisy", "noise"), ("noisy", "noise")),
        "self forcing": (("its own", "attention"),) * 3,
        "in use": (("its own", "attention"),) * 3,
    }
    for row, (name, past) in enumerate(rows.items()):
        y = 44.0 + 58 * row
        drawing.label(name, (8, y), anchor="start", bold=True)
        for column, (text, role) in enumerate(past):
            last = drawing.box(text, (194 + 104 * column, y), role=role, w=96, h=34)
        new = drawing.box("denoised", (545, y), role="noise", w=96, h=34, dashed=True)
        drawing.arrow(last.right, new.left, "cache" if row > 1 else "read")
    drawing.label("frames before", (298, 12), size=12, muted=True)
    drawing.label("present frame", (545, 12), size=12, muted=True)
    return drawing


@figure(
    "diffusion/causal-video/film",
    title="A dot that should go round a circle, drawn frame by frame with three contexts",
    desc="Three rows of nine small circles, every third frame. A large grey dot marks where the dot of the first frame "
    "would be. With one frame of context the small dot leaves the large one within a few frames and its circle; with "
    "three frames and the first, and with all frames, it stays near.",
)
def film() -> Drawing:
    drawing = Drawing(740)
    films = page_data(PAGE)["films"]
    for row, name in enumerate(("one frame", "three frames and the first", "all frames")):
        y = 62 + 78 * row
        drawing.label(name.replace(" and", "\nand"), (8, y), anchor="start", size=12.5)
        for column, k in enumerate(range(0, 25, 3)):
            x = 160 + 66 * column
            if row == 0:
                drawing.label(f"{k}", (x, 14), size=12, muted=True)
            ring = [(x + 22 * math.cos(a / 8), y - 22 * math.sin(a / 8)) for a in range(51)]
            drawing.line([*ring, ring[0]], role="note")
            angle = 2 * math.pi * k / 12
            drawing.dot((x + 22 * math.cos(angle), y - 22 * math.sin(angle)), role="frozen", r=5.5)
            real, imaginary = films[name][k]
            drawing.dot((x + 22 * real, y - 22 * imaginary), role="attention", r=3.5)
    drawing.label("frame", (100, 14), size=12, muted=True)
    return drawing


@figure(
    "diffusion/causal-video/memory",
    title="Correlation with the first frame by frame, for five contexts",
    desc="With one frame of context the correlation falls to nothing within forty frames; with four it falls to 0.4 "
    "after 96, with twelve to 0.83. With three frames and the first, and with all, it stays at 0.92.",
)
def memory() -> Chart:
    chart = Chart(Axis("frame", 0, 96), Axis("correlation with the first", 0, 1), height=300)
    curves = page_data(PAGE)["memory"]
    chart.line(range(97), curves["all frames"], series=5, label="all")
    for series, (name, curve) in enumerate(curves.items()):
        if name == "all frames":
            continue
        short = {"three frames and the first": "3 and the first"}.get(name, name)
        chart.line(range(97), curve, series=series, label=short, dashed=name.startswith("three"))
    return chart
