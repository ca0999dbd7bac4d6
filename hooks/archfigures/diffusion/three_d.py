"""Figures of docs/architectures/diffusion/three-d.md."""

from __future__ import annotations

from itertools import pairwise
from math import exp

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data

PAGE = "architectures/diffusion/three-d"
RESOLUTIONS = (16, 32, 64, 128)


@figure(
    "diffusion/three-d/latents",
    title="Two latent forms of a shape: a set of vectors, and vectors at the voxels of the surface",
    desc="Upper row: many points of a surface; a few of them ask all by attention and become a set of vectors, which "
    "is what a transformer denoises; any point of space asks the set for its distance to the surface. Lower row: a "
    "first transformer denoises a small dense grid, which is decoded to the voxels that are occupied; a second "
    "denoises a vector at each of these, and decoders make Gaussians or a mesh of them.",
)
def latents() -> Drawing:
    drawing = Drawing(760)
    places = ((64, 100), (216, 116), (384, 116), (548, 112), (694, 92))
    for top, title, x, steps in (
        (
            14,
            "a set of vectors",
            64,
            (
                ("points on\nthe surface", "data", ""),
                ("a few of them\nask all", "attention", ""),
                ("set of vectors", "state", "denoised"),
                ("any point\nasks the set", "attention", ""),
                ("distance,\nthen mesh", "data", ""),
            ),
        ),
        (
            150,
            "vectors at occupied voxels",
            94,
            (
                ("small dense\ngrid", "state", "denoised first"),
                ("occupied\nvoxels", "data", ""),
                ("a vector at\neach of them", "state", "denoised second"),
                ("decoders", "ffn", ""),
                ("Gaussians\nor mesh", "data", ""),
            ),
        ),
    ):
        drawing.label(title, (x, top), bold=True)
        boxes = []
        for (at, width), (text, role, below) in zip(places, steps, strict=True):
            boxes.append(drawing.box(text, (at, top + 48), role=role, w=width, h=50))
            if below:
                drawing.label(below, (at, top + 90), muted=True)
        for before, after in pairwise(boxes):
            drawing.arrow(before.right, after.left)
    return drawing


@figure(
    "diffusion/three-d/crossed",
    title="Voxels that a surface crosses, over the resolution of the grid",
    desc="Four straight lines on logarithmic axes. All voxels grow with the third power, from 4 thousand at 16 to "
    "2 million at 128. Those crossed by a sphere and a torus grow with the second, from 5 hundred to 36 thousand; a "
    "surface that fills the cube crosses four times as many, with the same slope.",
)
def crossed() -> Chart:
    chart = Chart(
        Axis("voxels along an edge", 16, 128, log=True, ticks={float(n): str(n) for n in RESOLUTIONS}),
        Axis("voxels", 300, 3e6, log=True, ticks={1e3: "1k", 1e4: "10k", 1e5: "100k", 1e6: "1M"}),
        height=330,
    )
    rows = {"all": [n**3 for n in RESOLUTIONS]} | page_data(PAGE)["crossed"]
    for series, (name, row) in enumerate(rows.items()):
        chart.line(RESOLUTIONS, row, series=series, label=name)
        chart.points(RESOLUTIONS, row, series=series)
    return chart


@figure(
    "diffusion/three-d/distilled",
    title="Where score distillation ends, and what the data are",
    desc="Two bumps at minus one and at one, the right one asked for. With guidance of 1, all results lie at the top "
    "of the right bump. With 7.5 they lie far down its outer side, with 30 beyond all data.",
)
def distilled() -> Chart:
    results = page_data(PAGE)["distilled"]
    places = [-2.5 + 0.05 * step for step in range(141)]
    chart = Chart(Axis("value", -2.5, 4.5), Axis("density of the data", 0, 1.5), height=270)
    for series, (mean, label) in enumerate(((1, "asked for"), (-1, "the rest"))):
        density = [exp(-(((x - mean) / 0.3) ** 2) / 2) / (0.3 * 2.5066) for x in places]
        chart.line(places, density, series=series, label=label)
    for guidance, height in (("1", 1.44), ("7.5", 1.1), ("30", 1.1)):
        place = results[guidance][0]
        chart.upright(place)
        chart.note(f"guidance {guidance}", place, height, dx=6, anchor="start")
    return chart
