"""Headings: their order, their text, and lines that are headings by accident or are none."""

from __future__ import annotations

from docscheck.page import Heading, Page


def outline(page: Page) -> list[Heading]:
    """The headings that make up the page's outline: not those in boxes, tabs, lists or quotes."""
    return [
        heading
        for heading in page.headings
        if all(node.kind in ("page", "html", "heading", "setext") for node in heading.node.ancestors())
    ]
