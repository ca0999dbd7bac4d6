"""A paragraph, code or picture of a list item indented by one to three spaces: it leaves the list."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from docscheck.diagnostics import Edit, Finding, Rule, Severity
from docscheck.page import Page
from docscheck.parse.blocks import LISTS, Node
from docscheck.rules.lists import is_indented_line, is_ours
from docscheck.source import Span

if TYPE_CHECKING:
    from docscheck.rendering import Rendered

_TEXTS = ("p", "table", "blockquote")
_EXPLAINS = {"dd": "definition", "footnote": "footnote"}
RULE = Rule("LST108", "item-text-outside", Severity.ERROR)


def check(page: Page) -> Iterator[Finding]:
    if not is_ours(page):
        return
    lists = [node for kind in LISTS for node in page.kinds.get(kind, ())]
    parents = {id(node.parent): node.parent for node in lists if node.parent is not None}
    for parent in parents.values():
        for before, child in pairwise(parent.children):
            if before.tag in LISTS and (
                _is_of_card(before, child)
                or (
                    _is_meant_inside(page, child) and _is_further_in(page, child, before)
                    if child.kind in _TEXTS
                    else is_indented_line(page, before, child)
                )
            ):
                yield _finding(page, before, child)
    for node in page.kinds.get("p", ()) if page.kinds.get("dl") or page.definitions.footnotes else ():
        if _is_meant_inside(page, node):
            yield from _after_explanation(page, node)


def _after_explanation(page: Page, node: Node) -> Iterator[Finding]:
    """A paragraph after a definition or a footnote, indented by too little to belong to it."""
    above = node.line - 1
    while above >= page.body and not page.lines[above].strip(" >"):
        above -= 1
    leaf = page.leaf_by_line.get(above)
    around = [] if leaf is None else [leaf, *leaf.ancestors()]
    what = next((_EXPLAINS[each.kind] for each in around if each.kind in _EXPLAINS), "")
    if not what or above == node.line - 1 or any(each.kind in _EXPLAINS for each in node.ancestors()):
        return
    yield RULE.at(
        page.source.content_span(node.line),
        f"this is outside the {what} above it",
        help="indent it by four spaces",
        proof=lambda rendered: rendered.depth(node.line, "dd", "li") in (0, None),
    )


def _is_of_card(items: Node, child: Node) -> bool:
    """Whether a list in an element of HTML, such as a grid of cards, ends with the line under a card's title."""
    inside = items.children[-1].children if items.children and child.parent and child.parent.kind == "html" else []
    return bool(inside) and inside[-1].kind == "hr" and child.kind in (*_TEXTS, "code", "admonition", "details", "tabs")


def _is_meant_inside(page: Page, child: Node) -> bool:
    text = child.rows[0].text if child.rows else page.lines[child.line] if child.kind == "blockquote" else ""
    if not text.startswith(" ") or text.startswith("    ") or text.strip()[:3] in ("!!!", "???", "===", "///"):
        return False
    return text[1] == " " or not page.has_stray_margin


def _is_further_in(page: Page, child: Node, items: Node) -> bool:
    """Whether a text stands further in than the marker of the last item; beside it, it may be what follows the list."""
    item = items.children[-1].line if items.children else items.line
    return _indent(page.lines[child.line]) > _indent(page.lines[item])


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" \t>"))


def _finding(page: Page, items: Node, child: Node) -> Finding:
    line = child.line
    last = items.children[-1] if items.children else items

    def proof(rendered: Rendered) -> bool:
        here, item = rendered.depth(line, "li"), rendered.depth(last.line, "li")
        return here is None or item is None or here < item

    return RULE.at(
        page.source.content_span(line),
        f"this is outside the list item of line {last.line + 1}, and ends the list",
        help="indent it by four spaces",
        proof=proof,
        fix=_moved(page, last, child),
    )


_STEP = 4
_FENCES = ("```", "~~~")
_OTHERS = tuple(">|<{:")
"""With what begins that is more than text."""


def _moved(page: Page, item: Node, child: Node) -> Edit | None:
    """What follows an item in the column of its text, paragraphs and fences, set into the item."""
    if _indent(page.lines[child.line]) < _indent(page.lines[item.line]) + 2:
        return None
    last, by, below = -1, 0, child
    while (end := _end_in_column(page, below)) is not None:
        last, by = end, by or _STEP - _margin(below)
        following = page.after(below)
        if following is None:
            break
        below = following
    if last < 0:
        return None
    # The list below becomes one with that above: it is part of what the edit is about.
    end = _last_line(page, below) if below.tag in LISTS else last
    whole = page.source.lines[item.line : end + 1]
    moved = [
        " " * by + line if line.strip() and child.line <= number <= last else line
        for number, line in enumerate(whole, item.line)
    ]
    start = page.source.starts[item.line]
    return Edit(Span(start, start + len("\n".join(whole))), "\n".join(moved))


def _margin(node: Node) -> int:
    text = node.rows[0].text if node.kind == "p" else ""
    return len(text) - len(text.lstrip())


def _end_in_column(page: Page, node: Node) -> int | None:
    """The last line of a paragraph or fence of which no line stands further out than the first; None for others."""
    first, indent = page.lines[node.line], len(page.lines[node.line]) - len(page.lines[node.line].lstrip())
    if not 1 < _margin(node) < _STEP or first.lstrip()[:1] in _OTHERS:
        return None
    last = node.rows[-1].line
    if first.lstrip().startswith(_FENCES):
        fence = next((fence for fence in page.fences if fence.start == node.line and not fence.problem), None)
        if fence is None or len(node.rows) > 1:
            return None
        last = fence.end
    lines = page.lines[node.line : last + 1]
    is_whole = all(not line[:indent].strip(" ") for line in lines)
    return last if is_whole else None


def _last_line(page: Page, node: Node) -> int:
    last = max((row.line for one in node.walk() for row in one.rows), default=node.line)
    return next((fence.end for fence in page.fences if fence.start == last), last)
