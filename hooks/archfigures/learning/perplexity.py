"""Figures of docs/learning/perplexity.md."""

from __future__ import annotations

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data

CELL = 20
WAYS = (
    ("side by side", ((0, 0, 8), (8, 8, 16))),
    ("stride 4", ((0, 0, 8), (4, 8, 12), (8, 12, 16))),
    ("stride 1, in part", ((0, 0, 8), (1, 8, 9), (2, 9, 10), (3, 10, 11))),
    ("second halves", ((0, 4, 8), (8, 12, 16))),
)
"""For each way of cutting a text: where a window begins, which token is the first to be scored, where it ends."""


@figure(
    "learning/perplexity/windows",
    title="Four ways to cut a text into windows of eight tokens",
    desc="The windows of four ways of cutting a text of sixteen tokens. Dashed cells are read as context, "
    "solid cells are scored. Side by side: two windows, all scored. Stride of four: a first window with all cells "
    "scored, then two in which the first half is context. Stride of one: a first window, then windows in which only "
    "the last cell is scored. Second halves: two windows side by side, in which only the second half is scored.",
)
def windows() -> Drawing:
    d = Drawing(340)
    y = 12.0
    for name, cuts in WAYS:
        d.label(name, (12, y), anchor="start", size=13)
        y += 20
        for begin, first, end in cuts:
            for place in range(begin, end):
                role = "loss" if place >= first else "frozen"
                d.box("", (22 + place * CELL, y), role=role, w=CELL - 4, h=11, corner=3)
            y += 16
        y += 12
    return d


@figure(
    "learning/perplexity/place",
    title="Loss by place in the window",
    desc="Expected loss of a letter in nats, by the number of letters of the window before it, from 0 to 255. It "
    "begins at 2.8, falls steeply over the first twenty and slowly afterwards.",
)
def place() -> Chart:
    losses = page_data("learning/perplexity")["by place"]
    chart = Chart(Axis("letters seen before, in the window", 0, 255), Axis("loss, nats", 1.5, 3), height=240)
    chart.line(list(range(256)), losses, series=0)
    return chart
