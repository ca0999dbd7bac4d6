"""Figures of docs/architectures/transformers/context-extension.md."""

from __future__ import annotations

from archfigures import Axis, Chart, figure
from archfigures.data import page_data


@figure(
    "transformers/context-extension/ramp",
    title="How much each method slows down each pair",
    desc="Factor by which a pair's rotation is slowed, for the 64 pairs from fast to slow, at a scale of eight. "
    "Interpolation slows all pairs eight times. NTK-aware scaling rises smoothly from one to eight. YaRN and Llama "
    "3.1's rule leave fast pairs alone, slow the slow ones eight times, and pass from one to the other over a ramp.",
)
def ramp() -> Chart:
    run = page_data("architectures/transformers/context-extension")
    chart = Chart(
        Axis("pair, from fast to slow", 0, 63),
        Axis("slowed by", 0.9, 9, log=True, ticks={1.0: "1", 2.0: "2", 4.0: "4", 8.0: "8"}),
    )
    for series, (name, factors) in enumerate(run["slowed"].items()):
        chart.line(list(range(64)), factors, series=series, label=name)
    chart.line([46, 46], [0.9, 9], series=5, dashed=True)
    chart.note("no full turn from here on", 46.8, 1.1, anchor="start")
    return chart


@figure(
    "transformers/context-extension/sharpening",
    title="What is left of a token's weight as the text grows",
    desc="Weight of one token whose score is a fixed margin above all others, against the length of the text, from "
    "4,096 tokens, where it is 0.9, to a million. With a plain softmax it falls below 0.05. With Llama 4's rule it "
    "stays near 0.85; with scores multiplied by the logarithm of the length, by Beam's power of it or by YaRN's "
    "factor, it rises.",
)
def sharpening() -> Chart:
    run = page_data("architectures/transformers/context-extension")["sharpened"]
    ticks = {4096.0: "4K", 16384.0: "16K", 65536.0: "64K", 262144.0: "256K", 1048576.0: "1M"}
    chart = Chart(
        Axis("tokens in the text", 4096, 2**20, log=True, ticks=ticks),
        Axis("weight of the token", 0, 1.03, ticks={0.0: "0", 0.25: "0.25", 0.5: "0.5", 0.75: "0.75", 1.0: "1"}),
        height=290,
    )
    for series, name in enumerate(("plain", "Llama 4's", "YaRN's", "SSMax", "Beam's")):
        chart.line(run["tokens"], run[name], series=series, label=name, dashed=name == "Beam's")
    return chart
