"""What pages show of architectures: the at-a-glance box, a family's table, who uses a design, what is new."""

from __future__ import annotations

import re
from pathlib import Path

from archdata import models, specs
from archdata.html import Cell, Row, link, table
from archdata.models import Model
from archdata.numbers import count
from archdata.specs import FAMILIES, Spec

_WORDS = 2
"""A setting is its field and at most so many words."""


def glance(docs: Path, slug: str, page: str) -> str:
    """The at-a-glance box of an architecture, for the page at `page`."""
    spec = specs.get(docs, slug)
    users = [_model_link(model, page) for model in _users(docs, slug)]
    lines = {
        "Introduced": f"[@{spec.by}], {spec.introduced}" if spec.by else spec.introduced,
        "Also called": ", ".join(spec.aliases),
        "Replaces": _named(docs, spec.replaces, page),
        "Builds on": _named(docs, spec.builds_on, page),
        "Side by side": _side_by_side(docs, spec, page),
        "State or cache": spec.state,
        "Compute": spec.compute,
        "Training": spec.trained,
        "Used by": ", ".join(users[-6:]) + (f" and {len(users) - 6} more" if len(users) > 6 else ""),
    }
    rows = [f"| {name} | {text} |" for name, text in lines.items() if text]
    return "\n".join(
        [
            "",
            '<div class="at-a-glance" markdown="block">',
            "",
            "| At a glance | |",
            "| --- | --- |",
            *rows,
            "",
            "</div>",
            "",
        ]
    )


def models_using(docs: Path, slug: str, page: str) -> str:
    """A table of the models that use a design, each with the configuration that shows it."""
    specs.get(docs, slug)
    rows: list[Row] = [
        [
            _model_link(model, page),
            model.organisation,
            model.released,
            count(model.parameters),
            _configured(model, model.mechanisms[slug]),
        ]
        for model in reversed(_users(docs, slug))
    ]
    if not rows:
        return "\nNo model in [the collection](" + link("enablement/models.md", page) + ") uses it.\n"
    caption = f"Models that use {specs.get(docs, slug).short}"
    return table(caption, ["Model", "By", "Released", "Parameters", "In its configuration"], rows, page)


def _configured(model: Model, words: str) -> str:
    """Return what shows a mechanism in a configuration: settings as code, what is said of them as text."""
    parts = re.split(r"([,;] )", words)
    for index, part in enumerate(parts):
        name = part.partition(" ")[0]
        if (name in model.config or "_" in name) and part.count(" ") <= _WORDS:
            parts[index] = f"`{part}`"
        else:
            parts[index] = re.sub(r"\w+_\w+", r"`\g<0>`", part)
    return "".join(parts)


def family_table(docs: Path, family: str, page: str) -> str:
    """The comparison table of a family's architectures, oldest first. Raises `DataError` for an unknown family."""
    specs.family_name(family)
    members = [spec for spec in specs.load(docs).values() if spec.family == family]
    columns = list(dict.fromkeys(column for spec in members for column in spec.compare))
    rows = [_family_row(spec, columns, page) for spec in members]
    return table(f"Architectures of this family: {family}", ["Design", "First public", *columns], rows, page)


def designs_table(docs: Path, family: str, page: str) -> str:
    """What a family's designs build on, keep, compute and are trained by, oldest first."""
    members = [spec for spec in specs.load(docs).values() if spec.family == family]
    rows: list[Row] = [
        [
            _design(spec, page),
            spec.introduced,
            *(text or "–" for text in (_named(docs, spec.builds_on, page), spec.state, spec.compute, spec.trained)),
        ]
        for spec in members
    ]
    columns = ["Design", "First public", "Builds on", "State or cache", "Compute", "Training"]
    return table(f"State, compute and training: {FAMILIES[family]}", columns, rows, page)


def all_designs(docs: Path, page: str) -> str:
    """Both tables of every family under a heading for each; the first only where designs have such columns."""
    parts: list[str] = []
    known = specs.load(docs).values()
    for family, name in FAMILIES.items():
        members = [spec for spec in known if spec.family == family]
        if not members:
            continue
        parts.append(f"\n### {name}\n")
        if any(spec.compare for spec in members):
            parts.append(family_table(docs, family, page))
        parts.append(designs_table(docs, family, page))
    return "\n".join(parts)


def _family_row(spec: Spec, columns: list[str], page: str) -> Row:
    return [_design(spec, page), spec.introduced, *(spec.compare.get(column, "–") for column in columns)]


def _design(spec: Spec, page: str) -> Cell:
    return Cell(spec.short, href=spec.page if spec.page != page else "", row=spec.slug)


def _side_by_side(docs: Path, spec: Spec, page: str) -> str:
    """Links to the comparison with what the design replaces and builds on."""
    known = specs.load(docs)
    near = [name for name in dict.fromkeys((*spec.replaces, *spec.builds_on)) if name in known][:3]
    compare = link("tools/compare.md", page)
    return ", ".join(f"[with {known[name].short}]({compare}?a={spec.slug}&b={name})" for name in near)


def _users(docs: Path, slug: str) -> list[Model]:
    return [model for model in models.load(docs).values() if slug in model.mechanisms]


def _named(docs: Path, names: tuple[str, ...], page: str) -> str:
    """Slugs become links to their pages; other words stay."""
    known = specs.load(docs)
    return ", ".join(
        f"[{known[name].short}]({link(known[name].page, page)})" if name in known else name for name in names
    )


def _model_link(model: Model, page: str) -> str:
    return f"[{model.name}]({link(model.page, page)})" if model.page and model.page != page else model.name
