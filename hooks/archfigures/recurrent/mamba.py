"""Figures of docs/architectures/recurrent/mamba.md."""

from __future__ import annotations

import math

from archfigures import Drawing, figure


@figure(
    "recurrent/mamba/block",
    title="The Mamba block: projection, convolution, selective scan, gate",
    desc="A sequence of width d is projected to two branches of twice the width. The first passes a short "
    "convolution and SiLU; from its result step, B and C are computed, which steer the scan over a state of N "
    "numbers for each channel. The second branch gates the result, which is projected back to width d.",
)
def block() -> Drawing:
    drawing = Drawing(740)
    y = 70
    entry = drawing.box("$u$\n$T$ × $d$", (44, y), role="data", h=48)
    project = drawing.box("project\nto 2 × $2d$", (150, y), role="ffn", h=48)
    convolution = drawing.box("conv 4,\nSiLU", (275, y), role="norm", h=48)
    scan = drawing.box("selective scan\nstate $2d$ × $N$", (455, y), role="state", h=52)
    times = drawing.operator("×", (588, y), role="router")
    out = drawing.box("project\nto $d$", (682, y), role="ffn", h=48)
    for start, end in ((entry, project), (project, convolution), (convolution, scan), (scan, times), (times, out)):
        drawing.arrow(start.right, end.left)
    selection = drawing.box("from the token:  step $Δ_t$,  $B_t$,  $C_t$", (380, 166), role="router", h=34)
    drawing.arrow(convolution.bottom, (275, selection.top[1]))
    drawing.arrow((455, selection.top[1]), scan.bottom)
    gate = drawing.box("SiLU", (455, 226), role="norm")
    drawing.arrow(project.bottom, gate.left, "gate branch", via=((150, 226),), side=-10)
    drawing.arrow(gate.right, times.bottom, via=((588, 226),))
    return drawing


@figure(
    "recurrent/mamba/selection",
    title="What the step does: a small one ignores a token, a large one replaces the state",
    desc="Two rows of twelve tokens. Above: all steps equal, the first token's trace fades evenly. Below: steps "
    "near zero for filler tokens, so that the first token's trace stays until a token with a large step "
    "overwrites it.",
)
def selection() -> Drawing:
    drawing = Drawing(740)
    rows = (
        ("fixed step", [0.25] * 12),
        ("selected step", [1.5, 0.02, 0.02, 0.02, 0.02, 0.02, 0.02, 0.02, 2.5, 0.02, 0.02, 0.02]),
    )
    for row, (name, steps) in enumerate(rows):
        y, trace = 62 + row * 116, 1.0
        drawing.label(name, (70, y - 4), bold=True)
        for index, step in enumerate(steps):
            x = 160 + index * 45
            drawing.box("", (x, y - 14 - step * 7), role="router", w=26, h=max(step * 14, 2), corner=2)
            trace *= math.exp(-step) if index else 1.0
            drawing.heatmap((x, y + 22), [[trace]], cell=28, role="state")
        drawing.label("step", (706, y - 18), muted=True)
        drawing.label("trace", (706, y + 22), muted=True)
    return drawing
