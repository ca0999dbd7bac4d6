"""Figures of docs/architectures/transformers/latent-reasoning.md."""

from __future__ import annotations

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data

PAGE = "architectures/transformers/latent-reasoning"
MODEL, OUT, IN = 148, 76, 226


@figure(
    "transformers/latent-reasoning/feedback",
    title="Thinking in words and thinking in vectors",
    desc="Two rows of a model at successive positions. Left, a chain of thought: each output vector goes to a box that "
    "chooses a word, and the word is the next input. Right, continuous thoughts: each output vector is itself the "
    "next input; an end mark follows, and only then a word is chosen, the answer.",
)
def feedback() -> Drawing:
    d = Drawing(760)
    d.label("in words", (176, 16), bold=True)
    d.label("in vectors", (566, 16), bold=True)
    words = [62, 176, 290]
    _columns(d, words, ("question", "word 1", "word 2"))
    for index, x in enumerate(words):
        choose = d.box("choose", (x, OUT), role="router", w=68, h=28)
        d.arrow((x, MODEL - 20), choose.bottom, "$h$" if index == 0 else "")
        if index < 2:
            gap = x + 57
            d.arrow(choose.right, (words[index + 1] - 35, IN), via=[(gap, OUT), (gap, IN)])
    d.arrow((290, OUT - 14), (290, 38))
    d.label("answer", (290, 28))
    vectors = [438, 542, 646]
    _columns(d, vectors, ("question", "$h_1$", "$h_2$"), roles=("data", "state", "state"))
    for index, x in enumerate(vectors[:2]):
        gap = x + 52
        d.arrow((x, MODEL - 20), (vectors[index + 1] - 35, IN), via=[(x, 100), (gap, 100), (gap, IN)], role="state")
        d.label(f"$h_{index + 1}$", (x + 26, 90))
    end = d.box("end", (722, IN), w=52, h=30)
    model = d.box("model", (722, MODEL), role="attention", w=52, h=40, size=12.5)
    d.arrow(end.top, model.bottom)
    d.arrow((678, MODEL), model.left)
    choose = d.box("choose", (716, OUT), role="router", w=68, h=28)
    d.arrow((722, MODEL - 20), (722, OUT + 14))
    d.arrow((716, OUT - 14), (716, 38))
    d.label("answer", (716, 28))
    d.label("each arrow back carries one of $V$ words", (176, 262), muted=True)
    d.label("each arrow back carries $d$ numbers", (566, 262), muted=True)
    return d


def _columns(d: Drawing, xs: list[int], inputs: tuple[str, ...], roles: tuple[str, ...] = ("data",) * 3) -> None:
    for index, x in enumerate(xs):
        box = d.box("model", (x, MODEL), role="attention", w=64, h=40)
        entry = d.box(inputs[index], (x, IN), role=roles[index], w=70 if index else 76, h=30)
        d.arrow(entry.top, box.bottom)
        if index:
            d.arrow((xs[index - 1] + 32, MODEL), box.left)


@figure(
    "transformers/latent-reasoning/stages",
    title="How written steps are replaced by thoughts, stage by stage",
    desc="Five rows of boxes. Stage 0: question, begin, end, four written steps, answer. In each further stage the "
    "first of the written steps is gone and two circles stand between begin and end, up to six. In the last stage "
    "all steps are gone. A line below the written steps and the answer marks where the loss is taken.",
)
def stages() -> Drawing:
    d = Drawing(760)
    for stage in range(5):
        y = 26 + 44 * stage
        d.label(f"stage {stage}" if stage < 4 else "last", (8, y), anchor="start", bold=True)
        x = 66.0
        thoughts = 2 * min(stage, 3)
        steps = list(range(stage + 1, 5)) if stage < 4 else []
        for name in ("question", "begin"):
            x = _chip(d, name, x, y, "data" if name == "question" else "norm")
        for _ in range(thoughts):
            d.operator("", (x + 11, y), role="state", r=10)
            x += 27
        x = _chip(d, "end", x, y, "norm")
        first = x
        for step in steps:
            x = _chip(d, f"step {step}", x, y, "ffn")
        x = _chip(d, "answer", x, y, "ffn")
        d.line([(first, y + 18), (x - 6, y + 18)], role="loss", thick=True)
    return d


def _chip(d: Drawing, name: str, x: float, y: float, role: str) -> float:
    w = {"question": 74, "begin": 54, "end": 46, "answer": 64}.get(name, 58)
    d.box(name, (x + w / 2, y), role=role, w=w, h=26, size=12.5)
    return x + w + 6


@figure(
    "transformers/latent-reasoning/search",
    title="Right answers over the number of thoughts, for vectors and words",
    desc="With vectors the share of right answers is one half up to three thoughts and one from four on. Words that "
    "search all open edges rise slowly and reach one at nineteen. Words that follow one path stay below 0.6.",
)
def search() -> Chart:
    stored = page_data(PAGE)
    chart = Chart(
        Axis("thoughts", 0, 24, ticks={float(n): str(n) for n in range(0, 25, 4)}),
        Axis("share of right answers", 0.45, 1.03, ticks={v: f"{v:g}" for v in (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)}),
        height=320,
    )
    for series, kind in enumerate(("vectors", "words, searching", "words, one path")):
        chart.line(range(25), stored[kind], series=series, label=kind)
        chart.points(range(25), stored[kind], series=series)
    return chart


@figure(
    "transformers/latent-reasoning/read-back",
    title="How much of a set can be read back from one vector",
    desc="Share read back against the size of the set, on a logarithmic axis from 1 to 128. With width 64 it falls "
    "below 0.6 at 8 directions, with 256 below 0.7 at 32, with 768 it is complete up to 16 and 0.74 at 128.",
)
def read_back() -> Chart:
    sizes = (1, 2, 4, 8, 16, 32, 64, 128)
    chart = Chart(
        Axis("directions in the sum", 1, 128, log=True, ticks={float(n): str(n) for n in sizes}),
        Axis("share read back", 0, 1.05, ticks={v: f"{v:g}" for v in (0, 0.25, 0.5, 0.75, 1)}),
        height=300,
    )
    for series, (width, values) in enumerate(page_data(PAGE)["read back"].items()):
        chart.line(sizes, values, series=series, label=f"width {width}")
        chart.points(sizes, values, series=series)
    return chart
