"""Figures of docs/architectures/mixture-of-experts/scaling.md."""

from __future__ import annotations

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import DOCS, page_data

PAGE = "architectures/mixture-of-experts/scaling"
EXPERTS = (1, 2, 4, 8, 16, 32)
SAMPLES = (100, 200, 400, 800, 1600, 3200)
YEARS = {"2023": 0, "2024": 0, "2025": 1, "2026": 2}
NAMED = {
    "mixtral-8x7b": ("Mixtral 8x7B", 0, -11, "middle"),
    "olmoe-1b-7b": ("OLMoE", -6, 18, "middle"),
    "jamba-1.5-large": ("Jamba 1.5 Large", 0, -11, "middle"),
    "deepseek-v2": ("DeepSeek-V2", 0, -12, "middle"),
    "kimi-k2": ("Kimi K2", -6, 17, "end"),
    "gpt-oss-20b": ("gpt-oss-20b", 0, -11, "middle"),
    "gpt-oss-120b": ("gpt-oss-120b", -3, 22, "end"),
    "qwen3-next-80b-a3b": ("Qwen3-Next", -10, 2, "end"),
    "nemotron-3-ultra-550b-a55b": ("Nemotron 3 Ultra", 10, -6, "start"),
    "mistral-large-4": ("Mistral Large 4", 9, 2, "start"),
    "kimi-k3": ("Kimi K3", 0, -11, "middle"),
    "deepseek-v4.1-flash": ("DeepSeek-V4.1 Flash", 0, 19, "middle"),
}
"""Models whose points are named, and where each name stands relative to its point."""


def mixtures() -> list[tuple[str, int, float, float]]:
    """Key, index of the years, stored parameters in billions and percentage used, of every counted mixture."""
    # Inside, because archdata draws with this package.
    from archdata import models

    return [
        (key, YEARS[model.released[:4]], model.parameters / 1e9, 100 * model.active_parameters / model.parameters)
        for key, model in models.load(DOCS).items()
        # FlexOlmo is left out: its experts were trained apart, and five of seven answer.
        if model.is_counted and model.config.get("experts") and key != "flexolmo-7x7b"
    ]


@figure(
    "mixture-of-experts/scaling/experts",
    title="Error over the number of experts at three active sizes",
    desc="Three falling lines on logarithmic axes, for 8, 16 and 32 active hidden units. Each falls as experts are "
    "added; a model with 8 units and 32 experts nearly reaches the error of one with 32 units and 4 experts.",
)
def experts() -> Chart:
    chart = Chart(
        Axis("experts, one used for each sample", 1, 32, log=True, ticks={float(e): str(e) for e in EXPERTS}),
        Axis("error on new data", 0.08, 1, log=True, ticks={v: f"{v:g}" for v in (0.1, 0.2, 0.5, 1.0)}),
        height=310,
    )
    for series, (hidden, row) in enumerate(page_data(PAGE)["experts"].items()):
        chart.line(EXPERTS, row, series=series, label=f"{hidden} units active")
        chart.points(EXPERTS, row, series=series)
    return chart


@figure(
    "mixture-of-experts/scaling/samples",
    title="Error over the number of samples for one, four and sixteen experts",
    desc="Three lines on logarithmic axes. With a hundred samples the mixtures have three times the error of the "
    "dense model. They cross it between two and four hundred samples and end at six and four tenths of its "
    "error; the dense model stops improving.",
)
def samples() -> Chart:
    chart = Chart(
        Axis("samples", 100, 3200, log=True, ticks={float(n): str(n) for n in SAMPLES}),
        Axis("error on new data", 0.2, 3, log=True, ticks={v: f"{v:g}" for v in (0.2, 0.5, 1.0, 2.0)}),
        height=310,
    )
    for series, (count, row) in enumerate(page_data(PAGE)["samples"].items()):
        label = "dense" if count == "1" else f"{count} experts"
        chart.line(SAMPLES, row, series=series, label=label)
        chart.points(SAMPLES, row, series=series)
    return chart


@figure(
    "mixture-of-experts/scaling/share",
    title="Share of the parameters that a token uses, over the size of the model",
    desc="One point for each published mixture, on logarithmic axes, coloured by year. From upper left to lower right: "
    "models of 7 to 50 billion parameters use between 7 and 28 percent, models above 300 billion mostly 3 to 7. "
    "At equal size most models of 2023 and 2024 lie higher than later ones; the lowest point is DeepSeek-V4.1 Flash "
    "with 2 percent.",
)
def share() -> Chart:
    chart = Chart(
        Axis(
            "parameters",
            2.5,
            4000,
            log=True,
            ticks={10.0: "10B", 30.0: "30B", 100.0: "100B", 300.0: "300B", 1000.0: "1T", 3000.0: "3T"},
        ),
        Axis("% used for a token", 1.7, 36, log=True, ticks={float(v): str(v) for v in (2, 3, 5, 10, 20, 30)}),
        height=380,
    )
    for series, label in enumerate(("2023 and 2024", "2025", "2026")):
        chart.points([], [], series=series, label=label)
    for key, series, size, used in reversed(mixtures()):
        chart.points([size], [used], series=series, r=4.5)
        if key in NAMED:
            name, dx, dy, anchor = NAMED[key]
            chart.note(name, size, used, dx=dx, dy=dy, anchor=anchor)
    return chart


@figure(
    "mixture-of-experts/scaling/upcycling",
    title="Upcycling: a trained dense layer becomes a mixture of its copies",
    desc="A dense feed-forward network is copied into several experts with a new router. At the start all experts "
    "are equal and the layer computes what the dense one did; training then makes them differ.",
)
def upcycling() -> Drawing:
    drawing = Drawing(740)
    dense = drawing.box("dense\nfeed-forward", (86, 100), role="ffn", h=50, w=110)
    drawing.label("trained", (86, 148), muted=True)
    first = [drawing.box("copy", (270, 34 + 44 * index), role="ffn", w=76, h=32) for index in range(4)]
    for box in first:
        drawing.arrow(dense.right, box.left)
    drawing.box("new router", (270, 222), role="router", w=100, h=32)
    second = [
        drawing.box(name, (560, 34 + 44 * index), role=role, w=96, h=32)
        for index, (name, role) in enumerate(
            (("expert 1", "ffn"), ("expert 2", "attention"), ("expert 3", "state"), ("expert 4", "noise"))
        )
    ]
    for before, after in zip(first, second, strict=True):
        drawing.arrow(before.right, after.left)
    drawing.label("train on", (414, 22), muted=True)
    drawing.label("same function as before", (270, 256), muted=True)
    drawing.label("different functions", (560, 222), muted=True)
    return drawing
