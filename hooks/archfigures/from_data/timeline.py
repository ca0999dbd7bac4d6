"""Everything by date, drawn from the data: designs in a row for each family, trained models stacked by month."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from archdata import models, specs
from archdata.models import Model
from archdata.specs import FAMILIES, Spec

from archfigures import Drawing
from archfigures import text as textual
from archfigures.from_data import pictures

_WIDTH, _LEFT, _RIGHT = 1000.0, 172.0, 930.0
_SIZE = 11.0
_LEVEL = 13.0
"""Height of one line of names, px."""

_BREAKS = ((2013.0, 0.03), (2020.0, 0.34), (2027.0, 1.0))
"""Where the pace of the axis changes, and which share of it is used up by then: recent years get more room."""

_MODELS = {
    "language": ("dense language models", "ffn"),
    "mixture-of-experts": ("mixtures of experts", "router"),
    "hybrid": ("hybrids", "state"),
    "recurrent": ("recurrent", "norm"),
    "diffusion": ("diffusion", "noise"),
    "multimodal": ("multimodal", "attention"),
    "encoder": ("encoders", "data"),
    "speech": ("speech", "loss"),
}


def timeline(docs: Path) -> str:
    """Every architecture with its name, and a dot for every model."""
    members = list(specs.load(docs).values())
    axis = _Axis(min(year(spec.introduced) for spec in members))
    drawing = Drawing(_WIDTH)
    y = 30.0
    for family, name in FAMILIES.items():
        own = [spec for spec in members if spec.family == family]
        if own:
            y = _row(drawing, name, own, axis, y)
    y = _stacks(drawing, list(models.load(docs).values()), axis, y)
    for when in [int(axis.first), *range(2014, 2027)]:
        at = axis.x(str(when) + "-01")
        drawing.label(str(when), (at, 12), muted=True, size=11.5)
        drawing.rule((at, 22), (at, y))
    _legend(drawing, y + 20)
    names = "; ".join(f"{spec.introduced} {spec.short}" for spec in members)
    return pictures.figure(
        drawing, "timeline", "Architectures and models by date", f"One row for each family. {names}."
    )


def family_trees(docs: Path) -> str:
    """The lineage of every family that has one, under a heading for each."""
    known = specs.load(docs).values()
    families = [family for family in FAMILIES if sum(spec.family == family for spec in known) > 1]
    return "\n".join(f"\n### {FAMILIES[family]}\n{pictures.lineage(docs, family)}" for family in families)


def year(date: str) -> float:
    """2023-07 is a little after the middle of 2023."""
    parts = [int(part) for part in date.split("-")]
    month = parts[1] if len(parts) > 1 else 6
    return parts[0] + (month - 0.5) / 12


class _Axis:
    """Dates to px, in straight pieces."""

    def __init__(self, first: float) -> None:
        self.first = first

    def x(self, date: str) -> float:
        when, low, used = year(date), self.first, 0.0
        for high, share in _BREAKS:
            if when <= high:
                break
            low, used = high, share
        return _LEFT + (used + (share - used) * (when - low) / (high - low)) * (_RIGHT - _LEFT)


def _row(drawing: Drawing, name: str, members: list[Spec], axis: _Axis, top: float) -> float:
    """Dots on a line with every name above its dot, as low as it fits; returns where the row ends."""
    places = [axis.x(spec.introduced) for spec in members]
    levels = _levels(places, [textual.width(spec.short, _SIZE) for spec in members])
    y = top + 22 + _LEVEL * max(levels)
    drawing.label(name.replace(" and ", "\nand "), (_LEFT - 18, y), anchor="end", bold=True)
    for spec, at, level in zip(members, places, levels, strict=True):
        above = y - 12 - _LEVEL * level
        if level:
            drawing.arrow((at, y), (at, above - 3), head=False)
        drawing.dot((at, y), role="attention", r=3.5)
        drawing.label(spec.short, (at + 3, above), anchor="start", size=_SIZE)
    return y + 14


def _levels(places: list[float], widths: list[float]) -> list[int]:
    """The level of each name, for places in order of date and widths of names.

    From the last to the first, each as low as it fits beside later names and the lines that lead up to them.
    """
    free: list[float] = []  # up to where each level is free, from the left
    levels = []
    for at, width in zip(reversed(places), reversed(widths), strict=True):
        level = next((level for level, end in enumerate(free) if at + width + 9 <= end), len(free))
        free[level : level + 1] = [at]
        free[:level] = [min(at, end) for end in free[:level]]
        levels.append(level)
    return levels[::-1]


def _stacks(drawing: Drawing, trained: list[Model], axis: _Axis, top: float) -> float:
    order = list(_MODELS)
    months: Counter[float] = Counter()
    y = top + 24 + 6 * max(Counter(round(axis.x(m.released) / 6) for m in trained).values())
    drawing.label("Trained models", (_LEFT - 18, y), anchor="end", bold=True)
    for model in sorted(trained, key=lambda m: order.index(m.family)):
        column = round(axis.x(model.released) / 6)
        drawing.dot((column * 6, y - 6 * months[column]), role=_MODELS[model.family][1], r=2.6)
        months[column] += 1
    return y + 10


def _legend(drawing: Drawing, y: float) -> None:
    x = _LEFT
    for name, role in _MODELS.values():
        drawing.dot((x, y), role=role, r=4)
        drawing.label(name, (x + 9, y), anchor="start", size=11.5)
        x += 26 + textual.width(name, 11.5)
