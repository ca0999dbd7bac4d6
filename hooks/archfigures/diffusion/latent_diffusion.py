"""Figures of docs/architectures/diffusion/latent-diffusion.md."""

from __future__ import annotations

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data


@figure(
    "diffusion/latent-diffusion/system",
    title="Latent diffusion with the sizes of Stable Diffusion 1 at 512 by 512 pixels",
    desc="Upper row, sampling: noise of 64 × 64 × 4 enters a U-Net that is run many times; its result is divided by "
    "the scale and a decoder makes an image of 512 × 512 × 3 of it, once. A text encoder turns the prompt into "
    "77 vectors of 768 numbers for the U-Net's cross-attention. Lower row, training: an encoder makes a latent "
    "of an image, which is multiplied by the scale, and noise is added.",
)
def system() -> Drawing:
    drawing = Drawing(740)
    noise = drawing.tensor((56, 150), 5, 5, cell=9, role="noise", label="noise", shape="64 × 64 × 4")
    unet = drawing.box("U-Net\nabout 50 times", (232, 150), role="attention", w=140, h=64)
    latent = drawing.tensor((390, 150), 5, 5, cell=9, role="data", label="latent", shape="64 × 64 × 4")
    decoder = drawing.box("÷ 0.18215,\ndecoder, once", (535, 150), role="ffn", w=124, h=58)
    image = drawing.tensor((674, 150), 8, 8, cell=11, role="data", label="image", shape="512 × 512 × 3")
    for start, end in ((noise, unet), (unet, latent), (latent, decoder), (decoder, image)):
        drawing.arrow(start.right, end.left)
    drawing.arrow(
        (unet.right[0] + 24, 150), (unet.left[0] - 24, 150), via=((326, 94), (138, 94)), dashed=True, head=True
    )
    text = drawing.box("text encoder, once", (232, 34), role="router", w=150, h=34)
    drawing.arrow(text.bottom, unet.top, "77 × 768", side=12, at=0.3)
    prompt = drawing.box("prompt", (56, 34), role="data", w=80, h=30)
    drawing.arrow(prompt.right, text.left)
    drawing.line([(16, 232), (724, 232)], dashed=True)
    drawing.label("sampling", (724, 20), anchor="end", muted=True)
    drawing.label("training", (724, 250), anchor="end", muted=True)
    picture = drawing.tensor((66, 316), 8, 8, cell=11, role="data", label="image", shape="512 × 512 × 3")
    encoder = drawing.box("encoder (frozen),\n× 0.18215", (220, 316), role="frozen", w=136, h=58)
    code = drawing.tensor((360, 316), 5, 5, cell=9, role="data", label="latent $x_0$", shape="variance 1")
    mixed = drawing.operator("+", (460, 316))
    target = drawing.box("U-Net predicts\nthe noise", (610, 316), role="loss", w=130, h=50)
    drawing.arrow(picture.right, encoder.left)
    drawing.arrow(encoder.right, code.left)
    drawing.arrow(code.right, mixed.left)
    drawing.arrow((460, 264), mixed.top, "noise $ε$", side=12, at=0.2)
    drawing.arrow(mixed.right, target.left, "$x_t$")
    return drawing


@figure(
    "diffusion/latent-diffusion/scale",
    title="Signal-to-noise ratio seen by the network with scaled and with unscaled latents",
    desc="Two parallel falling curves over a thousand steps. The scaled one crosses zero at step 350 and ends at "
    "minus 5.4; the unscaled one lies 3.4 higher, crosses zero only at step 820 and ends at minus 2.",
)
def scale() -> Chart:
    run = page_data("architectures/diffusion/latent-diffusion")
    chart = Chart(Axis("step $t$", 0, 1000), Axis("$λ_t$ of the latents", -6, 11), height=270)
    for series, (name, values) in enumerate(run["log_snr"].items()):
        chart.line(run["t"], values, series=series, label=name)
    chart.line([0, 1000], [0, 0], series=2, dashed=True, label="as much noise as signal")
    return chart


@figure(
    "diffusion/latent-diffusion/spectrum",
    title="What the noisy latent tells of each frequency, by noise level",
    desc="The axis runs from noise on the left to data on the right. With a falling spectrum the coarsest frequency "
    "is half known at time 0.86, the fourth at 0.61, the sixteenth at 0.28, the finest at 0.09. Dashed: with a flat "
    "spectrum all are half known at 0.5.",
)
def spectrum() -> Chart:
    run = page_data("architectures/diffusion/latent-diffusion")
    chart = Chart(
        Axis(
            "noise level $t$, from noise to data",
            0,
            1,
            ticks={0.0: "1", 0.25: "0.75", 0.5: "0.5", 0.75: "0.25", 1.0: "0"},
        ),
        Axis("share known", 0, 1),
        height=270,
    )
    reached = [1 - t for t in run["time"]]
    for series, (name, values) in enumerate(run["known"].items()):
        chart.line(reached, values, series=series, label=name, dashed="flat" in name)
    return chart
