"""Figures of docs/scaling-inference/agent-context.md."""

from __future__ import annotations

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data

PAGE = "scaling-inference/agent-context"
START, HIGH = 180.0, 24.0
WIDTHS = {"system": 100.0, "call": 28.0, "result": 70.0, "stub": 14.0, "summary": 96.0, "report": 54.0}
ROLES = {
    "system": "frozen",
    "call": "attention",
    "result": "ffn",
    "stub": "note",
    "summary": "loss",
    "report": "loss",
}


@figure(
    "scaling-inference/agent-context/rules",
    title="What the next request reads under six rules",
    desc="Strips of one agent after four turns. Append: the system prompt and four pairs of a call and its result. "
    "Omit: the results of the first two turns are short stubs. Summarise: the system prompt and a summary. Discard: "
    "the system prompt. Fold: the system prompt, a call and a report. Delegate: the same for the main agent, and "
    "below it the helper's own context. A line under each strip marks the part that was in the cache before.",
)
def rules() -> Drawing:
    drawing = Drawing(760)
    pair = ("call", "result")
    strips = (
        ("append", ("system", *pair * 4), 8),
        ("omit old results", ("system", "call", "stub", "call", "stub", *pair * 2), 4),
        ("summarise", ("system", "summary"), 1),
        ("discard", ("system",), 1),
        ("fold", ("system", "call", "report"), 2),
        ("delegate", ("system", "call", "report"), 2),
    )
    for row, (name, pieces, cached) in enumerate(strips):
        _strip(drawing, name, pieces, cached, 40 + row * 46)
    y = 40 + 6 * 46
    _strip(drawing, " the helper", ("system", *pair * 3), 6, y)
    for index, (kind, text) in enumerate(
        (
            ("system", "system prompt"),
            ("call", "call"),
            ("result", "result"),
            ("stub", "stub"),
            ("summary", "summary, report"),
        )
    ):
        x = 30 + (0, 135, 215, 305, 385)[index]
        drawing.box("", (x, y + 56), role=ROLES[kind], w=22, h=16, corner=3)
        drawing.label(text, (x + 18, y + 56), anchor="start")
    drawing.line(((580, y + 56), (612, y + 56)), role="state", thick=True)
    drawing.label("in the cache", (622, y + 56), anchor="start")
    return drawing


def _strip(drawing: Drawing, name: str, pieces: tuple[str, ...], cached: int, y: float) -> None:
    drawing.label(name, (START - 14, y), anchor="end", bold=not name.startswith(" "))
    x = START
    for index, kind in enumerate(pieces):
        wide = WIDTHS[kind]
        drawing.box("", (x + wide / 2, y), role=ROLES[kind], w=wide - 2, h=HIGH, corner=3)
        x += wide
        if index + 1 == cached:
            drawing.line(((START, y + 19), (x - 2, y + 19)), role="state", thick=True)


@figure(
    "scaling-inference/agent-context/lengths",
    title="Length of the context over a hundred turns, by rule",
    desc="Four curves. Appending everything rises straight to 244 thousand tokens. Omitting old results in every turn "
    "rises slowly, to 57 thousand. Summarising above 100 thousand is a saw that falls to 8 thousand twice. Folding is "
    "a low saw that creeps from 6 to 31 thousand.",
)
def lengths() -> Chart:
    stored = page_data(PAGE)["lengths"]
    chart = Chart(Axis("turn", 0, 100), Axis("context, thousands of tokens", 0, 250), height=320)
    names = {
        "append everything": "append",
        "omit all but 5 results, each turn": "omit",
        "summarise above 100,000": "summarise",
        "fold branches of 10 turns": "fold",
    }
    for series, (key, label) in enumerate(names.items()):
        values = stored[key]
        chart.line(range(len(values)), [v / 1000 for v in values], series=series, label=label)
    return chart


@figure(
    "scaling-inference/agent-context/threshold",
    title="Price of a turn by the length at which the context is summarised",
    desc="Three curves that fall and rise again. Without repeated work the least price is at 33 thousand tokens, with "
    "five repeated turns at 48 thousand, with twenty at 75 thousand; to the right all rise with half the price of a "
    "cached token.",
)
def threshold() -> Chart:
    stored = page_data(PAGE)
    chart = Chart(
        Axis(
            "length at which the context is summarised, thousands of tokens",
            10,
            200,
            log=True,
            ticks={10.0: "10", 20.0: "20", 50.0: "50", 100.0: "100", 200.0: "200"},
        ),
        Axis("price of a turn, thousands of new tokens", 0, 30),
        height=300,
    )
    for series, (name, prices) in enumerate(stored["prices"].items()):
        points = [
            (t / 1000, p / 1000)
            for t, p in zip(stored["thresholds"], prices, strict=True)
            if t <= 200_000 and p <= 30_000
        ]
        chart.line([x for x, _ in points], [y for _, y in points], series=series, label=name)
    return chart
