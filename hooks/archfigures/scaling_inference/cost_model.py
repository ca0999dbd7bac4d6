"""Figures of docs/scaling-inference/cost-model.md."""

from __future__ import annotations

from archdata import models
from archdata.formulas import bytes_of

from archfigures import Axis, Chart, figure
from archfigures.data import DOCS

PEAK, BANDWIDTH = 1.97e14, 8.1e11
"""bf16 FLOP/s and bytes/s of one TPU v5e: the scaling book's table of chips (jax-ml/scaling-book, tpus.md)."""

_SHOWN = (("llama-2-7b", 2048), ("llama-3-8b", 2048), ("llama-3-8b", 16384))


@figure(
    "scaling-inference/cost-model/roofline",
    title="Roofline: operations for each byte read, in prefill and in decoding",
    desc="A roof that rises with the operations for each byte and is flat from about 240 on. Prefill of 2,048 "
    "tokens stands on the flat part. Decoding of one sequence stands near one operation a byte; with 64 "
    "sequences it moves right, further for a model with grouped queries.",
)
def roofline() -> Chart:
    ticks = {1.0: "1", 10.0: "10", 100.0: "100", 1000.0: "1000"}
    chart = Chart(
        Axis("operations for each byte read", 0.5, 4000, log=True, ticks=ticks),
        Axis("TFLOP/s reached", 0.5, 400, log=True, ticks={1.0: "1", 10.0: "10", 100.0: "100"}),
        height=330,
    )
    corners = [0.5e12 / BANDWIDTH, PEAK / BANDWIDTH, 4000.0]
    chart.line(corners, [min(PEAK, BANDWIDTH * x) / 1e12 for x in corners], series=0)
    for key, label, series in (("llama-2-7b", "Llama 2 7B", 1), ("llama-3-8b", "Llama 3 8B", 2)):
        for batch in (1, 64):
            x = _intensity(key, 2048, batch)
            chart.points([x], [min(PEAK, BANDWIDTH * x) / 1e12], series=series, label=label if batch == 1 else "", r=5)
            if batch > 1 or series > 1:
                side = -11 if series == 1 else 9
                words = f"{batch} sequences" if batch > 1 else "1 sequence"
                chart.note(
                    words,
                    x,
                    BANDWIDTH * x / 1e12,
                    anchor="end" if series == 1 else "start",
                    dx=side,
                    dy=4 if series == 1 else 14,
                )
    chart.points([2048.0], [PEAK / 1e12], series=3, label="prefill of 2,048 tokens", r=5)
    return chart


@figure(
    "scaling-inference/cost-model/batch",
    title="Tokens a second by batch, for three combinations of model and context",
    desc="Three curves that rise in proportion to the batch at first and then bend: first for Llama 2 7B with its "
    "large cache, later for Llama 3 8B at the same context, and earliest in height for Llama 3 8B at 16,384 "
    "tokens.",
)
def batch() -> Chart:
    ticks = {1.0: "1", 4.0: "4", 16.0: "16", 64.0: "64", 256.0: "256"}
    chart = Chart(
        Axis("sequences decoded together", 1, 512, log=True, ticks=ticks),
        Axis(
            "tokens a second", 10, 10_000, log=True, ticks={10.0: "10", 100.0: "100", 1000.0: "1000", 10_000.0: "10000"}
        ),
        height=330,
        left=74,
    )
    known = models.load(DOCS)
    for series, (key, context) in enumerate(_SHOWN):
        sizes = [2 ** (i / 4) for i in range(37)]
        rates = [
            b * BANDWIDTH * min(1.0, PEAK / BANDWIDTH / _intensity(key, context, b)) / _bytes(key, context, b)
            for b in sizes
        ]
        chart.line(sizes, rates, series=series, label=f"{known[key].name}, {context:,} tokens")
    return chart


def _bytes(key: str, context: int, batch: float) -> float:
    """Bytes read in one decoding step."""
    decoder = models.load(DOCS)[key].decoder
    return bytes_of(decoder.multiplied_parameters, "bf16") + batch * bytes_of(decoder.cached(context), "bf16")


def _intensity(key: str, context: int, batch: float) -> float:
    decoder = models.load(DOCS)[key].decoder
    return 2 * decoder.multiplied_parameters * batch / _bytes(key, context, batch)
