"""What stands at a page's end: a card for each paper cited, and how to cite the page itself."""

from __future__ import annotations

import datetime
import posixpath
from collections import Counter
from collections.abc import Mapping
from urllib.parse import quote
from xml.etree.ElementTree import Element, SubElement

from archdata.citing import CitingPage, citing_pages
from archdata.entries import Entry
from markdown import Markdown
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from archmarkdown.cited import Citing, Contribution
from archmarkdown.page import Page

CITABLE = frozenset({"architecture", "building-block", "concept", "case-study", "hub"})
"""The page types that end in "Cite this page"."""


def card_id(key: str) -> str:
    """Return the id of a paper's card."""
    return f"ref-{key}"


def link(entry: Entry) -> Element:
    """Return the link a citation shows; the style sheet shows `data-entry` on hover and focus."""
    anchor = Element(
        "a",
        {
            "class": "citation-link",
            "href": f"#{card_id(entry.key)}",
            "data-key": entry.key,
            "data-entry": entry.reference(),
            "aria-describedby": f"{card_id(entry.key)}-entry",
        },
    )
    anchor.text = AtomicString(entry.label)
    return anchor


class References(Treeprocessor):
    """Adds the References section and "Cite this page" to the tree."""

    def __init__(self, md: Markdown, extension: Citing) -> None:
        super().__init__(md)
        self.extension = extension

    def run(self, root: Element) -> None:
        """Add the sections, give papers with one label letters, and report what is wrong."""
        page = self.extension.page()
        if self.extension.cited.order or self.extension.cited.contributions:
            self._add_cards(root, page)
        if page and page.meta.get("page-type") in CITABLE:
            root.append(cite_page(page))
        _set_labels(root, self.extension.bibliography())
        self.extension.report()

    def _add_cards(self, root: Element, page: Page | None) -> None:
        cited = self.extension.cited
        for key in cited.contributions:
            if self.extension.entry(key):
                cited.cite(key)
        if not cited.order:
            return
        SubElement(root, "h2").text = "References"
        cited_on = citing(page) if page else {}
        # A sentence on a card may cite a paper nothing else cites: the list grows while it is walked.
        for key in cited.order:
            entry = self.extension.bibliography()[key]
            others = [other for other in cited_on.get(key, ()) if page and other.path != page.path]
            root.append(self._card(entry, cited.contributions.get(key), others, page))

    def _card(
        self, entry: Entry, contribution: Contribution | None, others: list[CitingPage], page: Page | None
    ) -> Element:
        card = Element("div", {"class": "admonition note reference", "id": card_id(entry.key)})
        title = SubElement(card, "p", {"class": "admonition-title"})
        _text(SubElement(title, "a", {"href": entry.url}) if entry.url else title, entry.title)
        sentence = contribution.sentence if contribution else entry.annotation
        if sentence:
            SubElement(card, "p").text = sentence
        details = SubElement(card, "details", {"class": "reference-detail"})
        _text(SubElement(details, "summary"), f"{entry.label} · authors, identifier and where it is cited")
        _text(SubElement(details, "p", {"id": f"{card_id(entry.key)}-entry"}), _bibliographic(entry))
        if contribution and contribution.detail:
            self.md.parser.parseChunk(SubElement(details, "div"), contribution.detail)
        if others and page:
            details.append(_cited_in(others, page))
        self.md.treeprocessors["inline"].run(card)
        return card


def _text(element: Element, text: str) -> None:
    """Set a text in which no Markdown is looked for."""
    element.text = AtomicString(text)


def _bibliographic(entry: Entry) -> str:
    """Authors, venue, date and identifier: what the card's title leaves out."""
    parts = [entry.author_list(), entry.venue, entry.date, entry.identifier]
    return ". ".join(part.rstrip(".") for part in parts if part) + "."


def _cited_in(others: list[CitingPage], page: Page) -> Element:
    """Return "Cited in: …" with links to the sources of the pages, which MkDocs resolves."""
    line = Element("p", {"class": "reference-cited-in"})
    _text(line, "Also cited in: ")
    for number, other in enumerate(others):
        if number:
            line[-1].tail = AtomicString(", ")
        target = posixpath.relpath(other.path, posixpath.dirname(page.path) or ".")
        _text(SubElement(line, "a", {"href": quote(target)}), other.title)
    return line


_last: tuple[object, dict[str, list[CitingPage]]] | None = None


def citing(page: Page) -> dict[str, list[CitingPage]]:
    """Return which page cites what; read once for a build, known by the object that all its pages share."""
    global _last
    if _last is None or _last[0] is not page.build:
        _last = (page.build, citing_pages(page.all_pages(), page.docs / "_data" / "architectures"))
    return _last[1]


def _set_labels(root: Element, bibliography: Mapping[str, Entry]) -> None:
    """Add a, b, … to labels that two papers of the page share, in the order of their first citation."""
    links = [anchor for anchor in root.iter("a") if anchor.get("data-key")]
    keys = list(dict.fromkeys(anchor.attrib["data-key"] for anchor in links))
    shared = Counter(bibliography[key].label for key in keys)
    seen: Counter[str] = Counter()
    labels: dict[str, str] = {}
    for key in keys:
        label = bibliography[key].label
        labels[key] = f"{label}{chr(ord('a') + seen[label])}" if shared[label] > 1 else label
        seen[label] += 1
    for anchor in links:
        anchor.text = AtomicString(labels[anchor.attrib.pop("data-key")])


def cite_page(page: Page) -> Element:
    """Return the folded box with the page as BibTeX and as text."""
    checked = str(page.meta.get("checked", ""))
    year = checked[:4] or str(datetime.date.today().year)
    title = str(page.meta.get("title", page.path))
    slug = posixpath.splitext(page.path)[0].removesuffix("/index").rsplit("/", 1)[-1]
    fields = {
        "title": title,
        "author": f"{{{page.site}}}",
        "year": year,
        "url": page.url,
        "note": f"Last checked {checked}" if checked else "",
    }
    lines = [f"  {name:<6} = {{{value}}}," for name, value in fields.items() if value]
    box = Element("details", {"class": "quote cite-page"})
    _text(SubElement(box, "summary"), "Cite this page")
    code = SubElement(SubElement(SubElement(box, "div", {"class": "highlight"}), "pre"), "code")
    _text(code, "\n".join([f"@online{{{slug}{year},", *lines, "}\n"]))
    checked_note = f" (last checked {checked})" if checked else ""
    _text(SubElement(box, "p"), f"{page.site}. {title}{checked_note}. {page.url}".strip())
    return box
