"""The search index: which page a name means, which words stand in which section; and the text for excerpts.

`search/index.js` is read when the reader first searches; `search/text/<page>.js` only for the pages shown. Both are
scripts and not JSON, so that they load from a disk as they do from a server.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from archpublish.article import Element
from archpublish.memory import Memory
from archpublish.names import Name, names_of_data, names_of_page
from archpublish.pages import BuiltPage
from archpublish.words import COMMON, parts, words

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ!#$%&()*+,-./:;<=>?@[]^_`{|}"
EXCERPTED = 950
"""Characters of a section that excerpts are taken from: what comes later is found all the same, and shown by these."""
BASE = len(_DIGITS) // 2
"""Numbers are written in this base: the last digit from the first half of the digits, others from the second."""

_SKIPPED_TAGS = {"pre", "script", "style", "button", "input", "label", "select", "h1"}
_SKIPPED_CLASSES = {
    "headerlink",
    "page-head",
    "highlight",
    "ex-off",
    "cite-page",
    "reference-detail",  # the first author is named where the paper is cited, others in the bibliography
    "md-content__button",
}
_BREAKS = {"p", "li", "td", "th", "tr", "dt", "dd", "div", "br", "figcaption", "summary", "h3", "picture", "desc"}
_SPACE = re.compile(r"\s+")
_LETTERS = re.compile(r"[^\W\d_]{2}")
PAGE, LIST, CONTRIBUTE, CHECK, PAPERS = range(5)
"""Kinds of page; how much each is wanted stands in `search.js`."""
_PAPERS = "reference/bibliography.md"
_SHARED = 3
"""A heading that stands on more pages names none of them."""
_SPELT = 7
"""Words of a name that a search compares, from its beginning; the rest of a long title is found in its page."""


@dataclass
class Section:
    """A part of a page that can be linked to."""

    anchor: str
    """Its id; empty for what stands before the first heading."""
    title: str
    text: str = ""


@dataclass
class Entry:
    """A page as the search knows it."""

    page: BuiltPage
    sections: list[Section]
    words: list[dict[str, int]] = field(default_factory=list)
    """How often which words stand in each part that is told apart: before the first anchor, and after each."""
    names: dict[str, int] = field(default_factory=dict)
    """What the page is called, with a weight from 1 to 10."""

    @property
    def rank(self) -> int:
        """Its kind: pages on the field come before lists, and those before papers and this site's checks."""
        if self.page.path.startswith("contribute/checks/"):
            return CHECK
        if self.page.kind == "contribute":
            return CONTRIBUTE
        if self.page.path == _PAPERS:
            return PAPERS
        return LIST if self.page.kind in ("reference", "tool") else PAGE


def files(pages: Iterable[BuiltPage], docs: Path, memory: Memory | None = None) -> Iterator[tuple[str, str]]:
    """Yield (path below the site's root, content) of the index and of each page's text."""
    entries = [_entry(page, memory or Memory(None)) for page in pages]
    _name(entries, [*names_of_data(docs)])
    yield "search/index.js", f"siteSearch.read({_json(index(entries))});\n"
    for entry in entries:
        texts = {
            part.anchor: _beginning(part.text)
            for part in entry.sections
            if part.anchor not in ("", "references") and part.text
        }
        if entry.rank in (PAGE, CONTRIBUTE) or entry.page.path == "reference/glossary.md":
            yield text_path(entry.page), f"siteSearch.text({_json(entry.page.address)},{_json(texts)});\n"


def _entry(page: BuiltPage, memory: Memory) -> Entry:
    """Return a page as the search knows it, read once in each of its states."""

    def read() -> list[Any]:
        entry = Entry(page, list(sections(page.article, page.path)))
        counted = [Counter(text_words(part)) for part in _parts(entry)]
        return [[[part.anchor, part.title, part.text] for part in entry.sections], counted]

    found, counted = memory.get(f"{page.path} {page.kind} {page.html}", read)
    return Entry(page, [Section(*part) for part in found], counted)


_READ = {CHECK: 300, CONTRIBUTE: 1_000}
"""Characters of a part that are searched, where it is about this site's own making: nobody looks for a row in the
long tables of what was measured.
"""


def _parts(entry: Entry) -> list[str]:
    """The texts that the index tells apart; of a check's page, one."""
    texts = [" ".join(section.text for section in entry.sections if not section.anchor or entry.rank == CHECK)]
    if entry.rank != CHECK:
        texts += [section.text for section in entry.sections if section.anchor]
    return [_beginning(text, _READ[entry.rank]) for text in texts] if entry.rank in _READ else texts


def _beginning(text: str, limit: int = EXCERPTED) -> str:
    """A text up to the last word within the limit."""
    return text if len(text) <= limit else text[:limit].rpartition(" ")[0]


def text_path(page: BuiltPage) -> str:
    """Where the text of a page lies."""
    return f"search/text/{page.address.rstrip('/') or 'index'}.js"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def sections(root: Element, path: str = "") -> Iterator[Section]:
    """Yield what the page says, section by section, without code, formulas and references."""
    found = [Section("", "")]
    _collect(root, found, entries=path in ("reference/glossary.md", _PAPERS))
    for section in found:
        section.text = _SPACE.sub(" ", section.text).strip()
        if section.title or section.text:
            yield section


def _collect(element: Element, found: list[Section], entries: bool) -> None:
    """Append what `element` holds to the last section found, or begin the next; `entries` each are a section."""
    for child in element.children:
        if isinstance(child, str):
            found[-1].text += child
            continue
        if entries and child.tag == "code":
            continue
        if child.tag == "td" and not _LETTERS.search(child.text):
            continue
        if entries and child.tag == "td" and _is_of_links(child):
            continue  # where a paper is cited: the names of other pages
        if child.tag in _SKIPPED_TAGS or _SKIPPED_CLASSES & child.classes or child.is_hidden:
            continue
        identity = child.attributes.get("id", "")
        if child.tag in ("h2", "h3") and identity:
            found.append(Section(identity, _words_of(child)))
            continue
        if entries and child.tag in ("dt", "td") and (anchor := _anchor_inside(child)):
            name = next((part for part in child.elements if part.tag in ("strong", "a")), child)
            found.append(Section(anchor, _words_of(name)))
            if child.tag == "td":
                _collect(Element("td", {}, [part for part in child.children if part is not name]), found, entries)
            continue
        if child.tag == "tex":
            found[-1].text += _simple_formula(child.text)
            continue
        _collect(child, found, entries)
        if child.tag in _BREAKS:
            found[-1].text += " "


def _is_of_links(cell: Element) -> bool:
    """Whether all words of a cell are links to pages of this site."""
    texts = [part.strip(" ,;") for part in cell.children if isinstance(part, str)]
    links = [part for part in cell.elements if part.text.strip()]
    return not any(texts) and all(part.attributes.get("href", "").startswith("..") for part in links)


def _anchor_inside(cell: Element) -> str:
    first = next(cell.elements, None)
    return first.attributes.get("id", "") if first and first.tag == "span" and not first.text else ""


def _words_of(element: Element) -> str:
    text = "".join(
        child if isinstance(child, str) else _simple_formula(child.text) if child.tag == "tex" else _words_of(child)
        for child in element.children
        if isinstance(child, str) or "headerlink" not in child.classes
    )
    return _SPACE.sub(" ", text).strip()


def _simple_formula(tex: str) -> str:
    """A formula that is a letter or a number, as itself; a longer one as an ellipsis."""
    return tex if re.fullmatch(r"[\w., +=<>-]{1,12}", tex) else "…"


def _name(entries: list[Entry], of_data: Iterable[Name]) -> None:
    """Give each page its names, each with the greatest of its weights."""
    by_path = {entry.page.path: entry for entry in entries}
    common = Counter(section.title for entry in entries for section in entry.sections)
    for entry in entries:
        listed = entry.sections if entry.rank != CHECK else ()
        headings = [section.title for section in listed if section.title and common[section.title] <= _SHARED]
        for text, weight in names_of_page(entry.page, headings):
            _give(entry, text, weight)
    for path, text, weight in of_data:
        if path in by_path:
            _give(by_path[path], text, weight)


def _give(entry: Entry, text: str, weight: int) -> None:
    key = " ".join(words(text)[:_SPELT])
    if key:
        entry.names[key] = max(weight, entry.names.get(key, 0))


def index(entries: list[Entry]) -> dict[str, object]:
    """The index as JSON-able data; see `docs/assets/scripts/search.js` for how it is read."""
    postings: dict[str, dict[int, int]] = {}
    place = 0
    pages = []
    for entry in entries:
        listed = entry.rank != CHECK
        heads = [[section.anchor, section.title] for section in entry.sections if section.anchor and listed]
        pages.append([entry.page.address, entry.page.title, entry.page.description, entry.rank, heads])
        for counted in entry.words:
            for word, times in counted.items():
                postings.setdefault(word, {})[place] = times
            place += 1
    written = {word: encode(places) for word, places in postings.items()}
    known = sorted(written, key=lambda word: (written[word], word))  # like places side by side: packed, a fortieth less
    names = sorted({name for entry in entries for name in entry.names})
    return {
        "words": " ".join(known),
        "names": "\n".join(names),  # apart from what they name: so both take less when they are packed
        "pages": pages,
        "named": " ".join(",".join(map(str, _flat(entries, name))) for name in names),
        "places": " ".join(written[word] for word in known),
    }


def _flat(entries: list[Entry], name: str) -> Iterator[int]:
    for number, entry in enumerate(entries):
        if name in entry.names:
            yield from (number, entry.names[name])


def text_words(text: str) -> Iterator[str]:
    """Yield the words of a text that are worth finding: no bare numbers, no single letters."""
    for word in words(text):
        if len(word) > 1 and not word[0].isdigit() and len(word) < 30 and word not in COMMON:
            yield word
    yield from parts(text)


def encode(places: dict[int, int]) -> str:
    """Section numbers as differences, each with how often the word stands there (once, up to three times, more)."""
    out = []
    last = 0
    for place in sorted(places):
        times = places[place]
        out.append(number((place - last) * 3 + (0 if times == 1 else 1 if times < 4 else 2)))
        last = place
    return "".join(out)


def number(value: int) -> str:
    """A number in as few characters as the digits allow."""
    last = _DIGITS[value % BASE]
    value //= BASE
    before = ""
    while value:
        before = _DIGITS[BASE + value % BASE] + before
        value //= BASE
    return before + last
