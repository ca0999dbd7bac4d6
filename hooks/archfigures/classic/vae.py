"""Figures of docs/architectures/classic/vae.md."""

from __future__ import annotations

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data


@figure(
    "classic/vae/flow",
    title="A variational autoencoder: encoder, sample, decoder, and the two terms of the loss",
    desc="An image goes through the encoder, which gives a mean and a variance. Noise from outside, scaled and "
    "shifted by them, makes the latent z, which the decoder turns into a reconstruction. One loss compares "
    "reconstruction and image, the other pulls mean and variance to the prior.",
)
def flow() -> Drawing:
    drawing = Drawing(740)
    y = 84
    image = drawing.tensor((46, y), 6, 6, cell=10, label="$x$")
    encoder = drawing.box("encoder", (150, y), role="ffn", h=44)
    statistics = drawing.box("mean $μ$,\nvariance $σ^2$", (275, y), role="attention", h=50)
    latent = drawing.box("$z = μ + σ ε$", (420, y), role="state", h=44)
    decoder = drawing.box("decoder", (560, y), role="ffn", h=44)
    output = drawing.tensor((680, y), 6, 6, cell=10, label="$x̑$")
    for start, end in (
        (image, encoder),
        (encoder, statistics),
        (statistics, latent),
        (latent, decoder),
        (decoder, output),
    ):
        drawing.arrow(start.right, end.left)
    noise = drawing.box("$ε$ from N(0, I)", (420, 168), role="noise")
    drawing.arrow(noise.top, latent.bottom)
    prior = drawing.box("KL to the prior", (275, 168), role="loss")
    drawing.arrow(statistics.bottom, prior.top)
    error = drawing.box("reconstruction error", (628, 168), role="loss", w=164)
    drawing.arrow(output.bottom, (680, error.top[1]))
    drawing.arrow(image.bottom, error.bottom, via=((46, 214), (628, 214)), dashed=True)
    return drawing


@figure(
    "classic/vae/beta",
    title="Directions used and information carried, by beta",
    desc="Two falling lines over beta on a logarithmic axis: the number of latent directions in use, from twelve to "
    "one, and the divergence from the prior in nats, which falls to near zero.",
)
def beta() -> Chart:
    rows = page_data("architectures/classic/vae")["rows"]
    ticks = {0.1: "0.1", 1.0: "1", 10.0: "10"}
    chart = Chart(Axis("$β$", 0.1, 32, log=True, ticks=ticks), Axis("directions; nats", 0, 20), height=280)
    chart.line([row[0] for row in rows], [row[1] for row in rows], series=0, label="directions in use")
    chart.points([row[0] for row in rows], [row[1] for row in rows], series=0)
    chart.line([row[0] for row in rows], [row[2] for row in rows], series=1, label="KL to the prior, nats")
    return chart
