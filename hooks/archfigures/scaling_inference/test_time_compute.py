"""Figures of docs/scaling-inference/test-time-compute.md."""

from __future__ import annotations

from math import exp, lgamma

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data
from archfigures.draw import Box

PAGE = "scaling-inference/test-time-compute"
COUNTS = (1, 2, 4, 8, 16, 32, 64, 128)


@figure(
    "scaling-inference/test-time-compute/ways",
    title="Four ways to spend more on one question: vote, choose, revise, search",
    desc="Four columns under one question each. Vote: three answers side by side, the one named twice is taken. "
    "Choose: three answers side by side, each with a score, the highest is taken. Revise: answer after answer, each "
    "reading the one before. Search: steps branch, a score prunes branches, and one path reaches an answer.",
)
def ways() -> Drawing:
    drawing = Drawing(760)
    for x, name, note in (
        (95, "vote", "the answer named most"),
        (285, "choose", "the best score"),
        (470, "revise", "the last one"),
        (650, "search", "the path that survives"),
    ):
        drawing.label(name, (x, 16), bold=True)
        drawing.label(note, (x, 316), muted=True)
    _parallel(drawing, 95, ("7", "4", "7"), scores=())
    _parallel(drawing, 285, ("7", "4", "9"), scores=("0.8", "0.3", "0.4"))
    _chain(drawing, 470)
    _tree(drawing, 650)
    return drawing


def _question(drawing: Drawing, x: float) -> Box:
    return drawing.box("question", (x, 52), role="data", w=84)


def _parallel(drawing: Drawing, x: float, answers: tuple[str, ...], scores: tuple[str, ...]) -> None:
    top = _question(drawing, x)
    end = drawing.box("7", (x, 280), role="data", w=44)
    for index, answer in enumerate(answers):
        across = x + (index - 1) * 56
        thought = drawing.box("think", (across, 126), role="attention", w=50)
        given = drawing.box(answer, (across, 184), role="frozen" if answer != "7" else "data", w=32)
        drawing.arrow(top.on("bottom", 0.2 + 0.3 * index), thought.top)
        drawing.arrow(thought.bottom, given.top)
        if scores:
            judge = drawing.box(scores[index], (across, 232), role="loss", w=40, h=24)
            drawing.arrow(given.bottom, judge.top)
        taken = answer == "7"
        start = judge.bottom if scores else given.bottom
        if taken:
            drawing.arrow(start, end.on("top", 0.2 + 0.3 * index))


def _chain(drawing: Drawing, x: float) -> None:
    previous = _question(drawing, x)
    for y, label in ((112, "think: 4"), (168, "again: 9"), (224, "again: 7")):
        box = drawing.box(label, (x, y), role="attention", w=84)
        drawing.arrow(previous.bottom, box.top)
        previous = box
    end = drawing.box("7", (x, 280), role="data", w=44)
    drawing.arrow(previous.bottom, end.top)


def _tree(drawing: Drawing, x: float) -> None:
    top = _question(drawing, x)
    first = [
        drawing.box("step", (x + dx, 112), role=role, w=48)
        for dx, role in ((-62, "frozen"), (0, "attention"), (62, "attention"))
    ]
    for index, box in enumerate(first):
        drawing.arrow(top.on("bottom", 0.2 + 0.3 * index), box.top, dashed=index == 0)
    second = [
        drawing.box("step", (x + dx, 172), role=role, w=48)
        for dx, role in ((-30, "frozen"), (24, "attention"), (78, "frozen"))
    ]
    drawing.arrow(first[1].bottom, second[0].top, dashed=True)
    drawing.arrow(first[1].bottom, second[1].top)
    drawing.arrow(first[2].bottom, second[2].top, dashed=True)
    third = drawing.box("step", (x + 8, 226), role="attention", w=48)
    drawing.arrow(second[1].bottom, third.top)
    end = drawing.box("7", (x, 280), role="data", w=44)
    drawing.arrow(third.bottom, end.top)


@figure(
    "scaling-inference/test-time-compute/curves",
    title="Chance of the right answer over the number of answers, by five ways to use them",
    desc="All begin at a quarter. Coverage, the chance that any answer is right, reaches one at sixteen. Choosing by a "
    "noisy score rises more slowly, to four fifths. A vote rises where the right answer is the most frequent one and "
    "falls where a wrong one is. Revisions rise quickly to two thirds and stay there.",
)
def curves() -> Chart:
    chart = Chart(
        Axis("answers, or rounds of revision", 1, 128, log=True, ticks={float(n): str(n) for n in COUNTS}),
        Axis("chance of the right answer", 0, 1),
        height=350,
    )
    names = {
        "coverage": "any is right",
        "scored": "best score",
        "vote, right answer leads": "vote, right leads",
        "vote, wrong answer leads": "vote, wrong leads",
        "revised": "revised",
    }
    stored = page_data(PAGE)
    for series, (key, label) in enumerate(names.items()):
        chart.line(COUNTS, stored[key], series=series, label=label)
        chart.points(COUNTS, stored[key], series=series)
    return chart


@figure(
    "scaling-inference/test-time-compute/fooling",
    title="Choosing the best score when some wrong answers fool the scorer",
    desc="Four curves over the number of answers, for no, one in a thousand, one in a hundred and one in twenty wrong "
    "answers that beat every right one. Without them the curve rises to one; with them it rises to a maximum, the "
    "earlier and lower the more there are, and falls to zero.",
)
def fooling() -> Chart:
    chart = Chart(
        Axis("answers to choose from", 1, 1000, log=True, ticks={1.0: "1", 10.0: "10", 100.0: "100", 1000.0: "1000"}),
        Axis("chance of the right answer", 0, 1),
        height=310,
    )
    xs = [10 ** (i / 20) for i in range(61)]
    for series, share in enumerate((0.0, 0.001, 0.01, 0.05)):
        ys = [(1 - share) ** n - (0.9 - share) ** n for n in xs]
        chart.line(xs, ys, series=series, label="none fools" if share == 0 else f"{share:.1%} fool".replace(".0%", "%"))
    return chart


@figure(
    "scaling-inference/test-time-compute/population",
    title="Share of questions still without a right answer, over the number of samples",
    desc="On logarithmic axes one question of medium difficulty drops off a cliff, while three populations of "
    "questions fall along straight lines, the flatter the more very hard questions they hold.",
)
def population() -> Chart:
    chart = Chart(
        Axis("samples for each question", 1, 10_000, log=True),
        Axis("share without a right answer", 0.005, 1, log=True, ticks={v: f"{v:g}" for v in (0.01, 0.1, 1.0)}),
        height=310,
    )
    xs = [10 ** (i / 20) for i in range(81)]
    short = [n for n in xs if n < 90]
    chart.line(short, [0.9**n for n in short], series=3, label="one question, $p$ = 0.1", dashed=True)
    for series, a in enumerate((0.2, 0.5, 1.0)):
        ys = [exp(lgamma(a + 3) + lgamma(3 + n) - lgamma(3) - lgamma(a + 3 + n)) for n in xs]
        chart.line(xs, ys, series=series, label=f"Beta({a:g}, 3)")
    return chart
