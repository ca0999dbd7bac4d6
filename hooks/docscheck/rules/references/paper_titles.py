"""Papers under the wrong number: two titles for one, one title for two, or another title than the bibliography's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from docscheck import arxiv, papers
from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.included import read
from docscheck.mentions import Mention, external
from docscheck.page import Page
from docscheck.site import Site

TWO_TITLES = Rule("REF201", "one-paper-two-titles")
TWO_PAPERS = Rule("REF202", "one-title-two-papers")
TWICE = Rule("REF203", "paper-listed-twice", Severity.WARNING)
BIBLIOGRAPHY = Rule("REF204", "not-the-title-in-the-bibliography")
RULES = (TWO_TITLES, TWO_PAPERS, TWICE, BIBLIOGRAPHY)

_ENTRY = re.compile(r"^[ \t>]*([-*+]|\d+[.)]|(?:!!!|\?\?\?\+?)[ ]?[\w -]+\"|\[\^[^\]]+\]:|\|)[ \t]*(?:\*\*|\"|“)?$")
"""What stands before a link that is an entry of a list, a box or a table."""
_LEAST_WORDS = 2
"""A single word such as "Paper" stands beside the entry it belongs to."""


@dataclass(frozen=True)
class Naming:
    """A paper, as a link calls it."""

    page: Page
    mention: Mention
    identifier: str

    @property
    def place(self) -> str:
        """Where it is, for a message."""
        return f"{self.page.path}:{self.page.source.line_of(self.mention.span.start) + 1}"


def check_site(site: Site, pages: Iterable[Page]) -> Iterator[tuple[Page, Finding]]:
    """Compare what the links of all pages call the papers they lead to."""
    namings = [naming for page in pages for naming in _namings(page)]
    titled = [naming for naming in namings if papers.is_title(naming.mention.text)]
    yield from _two_titles(titled)
    yield from _two_papers(titled)
    yield from _twice(namings)
    yield from _against(titled, bibliography(site))


@lru_cache(maxsize=4)
def bibliography(site: Site) -> Mapping[str, str]:
    """The titles of the site's bibliography by arXiv number."""
    named = [site.config.option("archmarkdown.citations", "bibliography")]
    named += [settings.get(key) for settings in site.config.plugins.values() for key in ("bib_file", "bib_dir")]
    found: dict[str, str] = {}
    for path in named:
        for file in _bibtex(site.config.root / path) if isinstance(path, str) else ():
            found.update(papers.titles_by_identifier(read(file)))
    return found


def _bibtex(path: Path) -> list[Path]:
    return sorted(path.glob("*.bib")) if path.is_dir() else [path]


def _namings(page: Page) -> Iterator[Naming]:
    if "arxiv" not in page.source.text.casefold():
        return
    for mention in external(page):
        address = arxiv.read(mention.address)
        if address is not None and mention.kind in ("link", "definition", "raw"):
            yield Naming(page, mention, address.identifier)


def _two_titles(titled: list[Naming]) -> Iterator[tuple[Page, Finding]]:
    by_paper: dict[str, list[Naming]] = {}
    for naming in titled:
        known = by_paper.setdefault(naming.identifier, [])
        other = next((n for n in known if not papers.can_be_same(n.mention.text, naming.mention.text)), None)
        if other is not None:
            message = f"{naming.identifier} has another title in {other.place}: {_short(other.mention.text)}"
            yield naming.page, TWO_TITLES.at(naming.mention.span, message, help="one of the two numbers is wrong")
        known.append(naming)


def _two_papers(titled: list[Naming]) -> Iterator[tuple[Page, Finding]]:
    by_title: dict[str, Naming] = {}
    for naming in titled:
        other = by_title.setdefault(papers.same_title(naming.mention.text), naming)
        if other.identifier != naming.identifier:
            message = f"this title has another number in {other.place}: {other.identifier}"
            yield naming.page, TWO_PAPERS.at(naming.mention.span, message, help="one of the two numbers is wrong")


def _twice(namings: list[Naming]) -> Iterator[tuple[Page, Finding]]:
    first: dict[tuple[str, str, str], Naming] = {}
    for naming in namings:
        entry = _entry(naming)
        if not entry or len(papers.words(naming.mention.text)) < _LEAST_WORDS:
            continue
        other = first.setdefault((naming.page.uri, entry, naming.identifier), naming)
        if other is not naming and papers.can_be_same(other.mention.text, naming.mention.text):
            message = f"the same paper is listed in line {_line(other) + 1} already"
            yield naming.page, TWICE.at(naming.mention.span, message, help="keep one of the two")


def _against(titled: list[Naming], titles: Mapping[str, str]) -> Iterator[tuple[Page, Finding]]:
    for naming in titled:
        title = titles.get(naming.identifier)
        if title and not papers.can_be_same(title, naming.mention.text):
            message = f"in the bibliography {naming.identifier} is {_short(title)}"
            yield naming.page, BIBLIOGRAPHY.at(naming.mention.span, message, help="correct the title or the number")


def _entry(naming: Naming) -> str:
    """The mark of the list, box or table that has the link as an entry; empty where it stands in running text."""
    line = _line(naming)
    before = naming.page.lines[line][: naming.mention.text_span.start - 1 - naming.page.source.starts[line]]
    match = _ENTRY.match(before)
    if match is None or naming.mention.kind != "link":
        return ""
    return "1" if match[1][0].isdigit() else match[1][0]


def _line(naming: Naming) -> int:
    return naming.page.source.line_of(naming.mention.text_span.start)


def _short(title: str) -> str:
    plain = " ".join(title.split())
    return f'"{plain if len(plain) < 70 else plain[:67] + "…"}"'
