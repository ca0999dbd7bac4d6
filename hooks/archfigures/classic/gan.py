"""Figures of docs/architectures/classic/gan.md."""

from __future__ import annotations

import math

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data


@figure(
    "classic/gan/game",
    title="A generative adversarial network: generator, discriminator and two gradients",
    desc="Noise z enters the generator and leaves as a generated sample. The discriminator sees generated and real "
    "samples and gives a score for real. From its loss one dashed arrow leads back to the discriminator, which "
    "is to tell them apart, and another through the discriminator to the generator, which is to be mistaken "
    "for real.",
)
def game() -> Drawing:
    drawing = Drawing(740)
    y = 70
    noise = drawing.box("noise $z$", (58, y), role="noise", h=40)
    generator = drawing.box("generator $G$", (200, y), role="ffn", h=44)
    fake = drawing.tensor((345, y), 5, 5, cell=10, role="noise", label="generated $G(z)$")
    real = drawing.tensor((345, y + 105), 5, 5, cell=10, role="data", label="real $x$")
    discriminator = drawing.box("discriminator $D$", (510, y + 52), role="attention", h=44)
    loss = drawing.box("real or\ngenerated?", (670, y + 52), role="loss", h=48)
    drawing.arrow(noise.right, generator.left)
    drawing.arrow(generator.right, fake.left)
    drawing.arrow(fake.right, discriminator.on("top", 0.3), via=((discriminator.on("top", 0.3)[0], y),))
    drawing.arrow(real.right, discriminator.on("bottom", 0.3), via=((discriminator.on("bottom", 0.3)[0], y + 105),))
    drawing.arrow(discriminator.right, loss.left)
    drawing.arrow(
        loss.top,
        generator.top,
        "gradient to $G$, through $D$: be taken for real",
        via=((670, 22), (200, 22)),
        role="loss",
        dashed=True,
    )
    drawing.arrow(
        loss.bottom,
        discriminator.on("bottom", 0.7),
        "gradient to $D$",
        via=((670, 205), (discriminator.on("bottom", 0.7)[0], 205)),
        role="loss",
        dashed=True,
        side=12,
    )
    return drawing


@figure(
    "classic/gan/dynamics",
    title="Paths of the smallest game under four training rules",
    desc="Four paths in the plane of generated point and discriminator slope, all from the same start, with the "
    "solution in the middle. Minimax with simultaneous steps spirals outwards, with alternating steps it "
    "circles; the non-saturating loss spirals inwards slowly; with a gradient penalty the path runs into the "
    "middle.",
)
def dynamics() -> Drawing:
    drawing = Drawing(740)
    roles = ("loss", "noise", "router", "state")
    for column, (name, path) in enumerate(page_data("architectures/classic/gan").items()):
        x, y, scale = 98 + column * 182, 108, 22.0
        drawing.label(name, (x, 14), bold=True, size=12)
        drawing.line([(x - 78, y), (x + 78, y)])
        drawing.line([(x, y - 78), (x, y + 78)])
        shown = [(t, p) for t, p in path if math.hypot(t, p) < 3.4]
        points = [(x + t * scale, y - p * scale) for t, p in shown]
        drawing.line(points, role=roles[column])
        drawing.dot(points[0], role=roles[column], r=4)
        drawing.label("$ψ$", (x + 10, y - 74), muted=True)
        drawing.label("$θ$", (x + 80, y + 12), muted=True)
    return drawing


@figure(
    "classic/gan/losses",
    title="The generator's two losses over the discriminator's score for a generated sample",
    desc="The minimax loss is flat at negative scores, where the discriminator is sure that the sample is "
    "generated, and falls at positive ones. The non-saturating loss falls steeply at negative scores and is "
    "flat at positive ones.",
)
def losses() -> Chart:
    scores = [-6 + 0.2 * i for i in range(61)]
    chart = Chart(
        Axis("discriminator's score of a generated sample", -6, 6), Axis("generator's loss", -6, 6), height=290
    )
    chart.line(
        scores, [-math.log1p(math.exp(s)) for s in scores], series=1, label="minimax: $\\log(1-D)$".replace("\\", "")
    )
    chart.line(
        scores,
        [math.log1p(math.exp(-s)) for s in scores],
        series=0,
        label="non-saturating: $-\\log D$".replace("\\", ""),
    )
    return chart
