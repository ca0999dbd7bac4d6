"""What pages are called: by a name, a search leads to its page before it looks at any text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from archdata import bibliography, models, specs
from archdata.glossary import load_glossary

from archpublish.pages import BuiltPage

# How much each kind of name counts, from 1 to 10. What a hub is also called, or lists in its title, is often one of its
# members, whose own page should come first.
_TITLE, _ALIAS, _PART_OF_TITLE, _HEADING = 10, 9, 7, 4
_OF_HUB = 5
_DESIGN, _PAPER, _TERM, _TERM_OF_GLOSSARY = 8, 8, 7, 6
_MODEL, _MODEL_IN_LIST = 7, 4
_GLOSSARY, _MODELS = "reference/glossary.md", "enablement/models.md"


class Name(NamedTuple):
    """A name of a page."""

    path: str
    """The page."""
    text: str
    weight: int


def names_of_page(page: BuiltPage, headings: Iterable[str]) -> Iterator[tuple[str, int]]:
    """The names that a page has by itself: its title, aliases and headings."""
    is_hub = page.path.endswith("index.md")
    for name in title_names(page.title):
        yield name, _TITLE
    for name in title_parts(page.title):
        yield name, _OF_HUB if is_hub else _PART_OF_TITLE
    for alias in page.meta.get("aliases", []):
        yield str(alias), _OF_HUB if is_hub else _ALIAS
    for heading in headings:
        yield heading, _HEADING


def names_of_data(docs: Path) -> Iterator[Name]:
    """The names that the data give to pages: designs and the papers that introduced them, terms, models."""
    papers = bibliography.load(docs / bibliography.PATH)
    for spec in specs.load(docs).values():
        for name in (spec.name, spec.short, *spec.aliases):
            yield Name(spec.page, name, _DESIGN)
        if spec.by in papers:
            yield Name(spec.page, papers[spec.by].title, _PAPER)
    for term in load_glossary(docs / "_data/glossary.yml"):
        for name in (term.name, term.acronym, *term.aliases):
            yield Name(term.page or _GLOSSARY, name, _TERM if term.page else _TERM_OF_GLOSSARY)
    for model in models.load(docs).values():
        for name in model_names(model.name):
            yield Name(_MODELS, name, _MODEL_IN_LIST)
            if model.page:
                yield Name(model.page, name, _MODEL)


def title_names(title: str) -> Iterator[str]:
    """Yield the whole title, the part before brackets or a colon, and what the brackets hold."""
    yield title
    bare = _without_brackets(title)
    yield bare
    yield bare.split(": ")[0]
    for inside in re.findall(r"\(([^)]*)\)", title):
        yield from re.split(r",\s*|\s+and\s+", inside)


def title_parts(title: str) -> Iterator[str]:
    """Yield what a title lists: "Absolute and relative positions: ALiBi, NoPE"."""
    yield from (part for part in re.split(r",\s*(?:and\s+)?|\s+and\s+|:\s+", _without_brackets(title)) if len(part) > 2)


def _without_brackets(title: str) -> str:
    return re.sub(r"\s*\([^)]*\)", "", title)


def model_names(name: str) -> Iterator[str]:
    """Yield the name, and the name without its size: "Llama 2" of "Llama 2 7B"."""
    yield name
    bare = re.sub(r"[ -]v?\d+(?:\.\d+)?[BM]\b.*$", "", name)
    if bare != name:
        yield bare
