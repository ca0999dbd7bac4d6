"""Figures of docs/scaling-inference/quantisation.md."""

from __future__ import annotations

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data

PAGE = "scaling-inference/quantisation"

# Name, exponent bits, mantissa bits; a sign bit comes first. Without an exponent: an integer.
LAYOUTS = (
    ("bf16", 8, 7),
    ("fp16", 5, 10),
    ("FP8 E5M2", 5, 2),
    ("FP8 E4M3", 4, 3),
    ("FP6 E3M2", 3, 2),
    ("FP6 E2M3", 2, 3),
    ("FP4 E2M1", 2, 1),
    ("INT8", 0, 7),
    ("INT4", 0, 3),
)
NF4 = (-1, -0.696, -0.525, -0.395, -0.284, -0.185, -0.091, 0, 0.08, 0.161, 0.246, 0.338, 0.441, 0.563, 0.723, 1)
CELL = 17


@figure(
    "scaling-inference/quantisation/layouts",
    title="Bits of number formats, and of blocks that share a scale",
    desc="Left: a row of cells for each format, one cell for each bit: a sign, then exponent and mantissa bits, or a "
    "sign and integer bits. Right: blocks. MXFP4 puts one power of two of eight bits before thirty-two FP4 "
    "elements, NVFP4 one E4M3 scale before sixteen, INT4 groups one fp16 scale before a hundred and twenty-eight.",
)
def layouts() -> Drawing:
    drawing = Drawing(760)
    for x, role, name in (
        (96, "loss", "sign"),
        (160, "router", "exponent"),
        (250, "attention", "mantissa"),
        (340, "data", "integer"),
    ):
        drawing.box("", (x, 14), role=role, w=CELL - 2, h=CELL - 2, corner=2)
        drawing.label(name, (x + 14, 14), anchor="start", muted=True)
    ranges = page_data(PAGE)["formats"]
    for row, (name, exponent, mantissa) in enumerate(LAYOUTS):
        y = 46 + 27 * row
        drawing.label(name, (84, y), anchor="end")
        roles = ["loss"] + ["router"] * exponent + ["attention" if exponent else "data"] * mantissa
        for index, role in enumerate(roles):
            drawing.box("", (97 + CELL * index, y), role=role, w=CELL - 2, h=CELL - 2, corner=2)
        short = name.split(" ")[-1]
        if short in ranges:
            drawing.label(f"up to {ranges[short][0]:,g}", (102 + CELL * len(roles), y), anchor="start", muted=True)
    blocks = (
        ("MXFP4: 32 × 4 + 8 bits = 4.25 each", "$2^n$", "router", 32, "attention"),
        ("NVFP4: 16 × 4 + 8 bits = 4.5 each", "E4M3", "loss", 16, "attention"),
        ("INT4, groups of 128: 4.125 each", "fp16", "note", 128, "data"),
    )
    for row, (name, scale, role, count, cells) in enumerate(blocks):
        y = 62 + 84 * row
        drawing.label(name, (430, y - 22), anchor="start", bold=True)
        drawing.box(scale, (456, y + 6), role=role, w=52, h=26)
        drawing.label("×", (494, y + 6))
        shown = min(count, 32)
        for index in range(shown):
            across, down = index % 16, index // 16
            drawing.box("", (512 + 12 * across, y + 12 * down), role=cells, w=10, h=10, corner=1)
        if count > shown:
            drawing.label("… 128", (708, y + 6), anchor="start", muted=True)
    drawing.label("and one fp32 scale for the tensor", (512, 166), anchor="start", muted=True)
    return drawing


@figure(
    "scaling-inference/quantisation/levels",
    title="The values of four formats on a line, scaled to reach one",
    desc="Four rows of dots between minus one and one. INT4 spaces fifteen values evenly. E2M1 has fifteen, dense "
    "near zero and sparse at the ends. NF4 has sixteen placed by the quantiles of a normal distribution. Ternary "
    "has three.",
)
def levels() -> Drawing:
    drawing = Drawing(760)
    magnitudes = (0, 0.5, 1, 1.5, 2, 3, 4, 6)
    rows = (
        ("INT4", [i / 7 for i in range(-7, 8)], "data"),
        ("FP4 E2M1", sorted({s * m / 6 for m in magnitudes for s in (-1, 1)}), "attention"),
        ("NF4", NF4, "router"),
        ("ternary", (-1, 0, 1), "loss"),
    )
    for row, (name, values, role) in enumerate(rows):
        y = 26 + 38 * row
        drawing.label(name, (120, y), anchor="end", bold=True)
        drawing.line([(150, y), (730, y)])
        for value in values:
            drawing.dot((440 + 280 * value, y), role=role, r=5)
    for value, name in ((-1, "−largest"), (0, "0"), (1, "largest of the group")):
        drawing.label(name, (min(440 + 280 * value, 690), 174), muted=True)
    return drawing


@figure(
    "scaling-inference/quantisation/errors",
    title="Relative rounding error of eleven schemes on normal and on heavy-tailed numbers",
    desc="Pairs of bars on a logarithmic axis. Eight-bit integers in groups have the smallest error, then eight- and "
    "six-bit floating-point formats near three hundredths; four-bit formats lie near a tenth, where heavy tails hurt "
    "large integer groups most and NVFP4 not at all; a choice of two maxima lowers NVFP4's error; ternary lies above "
    "a half.",
)
def errors() -> Chart:
    stored = page_data(PAGE)["errors"]
    names = list(stored)
    chart = Chart(
        Axis("scheme", -0.6, len(names) - 0.4, ticks={float(i): name for i, name in enumerate(names)}),
        Axis("relative error", 0.004, 1, log=True, ticks={v: f"{v:g}" for v in (0.01, 0.1, 1.0)}),
        height=310,
        width=760,
    )
    for series, label in enumerate(("normal", "heavy-tailed")):
        xs = [i - 0.18 + 0.36 * series for i in range(len(names))]
        chart.bars(xs, [stored[name][series] for name in names], width=0.34, series=series, label=label)
    return chart


@figure(
    "scaling-inference/quantisation/rounding",
    title="Error of a layer's output over the power of AWQ's scaling, with plain rounding and GPTQ",
    desc="Two curves, for three and for four bits. Both start at plain rounding for power zero, fall to a minimum "
    "about three tenths lower near a power of 0.3, and rise far above the start towards one. Dashed, far below: GPTQ.",
)
def rounding() -> Chart:
    chart = Chart(
        Axis("power of the mean activation", 0, 1),
        Axis("relative error of the output", 0, 0.5),
        height=320,
    )
    powers = [0.05 * i for i in range(21)]
    for series, bits in enumerate(("3", "4")):
        stored = page_data(PAGE)["rounding"][bits]
        chart.line(powers, stored["awq"], series=series, label=f"AWQ, {bits} bits")
        chart.points(powers[:1], [stored["plain"]], series=series, r=5)
        chart.line([0, 1], [stored["gptq"]] * 2, series=series, dashed=True, label=f"GPTQ, {bits} bits")
    return chart
