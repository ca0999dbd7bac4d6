"""What a page cites, collected while it is converted, and what is wrong with it."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from archdata.bibliography import Bibliography, load
from archdata.citing import citations
from archdata.entries import Entry
from archdata.errors import DataError, unknown
from markdown import Markdown
from markdown.extensions import Extension

from archmarkdown.page import Page, page_of

log = logging.getLogger("mkdocs.archmarkdown.citations")


@dataclass
class Contribution:
    """What a page says of a paper: a sentence, and detail in Markdown (empty where there is none)."""

    sentence: str
    detail: str = ""


@dataclass
class Cited:
    """What one page cites, collected while it is converted."""

    order: list[str] = field(default_factory=list)
    """Keys in the order of their first citation."""
    contributions: dict[str, Contribution] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    malformed: list[str] = field(default_factory=list)
    source: str = ""
    """The text as it came to Python-Markdown."""

    def cite(self, key: str) -> None:
        """Take note of a citation."""
        if key not in self.order:
            self.order.append(key)


class Citing(Extension):
    """The part of the extension that its processors share: the page, the bibliography, and what was cited so far."""

    md: Markdown

    def __init__(self, **options: Any) -> None:
        self.config = {
            "bibliography": [
                "docs/_data/references.bib",
                "path of the BibTeX file, from the configuration file",
            ],
        }
        self.cited = Cited()
        super().__init__(**options)

    def reset(self) -> None:
        """Forget the page converted before."""
        self.cited = Cited()

    def page(self) -> Page | None:
        """The page MkDocs is rendering, or None under plain Python-Markdown."""
        return page_of(self.md)

    def bibliography(self) -> Bibliography:
        """Return the bibliography in its present state."""
        path = Path(self.getConfig("bibliography"))
        page = self.page()
        return load(page.root / path if page else path)

    def entry(self, key: str) -> Entry | None:
        """Return the entry of `key`; take note of a key that has none."""
        entry = self.bibliography().get(key)
        if entry is None and key not in self.cited.unknown:
            self.cited.unknown.append(key)
        return entry

    def report(self) -> None:
        """Log what is wrong with the page's citations, each with its place."""
        page = self.page()
        file = page.file if page else None
        source = page.source if page else self.cited.source
        for key in self.cited.unknown:
            places = [found for found in citations(source) if found.key == key]
            for place in places:
                self._warn_of(key, file, place.line, place.column)
            if not places:  # written by a macro, or by the data
                self._warn_of(key, file, None, None)
        for group in self.cited.malformed:
            line, column = _place(source, f"[{group}]")
            remedy = "write [@key], [@key, Table 2] or [@one; @other]"
            log.warning("%s", DataError(file, line, column, f"[{group}] is not a citation", remedy))

    def _warn_of(self, key: str, file: str | None, line: int | None, column: int | None) -> None:
        log.warning("%s", unknown("citation key", key, self.bibliography(), file=file, line=line, column=column))


def _place(source: str, part: str) -> tuple[int | None, int | None]:
    """Return line and column, from 1, of the first `part` in `source`."""
    at = source.find(part)
    if at < 0:
        return None, None
    return source.count("\n", 0, at) + 1, at - source.rfind("\n", 0, at)
