"""Figures of docs/architectures/diffusion/index.md."""

from __future__ import annotations

from archfigures import Box, Drawing, figure
from archfigures.data import page_data


@figure(
    "diffusion/index/map",
    title="How DDPM, score models, flow matching and few-step models are related",
    desc="Three boxes in a frame are one model seen in three ways: noise prediction (DDPM), score (stochastic "
    "differential equation) and velocity (flow matching). Below them, ways to sample: with fresh noise, "
    "deterministic ODE solvers, guidance. Below those, models distilled from the ODE's paths: progressive, "
    "consistency, distribution matching, mean flows.",
)
def family_map() -> Drawing:
    drawing = Drawing(740)
    views = [
        ("noise: DDPM\n$ε_θ(x_t, t)$", 130, "noise"),
        ("score: SDE\n$s_θ = -ε_θ / σ_t$", 370, "attention"),
        ("velocity: flow matching\n$v_θ ≈ ε - x_0$", 610, "ffn"),
    ]
    tops = [drawing.box(text, (x, 62), role=role, w=180, h=52) for text, x, role in views]
    drawing.arrow(tops[0].right, tops[1].left, head=False)
    drawing.arrow(tops[1].right, tops[2].left, head=False)
    drawing.label("one prediction in three forms", (370, 12), bold=True)
    whole = drawing.frame(tops, margin=10)
    samplers = _row(
        drawing, 180, ("ancestral\nDDPM", "ODE solvers\nDDIM, Heun, DPM-Solver", "guidance\nclassifier-free"), "norm"
    )
    for sampler in samplers:
        drawing.arrow((sampler.x, whole.bottom[1]), sampler.top)
    drawing.label("how to sample with it", (384, 128), bold=True, anchor="start")
    learned = _row(
        drawing,
        302,
        ("progressive\ndistillation", "consistency\nmodels", "distribution\nmatching", "mean flows"),
        "state",
    )
    below = drawing.frame(learned, margin=10)
    drawing.arrow(samplers[1].bottom, below.top)
    drawing.label("learned shortcuts: one to four steps", (384, 236), bold=True, anchor="start")
    return drawing


def _row(drawing: Drawing, y: float, names: tuple[str, ...], role: str) -> list[Box]:
    width = 720 / len(names)
    return [
        drawing.box(name, (10 + width * (index + 0.5), y), role=role, w=width - 24, h=48)
        for index, name in enumerate(names)
    ]


@figure(
    "diffusion/index/tracks",
    title="Fourteen particles on their way from noise to a mixture of three Gaussians",
    desc="Three panels of curves from noise at the top to data at the bottom. Deterministic DDIM: smooth curves "
    "that never cross. Ancestral: the same start, jagged curves. Straight path: smooth curves that are "
    "straighter near the noise.",
)
def tracks() -> Drawing:
    drawing = Drawing(740)
    roles = ("attention", "noise", "ffn")
    for column, (name, track) in enumerate(page_data("architectures/diffusion/index")["tracks"].items()):
        x0, scale = 130 + column * 240, 27.0
        drawing.label(name, (x0, 14), bold=True)
        steps = len(track) - 1
        for particle in range(len(track[0])):
            points = [(x0 + track[s][particle] * scale, 34 + 210 * s / steps) for s in range(steps + 1)]
            drawing.line(points, role=roles[column])
            drawing.dot(points[-1], role=roles[column], r=2.6)
    drawing.label("noise", (8, 38), anchor="start", muted=True)
    drawing.label("data", (8, 244), anchor="start", muted=True)
    return drawing
