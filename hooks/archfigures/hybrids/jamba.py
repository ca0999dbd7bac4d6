"""Figures of docs/architectures/hybrids/jamba.md."""

from __future__ import annotations

from archdata import decoders, models
from archdata.formulas import bytes_of

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import DOCS


@figure(
    "hybrids/jamba/block",
    title="A Jamba block: eight layers, one of them attention, four with experts",
    desc="Eight layers from left to right, numbered from 0. Seven have a Mamba mixer with a state, number 4 "
    "has attention with a cache. Layers 1, 3, 5 and 7 are followed by sixteen experts of which two are chosen, "
    "the others by a dense network, the attention layer among them.",
)
def block() -> Drawing:
    drawing = Drawing(760)
    before = (8.0, 128.0)
    for index in range(8):
        x, attention, sparse = 60 + index * 92, index == 4, index % 2 == 1
        drawing.label(str(index), (x, 14), bold=True)
        if attention:
            memory = drawing.tensor((x, 62), 6, 3, cell=9, role="attention")
        else:
            memory = drawing.tensor((x, 66), 4, 4, cell=9, role="state")
        mixer = drawing.box(
            "attention" if attention else "Mamba", (x, 128), w=76, role="attention" if attention else "state"
        )
        drawing.arrow(memory.bottom, mixer.top, role="" if attention else "state")
        ffn = drawing.box(
            "experts\n2 of 16" if sparse else "dense\nFFN", (x, 196), w=70, role="router" if sparse else "ffn"
        )
        drawing.arrow(before, mixer.left)
        drawing.arrow(mixer.bottom, ffn.top)
        before = ffn.right
        if index < 7:
            drawing.line([ffn.right, (x + 42, 196)], role="note")
            before = (x + 42, 196)
            drawing.line([(x + 42, 196), (x + 42, 128)], role="note")
            before = (x + 42, 128)
    drawing.arrow(before, (752, 196))
    drawing.label("$T$ × $d$", (2, 100), anchor="start", muted=True, size=12)
    drawing.label("states do not grow; the one cache does", (380, 246), muted=True)
    drawing.label("× L / 8", (736, 246), anchor="end", bold=True)
    return drawing


@figure(
    "hybrids/jamba/proportion",
    title="Memory of one sequence of 262,144 tokens for other proportions of attention, in Jamba 1.5 Large",
    desc="Bars for cache and state in bf16. All attention: 72 GiB. One layer in two: 36 GiB, one in four 18, "
    "one in eight, the proportion of Jamba, 9 GiB, one in sixteen between 4 and 5, and no attention 0.04 GiB of "
    "states.",
)
def proportion() -> Chart:
    config = models.load(DOCS)["jamba-1.5-large"].config
    names = ("all", "1 in 2", "1 in 4", "1 in 8", "1 in 16", "none")
    patterns = [["full"], *(["mamba"] * (n - 1) + ["full"] for n in (2, 4, 8, 16)), ["mamba"]]
    held = [bytes_of(decoders.decoder({**config, "pattern": p}).cached(262144), "bf16") / 2**30 for p in patterns]
    chart = Chart(
        Axis("attention layers", 0.4, 6.6, ticks={float(i): name for i, name in enumerate(names, 1)}),
        Axis("GiB at 262,144 tokens", 0, 80),
        height=270,
    )
    chart.bars([1, 2, 3, 5, 6], [held[i] for i in (0, 1, 2, 4, 5)], width=0.55, series=0, label="other proportions")
    chart.bars([4], [held[3]], width=0.55, series=1, label="Jamba")
    for x, value in enumerate(held, 1):
        chart.note(f"{value:.0f}" if value >= 1 else f"{value:.2f}", x, value, dy=-6)
    return chart
