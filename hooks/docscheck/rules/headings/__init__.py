"""Headings: their order, their text, and lines that are headings by accident or are none."""

from __future__ import annotations

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
    return underline.startswith("-") and len(underline) <= 5 and text.endswith((".", ";", ",", ":", "!", ")"))
