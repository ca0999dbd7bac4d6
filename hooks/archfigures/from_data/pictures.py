"""Pictures drawn from data: a family's lineage, and models layer by layer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from archdata import decoders, models, specs
from archdata.models import Model
from archdata.specs import Spec

from archfigures import Box, Drawing
from archfigures import text as textual

_ROLES = {
    "full": "attention",
    "both": "attention",
    "cca": "attention",
    "cross": "note",
    "window": "router",
    "chunk": "router",
    "hca": "norm",
    "csa1": "attention",
    "csa1-index": "loss",
    "csa1-reuse": "note",
    "csa2-reuse": "data",
    "mamba2": "norm",
    "mamba2+shared": "data",
    "conv": "data",
    "delta": "noise",
    "kda": "loss",
    "dense": "ffn",
    "experts": "ffn",
}
"""Roles of the drawing for what mixes positions; those not named here are states. A mixer keeps its colour from one
picture to the next, as far as two in the same picture do not share it.
"""

_APART = {
    "reused": "attention by an earlier selection",
    "unrotated": "attention without positions",
    "borrowed": "attention to an earlier layer's latents",
}
"""Names in pictures of layers that are otherwise called the same, because tables count them together."""

_OTHERS = ("state", "norm", "noise", "loss", "data", "note")
"""Roles for a mixer whose own is taken by another one in the same picture."""


def _roles(chosen: Sequence[Model]) -> dict[str, str]:
    """A role for each mixer of the models, no two the same."""
    roles: dict[str, str] = {}
    for kind in dict.fromkeys(kind for model in chosen for kind in model.kinds):
        wanted = (_ROLES.get(kind, "state"), *_OTHERS)
        roles[kind] = next((role for role in wanted if role not in roles.values()), wanted[0])
    return roles


def lineage(docs: Path, family: str) -> str:
    """Who builds on whom in a family: years from left to right, each design below the one it builds on first.

    Raises `DataError` for an unknown family.
    """
    specs.family_name(family)
    members = {spec.slug: spec for spec in specs.load(docs).values() if spec.family == family}
    if len(members) < 2:
        return ""
    drawing = Drawing(760)
    rows = list(_descent(members))
    lefts = _year_columns(rows)
    for year, x in lefts.items():
        drawing.label(year, (x, 14), anchor="start", bold=True)
    placed: dict[str, Box] = {}
    for row, (spec, indent) in enumerate(rows):
        left, width = lefts[spec.introduced[:4]] + _INDENT * indent, _name_width(spec)
        placed[spec.slug] = drawing.box(spec.short, (left + width / 2, 46 + 36 * row), role="norm", w=width, size=12)
    for spec, _ in rows:
        _draw_parents(drawing, [placed[parent.slug] for parent in _elders(spec, members)], placed[spec.slug])
    names = ", ".join(f"{spec.short} ({spec.introduced[:4]})" for spec, _ in rows)
    return figure(drawing, f"lineage-{family}", "Lineage of the family", f"From left to right by year: {names}.")


_INDENT = 28.0
"""How far a design stands to the right of one of the same year that it builds on, px."""


def _descent(members: dict[str, Spec]) -> Iterator[tuple[Spec, int]]:
    """Depth first, so that the line from a design to what builds on it passes only its other descendants."""

    def first_parent(spec: Spec) -> str:
        return next((parent.slug for parent in _elders(spec, members)), "")

    followed = {first_parent(spec) for spec in members.values()}

    def order(spec: Spec) -> tuple[str, bool, str, str]:
        # Among those of a year that build on nothing, a lone one stands last: no line then passes behind it.
        alone = not first_parent(spec) and spec.slug not in followed
        return spec.introduced[:4], alone, spec.introduced, spec.slug

    def below(parent: Spec | None, indent: int) -> Iterator[tuple[Spec, int]]:
        children = [spec for spec in members.values() if first_parent(spec) == (parent.slug if parent else "")]
        for spec in sorted(children, key=order):
            step = indent + 1 if parent and spec.introduced[:4] == parent.introduced[:4] else 0
            yield spec, step
            yield from below(spec, step)

    yield from below(None, 0)


def _name_width(spec: Spec) -> float:
    return textual.width(spec.short, 12) + 24


def _year_columns(rows: Sequence[tuple[Spec, int]]) -> dict[str, float]:
    """Where each year begins, so that the longest name of the last one still fits."""
    years = sorted({spec.introduced[:4] for spec, _ in rows})
    last = max(_INDENT * indent + _name_width(spec) for spec, indent in rows if spec.introduced[:4] == years[-1])
    step = min((744 - last) / max(len(years) - 1, 1), 180)
    return {year: 14 + index * step for index, year in enumerate(years)}


def _elders(spec: Spec, members: Mapping[str, Spec]) -> list[Spec]:
    """What a design builds on and is no younger by year.

    A page may build on a younger one for what it says of later forms; a line of descent cannot run backwards.
    """
    parents = [members[name] for name in spec.builds_on if name in members]
    return [parent for parent in parents if parent.introduced[:4] <= spec.introduced[:4]]


def _draw_parents(drawing: Drawing, parents: Sequence[Box], child: Box) -> None:
    for index, parent in enumerate(parents):
        x = parent.left[0] + (13 if index == 0 else 21)
        start = parent.bottom[1] if parent.y < child.y else parent.top[1]
        drawing.arrow((x, start), child.left, via=((x, child.y),), dashed=index > 0)


def layer_strip(docs: Path, keys: Sequence[str]) -> str:
    """Each model as a row of cells, one for each layer, coloured by its mixer; a mark below shows experts."""
    chosen = [models.get(docs, key) for key in keys]
    drawing = Drawing(760)
    roles = _roles(chosen)
    left = max(textual.width(_name(model), textual.FONT_SIZE) for model in chosen) + 20
    top = _legend(drawing, chosen, roles, left)
    for row, model in enumerate(chosen):
        _strip(drawing, model, (left, top + 32 + row * 52), roles)
    desc = "; ".join(f"{model.name}: {_described(model)}" for model in chosen)
    return figure(drawing, "strip-" + "-".join(keys), "Models layer by layer", desc + ".")


def _name(model: Model) -> str:
    return model.name.partition(" (")[0]


def _strip(drawing: Drawing, model: Model, at: tuple[float, float], roles: Mapping[str, str]) -> None:
    left, y = at
    step = min((744 - left) / len(model.kinds), 16)
    drawing.label(_name(model), (left - 12, y), anchor="end")
    for index, (kind, layer) in enumerate(zip(model.kinds, model.decoder.layers, strict=True)):
        x = left + (index + 0.5) * step
        drawing.box("", (x, y), role=roles[kind], w=step - 1.5, h=22, corner=1.5)
        if hasattr(layer.ffn, "count"):
            drawing.dot((x, y + 17), role="ffn", r=min(step / 4, 2.5))


def _legend(drawing: Drawing, chosen: Sequence[Model], roles: Mapping[str, str], left: float) -> float:
    """Draws what the colours mean, in as many lines as it takes, and returns where the last one stands."""
    entries = [(_APART.get(kind, decoders.NAMES[kind]), role) for kind, role in roles.items()]
    if any("experts" in model.config for model in chosen):
        entries.append(("mixture of experts", ""))
    x, y = left, 14.0
    for name, role in entries:
        needed = 20 + textual.width(name, 12.5)
        if x + needed > 750:
            x, y = left, y + 20
        if role:
            drawing.box("", (x + 7, y), role=role, w=12, h=12, corner=1.5)
        else:
            drawing.dot((x + 7, y), role="ffn")
        drawing.label(name, (x + 20, y), anchor="start")
        x += needed + 18
    return y


def _described(model: Model) -> str:
    counts = {kind: model.kinds.count(kind) for kind in dict.fromkeys(model.kinds)}
    names = {kind: _APART.get(kind, decoders.NAMES[kind]) for kind in counts}
    return ", ".join(f"{number} layers of {names[kind]}" for kind, number in counts.items())


def figure(drawing: Drawing, uid: str, title: str, desc: str) -> str:
    svg = drawing.svg(f"d-{uid}", title, desc)
    return f'\n<figure class="ad-figure"><div class="ad-scroll">{svg}</div></figure>\n'
