"""The site's terms: `docs/_data/glossary.yml`, one sentence each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from docscheck.parse.safe_yaml import load

from archdata.errors import DataError


@dataclass(frozen=True)
class Term:
    """A term of the field and what it means."""

    name: str
    """The full name, capitalised as at the start of a sentence."""
    meaning: str
    """One sentence."""
    acronym: str = ""
    aliases: tuple[str, ...] = ()
    page: str = ""
    """The page that explains it, as a path under docs/; empty where only the glossary does."""

    everyday: tuple[str, ...] = ()
    """Those of its names that have a common meaning too, so that their occurrences on pages are not marked."""

    @property
    def slug(self) -> str:
        """The id of its entry on the glossary page."""
        return "term-" + re.sub(r"[^a-z0-9]+", "-", (self.acronym or self.name).lower()).strip("-")

    @property
    def title(self) -> str:
        """Name and acronym, as a reader searches for them."""
        return f"{self.name} ({self.acronym})" if self.acronym else self.name

    @property
    def tooltip(self) -> str:
        """What is shown over the term in a text."""
        return f"{self.title}: {self.meaning}"

    @property
    def spellings(self) -> Iterator[str]:
        """Every form to be marked in a text: ordinary words in lower case, which match any case; names as they are."""
        for name in (self.name, *self.aliases):
            if name not in self.everyday:
                ordinary = name[:1] + name[1:].lower() == name
                yield name.lower() if ordinary else name
        if self.acronym and self.acronym not in self.everyday:
            yield self.acronym


def load_glossary(path: Path) -> tuple[Term, ...]:
    """Every term, sorted by name; read again when the file has changed."""
    return _load(path, path.stat().st_mtime_ns)


def read_entries(path: Path) -> list[dict[str, Any]]:
    """Return what the file holds.

    Raises `DataError` when it is no list of terms.
    """
    try:
        entries = load(path.read_text(encoding="utf-8")) or []
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise DataError(path, None, None, f"this YAML cannot be read: {error}") from error
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise DataError(path, None, None, "the file is not a list of terms", "write `- term: …` for each")
    return entries


def names(entry: dict[str, Any]) -> list[str]:
    """Return all names of an entry: the term, its acronym and what it is also called."""
    return [str(name) for name in (entry.get("term"), entry.get("acronym"), *entry.get("aliases", ())) if name]


@lru_cache(maxsize=4)
def _load(path: Path, _mtime: int) -> tuple[Term, ...]:
    terms = (
        Term(
            name=str(entry.get("term", "")),
            meaning=str(entry.get("meaning", "")),
            acronym=entry.get("acronym", ""),
            aliases=tuple(entry.get("aliases", ())),
            page=entry.get("page", ""),
            everyday=tuple(names(entry) if entry.get("everyday") is True else entry.get("everyday") or ()),
        )
        for entry in read_entries(path)
    )
    return tuple(sorted(terms, key=lambda term: term.name.lower()))


def glossary_entries(docs: Path) -> str:
    """The glossary page's body: links to the letters, a heading for each, an anchored entry for each term."""
    terms = load_glossary(docs / "_data/glossary.yml")
    letters = dict.fromkeys(term.name[0].upper() for term in terms)
    lines = ["**Go to** " + " ".join(f"[{letter}](#{letter.lower()})" for letter in letters)]
    letter = ""
    for term in terms:
        if term.name[0].upper() != letter:
            letter = term.name[0].upper()
            lines.append(f"\n## {letter}\n")
        also = f" *Also:* {', '.join(term.aliases)}." if term.aliases else ""
        more = f" [Explained here](../{term.page})." if term.page else ""
        lines.append(f'<span id="{term.slug}"></span>**{term.title}**\n:   {term.meaning}{also}{more}\n')
    return "\n".join(lines)
