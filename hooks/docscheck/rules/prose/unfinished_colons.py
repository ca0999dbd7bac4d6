"""Colons that announce something where nothing follows."""

from __future__ import annotations

import re

from docscheck.page import Page
from docscheck.parse.blocks import Node
from docscheck.patterns import lazy
from docscheck.rules.prose.unfinished_forms import LEAST, has_next, is_code, is_heading

_LEAST_IN_TAB = 2
_ICON = lazy(r":[\w+-]+:$")
"""An emoji, whose name stands between two colons."""
_BOXES = ("admonition", "details", "tab", "tabs")
_DUE = lazy(
    r"\b(?:two|three|four|five|six|seven|eight|several|following|as follows|these|steps)\b[^.:!?]{0,80}:$", re.I
)
"""What a sentence with a colon promises."""


def announces_nothing(page: Page, node: Node) -> bool:
    """Whether a colon ends the last text of a page, or that of a box behind which another begins."""
    text, line = node.rows[-1].text, node.rows[-1].line
    is_in_tab = node.parent is not None and node.parent.kind == "tab"  # what a tab holds is no label of the next one
    if len(text.split()) < (_LEAST_IN_TAB if is_in_tab else LEAST) or _ICON.search(text):
        return False
    if not any(map(str.strip, page.lines[line + 1 :])):
        return True
    if page.language == "en" and _ends_section(page, node) and _DUE.search(text):
        return True
    if page.language == "en" and _ends_item(node) and _DUE.search(text):
        return True
    if page.after(node) is not None or node.parent is None or node.parent.kind not in _BOXES:
        return False
    following = page.after(node.parent)
    if following is None or following.kind not in _BOXES:
        return False
    return not (following.kind == "details" and following.children and is_code(following.children[0]))


def _ends_item(node: Node) -> bool:
    """Whether a paragraph ends an item that has begun before it, and another item follows."""
    item = node.parent
    return (
        item is not None and item.tag == "li" and item.children[0] is not node is item.children[-1] and has_next(item)
    )


def _ends_section(page: Page, node: Node) -> bool:
    """Whether a heading of a higher level follows: what a text announces may be the sections on its own level."""
    following = page.after(node)
    if node.parent is not page.tree or following is None or not is_heading(following):
        return False
    levels = [heading.level for heading in page.headings if heading.line <= following.line]
    return len(levels) > 1 and levels[-1] < levels[-2]
