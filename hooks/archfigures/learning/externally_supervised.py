"""Figures of docs/learning/externally-supervised.md."""

from __future__ import annotations

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data

SOURCES = (
    ("demonstration", "a person or model\nwrites the answer", "cross-entropy on\nthe answer's tokens"),
    ("preference", "a person or model\npicks the better of two", "reward model,\nor DPO directly"),
    ("process label", "each step is judged\nright or wrong", "a score for\nevery step"),
    ("verifier", "a program runs\nor compares", "reinforcement with\na checked reward"),
    ("environment", "the world replies\nafter many actions", "reinforcement with\nlate reward"),
)


@figure(
    "learning/externally-supervised/sources",
    title="Where an outside signal comes from, and what is learned with it",
    desc="A model writes an answer to a prompt. Five kinds of judge stand outside: demonstrations, preferences, "
    "process labels, verifiers and environments. Each gives another form of signal, from a whole text to one number "
    "after many actions, and leads to another kind of loss.",
)
def sources() -> Drawing:
    d = Drawing(760)
    model = d.box("model", (62, 168), role="ffn", w=84, h=44)
    d.label("prompt in,\nanswer out", (62, 212), size=12, muted=True)
    d.label("who judges", (310, 16), bold=True)
    d.label("what it is turned into", (660, 16), bold=True)
    for row, (name, judge, use) in enumerate(SOURCES):
        y = 56 + row * 56
        box = d.box(judge, (310, y), role="loss", w=172, h=44)
        d.arrow((model.right[0], 168), box.left, via=((158, 168), (158, y)))
        target = d.box(use, (660, y), role="router", w=150, h=44)
        d.arrow(box.right, target.left, name, side=-10)
    return d


@figure(
    "learning/externally-supervised/overoptimisation",
    title="The judge's score keeps rising; what is really gained depends on the judge's errors",
    desc="Quality of the best of n answers against n. With light errors quality rises like the score, at half its "
    "height. With rare large errors quality rises up to about eight answers and falls back after that, while the "
    "score goes on climbing.",
)
def overoptimisation() -> Chart:
    run = page_data("learning/externally-supervised")
    ticks = {float(n): str(n) for n in run["n"]}
    chart = Chart(
        Axis("answers to choose from, $n$", 1, 256, log=True, ticks=ticks),
        Axis("value of the answer picked", -0.2, 4.2),
    )
    chart.line(run["n"], run["light score"], series=0, dashed=True)
    chart.line(run["n"], run["light quality"], series=0, label="quality, light errors")
    chart.line(run["n"], run["heavy score"], series=1, dashed=True)
    chart.line(run["n"], run["heavy quality"], series=1, label="quality, rare large errors")
    chart.points(run["n"], run["light quality"], series=0)
    chart.note("judge's score", 5.4, 3.6, anchor="end")
    chart.note("judge's score", 96, 3.75, anchor="end")
    chart.points(run["n"], run["heavy quality"], series=1)
    return chart
