"""Figures of docs/scaling-inference/decoding.md."""

from __future__ import annotations

from collections.abc import Sequence

from archfigures import Drawing, figure

PEAKED = (0.68, 0.13, 0.08, 0.06, 0.03, 0.02)
FLAT = (0.20, 0.19, 0.18, 0.16, 0.14, 0.13)


def _top_k(p: Sequence[float]) -> int:
    return 3


def _top_p(p: Sequence[float]) -> int:
    return next(n for n in range(1, len(p) + 1) if sum(p[:n]) >= 0.9 - 1e-9)


def _min_p(p: Sequence[float]) -> int:
    return sum(value >= 0.1 * p[0] for value in p)


@figure(
    "scaling-inference/decoding/truncation",
    title="Which tokens top-k, top-p and min-p keep of a peaked and of a flat distribution",
    desc="Two rows of bars for six tokens each. Top-k with k of three keeps three bars in both rows. Top-p at 0.9 "
    "keeps four of the peaked and all of the flat ones, min-p at 0.1 three of the peaked and all of the flat "
    "ones.",
)
def truncation() -> Drawing:
    drawing = Drawing(720)
    rules = (("top-k, $k$ = 3", _top_k), ("top-p, $p$ = 0.9", _top_p), ("min-p, share 0.1", _min_p))
    for column, (name, rule) in enumerate(rules):
        x0 = 150 + column * 195
        drawing.label(name, (x0 + 75, 18), bold=True)
        for row, p in enumerate((PEAKED, FLAT)):
            base = 150 + row * 130
            kept = rule(p)
            for token, value in enumerate(p):
                height = max(value * 150, 3)
                _bar(drawing, x0 + token * 26, base, height, kept=token < kept)
            drawing.line([(x0 - 4, base), (x0 + 154, base)])
            drawing.label(f"keeps {kept} of {len(p)}", (x0 + 75, base + 15), muted=True)
    drawing.label("peaked", (70, 110), bold=True)
    drawing.label("flat", (70, 245), bold=True)
    return drawing


def _bar(drawing: Drawing, x: float, base: float, height: float, *, kept: bool) -> None:
    centre = (x + 10, base - height / 2)
    drawing.box("", centre, role="attention" if kept else "frozen", w=20, h=height, corner=2)
