"""Figures of docs/architectures/diffusion/three-d.md."""

from __future__ import annotations

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
    drawing.label("a set of vectors", (64, 14), bold=True)
    points = drawing.box("points on\nthe surface", (64, 62), role="data", w=100, h=50)
    few = drawing.box("a few of them\nask all", (216, 62), role="attention", w=116, h=50)
    vectors = drawing.box("set of vectors", (384, 62), role="state", w=116, h=50)
    field = drawing.box("any point\nasks the set", (548, 62), role="attention", w=112, h=50)
    mesh = drawing.box("distance,\nthen mesh", (694, 62), role="data", w=92, h=50)
    for before, after in ((points, few), (few, vectors), (vectors, field), (field, mesh)):
        drawing.arrow(before.right, after.left)
    drawing.label("denoised", (384, 104), muted=True)
    drawing.label("vectors at occupied voxels", (94, 150), bold=True)
    dense = drawing.box("small dense\ngrid", (64, 198), role="state", w=100, h=50)
    occupied = drawing.box("occupied\nvoxels", (216, 198), role="data", w=116, h=50)
    sparse = drawing.box("a vector at\neach of them", (384, 198), role="state", w=116, h=50)
    decoders = drawing.box("decoders", (548, 198), role="ffn", w=112, h=50)
    out = drawing.box("Gaussians\nor mesh", (694, 198), role="data", w=92, h=50)
    for before, after in ((dense, occupied), (occupied, sparse), (sparse, decoders), (decoders, out)):
        drawing.arrow(before.right, after.left)
    drawing.label("denoised first", (64, 240), muted=True)
    drawing.label("denoised second", (384, 240), muted=True)
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
    places = [-2.5 + 0.05 * step for step in range(131)]
    chart = Chart(Axis("value", -2.5, 4), Axis("density of the data", 0, 1.5), height=270)
    for series, (mean, label) in enumerate(((1, "asked for"), (-1, "the rest"))):
        density = [exp(-(((x - mean) / 0.3) ** 2) / 2) / (0.3 * 2.5066) for x in places]
        chart.line(places, density, series=series, label=label)
    for guidance, height in (("1", 1.44), ("7.5", 1.1), ("30", 1.1)):
        place = results[guidance][0]
        chart.upright(place)
        chart.note(f"guidance {guidance}", place, height, dx=6, anchor="start")
    return chart
