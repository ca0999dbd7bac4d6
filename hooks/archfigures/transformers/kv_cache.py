"""Figures of docs/architectures/transformers/kv-cache.md."""

from __future__ import annotations

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data


@figure(
    "transformers/kv-cache/step",
    title="Prefill and one decoding step with a cache",
    desc="Left: the prompt's tokens go through the network together, and the keys and values of every token are "
    "stored. Right: one new token is projected to a query, a key and a value; key and value are appended, and the "
    "query reads the whole cache. The resulting token is fed back in.",
)
def step() -> Drawing:
    d = Drawing(760)
    d.label("prefill: all tokens of the prompt at once", (166, 16), bold=True)
    d.label("decoding: one token at a time", (560, 16), bold=True)
    prompt = d.tensor((60, 110), 6, 3, cell=13, role="data", label="prompt", shape="$T$ × $d$")
    project = d.box("$W_{K}$, $W_{V}$", (164, 110), role="attention", w=76)
    cache = d.tensor((308, 110), 6, 6, cell=13, role="state", label="cache of a layer", shape="$T$ × 2$Gd_{h}$")
    d.arrow(prompt.right, project.left)
    d.arrow(project.right, cache.left, "store")
    row = d.tensor((308, 192), 1, 6, cell=13, role="state")
    new = d.box("new token", (700, 192), role="data", w=84)
    make = d.box("$W_{Q}$, $W_{K}$, $W_{V}$", (530, 192), role="attention", w=110)
    d.arrow(new.left, make.right, "1 × $d$")
    d.arrow(make.left, row.right, "append $k$, $v$")
    read = d.box("attend", (530, 110), role="attention", w=84)
    d.arrow(make.top, read.bottom, "$q$", side=8)
    d.arrow(cache.right, read.left, "read all")
    out = d.box("rest of the\nnetwork", (700, 110), role="ffn", w=92)
    d.arrow(read.right, out.left)
    d.arrow(out.bottom, new.top, "next token")
    return d


@figure(
    "transformers/kv-cache/growth",
    title="Cache against context for four designs",
    desc="Gibibytes of cache in bf16 for one sequence against its length, on logarithmic axes. Llama 2 7B lies "
    "highest, then Llama 2 70B, DeepSeek-V3 and, for long contexts lowest of the large ones, Gemma 3 27B, whose "
    "windowed layers stop growing at 1,024 tokens.",
)
def growth() -> Chart:
    run = page_data("architectures/transformers/kv-cache")
    tokens = run["tokens"]
    ticks = {float(t): f"{t // 1024}K" for t in tokens}
    chart = Chart(
        Axis("tokens in the context", tokens[0], tokens[-1], log=True, ticks=ticks),
        Axis("cache, GiB", 0.05, 80, log=True, ticks={0.1: "0.1", 1.0: "1", 10.0: "10", 64.0: "64"}),
    )
    for series, (name, sizes) in enumerate(run["gibibytes"].items()):
        chart.line(tokens, sizes, series=series, label=name)
        chart.points(tokens, sizes, series=series)
    return chart
