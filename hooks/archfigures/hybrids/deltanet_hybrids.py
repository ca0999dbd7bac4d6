"""Figures of docs/architectures/hybrids/deltanet-hybrids.md."""

from __future__ import annotations

from archdata import models
from archdata.formulas import bytes_of

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import DOCS, page_data

_SHOWN = ("qwen3-8b", "qwen3.5-9b", "olmo-hybrid-7b", "qwen3-next-80b-a3b", "kimi-linear-48b-a3b")


@figure(
    "hybrids/deltanet-hybrids/stack",
    title="A group of four layers: three delta-rule layers and one attention layer",
    desc="From left to right along the residual stream: three times a delta-rule layer followed by a feed-forward "
    "part, then an attention layer followed by a feed-forward part. Each delta-rule layer has its own state, a matrix "
    "for each head, that comes from the previous token and goes to the next. The attention layer has a cache that "
    "grows by one row per token.",
)
def stack() -> Drawing:
    drawing = Drawing(760)
    y, before = 140, (14.0, 140.0)
    for index in range(4):
        x = 104 + index * 176
        last = index == 3
        mixer = drawing.box("attention" if last else "delta rule", (x, y), role="attention" if last else "state", w=90)
        ffn = drawing.box("FFN", (x + 88, y), role="ffn", w=54)
        drawing.arrow(before, mixer.left)
        drawing.arrow(mixer.right, ffn.left)
        before = ffn.right
        if last:
            cache = drawing.tensor((x, 52), 7, 3, cell=11, role="attention")
            drawing.label("cache", (x + 24, 38), anchor="start", bold=True)
            drawing.label("one more row\nfor each token", (x + 24, 66), anchor="start", muted=True, size=12)
            drawing.arrow(cache.bottom, mixer.top)
        else:
            state = drawing.tensor((x, 54), 4, 4, cell=12, role="state")
            drawing.label("state", (x + 32, 54), anchor="start", bold=True)
            drawing.arrow((x - 62, 54), state.left, role="state")
            drawing.arrow(state.bottom, mixer.top, role="state")
    drawing.arrow(before, (752, y))
    drawing.label("$T$ × $d$", (30, y - 12), muted=True, size=12)
    drawing.label("× L / 4", (744, y + 34), anchor="end", bold=True)
    drawing.label("green arrows: from the previous token", (104, 190), anchor="start", muted=True)
    return drawing


@figure(
    "hybrids/deltanet-hybrids/memory",
    title="Memory for one sequence by its length, for one transformer and four hybrids with delta-rule layers",
    desc="Both axes logarithmic, from 256 tokens to a million, cache and state in bf16. Qwen3 8B, all attention, "
    "grows in proportion to the length and is highest from 1,000 tokens on. The hybrids start at the size of their "
    "states, about 20 to 40 MiB, and bend upwards at a few thousand tokens; Kimi Linear is lowest at the end.",
)
def memory() -> Chart:
    known = models.load(DOCS)
    lengths = [2**i for i in range(8, 21)]
    ticks = {256.0: "256", 4096.0: "4K", 65536.0: "64K", 1048576.0: "1M"}
    sizes = {2.0**20: "1 MiB", 2.0**25: "32 MiB", 2.0**30: "1 GiB", 2.0**35: "32 GiB"}
    chart = Chart(
        Axis("tokens in the sequence", 256, 2**20, log=True, ticks=ticks),
        Axis("cache and state, bf16", 2**23, 2**38, log=True, ticks=sizes),
        height=350,
        left=84,
    )
    for series, key in enumerate(_SHOWN):
        held = [bytes_of(known[key].decoder.cached(length), "bf16") for length in lengths]
        chart.line(lengths, held, series=series, label=known[key].name.partition(" (")[0].removesuffix(" 48B-A3B"))
    return chart


@figure(
    "hybrids/deltanet-hybrids/snapshots",
    title="Where a request can continue from an earlier one",
    desc="An earlier request with a system prompt, a question and an answer, in a row of tokens. Below, its "
    "cache, which can be cut at every token, and its states, kept at two places only: where the system prompt "
    "ended, and at the end of the answer. A new request shares the system prompt and a part of the question. The "
    "cache could be used up to the difference, but the nearest state is that of the system prompt; the tokens "
    "from there on are computed again.",
)
def snapshots() -> Drawing:
    drawing = Drawing(760)
    left, cell = 150, 19
    drawing.label("earlier request", (138, 34), anchor="end", bold=True)
    for name, start, count, role in (
        ("system prompt", 0, 10, "norm"),
        ("question", 10, 8, "data"),
        ("answer", 18, 12, "ffn"),
    ):
        x = left + cell * (start + count / 2)
        drawing.tensor((x, 34), 1, count, cell=cell, role=role, label="")
        drawing.label(name, (x, 14), muted=True, size=12)
    drawing.label("its cache", (138, 72), anchor="end")
    drawing.tensor((left + cell * 15, 72), 1, 30, cell=cell, role="attention")
    drawing.label("its states", (138, 110), anchor="end")
    for at in (10, 30):
        drawing.tensor((left + cell * at - 14, 110), 3, 3, cell=9, role="state")
    drawing.label("new request", (138, 164), anchor="end", bold=True)
    drawing.tensor((left + cell * 5, 164), 1, 10, cell=cell, role="norm")
    drawing.tensor((left + cell * 12, 164), 1, 4, cell=cell, role="data")
    drawing.tensor((left + cell * 17, 164), 1, 6, cell=cell, role="loss")
    drawing.line([(left + cell * 14, 58), (left + cell * 14, 190)], role="note", dashed=True)
    drawing.label("differs from here", (left + cell * 14 + 6, 196), anchor="start", muted=True, size=12)
    drawing.arrow((left + cell * 10 - 14, 124), (left + cell * 10 - 14, 154), role="state")
    drawing.label("taken up", (left + cell * 5, 214), muted=True, size=12)
    drawing.arrow((left + cell * 10, 214), (left + cell * 20, 214), role="loss")
    drawing.label("computed", (left + cell * 15, 230), muted=True, size=12)
    return drawing


@figure(
    "hybrids/deltanet-hybrids/policies",
    title="Prompt tokens computed against memory for snapshots, for ways to choose their places",
    desc="For 48 requests with 125,111 prompt tokens. Snapshots on a grid: from 13,303 tokens computed at "
    "every 64 tokens with 21 GiB of states to 63,671 at every 2,048 with 0.7 GiB. Ends of requests and branching "
    "points: 12,857 computed with 2.4 GiB, and with only the newest ends 0.45 GiB. A dashed line marks 11,857, "
    "what attention alone would compute.",
)
def policies() -> Chart:
    run = page_data("architectures/hybrids/deltanet-hybrids")
    state = bytes_of(models.load(DOCS)["qwen3.5-9b"].decoder.state, "fp32") / 2**30
    rows = {name: (row["snapshots"] * state, row["computed"]) for name, row in run["served"].items()}
    ticks = {0.25: "¼", 0.5: "½", 1.0: "1", 2.0: "2", 4.0: "4", 8.0: "8", 16.0: "16", 32.0: "32"}
    chart = Chart(
        Axis("GiB of snapshots (Qwen3.5 9B, fp32)", 0.25, 32, log=True, ticks=ticks),
        Axis("prompt tokens computed", 0, 70000),
        height=320,
        left=76,
    )
    grid = [rows[f"every {size}"] for size in (64, 128, 256, 528, 1024, 2048)]
    chart.line([x for x, _ in grid], [y for _, y in grid], series=0, label="on a grid")
    chart.points([x for x, _ in grid], [y for _, y in grid], series=0)
    for size, (x, y) in zip((64, 128, 256, 528, 1024, 2048), grid, strict=True):
        chart.note(f"{size:,}", x, y, anchor="start", dx=5, dy=-8)
    for series, name in ((1, "ends"), (2, "ends and branches"), (3, "newest ends and branches")):
        chart.points([rows[name][0]], [rows[name][1]], series=series, label=name, r=5)
    floor = run["served"]["attention"]["computed"]
    chart.line([0.25, 32], [floor, floor], series=5, dashed=True)
    chart.note("attention alone", 0.27, floor, anchor="start", dy=14)
    return chart
