"""Figures of docs/learning/contrastive.md."""

from __future__ import annotations

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data


@figure(
    "learning/contrastive/two-ways",
    title="Pull and push over a batch, or a teacher that follows",
    desc="Left: two views of each item are encoded, and a matrix of their products has its diagonal pulled up and the "
    "rest pushed down. Right: one view goes through a student, another through a teacher whose weights are a moving "
    "average of the student's; the student is asked to give the teacher's output.",
)
def two_ways() -> Drawing:
    d = Drawing(760)
    d.label("contrast", (180, 16), bold=True)
    one = d.box("view 1", (48, 78), role="data", w=64)
    two = d.box("view 2", (48, 178), role="data", w=64)
    first = d.box("encoder", (142, 78), role="ffn", w=76)
    second = d.box("encoder", (142, 178), role="ffn", w=76)
    d.arrow(one.right, first.left)
    d.arrow(two.right, second.left)
    cells = [[0.95 if i == j else 0.15 for j in range(6)] for i in range(6)]
    grid = d.heatmap((284, 108), cells, cell=18, role="loss")
    d.arrow(first.right, grid.left, via=((204, 78), (204, 108)))
    d.arrow(second.right, grid.bottom, via=((284, 178),))
    d.label("pull the diagonal,\npush the rest", (284, 222), size=12, muted=True)
    d.label("all pairs of the batch", (284, 42), size=12, muted=True)
    d.line([(380, 30), (380, 230)], dashed=True)
    d.label("teacher", (580, 16), bold=True)
    view1 = d.box("view 1", (432, 78), role="data", w=64)
    view2 = d.box("view 2", (432, 178), role="data", w=64)
    student = d.box("student", (546, 78), role="ffn", w=80)
    teacher = d.box("teacher", (546, 178), role="frozen", w=80, dashed=True)
    d.arrow(view1.right, student.left)
    d.arrow(view2.right, teacher.left)
    d.arrow(student.bottom, teacher.top, "moving average", dashed=True, side=8)
    loss = d.box("agree", (700, 128), role="loss", w=64)
    d.arrow(student.right, loss.top, via=((700, 78),))
    d.arrow(teacher.right, loss.bottom, "no gradient", via=((700, 178),), side=14)
    return d


@figure(
    "learning/contrastive/collapse",
    title="Pulling alone collapses the representation",
    desc="Mean size of the cosine between different items over training steps. Pulling views together without "
    "anything else brings it to one: all items lie on a line. With the contrast to other items it stays at about a "
    "half, as for directions spread evenly in three dimensions. With terms for variances alone it rises to 0.87, with "
    "covariances too it ends at a half.",
)
def collapse() -> Chart:
    run = page_data("learning/contrastive")
    chart = Chart(Axis("step", 0, 300), Axis("size of the cosine", 0, 1.05), height=290)
    for series, name in enumerate(("pull only", "pull and push", "variances", "and covariances")):
        chart.line(run["step"], run[f"{name}, other"], series=series, label=name)
        if series < 2:
            chart.line(run["step"], run[f"{name}, same"], series=series, dashed=True)
    chart.note("solid: different items, dashed: views of one item", 292, 0.66, anchor="end")
    return chart
