"""Figures of docs/architectures/mixture-of-experts/deepseekmoe.md."""

from __future__ import annotations

from math import comb

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data

LAYOUTS = {
    "mixtral-8x7b": (8, 2, "Mixtral 8x7B"),
    "gpt-oss-120b": (128, 4, "gpt-oss-120b"),
    "deepseek-v2-lite": (64, 6, "DeepSeek-V2-Lite"),
    "qwen3-235b-a22b": (128, 8, "Qwen3 235B-A22B"),
    "deepseek-v3": (256, 8, "DeepSeek-V3"),
    "kimi-k2": (384, 8, "Kimi K2"),
    "qwen3-next-80b-a3b": (512, 10, "Qwen3-Next"),
}
"""Model to experts, experts chosen, label; the test compares the numbers with the models' files."""


@figure(
    "mixture-of-experts/deepseekmoe/split",
    title="The same weights as four experts, as sixteen, and with one of them shared",
    desc="Three rows of equal total width. The first has four wide experts of which two are used. The second has "
    "sixteen thin ones of which eight are used. The third has the same sixteen, one of them shared by all "
    "tokens and always used, and seven chosen among the others.",
)
def split() -> Drawing:
    drawing = Drawing(740)
    rows = (
        ("coarse", 4, {0, 2}, 0, f"2 of 4: {comb(4, 2)} sets"),
        ("fine, m = 4", 16, {1, 2, 4, 7, 8, 11, 13, 14}, 0, f"8 of 16: {comb(16, 8):,} sets"),
        ("fine and shared", 16, {0, 2, 4, 7, 8, 11, 13, 14}, 1, f"1 and 7 of 15: {comb(15, 7):,} sets"),
    )
    for row, (name, count, used, shared, note) in enumerate(rows):
        y = 46 + row * 84
        drawing.label(name, (112, y), anchor="end", bold=True)
        width = 416 / count
        for index in range(count):
            on = index in used
            role = "attention" if index < shared else "ffn" if on else "frozen"
            drawing.box("", (130 + width * (index + 0.5), y), role=role, w=width - 4, h=40, dashed=not on, corner=4)
        drawing.label(note, (558, y), anchor="start")
    drawing.label(
        "width of a box: inner width of an expert; the row is the same number of weights", (338, 262), muted=True
    )
    return drawing


@figure(
    "mixture-of-experts/deepseekmoe/sets",
    title="How many sets of experts a token can choose in one layer",
    desc="Points for seven models, logarithm of the number of sets over the number of experts: 28 sets for Mixtral "
    "8x7B with 8 experts, ten million for gpt-oss, more than ten to the fourteenth for DeepSeek-V3, ten to the "
    "twentieth for Qwen3-Next.",
)
def sets() -> Chart:
    chart = Chart(
        Axis(
            "routed experts in a layer",
            6,
            1000,
            log=True,
            ticks={float(n): str(n) for n in (8, 64, 128, 256, 384, 512)},
        ),
        Axis("sets of chosen experts", 1, 1e24, log=True, ticks={10.0**p: f"$10^{{{p}}}$" for p in range(0, 25, 6)}),
        height=320,
    )
    for experts, chosen, name in LAYOUTS.values():
        count = float(comb(experts, chosen))
        chart.points([experts], [count], series=0, r=5)
        right = experts in (8, 384) or chosen == 4
        anchor, dx = ("start", 10) if right else ("end", -10)
        chart.note(f"{name}: {chosen} of {experts}", experts, count, anchor=anchor, dx=dx, dy=4)
    return chart


@figure(
    "mixture-of-experts/deepseekmoe/sharing",
    title="Error over stored ranks, with and without a shared part",
    desc="Four lines that fall with the ranks stored. When sixteen maps have something in common, sharing three "
    "ranks reaches zero error at 83 stored ranks, without sharing at 128. When they have nothing in common "
    "both reach zero at about 80.",
)
def sharing() -> Chart:
    chart = Chart(Axis("ranks stored for 16 maps", 0, 135), Axis("relative error", 0, 1.05), height=320)
    for index, (name, rows) in enumerate(page_data("architectures/mixture-of-experts/deepseekmoe").items()):
        xs, ys = zip(*rows, strict=True)
        label = name.split(", ")[0] if index % 2 else ""
        chart.line(xs, ys, series=index // 2, dashed=index % 2 == 0, label=label)
    return chart
