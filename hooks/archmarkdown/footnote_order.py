"""A Python-Markdown extension that numbers footnotes in the order in which they are read.

Python-Markdown numbers them as they are defined or, with `USE_DEFINITION_ORDER: false`, as it comes across their
marks; and it reads all paragraphs of a page before it reads what is in lists, boxes and tables between them.
"""

from __future__ import annotations

import itertools
from typing import Any
from xml.etree import ElementTree

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

_AFTER_THE_MARKS_BEFORE_THE_WAYS_BACK = 17
"""Below `inline` (20), which makes the marks; above `footnote-duplicate` (15), which adds a way back to each."""


class _Numbered(Treeprocessor):
    def run(self, root: ElementTree.Element) -> None:
        notes = next((div for div in root.iter("div") if div.get("class") == "footnote"), None)
        if notes is None:
            return
        places: dict[str, list[ElementTree.Element]] = {}
        within = set(notes.iter("sup"))
        marks = [mark for mark in root.iter("sup") if mark.find("a[@class='footnote-ref']") is not None]
        for mark in sorted(marks, key=lambda mark: mark in within):  # notes are read last, where they cite each other
            link = mark[0]
            places.setdefault(link.get("href", ""), []).append(mark)
        for number, (_, same) in enumerate(places.items(), 1):
            ids = sorted((mark.get("id", "") for mark in same), key=lambda name: (len(name), name))
            for mark, name in zip(same, ids, strict=True):
                mark.set("id", name)
                mark[0].text = str(number)
        numbers = dict(zip(places, itertools.count(1)))
        for listed in notes.iter("ol"):
            items = sorted(listed, key=lambda item: numbers.get(f"#{item.get('id')}", len(numbers) + 1))
            listed[:] = items
            for number, item in enumerate(items, 1):
                for back in item.iterfind(".//a[@class='footnote-backref']"):
                    back.set("title", f"Jump back to footnote {number} in the text")
            break


class FootnoteOrderExtension(Extension):
    """Numbers and sorts what the extension `footnotes` has made."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the name Python-Markdown calls
        """Register the extension."""
        md.treeprocessors.register(_Numbered(md), "footnote-order", _AFTER_THE_MARKS_BEFORE_THE_WAYS_BACK)


def makeExtension(**settings: Any) -> FootnoteOrderExtension:  # noqa: N802 - the name Python-Markdown calls
    """Return the extension."""
    return FootnoteOrderExtension(**settings)
