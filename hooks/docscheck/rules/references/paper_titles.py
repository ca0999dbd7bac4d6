"""Papers under the wrong number: two titles for one, one title for two, or another title than the bibliography's."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from docscheck import arxiv, bibliography, doi, papers
from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.included import read
from docscheck.mentions import Mention, external
from docscheck.page import Page
from docscheck.parse.blocks import LISTS, split_row
from docscheck.patterns import lazy
from docscheck.rules.references import names
from docscheck.site import Site
from docscheck.source import Span
from docscheck.words.distance import distance

TWO_TITLES = Rule("REF201", "one-paper-two-titles")
TWO_PAPERS = Rule("REF202", "one-title-two-papers")
TWICE = Rule("REF203", "paper-listed-twice", Severity.WARNING)
BIBLIOGRAPHY = Rule("REF204", "not-the-title-in-the-bibliography")
RULES = (TWO_TITLES, TWO_PAPERS, TWICE, BIBLIOGRAPHY)

_ENTRY = lazy(r"^[ \t>]*([-*+]|\d+[.)]|(?:!!!|\?\?\?\+?)[ ]?[\w -]+\"|\[\^[^\]]+\]:|\|)[ \t]*(?:\*\*|\"|“)?$")
"""What stands before a link that is an entry of a list, a box or a table."""
_BY_AUTHORS = lazy(
    r"[ \t>]*([-*+]|\d+[.)])[ \t]+(?=[^\n]*(?:[ ](?:and|und|et|y|e|&)[ ]|[^\W\d_]\.[,; ]|,[^\n]*,))"
    r"(?:(?:[^\W\d_a-zà-ÿ][\w.'’-]*|and|und|et|al\.?|y|e|&|v[ao]n|de[rn]?|di|la|le|\(?\d{4}\)?\.?)[,;:]?[ ]+)+"
    r"(?<=[,.:;)][ ])(?:\*\*|\"|“)?$"
)
"""The names of authors before the title of an entry."""
_OF_ARXIV = "10.48550/arxiv."
"""With which the DOIs of papers on arXiv begin; their number follows."""
_LETTER = lazy(r"[^\W\d_]")
_LISTS = ("-", "*", "+", "1")
_SAME_ROW = "||"
"""The mark of an entry that is part of a row which its table repeats to the letter."""
_MOST = 40
"""With so many of the titles that a paper has on the site any other is compared."""
_LEAST_WORDS = 2
"""A single word such as "Paper" stands beside the entry it belongs to."""


class Naming(NamedTuple):
    """A paper, as a link calls it."""

    uri: str
    identifier: str
    text: str
    start: int
    end: int
    line: int
    """The line, from 0, on which the text begins."""
    entry: str
    """The mark of the list, box or table that has the link as an entry; empty in running text."""
    list: int
    """The line of the outermost list around it, from 0; -1 for none, or for one that no words announce."""

    @property
    def span(self) -> Span:
        """The address."""
        return Span(self.start, self.end)

    @property
    def is_doi(self) -> bool:
        """Whether the paper is named by its DOI."""
        return self.identifier.startswith("10.")

    @property
    def place(self) -> str:
        """Where it is, for a message."""
        return f"{self.uri}:{self.line + 1}"


def facts(page: Page) -> list[list[str | int]]:
    """The papers that links of the page name."""
    if "//" not in page.signs or not (names(page, "arxiv") or names(page, "doi.org/10.")):
        return []
    found: list[list[str | int]] = []
    rows = _repeated_rows(page)
    for mention in external(page):
        identifier = _identifier(mention.address)
        if identifier and mention.kind in ("link", "definition", "raw"):
            line = page.source.line_of(mention.text_span.start)
            entry = _entry(page, mention, line)
            span = mention.span
            text = mention.text
            if _BESIDE.fullmatch(text) and (title := _title_of_row(page, line)):
                text, entry = title, "|"
            if line in rows:
                entry = _SAME_ROW
            found.append([page.uri, identifier, text, span.start, span.end, line, entry, _list(page, line)])
    return found


def _repeated_rows(page: Page) -> set[int]:
    """The lines of tables with a row that another one of theirs repeats to the letter."""
    found: set[int] = set()
    for table in page.kinds.get("table", ()):
        often = Counter(row.text.strip() for row in table.rows[2:])
        if len(often) < len(table.rows) - 2:
            found.update(row.line for row in table.rows[2:] if often[row.text.strip()] > 1)
    return found


def _identifier(address: str) -> str:
    """The arXiv number of a paper, or its DOI in small letters; empty for any other address."""
    paper = arxiv.read(address)
    if paper is not None:
        return paper.identifier
    work = doi.read(address)
    name = work.name.casefold() if work is not None and work.name.startswith("10.") else ""
    return name.removeprefix(_OF_ARXIV)


def compare(site: Site, pages: Mapping[str, list[list[str | int]]]) -> Iterator[tuple[str, Finding]]:
    """Compare what the links of all pages call the papers they lead to."""
    namings = [Naming(*values) for page in pages.values() for values in page]  # type: ignore[arg-type]
    # In running text, a link to a DOI is as often called by the journal's name, and a paper may have several DOIs.
    numbered = [naming for naming in namings if not naming.is_doi]
    titled = [naming for naming in numbered if papers.is_title(naming.text)]
    short = [naming for naming in numbered if naming.entry in _LISTS and papers.is_short_title(naming.text)]
    yield from _two_titles(titled, short)
    yield from _two_papers(titled, short, [naming for naming in numbered if papers.is_name(naming.text)])
    yield from _twice(namings)
    yield from _against(titled, _titles(site))
    if len(numbered) < len(namings):
        works = [naming for naming in namings if naming.is_doi]
        yield from _by_doi(works, site)
        yield from _two_titles([], [n for n in works if n.entry in _LISTS and papers.is_title(n.text)])
    yield from _by_others(namings, site)


@lru_cache(maxsize=4)
def _titles(site: Site) -> Mapping[str, str]:
    """The titles of the site's bibliography by arXiv number."""
    return {
        key: title
        for file in bibliography.files(site.config)
        for key, title in bibliography.titles_by_identifier(read(file))
    }


def _two_titles(titled: list[Naming], short: list[Naming]) -> Iterator[tuple[str, Finding]]:
    """Compare titles with each other, and short ones with those in the same list."""
    by_paper: dict[str, list[Naming]] = {}
    brief = set(short)
    for naming in sorted([*titled, *short], key=lambda naming: (naming.uri, naming.start)):
        known = by_paper.setdefault(naming.identifier, [])
        rivals = (n for n in known if not {n, naming} & brief or (n.uri, n.entry) == (naming.uri, naming.entry))
        other = next((n for n in rivals if not _can_be_same(n.text, naming.text)), None)
        if other is not None:
            message = f"{naming.identifier} has another title in {other.place}: {_short(other.text)}"
            yield (
                naming.uri,
                TWO_TITLES.at(naming.span, message, help="look up the number: only one of the two titles can be right"),
            )
        if len(known) < _MOST:
            known.append(naming)


def _two_papers(titled: list[Naming], short: list[Naming], named: list[Naming]) -> Iterator[tuple[str, Finding]]:
    """Compare the numbers that a title leads to, of a short one in the same list, of a name on one page."""
    by_title: dict[tuple[str, str, str], Naming] = {}
    keyed = [(("", ""), naming) for naming in titled] + [((naming.uri, naming.entry), naming) for naming in short]
    keyed += [((naming.uri, "name"), naming) for naming in named]
    for place, naming in keyed:
        other = by_title.setdefault((*place, papers.same_title(naming.text)), naming)
        if other.identifier != naming.identifier:
            message = f"this title has another number in {other.place}: {other.identifier}"
            yield (
                naming.uri,
                TWO_PAPERS.at(naming.span, message, help="look up the paper: one of the two numbers is wrong"),
            )


def _twice(namings: list[Naming]) -> Iterator[tuple[str, Finding]]:
    first: dict[tuple[str, str, str, int], Naming] = {}
    called: dict[tuple[str, str, str, int], Naming] = {}
    for naming in namings:
        if not naming.entry or (naming.entry == "|" and papers.cited_name(naming.text)):
            continue  # a row may say where something comes from
        is_told = naming.entry == _SAME_ROW or len(papers.words(naming.text)) >= _LEAST_WORDS
        is_told = is_told or papers.is_name(naming.text)
        key = (naming.uri, naming.entry, naming.identifier, naming.list)
        other = (first if is_told else called).setdefault(key, naming)
        if other is naming or not is_told:
            other = (called if is_told else first).get(key, naming)
            is_same = _is_called(other, naming) or _is_called(naming, other)
            again = called.get(key, naming)
            if not is_same and not is_told and again is not naming and naming.entry == "1":
                is_same, other = papers.is_one_name(naming.text) and again.text == naming.text, again
        else:
            is_same = _can_be_same(other.text, naming.text)
        if is_same:
            message = f"the same paper is already listed on line {other.line + 1}"
            yield naming.uri, TWICE.at(naming.span, message, help="keep one of the two")


def _can_be_same(title: str, other: str) -> bool:
    """Whether two titles can be one paper's, and not those of two papers that differ in a word."""
    if not papers.can_be_same(title, other):
        return False
    return not (papers.is_other_title(title, other) and papers.is_title(title) and papers.is_title(other))


def _is_called(naming: Naming, other: Naming) -> bool:
    """Whether one word is what a title begins with, before its colon."""
    name, colon, _ = other.text.partition(":")
    return bool(colon) and papers.words(name) == papers.words(naming.text)


def _by_others(namings: list[Naming], site: Site) -> Iterator[tuple[str, Finding]]:
    """A link such as "Ho et al. (2020)" that leads to a paper none of whose authors is called so."""
    cited = [(naming, name) for naming in namings if (name := papers.cited_name(naming.text))]
    files = bibliography.files(site.config) if cited else []
    authors = {key: names for file in files for key, names in bibliography.authors_by_identifier(read(file))}
    for naming, name in cited:
        names = authors.get(naming.identifier)
        if names and not names.intersection(name.split()):
            message = f"in the bibliography, no author of {naming.identifier} has this name"
            yield naming.uri, BIBLIOGRAPHY.at(naming.span, message, help="correct the name or the number")


def _against(titled: list[Naming], titles: Mapping[str, str]) -> Iterator[tuple[str, Finding]]:
    numbers: dict[str, str] = {}
    for number, title in titles.items():
        key = papers.same_title(title)
        numbers[key] = "" if key in numbers else number
    for naming in titled:
        title = titles.get(naming.identifier, "")
        number = numbers.get(papers.same_title(naming.text), naming.identifier)
        if number and number != naming.identifier:
            message = f"in the bibliography, this title has the number {number}"
            yield naming.uri, BIBLIOGRAPHY.at(naming.span, message, help="correct the title or the number")
            continue
        # In running text a title may be bent to the sentence; an entry of a list, a box or a table gives it as it is.
        agree = papers.is_shortened if naming.entry else papers.can_be_same
        if title and (not agree(naming.text, title) or papers.is_other_title(naming.text, title)):
            message = f"in the bibliography, {naming.identifier} has the title {_short(title)}"
            yield naming.uri, BIBLIOGRAPHY.at(naming.span, message, help="correct the title or the number")


def _by_doi(namings: list[Naming], site: Site) -> Iterator[tuple[str, Finding]]:
    """A title of the bibliography that leads to the DOI of another work in it."""
    files = bibliography.files(site.config)
    titles = {key: title for file in files for key, title in bibliography.titles_by_doi(read(file))}
    works: dict[str, str] = {}
    for work, title in titles.items():
        key = papers.same_title(title)
        works[key] = "" if key in works else work
    for naming in namings:
        title = titles.get(naming.identifier, "")
        work = works.get(papers.same_title(naming.text), "")
        wrong = not papers.can_be_same(naming.text, title) if title else _is_slip(naming.identifier, work)
        is_other = bool(title) and bool(naming.entry) and papers.is_other_title(naming.text, title)
        if is_other or (wrong and not work and papers.has_subtitle(naming.text)):
            message = f"in the bibliography, {naming.identifier} has the title {_short(title)}"
            yield naming.uri, BIBLIOGRAPHY.at(naming.span, message, help="correct the title or the DOI")
        if work and work != naming.identifier and wrong:
            message = f"in the bibliography, this title has the DOI {work}"
            yield naming.uri, BIBLIOGRAPHY.at(naming.span, message, help="correct the title or the DOI")


def _is_slip(identifier: str, work: str) -> bool:
    """Whether a DOI of the same registrant has a digit or two that differ; a work may have several DOIs."""
    same = identifier.partition("/")[0] == work.partition("/")[0]
    return same and len(identifier) == len(work) and distance(identifier, work) < 3


def _entry(page: Page, mention: Mention, line: int) -> str:
    if mention.kind != "link":
        return ""
    text = page.lines[line]
    before = text[: mention.text_span.start - 1 - page.source.starts[line]]
    match = _ENTRY.match(before) or _BY_AUTHORS.match(before)
    if match is None:
        return "|" if "|" in before and _is_row(before, text[len(before) :], mention) else ""
    return "1" if match[1][0].isdigit() else match[1][0]


_BESIDE = lazy(r"[*_`]*(?:paper|arxiv|pdf|link|abs|preprint|url)[*_`]*", re.I)
"""What a link is called beside the title that it belongs to."""
_TITLES = frozenset(("title", "paper", "paper title", "publication", "article", "titel", "titre", "título"))
"""What the head of a column of titles says."""


def _title_of_row(page: Page, line: int) -> str:
    """The title in a row of a table that has a column for titles; empty for any other line."""
    leaf = page.leaf_by_line.get(line)
    if leaf is None or leaf.tag != "table":
        return ""
    heads = [head.strip().strip("*").casefold() for head in split_row(leaf.rows[0].text.strip(), True)]
    at = next((index for index, head in enumerate(heads) if head in _TITLES), -1)
    cells = split_row(page.lines[line].strip(), True) if at >= 0 else []
    cell = cells[at].strip() if len(cells) == len(heads) else ""
    return cell if "](" not in cell and papers.is_title(cell) else ""


def _list(page: Page, line: int) -> int:
    """The line of the list around a line, if the paragraph before it ends with a colon: it is a list apart."""
    leaf = page.leaf_by_line.get(line)
    around = [node for node in (leaf, *leaf.ancestors()) if node.kind in LISTS] if leaf is not None else []
    before = page.before(around[-1]) if around else None
    if before is None or before.kind != "p" or not before.rows or not before.rows[-1].text.rstrip().endswith(":"):
        return -1
    return around[-1].line


def _is_row(before: str, rest: str, mention: Mention) -> bool:
    """Whether the link is all of a table's row but for numbers."""
    after = rest[rest.find(")", len(mention.text) + len(mention.address)) + 1 :]
    return before.rstrip().endswith("|") and not _LETTER.search(before) and not _LETTER.search(after)


def _short(title: str) -> str:
    plain = " ".join(title.split())
    return f'"{plain if len(plain) < 70 else plain[:67] + "…"}"'
