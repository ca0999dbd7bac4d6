"""Headings: their order, their text, and lines that are headings by accident or are none."""

from __future__ import annotations

from itertools import pairwise

from docscheck.headings import Heading
from docscheck.once import of_page
from docscheck.page import Page


@of_page
def outline(page: Page) -> tuple[Heading, ...]:
    """The headings that make up the page's outline: not those in boxes, tabs, lists or quotes, nor those of slides."""
    if page.front_matter.data.get("marp") is True:
        return ()
    return tuple(heading for heading in page.headings if _is_outside(page, heading))


def _is_outside(page: Page, heading: Heading) -> bool:
    if heading.node.parent is page.tree:
        return True
    return all(node.kind in ("page", "html", "heading", "setext") for node in heading.node.ancestors())


def is_accident(page: Page, line: int) -> bool:
    """Whether an underline made a heading of a sentence."""
    underline = page.lines[line + 1].strip(" >") if line + 1 < len(page.lines) else ""
    text = page.lines[line].rstrip()
    if not underline.startswith("-") or len(underline) > 5:
        return False
    if text.endswith(("!", ")")) and _underlines_titles(page):
        return False
    return text.endswith((".", ";", ",", ":", "!", ")")) or (text.startswith("**") and line in _bold_lines(page))


@of_page
def _underlines_titles(page: Page) -> bool:
    """Whether the page has a heading that is underlined with dashes, and of which no sign makes a sentence."""
    texts = [node.rows[0].text.strip() for node in page.kinds.get("setext", ()) if node.tag == "h2"]
    return any(text[-1:].isalnum() and not text.startswith("**") for text in texts)


@of_page
def _bold_lines(page: Page) -> frozenset[int]:
    """Lines in bold that are underlined below a heading of the third level or deeper, where no other line is."""
    underlined = page.kinds.get("setext", ())
    if not all(node.rows[0].text.lstrip().startswith("**") for node in underlined):
        return frozenset()
    deep = {lower.line for upper, lower in pairwise(page.headings) if upper.level > 2 and upper.node.kind == "heading"}
    below = {node.line for node in underlined if node.line in deep}
    return frozenset(node.line for node in underlined) if below and len(below) * 2 >= len(underlined) else frozenset()
