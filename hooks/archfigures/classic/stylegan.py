"""Figures of docs/architectures/classic/stylegan.md."""

from __future__ import annotations

import math

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data

PAGE = "architectures/classic/stylegan"


@figure(
    "classic/stylegan/generator",
    title="StyleGAN's generator: a mapping network, and a synthesis network that it styles layer by layer",
    desc="Left: noise z of 512 numbers is normalised and goes through eight layers to w. Right: a learned constant "
    "of 4 by 4 grows through blocks of 4, 8, and so on to 1024 pixels. From w an affine map leads to each block"
    " and gives its style; coarse blocks set pose and shape, middle ones features, fine ones colour. Noise "
    "enters each block.",
)
def generator() -> Drawing:
    drawing = Drawing(760)
    y = 64
    noise = drawing.box("$z$: 512", (52, y), role="noise", h=36)
    fc = drawing.box("8 layers\nmapping", (150, y), role="ffn", h=50)
    w = drawing.box("$w$: 512", (246, y), role="state", h=36)
    drawing.arrow(noise.right, fc.left)
    drawing.arrow(fc.right, w.left)
    constant = drawing.box("constant\n4 × 4", (336, 138), role="data", h=46)
    blocks = []
    for index, (side, what) in enumerate(
        (("4–8", "pose, shape"), ("16–32", "features"), ("64–1024", "colour, fine detail"))
    ):
        block = drawing.box(f"blocks\n{side}", (440 + 112 * index, 138), role="attention", h=46, w=84)
        blocks.append(block)
        affine = drawing.box("style", (block.x, 64), role="router", h=30, w=60)
        drawing.arrow(affine.bottom, block.top)
        drawing.label(what, (block.x, 12), muted=True)
        drawing.arrow(w.right, affine.top, via=((300, y), (300, 30), (block.x, 30)))
        drawing.arrow((block.x, 192), block.bottom)
    drawing.arrow(constant.right, blocks[0].left)
    drawing.arrow(blocks[0].right, blocks[1].left)
    drawing.arrow(blocks[1].right, blocks[2].left)
    drawing.arrow(blocks[2].right, (752, 138))
    drawing.label("image", (730, 120), muted=True)
    drawing.label("noise for each pixel", (552, 204), muted=True)
    return drawing


@figure(
    "classic/stylegan/blocks",
    title="One layer in StyleGAN 1, 2 and 3",
    desc="Three columns read from top to bottom. StyleGAN 1: upsample, convolution, noise, nonlinearity, adaptive "
    "instance normalisation by the style. StyleGAN 2: weights scaled by the style and demodulated, then "
    "upsample with the convolution, noise, nonlinearity. StyleGAN 3: modulated convolution, then upsample by a "
    "Kaiser filter, nonlinearity at the higher rate, filter and downsample; no noise.",
)
def blocks() -> Drawing:
    drawing = Drawing(760)
    style, mix, plain, sign, bend = "router", "attention", "norm", "noise", "ffn"
    columns = {
        "StyleGAN 1": (
            ("upsample", plain),
            ("convolution", mix),
            ("+ noise", sign),
            ("leaky ReLU", bend),
            ("AdaIN with style", style),
        ),
        "StyleGAN 2": (
            ("weights × style", style),
            ("weights ÷ length", style),
            ("upsample, convolution", mix),
            ("+ noise", sign),
            ("leaky ReLU", bend),
        ),
        "StyleGAN 3": (
            ("weights × style ÷ length", style),
            ("convolution", mix),
            ("filter, up", plain),
            ("leaky ReLU", bend),
            ("filter, down", plain),
        ),
    }
    for index, (name, parts) in enumerate(columns.items()):
        x = 130.0 + 250 * index
        drawing.label(name, (x, 16), bold=True)
        previous = None
        for row, (label, role) in enumerate(parts):
            box = drawing.box(label, (x, 56 + 48 * row), role=role, w=176, h=30)
            if previous is not None:
                drawing.arrow(previous.bottom, box.top)
            previous = box
    return drawing


@figure(
    "classic/stylegan/equivariance",
    title="How well operations commute with a shift of the signal, in decibels",
    desc="Eight bars. Doubling the rate: 8 for repeating samples, 18 for linear, 27 for the filter of StyleGAN 2, 59"
    " for the Kaiser filter. Leaky ReLU: 22 at its own rate, 28, 42, 52 and 67 when wrapped in filters at one, "
    "two, four and eight times the rate.",
)
def equivariance() -> Chart:
    run = page_data(PAGE)
    names = ["repeat", "linear", "1 3 3 1", "Kaiser", "bare", "1 ×", "2 ×", "4 ×", "8 ×"]
    doubling, nonlinearity = list(run["doubling"].values()), list(run["nonlinearity"].values())
    places = [float(i) for i in range(4)] + [5.0 + i for i in range(5)]
    ticks = dict(zip(places, names, strict=True))
    chart = Chart(Axis("", -0.6, 9.6, ticks=ticks), Axis("equivariance, dB", 0, 75), height=280)
    chart.bars(places[:4], doubling, width=0.6, series=0, label="doubling the rate")
    chart.bars(places[4:], nonlinearity, width=0.6, series=2, label="leaky ReLU, filtered at so many times the rate")
    for place, value in zip(places, [*doubling, *nonlinearity], strict=True):
        chart.note(f"{value:.0f}", place, value, dy=-5)
    return chart


@figure(
    "classic/stylegan/cutoffs",
    title="StyleGAN 3-T at 1024 pixels: cutoff, stop band and sampling rate by layer",
    desc="On a logarithmic axis over the layers: the cutoff rises in a straight line from 2 to 512; half the "
    "sampling rate climbs in steps from 8 to 512 and stays above the cutoff, except in the last layers, where "
    "both are 512.",
)
def cutoffs() -> Chart:
    layers = range(15)
    cutoff = [2 * 256 ** min(i / 12, 1) for i in layers]
    stop = [2**2.1 * (512 * 2**0.3 / 2**2.1) ** min(i / 12, 1) for i in layers]
    half = [2 ** math.ceil(math.log2(min(2 * s, 1024))) / 2 for s in stop]
    frequencies = {2.0: "2", 8.0: "8", 32.0: "32", 128.0: "128", 512.0: "512"}
    chart = Chart(
        Axis("layer", 0, 14, ticks={float(i): str(i) for i in range(0, 15, 2)}),
        Axis("cycles an image", 1.6, 800, log=True, ticks=frequencies),
        height=290,
    )
    chart.line(list(layers), half, series=0, label="half the sampling rate")
    chart.points(list(layers), half, series=0)
    chart.line(list(layers), cutoff, series=1, label="cutoff")
    chart.line(list(layers), stop, series=2, label="wanted stop band", dashed=True)
    return chart
