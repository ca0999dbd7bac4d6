"""Shows a term's meaning where it first appears on a page, linked to the page that explains it.

The terms are `docs/_data/glossary.yml`. Only running text is marked: no heading, link, code, figure or formula.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

from archdata.glossary import Term, load_glossary
from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6", "th"}
_SKIPPED = _HEADINGS | {"a", "abbr", "button", "code", "figure", "pre", "script", "style", "svg"}
_GLOSSARY = "reference/glossary.md"
_PLAIN = {_GLOSSARY, "reference/bibliography.md"}
"""Pages that would be little else than terms: the list of all of them, and a line about each of hundreds of papers."""


class GlossaryExtension(Extension):
    """`glossary`: path of the YAML file, relative to the working directory."""

    def __init__(self, **kwargs: Any) -> None:
        self.config = {"glossary": ["docs/_data/glossary.yml", "the YAML file with the terms"]}
        super().__init__(**kwargs)

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the name Python-Markdown calls
        # After inline patterns (20), so that links and code are elements; before MkDocs resolves links (0).
        md.treeprocessors.register(_Tooltips(md, Path(self.getConfig("glossary"))), "archmarkdown-glossary", 5)


class _Tooltips(Treeprocessor):
    """Replaces the first occurrence of each term by a link that carries its meaning."""

    def __init__(self, md: Markdown, glossary: Path) -> None:
        super().__init__(md)
        self._glossary = glossary
        self._by_name: dict[str, Term] = {}
        self._pattern = re.compile("")

    def _read(self) -> None:
        """Read the glossary when the first page needs it: a fault in it is then told as one of data."""
        terms = load_glossary(self._glossary)
        self._by_name = {name: term for term in terms for name in term.spellings}
        names = sorted(self._by_name, key=len, reverse=True)
        exact = "|".join(re.escape(name) for name in names if not name.islower())
        loose = "|".join(re.escape(name) for name in names if name.islower())
        # Part of a compound (key–value heads) is another thing; with a version (transformers 5.24) or before a name in
        # code (transformers' `LlamaModel`) it is a library.
        self._pattern = re.compile(rf"(?<![\w/–-])({exact}|(?i:{loose}))e?s?(?![\w/–-]|\s\d+\.\d|['’]\s\Z)")

    def run(self, root: Element) -> None:
        page = _source_path(self.md)
        if page in _PLAIN:
            return
        if not self._by_name:
            self._read()
        seen = {term for term in self._by_name.values() if term.page == page and page}
        for element in _running_text(root):
            self._mark(element, seen, page)

    def _mark(self, element: Element, seen: set[Term], page: str) -> None:
        """Mark terms in the element's own text and in the text after each of its children."""
        # From the end, so that positions of children stay valid while links are inserted.
        found_text = self._split(element.text, seen)
        tails = [(index, child, self._split(child.tail, seen)) for index, child in enumerate(element)]
        for index, child, parts in reversed(tails):
            if parts:
                child.tail = parts[0]
                _insert(element, index + 1, parts[1:], page)
        if found_text:
            element.text = found_text[0]
            _insert(element, 0, found_text[1:], page)

    def _split(self, text: str | None, seen: set[Term]) -> list[Any]:
        """Text, then pairs of (words, term) and the text after them; empty where nothing is to be marked."""
        parts: list[Any] = []
        last = 0
        for match in self._pattern.finditer(text or ""):
            term = self._by_name.get(match[1]) or self._by_name[match[1].lower()]
            if term not in seen:
                seen.add(term)
                parts += [match.string[last : match.start()], (match[0], term)]
                last = match.end()
        return [*parts, (text or "")[last:]] if parts else []


def _running_text(element: Element) -> Iterator[Element]:
    if element.tag in _SKIPPED or "arithmatex" in (element.get("class") or ""):
        return
    yield element
    for child in list(element):
        yield from _running_text(child)


def _insert(parent: Element, index: int, parts: list[Any], page: str) -> None:
    for offset, ((words, term), tail) in enumerate(zip(parts[::2], parts[1::2], strict=True)):
        link = Element("a", {"class": "term", "href": _address(term, page), "title": term.tooltip})
        link.text, link.tail = words, tail
        parent.insert(index + offset, link)


def _address(term: Term, page: str) -> str:
    target = term.page or f"{_GLOSSARY}#{term.slug}"
    return posixpath.relpath(target, posixpath.dirname(page) or ".")


def _source_path(md: Markdown) -> str:
    """The page's path under docs/, as MkDocs' link processor knows it; empty in plain Python-Markdown."""
    if "relpath" not in md.treeprocessors:
        return ""
    file = getattr(md.treeprocessors["relpath"], "file", None)
    return str(getattr(file, "src_uri", ""))


def makeExtension(**kwargs: Any) -> GlossaryExtension:  # noqa: N802 - the name Python-Markdown calls
    return GlossaryExtension(**kwargs)
