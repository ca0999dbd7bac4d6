"""Pictures drawn from data: a family's lineage, and models layer by layer."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from archfigures import Box, Drawing
from archfigures import text as textual

from archdata import models, specs
from archdata.models import Model
from archdata.specs import Spec

_ROLES = {"full": "attention", "window": "router", "mamba": "state", "mamba2": "state", "delta": "state"}
_NAMES = {
    "full": "attention",
    "window": "windowed attention",
    "mamba": "Mamba",
    "mamba2": "Mamba-2",
    "delta": "gated delta rule",
}


def lineage(docs: Path, family: str) -> str:
    """Who builds on whom in a family, from left to right by year of introduction."""
    members = [spec for spec in specs.load(docs).values() if spec.family == family]
    if len(members) < 2:
        return ""
    drawing = Drawing(760)
    years = list(dict.fromkeys(spec.introduced[:4] for spec in members))
    columns = {year: 70 + index * (690 - 20) / max(len(years) - 1, 1) for index, year in enumerate(years)}
    placed: dict[str, Box] = {}
    for year, group in groupby(members, key=lambda spec: spec.introduced[:4]):
        drawing.label(year, (columns[year], 14), bold=True)
        for row, spec in enumerate(group):
            placed[spec.slug] = drawing.box(spec.short, (columns[year], 52 + row * 46), role="norm", size=12)
    for spec in members:
        _draw_parents(drawing, spec, placed)
    names = ", ".join(f"{spec.short} ({spec.introduced[:4]})" for spec in members)
    return _figure(drawing, f"lineage-{family}", "Lineage of the family", f"From left to right by year: {names}.")


def _draw_parents(drawing: Drawing, spec: Spec, placed: dict[str, Box]) -> None:
    child = placed[spec.slug]
    for parent in (placed[name] for name in spec.builds_on if name in placed):
        if parent.x < child.x:
            drawing.arrow(parent.right, child.left)
        else:
            drawing.arrow(parent.bottom, child.top)


def layer_strip(docs: Path, keys: Sequence[str]) -> str:
    """Each model as a row of cells, one for each layer, coloured by its mixer; a mark below shows experts."""
    chosen = [models.get(docs, key) for key in keys]
    drawing = Drawing(760)
    for row, model in enumerate(chosen):
        _strip(drawing, model, 46 + row * 52)
    _legend(drawing, chosen)
    desc = "; ".join(f"{model.name}: {_described(model)}" for model in chosen)
    return _figure(drawing, "strip-" + "-".join(keys), "Models layer by layer", desc + ".")


def _strip(drawing: Drawing, model: Model, y: float) -> None:
    left, width = 180.0, 560.0
    step = min(width / len(model.kinds), 16)
    drawing.label(model.name, (left - 12, y), anchor="end")
    for index, (kind, layer) in enumerate(zip(model.kinds, model.decoder.layers, strict=True)):
        x = left + (index + 0.5) * step
        drawing.box("", (x, y), role=_ROLES[kind], w=step - 1.5, h=22, corner=1.5)
        if hasattr(layer.ffn, "count"):
            drawing.dot((x, y + 17), role="ffn", r=min(step / 4, 2.5))


def _legend(drawing: Drawing, chosen: Sequence[Model]) -> None:
    x = 180.0
    kinds = dict.fromkeys(kind for model in chosen for kind in model.kinds)
    for kind in kinds:
        drawing.box("", (x + 7, 14), role=_ROLES[kind], w=12, h=12, corner=1.5)
        drawing.label(_NAMES[kind], (x + 20, 14), anchor="start")
        x += 20 + textual.width(_NAMES[kind], 12.5) + 18
    if any("experts" in model.config for model in chosen):
        drawing.dot((x + 6, 14), role="ffn")
        drawing.label("mixture of experts", (x + 16, 14), anchor="start")


def _described(model: Model) -> str:
    counts = {kind: model.kinds.count(kind) for kind in dict.fromkeys(model.kinds)}
    return ", ".join(f"{number} layers of {_NAMES[kind]}" for kind, number in counts.items())


def _figure(drawing: Drawing, uid: str, title: str, desc: str) -> str:
    svg = drawing.svg(f"d-{uid}", title, desc)
    return f'\n<figure class="ad-figure"><div class="ad-scroll">{svg}</div></figure>\n'
