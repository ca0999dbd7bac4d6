"""Citations by key, `[@key]`, on any site that names a BibTeX file in its settings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from docscheck import bibliography
from docscheck.config import Config
from docscheck.lsp.provider import Completion, Hover, Provider, Target
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.source import Span
from docscheck.stamps import stamp

KEY = r"[\w][\w.:+/-]*"
_TYPED = lazy(rf"\[(?:[^\[\]]*[;\s])?-?@((?:{KEY})?)$")
_KEY = lazy(rf"(?<![\w@])@({KEY})")
_ENTRY = lazy(r"^[ \t]*@(?!comment|string|preamble)(\w+)\s*[{(]\s*([^,\s{}]+)\s*,", re.I | re.M)
_FIELD = lazy(r"^\s*(\w+)\s*=\s*(?:\{((?:[^{}]|\{[^{}]*\})*)\}|\"([^\"]*)\"|(\w+))", re.M)


class Paper(NamedTuple):
    """An entry of a BibTeX file."""

    key: str
    file: Path
    line: int
    """From 0."""
    fields: Mapping[str, str]

    @property
    def title(self) -> str:
        """The title without BibTeX's marks."""
        return self.fields.get("title", "")

    @property
    def label(self) -> str:
        """Who and when."""
        names = [_family(name) for name in re.split(r"\s+and\s+", self.fields.get("author", "")) if name]
        who = (
            names[0] if len(names) == 1 else " and ".join(names) if len(names) == 2 else f"{(names or [''])[0]} et al."
        )
        year = self.fields.get("year") or self.fields.get("date", "")[:4]
        return f"{who} {year}".strip() if names else year

    @property
    def markdown(self) -> str:
        """The entry, for a hover."""
        venue = next((self.fields[name] for name in ("journal", "booktitle", "publisher") if self.fields.get(name)), "")
        address = self.fields.get("url") or (f"https://doi.org/{self.fields['doi']}" if "doi" in self.fields else "")
        about = self.fields.get("annotation") or self.fields.get("annote") or ""
        parts = [f"**{self.title or self.key}**", ". ".join(part for part in (self.label, venue) if part)]
        return "\n\n".join(part for part in (*parts, f"<{address}>" if address else "", about) if part)


class BibliographyProvider(Provider):
    """Knows the entries of the site's BibTeX files."""

    def __init__(self, config: Config) -> None:
        self._config = config

    @property
    def papers(self) -> dict[str, Paper]:
        """The entries by key, as the files hold them now."""
        found: dict[str, Paper] = {}
        for file in bibliography.files(self._config):
            now = stamp(file)
            for key, paper in (_read(file, tuple(now)) if now else {}).items():
                found.setdefault(key, paper)
        return found

    def completions(self, page: Page, offset: int) -> Iterable[Completion]:
        """The keys, behind `[@`."""
        line = page.source.text[page.source.text.rfind("\n", 0, offset) + 1 : offset]
        typed = _TYPED.search(line)
        if typed is None:
            return
        span = Span(offset - len(typed[1]), offset)
        for paper in self.papers.values():
            yield Completion(paper.key, span, "reference", paper.label, paper.markdown)

    def hover(self, page: Page, offset: int) -> Hover | None:
        """The entry of the key at a place."""
        found = self._at(page, offset)
        return Hover(found[0], found[1].markdown) if found else None

    def definition(self, page: Page, offset: int) -> Target | None:
        """The line of the entry."""
        found = self._at(page, offset)
        return Target(found[1].file, found[1].line) if found else None

    def _at(self, page: Page, offset: int) -> tuple[Span, Paper] | None:
        key = key_at(page, offset)
        paper = self.papers.get(key[1]) if key else None
        return (key[0], paper) if key and paper else None


def key_at(page: Page, offset: int) -> tuple[Span, str] | None:
    """The citation key at a place, outside code."""
    text = page.source.text
    start = text.rfind("\n", 0, offset) + 1
    end = text.find("\n", offset)
    for match in _KEY.finditer(page.masked, start, end if end >= 0 else len(text)):
        if match.start() <= offset <= match.end():
            key = match[1].rstrip(".:")
            return Span(match.start(), match.start(1) + len(key)), key
    return None


@lru_cache(maxsize=8)
def _read(file: Path, now: tuple[int, ...]) -> dict[str, Paper]:
    try:
        text = file.read_text("utf-8", errors="replace")
    except OSError:
        return {}
    entries = list(_ENTRY.finditer(text))
    ends = [*(match.start() for match in entries[1:]), len(text)]
    found: dict[str, Paper] = {}
    line, counted = 0, 0
    for match, end in zip(entries, ends, strict=True):
        line += text.count("\n", counted, match.start())
        counted = match.start()
        fields = {
            field[1].lower(): bibliography.plain(field[2] or field[3] or field[4] or "")
            for field in _FIELD.finditer(text, match.end(), end)
        }
        found.setdefault(match[2], Paper(match[2], file, line, fields))
    return found


def _family(name: str) -> str:
    return name.split(",")[0].strip() if "," in name else name.split()[-1]
