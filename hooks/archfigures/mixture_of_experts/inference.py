"""Figures of docs/architectures/mixture-of-experts/inference.md."""

from __future__ import annotations

from archfigures import Axis, Box, Chart, Drawing, figure
from archfigures.data import page_data

SIZES = {
    "llama-2-70b": (68_976_648_192, 68_976_648_192, 1, 1, "Llama 2 70B, dense"),
    "mixtral-8x7b": (46_702_792_704, 12_879_925_248, 8, 2, "Mixtral 8x7B"),
    "deepseek-v3": (671_026_419_200, 37_552_297_472, 256, 8, "DeepSeek-V3"),
    "gpt-oss-120b": (116_829_156_672, 5_711_982_912, 128, 4, "gpt-oss-120b"),
}
"""Model to stored and used parameters, experts, chosen, label; the test compares them with the models' files."""


@figure(
    "mixture-of-experts/inference/exchange",
    title="Expert parallelism: rows travel to their experts and back",
    desc="Three devices, each with tokens, attention and two experts. After attention an all-to-all exchange sends "
    "each token's row to the devices of its experts; after the experts a second exchange brings the results "
    "back, where they are added.",
)
def exchange() -> Drawing:
    drawing = Drawing(740)
    before: list[Box] = []
    experts: list[Box] = []
    after: list[Box] = []
    for device in range(3):
        y = 60 + 92 * device
        drawing.label(f"device {device + 1}", (40, y), bold=True, size=12)
        tokens = drawing.box(f"tokens {4 * device + 1}–{4 * device + 4}", (132, y), role="data", w=96, h=34)
        attention = drawing.box("attention,\nrouter", (250, y), role="attention", w=92, h=46)
        drawing.arrow(tokens.right, attention.left)
        before.append(attention)
        experts.append(drawing.box(f"experts\n{2 * device + 1} and {2 * device + 2}", (450, y), role="ffn", w=96, h=46))
        after.append(drawing.box("add", (630, y), role="norm", w=64, h=34))
    for source in range(3):
        for target in range(3):
            own = source == target
            drawing.arrow(before[source].right, experts[target].left, dashed=not own)
            drawing.arrow(experts[source].right, after[target].left, dashed=not own)
    drawing.label("dispatch", (349, 14), muted=True)
    drawing.label("combine", (548, 14), muted=True)
    for box in after:
        drawing.arrow(box.right, (706, box.y))
    return drawing


@figure(
    "mixture-of-experts/inference/read",
    title="Weights read for each token, by the tokens that share a step",
    desc="Four lines on logarithmic axes fall with the tokens of a step. The dense model falls as one over the "
    "batch from the start. The mixtures begin at their active size, fall slowly while new tokens bring new "
    "experts, and then as one over the batch.",
)
def read() -> Chart:
    chart = Chart(
        Axis("tokens that share a step", 1, 4096, log=True),
        Axis("GB of weights read for each token, bf16", 0.02, 300, log=True),
        height=340,
    )
    steps = [2.0 ** (i / 2) for i in range(25)]
    for series, (stored, used, experts, chosen, label) in enumerate(SIZES.values()):
        chart.line(steps, [_read(stored, used, experts, chosen, n) for n in steps], series=series, label=label)
    return chart


def _read(stored: int, used: int, experts: int, chosen: int, tokens: float) -> float:
    """GB read for a token when choices are even and independent."""
    if experts == 1:
        return 2 * stored / tokens / 1e9
    share = chosen / experts
    inside = (stored - used) / (1 - share)
    left = float((1 - share) ** tokens)
    return 2 * (stored - inside * left) / tokens / 1e9


@figure(
    "mixture-of-experts/inference/copies",
    title="How much longer the busiest device works than the average, with copies of busy experts",
    desc="Bars: 1.8 when 256 experts of uneven popularity are placed on 32 devices in numerical order, 1.5 when they "
    "are placed by load, 1.04 with eight copies, and close to 1 with sixteen and more.",
)
def copies() -> Chart:
    data = page_data("architectures/mixture-of-experts/inference")
    rows = [data["as numbered"], *[value for _, value in data["rows"]]]
    names = ["as numbered", *["placed by load" if not extra else f"{extra} copies" for extra, _ in data["rows"]]]
    ticks = {float(index): name for index, name in enumerate(names)}
    chart = Chart(Axis("", -0.6, len(rows) - 0.4, ticks=ticks), Axis("busiest device / average", 0, 2), height=280)
    chart.bars(list(range(len(rows))), rows, width=0.5)
    for index, value in enumerate(rows):
        chart.note(f"{value:.2f}", index, value, dy=-8)
    return chart


TRAVEL = 0.5
"""Time of a journey in the figure of turns, where attention and experts take 1 each."""


@figure(
    "mixture-of-experts/inference/turns",
    title="Micro-batches that take turns between attention devices and expert devices",
    desc="Two time lines with rows for attention and for experts. With two micro-batches both rows have gaps of a "
    "third; with three micro-batches, each row is filled without a gap after the start.",
)
def turns() -> Drawing:
    drawing = Drawing(740)
    unit, left, height = 54.0, 112.0, 30.0
    for panel, batches in enumerate((2, 3)):
        top = 20.0 + 128 * panel
        drawing.label(f"{batches} micro-batches", (left - 92, top), anchor="start", bold=True, size=12)
        for row, name in enumerate(("attention", "experts")):
            drawing.label(name, (left - 92, top + 34 + 40 * row), anchor="start", muted=True)
        for batch, layer, first, second in _turns(batches, 9.5):
            for row, begin in enumerate((first, second)):
                if begin + 1 <= 10.5:
                    drawing.box(
                        f"{'abc'[batch]}{layer}",
                        (left + unit * (begin + 0.5), top + 34 + 40 * row),
                        role=("attention", "ffn")[row],
                        w=unit - 3,
                        h=height,
                    )
    drawing.arrow((left, 268), (left + unit * 10.5, 268))
    drawing.label("time", (left + unit * 10.5, 284), anchor="end", muted=True)
    return drawing


def _turns(batches: int, until: float) -> list[tuple[int, int, float, float]]:
    """Micro-batch, layer, and when its attention and its experts begin."""
    ready, begun = [0.0] * batches, []
    attention = experts = 0.0
    layer = 0
    while min(ready) < until:
        layer += 1
        for batch in range(batches):
            first = max(ready[batch], attention)
            attention = first + 1
            second = max(attention + TRAVEL, experts)
            experts = second + 1
            ready[batch] = experts + TRAVEL
            begun.append((batch, layer, first, second))
    return begun
