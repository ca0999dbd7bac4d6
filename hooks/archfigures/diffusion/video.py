"""Figures of docs/architectures/diffusion/video.md."""

from __future__ import annotations

from archfigures import Axis, Chart, Drawing, figure
from archfigures.data import page_data

PAGE = "architectures/diffusion/video"


@figure(
    "diffusion/video/cube",
    title="From frames to latents to tokens, with the sizes of Wan 2.1 and 2.2",
    desc="Upper row: thirteen frames in a line; the first alone and the others in groups of four lead to four latent "
    "frames. Lower row: a stack of frames, 81 by 480 by 832 by 3, becomes a smaller stack of latents, 21 by 60 by "
    "104 by 16, then 32,760 tokens in a diffusion transformer that is run for each step, and a decoder.",
)
def cube() -> Drawing:
    drawing = Drawing(740)
    for group in range(4):
        x0 = 82 if group == 0 else 142 + 174 * (group - 1)
        count = 1 if group == 0 else 4
        middle = x0 + 36 * (count - 1) / 2
        small = drawing.box("", (middle, 92), role="state", w=34, h=24, corner=3)
        for index in range(count):
            frame = drawing.box("", (x0 + 36 * index, 32), role="data", w=30, h=22, corner=2)
            drawing.arrow(frame.bottom, (small.top[0] + 9 * (index - (count - 1) / 2), small.top[1]))
    drawing.label("frames", (4, 32), anchor="start", size=12, muted=True)
    drawing.label("latents", (4, 92), anchor="start", size=12, muted=True)
    for index in reversed(range(6)):
        frame = drawing.box("", (70 + 7 * index, 220 - 7 * index), role="data", w=96, h=58, corner=3)
    drawing.label("81 × 480 × 832 × 3", (86, 270), size=12, muted=True)
    for index in reversed(range(4)):
        latent = drawing.box("", (262 + 6 * index, 212 - 6 * index), role="state", w=50, h=34, corner=3)
    drawing.label("21 × 60 × 104 × 16", (270, 270), size=12, muted=True)
    tokens = drawing.tensor((397, 200), 8, 3, cell=9, role="data")
    drawing.label("32,760 tokens", (397, 270), size=12, muted=True)
    network = drawing.box("DiT\n30 or 40 blocks", (540, 200), role="attention", w=122, h=52)
    drawing.label("every step", (540, 140), size=12, muted=True)
    out = drawing.box("decoder", (680, 200), role="ffn", w=80)
    drawing.arrow((frame.right[0] + 38, 203), (latent.left[0] - 2, 203), "VAE")
    drawing.arrow((latent.right[0] + 20, 200), tokens.left, "patch")
    drawing.arrow(tokens.right, network.left)
    drawing.arrow(network.right, out.left)
    drawing.arrow(
        network.on("top", 0.85), network.on("top", 0.15), via=[(network.on("top", 0.85)[0], 154), (497.3, 154)]
    )
    drawing.label("4 × 8 × 8 less", (204, 240), size=12, muted=True)
    return drawing


@figure(
    "diffusion/video/masks",
    title="Which tokens see which, for four frames of three places",
    desc="Four square grids of twelve by twelve. Full: all filled. Space: four blocks on the diagonal. Time: every "
    "third cell. Causal in blocks of two frames: two steps of a staircase.",
)
def masks() -> Drawing:
    drawing = Drawing(740)
    names = {"full": "full", "space": "within a frame", "time": "along time", "causal": "causal, blocks of two"}
    for column, (kind, grid) in enumerate(page_data(PAGE)["masks"].items()):
        x = 96.0 + 183 * column
        role = {"full": "attention", "causal": "state"}.get(kind, "ffn")
        shaded = drawing.heatmap((x, 116), [[float(v) for v in row] for row in grid], cell=12, role=role)
        drawing.label(names[kind], (x, 14), bold=True)
        for frame in range(4):
            drawing.label(str(frame), (shaded.left[0] - 8, shaded.top[1] + 18 + 36 * frame), size=12, muted=True)
            drawing.label(str(frame), (shaded.left[0] + 18 + 36 * frame, shaded.top[1] - 10), size=12, muted=True)
    return drawing


@figure(
    "diffusion/video/experts",
    title="The times of forty steps of Wan 2.2, and where the second network takes over",
    desc="Two falling curves over forty steps. Text to video stays above its boundary 0.875 for 26 steps; image to "
    "video falls below its boundary 0.9 after 15.",
)
def experts() -> Chart:
    chart = Chart(Axis("step", 0, 40), Axis("time $t$ (1 is noise)", 0, 1), height=280)
    for series, (name, shift, boundary) in enumerate((("text to video", 12.0, 0.875), ("image to video", 5.0, 0.9))):
        times = [shift * t / (1 + (shift - 1) * t) for t in (1 - k / 40 for k in range(41))]
        chart.line(range(41), times, series=series, label=name)
        chart.points(range(40), times[:40], series=series, r=2.4)
        chart.line([0, 40], [boundary, boundary], series=series, dashed=True)
    chart.note("above: high-noise network", 39.6, 0.93, anchor="end")
    return chart
