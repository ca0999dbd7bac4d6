"""Architectures and mechanisms: `docs/_data/architectures/<slug>.yml`, one for each page that has a box."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from archdata import documents
from archdata.errors import DataError, unknown

FOLDER = "_data/architectures"

FAMILIES = {
    "transformers": "Transformers",
    "llms": "Language models",
    "recurrent": "Recurrent and state-space",
    "hybrids": "Hybrids",
    "mixture-of-experts": "Mixture of experts",
    "diffusion": "Diffusion and flow",
    "visual-tokens": "Visual and audio tokens",
    "classic": "Classic designs",
    "multimodal": "Multimodal",
    "learning": "Learning",
    "alignment": "Alignment",
    "scaling-inference": "Scaling and inference",
}
"""The families by their folders, as readers see them, in the order of the navigation."""


def family_name(key: str) -> str:
    """A family as readers see it.

    Raises `DataError` naming the nearest one when there is none.
    """
    if key not in FAMILIES:
        raise unknown("family", key, FAMILIES)
    return FAMILIES[key]


@dataclass(frozen=True)
class Spec:
    """One architecture; see `docs/_data/schema/architecture.json` for what each field holds."""

    slug: str
    name: str
    short: str
    family: str
    page: str
    introduced: str
    added: date
    by: str = ""
    aliases: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()
    builds_on: tuple[str, ...] = ()
    state: str = ""
    compute: str = ""
    trained: str = ""
    compare: dict[str, str] = field(default_factory=dict, hash=False)


def load(docs: Path) -> dict[str, Spec]:
    """Every architecture by its slug, in order of introduction.

    Raises `DataError` for the first file that cannot be used; `check` reports them all.
    """
    folder = docs / FOLDER
    stamp = documents.stamp(folder)
    return _load(stamp)


@lru_cache(maxsize=4)
def _load(stamp: tuple[tuple[Path, int], ...]) -> dict[str, Spec]:
    specs = [_spec(documents.read(path)) for path, _ in stamp]
    return {spec.slug: spec for spec in sorted(specs, key=lambda spec: (spec.introduced, spec.slug))}


def get(docs: Path, slug: str) -> Spec:
    """The architecture `slug`.

    Raises `DataError` naming the nearest one when there is none.
    """
    known = load(docs)
    if slug not in known:
        raise unknown("architecture", slug, known)
    return known[slug]


def check(docs: Path) -> Iterator[DataError]:
    """Yield every fault of the architectures' files: schema, page, citation key left to the bibliography."""
    described = documents.schema(docs / "_data/schema/architecture.json")
    for path in sorted((docs / FOLDER).glob("*.yml")):
        try:
            document = documents.read(path)
        except DataError as error:
            yield error
            continue
        yield from documents.faults(document, described)
        page = document.data.get("page")
        if isinstance(page, str) and not (docs / page).is_file():
            yield document.error(("page",), f"there is no page `{page}`", "write it, or correct the path")


def _spec(document: documents.Document) -> Spec:
    data: dict[str, Any] = document.data
    try:
        return Spec(
            slug=document.path.stem,
            name=data["name"],
            short=data["short"],
            family=data["family"],
            page=data["page"],
            introduced=str(data["introduced"]["date"]),
            by=data["introduced"].get("by", ""),
            added=data["added"],
            aliases=tuple(data.get("aliases", ())),
            replaces=tuple(data.get("replaces", ())),
            builds_on=tuple(data.get("builds_on", ())),
            state=data.get("state", ""),
            compute=data.get("compute", ""),
            trained=data.get("trained", ""),
            compare=data.get("compare", {}),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise document.error(
            (), f"{error} is missing or has the wrong form", "see docs/_data/schema/architecture.json"
        ) from error
