"""Items that break off, and labels of items with nothing behind them."""

from __future__ import annotations

from collections.abc import Iterator

from docscheck.page import Page
from docscheck.parse.blocks import Node
from docscheck.patterns import lazy
from docscheck.rules.prose.unfinished_forms import (
    CLAUSE_DUE,
    CUT_BY_STOP,
    CUT_OFF,
    FEW,
    JOINING,
    NEVER_LAST,
    OPEN_ENDED,
    PLACE_DUE,
    PREPOSITIONS,
    TAIL,
    has_next,
    is_code,
    is_complete,
)

_NEVER_LAST_OF_ITEM = NEVER_LAST - JOINING - {"a"}
_CUT_ITEMS = CUT_BY_STOP | JOINING | OPEN_ENDED | {"on"}
"""What an item that breaks off may end with."""
_LABEL_ALONE = lazy(r"\*\*[^*]+(?:\*\*:|:\*\*)")
_LABEL_AND_TEXT = lazy(r"\*\*[^*]+(?:\*\*:|:\*\*)[ ]+\S")
_INDENTED_ITEM = lazy(r"([ \t]+)(?:[-*+]|\d+[.)])[ \t]")


def empty_labels(page: Page) -> Iterator[Node]:
    """Items that are a label in bold, among others that have text behind theirs."""
    for node in _items_of_text(page):
        row = node.rows[-1].text
        is_label = row.startswith("**") and _LABEL_ALONE.fullmatch(row.rstrip()) is not None
        if is_label and _others_go_on(node) and not _is_explained(page, node):
            yield node


def cut_items(page: Page) -> Iterator[Node]:
    """Short items, which need no full stop, that end with a word that nothing ends with."""
    for node in _items_of_text(page):
        if node.rows[-1].text.rstrip().rpartition(" ")[2] in _CUT_ITEMS and _is_item_cut(page, node):
            yield node


def _items_of_text(page: Page) -> Iterator[Node]:
    """The items that hold nothing but text."""
    return (node for node in page.kinds.get("li", ()) if node.rows and not node.children)


def _is_explained(page: Page, item: Node) -> bool:
    """Whether items indented deeper follow, even if they are shown on the same level, or code behind the list."""
    if item.parent is not None and not has_next(item) and is_code(page.after(item.parent)):
        return True
    below = page.lines[item.rows[-1].line + 1 : item.rows[-1].line + 2]
    match = _INDENTED_ITEM.match(below[0]) if below else None
    own = page.lines[item.line]
    return match is not None and len(match[1]) > len(own) - len(own.lstrip())


def _others_go_on(item: Node) -> bool:
    """Whether all other items of a list, two at least, have text behind such a label."""
    assert item.parent is not None
    others = [other for other in item.parent.children if other is not item]
    return len(others) >= FEW and all(other.rows and _LABEL_AND_TEXT.match(other.rows[0].text) for other in others)


def _is_item_cut(page: Page, item: Node) -> bool:
    """Whether a short item, which needs no full stop, ends with a word that nothing ends with."""
    row = item.rows[-1]
    word = row.text.rstrip().rpartition(" ")[2]
    if word in CUT_BY_STOP:
        return CUT_OFF.search(page.prose_lines[row.line].rstrip()[-TAIL:]) is not None
    if word == "on":
        return PLACE_DUE.match(page.prose_lines[row.line].rstrip()) is not None
    if word in JOINING:
        if item.parent is not None and is_code(page.after(item.parent)):
            return False  # the code goes on with the sentence
        return not has_next(item) and word != "but" and page.prose_lines[row.line].rstrip().endswith(f" {word}")
    if word not in OPEN_ENDED:
        return False
    if CLAUSE_DUE.search(page.prose_lines[row.line].rstrip()[-TAIL:]):
        return True
    if word == "a" and not PREPOSITIONS.isdisjoint(row.text.split()[-2:-1]):  # elsewhere it may be a name: "option a"
        return page.prose_lines[row.line].rstrip().endswith(" a")
    if word not in _NEVER_LAST_OF_ITEM and (not _others_stop(item) or is_complete(row.text)):
        return False
    return page.prose_lines[row.line].rstrip().endswith(word) and len(row.text.split()) > 2


def _others_stop(item: Node) -> bool:
    """Whether all other items of a list, two at least, end with a full stop."""
    assert item.parent is not None
    others = [other for other in item.parent.children if other is not item and other.rows]
    return len(others) >= FEW and all(other.rows[-1].text.rstrip().endswith((".", "!", "?")) for other in others)
