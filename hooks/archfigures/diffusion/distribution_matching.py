"""Figures of docs/architectures/diffusion/distribution-matching.md."""

from __future__ import annotations

from archfigures import Drawing, figure
from archfigures.data import page_data

PAGE = "architectures/diffusion/distribution-matching"


@figure(
    "diffusion/distribution-matching/judges",
    title="Three judges of a generator's samples",
    desc="Noise goes through a generator to a sample. From there three ways lead back to the generator. Distribution "
    "matching: noise is added to the sample, the frozen teacher and a second network that is trained on such "
    "samples give a score each, and their difference is the gradient. Adversarial: a discriminator that is trained on "
    "samples and data gives the gradient. Drifting: the sample is drawn towards data nearby and pushed away from other "
    "samples nearby.",
)
def judges() -> Drawing:
    drawing = Drawing(740)
    noise = drawing.box("noise z", (52, 146), role="noise", w=76, h=40)
    generator = drawing.box("generator\none pass", (172, 146), role="attention", w=104, h=52)
    sample = drawing.box("sample", (298, 146), role="data", w=84, h=40)
    drawing.arrow(noise.right, generator.left)
    drawing.arrow(generator.right, sample.left)
    rows = (54.0, 146.0, 238.0)
    names = ("distribution matching", "adversarial", "drifting")
    results = ("difference\nof scores", "slope of\nits verdict", "attraction\nless repulsion")
    for y, name, result in zip(rows, names, results, strict=True):
        drawing.label(name, (486, y - 36), bold=True)
        end = drawing.box(result, (674, y), role="loss", w=124, h=44)
        if name == "distribution matching":
            teacher = drawing.box("teacher, frozen", (486, y - 14), role="frozen", w=150, h=24, dashed=True)
            fake = drawing.box("learns the samples", (486, y + 16), role="ffn", w=150, h=24)
            for judge in (teacher, fake):
                drawing.arrow(judge.right, (end.left[0], judge.centre[1]), stop=1)
                drawing.arrow((372, judge.centre[1]), judge.left, stop=1)
            drawing.line([(372, teacher.centre[1]), (372, fake.centre[1])], role="note")
            drawing.line([(sample.right[0] - 12, sample.top[1]), (sample.right[0] - 12, y), (372, y)], role="note")
            drawing.label("+ noise", (338, y - 10), size=12, muted=True)
        elif name == "adversarial":
            judge = drawing.box("discriminator, learns\nsamples and data", (486, y), role="ffn", w=172, h=44)
            drawing.arrow(sample.right, judge.left, stop=1)
            drawing.arrow(judge.right, end.left, stop=1)
        else:
            near = drawing.box("data and samples\nnearby, in features", (486, y), role="state", w=172, h=44)
            drawing.line([(sample.right[0] - 12, sample.bottom[1]), (sample.right[0] - 12, y)], role="note")
            drawing.arrow((sample.right[0] - 12, y), near.left, stop=1)
            drawing.arrow(near.right, end.left, stop=1)
    drawing.label(
        "every result is a direction for the sample; its gradient trains the generator", (360, 284), muted=True
    )
    return drawing


@figure(
    "diffusion/distribution-matching/tracks",
    title="Samples moved by distribution matching, with few and with all noise levels",
    desc="Two panels of thirty tracks from one narrow group at the top downwards. With low noise only most samples "
    "stay near the first group. With all levels they spread to three groups of the right sizes.",
)
def tracks() -> Drawing:
    drawing = Drawing(740)
    for column, (name, states) in enumerate(page_data(PAGE)["matching"].items()):
        x0, scale, last = 190.0 + 360 * column, 66.0, len(states) - 1
        drawing.label(name, (x0, 14), bold=True)
        for sample in range(len(states[0])):
            points = [
                (round(x0 + scale * states[k][sample], 1), round(36 + 170 * k / last, 1)) for k in range(last + 1)
            ]
            drawing.line(points, role="attention" if column else "noise")
        for mean in (-1.5, 0.3, 1.6):
            drawing.line([(x0 + scale * (mean - 0.4), 220), (x0 + scale * (mean + 0.4), 220)], role="data", thick=True)
    drawing.label("data", (8, 221), anchor="start", muted=True)
    drawing.label("start", (8, 38), anchor="start", muted=True)
    return drawing
