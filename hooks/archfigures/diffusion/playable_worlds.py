"""Figures of docs/architectures/diffusion/playable-worlds.md."""

from __future__ import annotations

import math

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data

PAGE = "architectures/diffusion/playable-worlds"


@figure(
    "diffusion/playable-worlds/actions",
    title="Where the player's action enters the network, in five open models",
    desc="A row from latents through patches and a block of modulation, attention and feed-forward to the next "
    "latents. Arrows from below: Oasis and WorldPlay add the keys to the time before modulation; GameCraft adds camera "
    "rays to the patches; Matrix-Game lets tokens attend to mouse and keys; SANA-WM and WorldPlay have a camera "
    "branch in attention, and SANA-WM adds rays after it.",
)
def actions() -> Drawing:
    drawing = Drawing(740)
    start = drawing.box("noisy latents\nand history", (60, 60), role="noise", w=104)
    patches = drawing.operator("+", (186, 60))
    modulate = drawing.box("modulation", (292, 60), role="norm", w=96)
    attention = drawing.box("attention", (434, 60), role="attention", w=96)
    add = drawing.operator("+", (528, 60))
    ffn = drawing.box("feed-forward", (620, 60), role="ffn", w=104)
    drawing.frame([modulate, ffn], "every layer", margin=14)
    drawing.arrow(start.right, patches.left, "patch")
    for left, right in ((patches, modulate), (modulate, attention), (attention, add), (add, ffn)):
        drawing.arrow(left.right, right.left)
    drawing.arrow(ffn.right, (736, 60))
    for label, x, foot, bend, target in (
        ("GameCraft:\nrays of every pixel", 74, 110, 124, patches.bottom),
        ("Oasis, WorldPlay:\nkeys, with the time", 231, 280, 0, modulate.on("bottom", 0.375)),
        ("Matrix-Game:\nmouse and keys", 381, 415, 0, attention.on("bottom", 0.302)),
        ("WorldPlay, SANA-WM:\ncamera branch", 542, 500, 130, attention.on("bottom", 0.8)),
        ("SANA-WM:\nrays", 688, 688, 118, add.bottom),
    ):
        source = drawing.box(label, (x, 166), role="router", size=12.5)
        corners = [(foot, bend), (target[0], bend)] if bend else []
        drawing.arrow((foot if bend else target[0], source.top[1]), target, via=corners)
    return drawing


@figure(
    "diffusion/playable-worlds/context",
    title="The first 23 sections of a walk, and the five that the last may look at, by two rules",
    desc="Two rows of 23 boxes with a hand in each that shows where the camera points: once round, ahead, turned by "
    "half a circle, back, and round again. Section 22 is to be generated. Above, boxes 17 to 21 are filled. "
    "Below, boxes 0, 4, 19, 20 and 21 are filled, and the hand in box 4 points in the direction of that in box 22.",
)
def context() -> Drawing:
    drawing = Drawing(740)
    data, cell, x0, now = page_data(PAGE), 28, 86.0, 22
    for label, first, last in (
        ("look around", 0, 5),
        ("walk ahead", 6, 11),
        ("turn", 12, 14),
        ("walk back", 15, 20),
        ("look", 21, 22),
    ):
        drawing.label(label, (x0 + cell * ((first + last + 1) / 2), 18), size=12, muted=True)
        if first:
            drawing.line([(x0 + cell * first, 28), (x0 + cell * first, 138)], dashed=True)
    for label, y, chosen in (("latest", 56, range(now - 5, now)), ("by view", 110, data["chosen"][str(4 * now)])):
        drawing.label(label, (x0 - 10, y), anchor="end")
        for section, heading in enumerate(data["heading"][: now + 1]):
            x = x0 + cell * (section + 0.5)
            role = "loss" if section == now else "attention" if section in chosen else "note"
            drawing.box("", (x, y), role=role, w=cell - 5, h=cell - 5, corner=3)
            hand = (x + 9 * math.cos(heading), y - 9 * math.sin(heading))
            drawing.line([(x, y), hand], role=role, thick=True)
            drawing.dot((x, y), role=role, r=2.5)
    drawing.height = 146
    return drawing


@figure(
    "diffusion/playable-worlds/share",
    title="Share of the view that some latent of the context has seen, section by section",
    desc="Three curves that agree until section 12. Then everything seen so far stays near 1. The chosen context falls "
    "to 0.7 once on the way back and is at 1 in the second look around. The latest 20 latents fall to 0.4 there.",
)
def share() -> Chart:
    chart = Chart(Axis("section", 1, 26), Axis("share of the view seen before", 0, 1), height=280)
    names = {"everything": "everything so far", "chosen": "20 latents, by view", "last": "latest 20 latents"}
    for series, (key, name) in enumerate(names.items()):
        curve = page_data(PAGE)["share"][key]
        chart.line(range(1, len(curve) + 1), curve, series=series, label=name, dashed=key == "everything")
    return chart
