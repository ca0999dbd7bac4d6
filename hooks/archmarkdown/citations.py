"""Citations in pages: `[@key]` and `[@a; @b, Table 2]` become links with the whole entry on hover and focus.

A line `[@key]: sentence.` says what the paper contributes to the page; text below it, indented by four spaces, is
detail. The page ends in a References section with a card for each paper cited (see `archmarkdown.references`).

A key that the bibliography does not have is a warning of the logger `mkdocs.archmarkdown.citations`, with file, line,
column and the nearest key, so that a strict build of MkDocs fails on it.

    markdown.markdown(text, extensions=["archmarkdown.citations"],
                      extension_configs={"archmarkdown.citations": {"bibliography": "docs/_data/references.bib"}})
"""

from __future__ import annotations

import re
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from archdata.citing import GROUP, KEY, items
from markdown import Markdown
from markdown.blockparser import BlockParser
from markdown.blockprocessors import BlockProcessor
from markdown.inlinepatterns import InlineProcessor
from markdown.preprocessors import Preprocessor
from markdown.util import AtomicString

from archmarkdown import references
from archmarkdown.cited import Citing, Contribution


class CitationExtension(Citing):
    """Citations, contribution lines and the generated sections at a page's end."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 (Python-Markdown's name)
        """Register the parts; the references come after inline text (20) and before the table of contents (5)."""
        self.md = md
        md.registerExtension(self)
        md.preprocessors.register(_Source(md, self), "citation_source", 1000)
        md.parser.blockprocessors.register(_ContributionLines(md.parser, self), "contributions", 85)
        md.inlinePatterns.register(_Citation(md, self), "citation", 172)
        md.treeprocessors.register(references.References(md, self), "references", 15)


class _Source(Preprocessor):
    """Keeps the text as written, for the places in warnings."""

    def __init__(self, md: Markdown, extension: Citing) -> None:
        super().__init__(md)
        self.extension = extension

    def run(self, lines: list[str]) -> list[str]:
        self.extension.cited.source = "\n".join(lines)
        return lines


class _Citation(InlineProcessor):
    """`[@a; @b]` becomes `[A 2017; B 2020]`, each a link to its card."""

    ANCESTOR_EXCLUDES = ("a",)

    def __init__(self, md: Markdown, extension: Citing) -> None:
        super().__init__(GROUP, md)
        self.extension = extension

    def handleMatch(  # type: ignore[override]  # noqa: N802 (Python-Markdown's name; its type lacks the element)
        self, m: re.Match[str], data: str
    ) -> tuple[Element | None, int | None, int | None]:
        cited = items(m[1])
        if cited is None:
            self.extension.cited.malformed.append(m[1])
            return None, None, None
        group = Element("span", {"class": "citation"})
        group.text = AtomicString("[")
        for number, item in enumerate(cited):
            if number:
                group[-1].tail = AtomicString((group[-1].tail or "") + "; ")
            self._add(group, item.key)
            if item.locator:
                group[-1].tail = AtomicString(f", {item.locator}")
        group[-1].tail = AtomicString((group[-1].tail or "") + "]")
        return group, m.start(0), m.end(0)

    def _add(self, group: Element, key: str) -> None:
        entry = self.extension.entry(key)
        if entry is None:
            SubElement(group, "span", {"class": "citation-unknown"}).text = AtomicString(f"@{key}?")
            return
        self.extension.cited.cite(key)
        group.append(references.link(entry))


class _ContributionLines(BlockProcessor):
    """Takes `[@key]: sentence.` and the indented detail below it out of the text."""

    LINE = re.compile(rf"^\[@({KEY})\]:[ \t]+(?=\S)", re.MULTILINE)
    OTHER = re.compile(r"^(?:\[\^|\*\[)[^\]\n]+\]:", re.MULTILINE)
    """The definition of a note or an abbreviation, which may follow without a blank line."""

    def __init__(self, parser: BlockParser, extension: Citing) -> None:
        super().__init__(parser)
        self.extension = extension

    def test(self, parent: Element, block: str) -> bool:
        return bool(self.LINE.search(block))

    def run(self, parent: Element, blocks: list[str]) -> None:
        block = blocks.pop(0)
        first = self.LINE.search(block)
        other = self.OTHER.search(block, first.end()) if first else None
        if other:
            blocks.insert(0, block[other.start() :])
            block = block[: other.start()].rstrip("\n")
        starts = list(self.LINE.finditer(block))
        if block[: starts[0].start()].strip():
            self.parser.parseBlocks(parent, [block[: starts[0].start()]])
        ends = [match.start() for match in starts[1:]] + [len(block)]
        for match, end in zip(starts, ends, strict=True):
            self._take(match[1], block[match.end() : end])
        while blocks and blocks[0].startswith(" " * self.tab_length):
            self._add_detail(starts[-1][1], blocks.pop(0))

    def _take(self, key: str, text: str) -> None:
        """Split the sentence, which may run over several lines, from the indented detail."""
        sentence, _, detail = text.strip("\n").partition("\n" + " " * self.tab_length)
        self.extension.entry(key)
        known = self.extension.cited.contributions.setdefault(key, Contribution(""))
        known.sentence = " ".join([known.sentence, *sentence.split()]).strip()
        if detail:
            self._add_detail(key, " " * self.tab_length + detail)

    def _add_detail(self, key: str, text: str) -> None:
        known = self.extension.cited.contributions[key]
        detail, rest = self.detab(text)
        block = "\n".join(part for part in (detail, rest) if part)
        known.detail = f"{known.detail}\n\n{block}".strip("\n")


def makeExtension(**options: Any) -> CitationExtension:  # noqa: N802 (Python-Markdown's name)
    """Return the extension, as Python-Markdown asks for it."""
    return CitationExtension(**options)
