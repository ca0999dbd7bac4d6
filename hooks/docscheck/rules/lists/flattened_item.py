"""A nested item indented by two or three spaces: it ends up on the level of its parent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from docscheck.diagnostics import Edit, Finding, Rule, Severity
from docscheck.page import Page
from docscheck.parse.blocks import LISTS, Node
from docscheck.patterns import lazy
from docscheck.rules.lists import is_indented_line, is_known_at_margin, is_ours, owns_callouts
from docscheck.source import Span

if TYPE_CHECKING:
    from docscheck.rendering import Rendered

RULE = Rule("LST102", "flattened-item", Severity.ERROR)

_MARKERS = lazy(r"[ >]*(?:(?:[-*+]|\d+\.)[ ]+)+((?:[-*+]|\d+\.)[ ])")
"""Two markers or more on one line."""
_FIRST = frozenset("-*+0123456789")
"""With what a marker begins."""


def check(page: Page) -> Iterator[Finding]:
    if not is_known_at_margin(page):
        return
    for kind in LISTS:
        for node in page.kinds.get(kind, ()):
            yield from _in_list(page, node)
            if not page.grammar.sane_lists and is_ours(page):
                yield from _with_other_marks(page, node)
    for node in page.kinds.get("hr", ()) if is_ours(page) else ():
        yield from _below_line(page, node)


def _below_line(page: Page, line: Node) -> Iterator[Finding]:
    """Items under an indented line that was to stand in the item above, and ends its list: they begin another."""
    above, below = page.before(line), page.after(line)
    if above is None or below is None or above.tag not in LISTS or below.tag not in LISTS:
        return
    if not is_indented_line(page, above, line):
        return
    parent = above.children[-1]
    for item in below.children:
        if item.tag != "li" or not item.name or _column(page, item) <= _column(page, parent):
            return
        yield _finding(page, item, parent)


def _with_other_marks(page: Page, items: Node) -> Iterator[Finding]:
    """The first bullet in a numbered list, or number among bullets: without `sane_lists` both are what the list is."""
    above: Node | None = None
    for item in items.children:
        if item.tag != "li" or not item.name:
            continue
        is_number = item.name[0].isdigit()
        if is_number == (items.tag == "ol"):
            above = item
        elif above is not None and _is_beside(page, above, item) and not _is_parted(page, above, item):
            yield _taken_in(page, item, above, items.tag)
            return


def _is_beside(page: Page, above: Node, item: Node) -> bool:
    """Whether an item stands at the margin of the other, a bullet one space behind it, or a number a little before."""
    step = _column(page, item) - _column(page, above)
    return step == 0 or (step == 1 and above.name[0].isdigit()) or (-4 < step < 0 and item.name[0].isdigit())


def _is_parted(page: Page, above: Node, item: Node) -> bool:
    """Whether a comment ends the list between two items."""
    start, end = page.source.starts[above.line], page.source.starts[item.line]
    return any(start <= comment.span.start < end for comment in page.comments)


def _taken_in(page: Page, item: Node, above: Node, tag: str) -> Finding:
    def proof(rendered: Rendered) -> bool:
        place = rendered.places.get(item.line)
        lists = [element.tag for element in place.chain() if element.tag in ("ul", "ol")] if place else [tag]
        return lists[:1] == [tag]

    return RULE.at(
        page.source.find(item.line, item.name),
        f"this item gets a number of its own, as the one on line {above.line + 1}"
        if tag == "ol"
        else f"this item gets a bullet instead of its number, as the one on line {above.line + 1}",
        help="indent a nested item by four spaces, or put a paragraph between two lists",
        proof=proof,
    )


def _in_list(page: Page, items: Node) -> Iterator[Finding]:
    base = -1
    parent = items
    fix: Edit | None = None
    for item in items.children:
        if item.tag != "li" or not item.name:
            continue
        column = _column(page, item)
        if base >= 0 and column == base + 1 and _is_framed(page, items, item, base):
            if base % 4 or not page.has_stray_margin:
                yield _finding(page, item, parent)
            continue
        above = _sunk_into(page, items, column) if base < 0 or column < base else None
        if above is not None and is_ours(page):
            yield _sunk(page, item, above)
            return
        if base < 0 or column <= base + 1 or not is_ours(page):
            base, parent = (column if base < 0 else min(base, column)), item
            continue
        if not _is_in_callout(page, item):
            fix = fix or _deepened(page, items, parent)
            yield _finding(page, item, parent)._replace(fix=fix)


_ITEM = lazy(r"([ ]*)(?:[-*+]|\d{1,9}\.)[ ]{1,4}(?=\S)")
_STEP = 4


def _deepened(page: Page, items: Node, parent: Node) -> Edit | None:
    """Every item below one set as deep as its indentation tells, four spaces for each level.

    Only where all lines are items, their wrapped text and blank lines, and nobody can read their levels in two ways.
    """
    last = max((row.line for node in items.walk() for row in node.rows), default=parent.line)
    lines = list(page.source.lines[parent.line : last + 1])
    first = _ITEM.match(lines[0])
    if first is None:
        return None
    levels = [len(first[1])]
    """The columns of the items in which a line stands."""
    moved, by, is_blank = [lines[0]], 0, False
    for line in lines[1:]:
        match, margin = _ITEM.match(line), len(line) - len(line.lstrip())
        if match:
            while len(levels) > 1 and margin <= levels[-1]:
                levels.pop()
            beyond = margin - levels[-1]
            if "\t" in line or beyond == 1 or not 0 <= beyond <= _STEP or line[match.end() :][:3] in _MARKS:
                return None
            if beyond:
                levels.append(margin)
            by = levels[0] + _STEP * (len(levels) - 1) - margin
            if by < 0:
                return None
        elif line.strip() and (is_blank or "\t" in line or line.lstrip()[:3] in _MARKS):
            return None
        is_blank = not line.strip()
        moved.append(" " * by + line if margin and not is_blank and by > 0 else line)
    start = page.source.starts[parent.line]
    return Edit(Span(start, start + len("\n".join(lines))), "\n".join(moved)) if moved != lines else None


_MARKS = frozenset(["```", "~~~", "!!!", "???", "===", "///", "---", "***"])


def _sunk_into(page: Page, items: Node, column: int) -> Node | None:
    """The item of a nested list that takes in one of the outer list, which stands at this column; None for others.

    It does so where an empty line stands above the nested list, or above what one of its items holds, and none behind.
    """
    around = items.parent
    if around is None or around.tag != "li" or not around.name:
        return None
    beside = _column(page, around)
    if column < beside:
        return around
    first = items.children[0]
    return first if column == beside and _column(page, first) > column else None


def _sunk(page: Page, item: Node, inner: Node) -> Finding:
    """An item of the outer list that is shown in the inner one."""

    def proof(rendered: Rendered) -> bool:
        here, there = rendered.depth(item.line, "ul", "ol"), rendered.depth(inner.line, "ul", "ol")
        return here is None or there is None or here >= there

    return RULE.at(
        page.source.find(item.line, item.name),
        f"this item is shown in the nested list of line {inner.line + 1}",
        help="put a blank line before it",
        proof=proof,
    )


def _is_in_callout(page: Page, item: Node) -> bool:
    """Whether an item indented by a tab stands in a quote that a plugin makes a box of: there it is nested."""
    line = page.lines[item.line]
    return "\t" in line and line.startswith(">") and owns_callouts(page)


def _is_framed(page: Page, items: Node, item: Node, base: int) -> bool:
    """Whether an item that stands one space in is meant as nested: bullets on both sides stand at the margin."""
    others = [other for other in items.children if other.tag == "li" and other.name and _column(page, other) == base]
    bullets = item.name in "-*+"
    return (
        bullets
        and any(other.line < item.line for other in others)
        and (any(other.line > item.line for other in others) or len(others) == 1)
    )


def _finding(page: Page, item: Node, parent: Node) -> Finding:
    def proof(rendered: Rendered) -> bool:
        here, above = rendered.depth(item.line, "ul", "ol"), rendered.depth(parent.line, "ul", "ol")
        return here is None or above is None or here <= above

    return RULE.at(
        page.source.find(item.line, item.name),
        f"this item is shown on the same level as the one on line {parent.line + 1}",
        help="indent a nested item by four spaces",
        proof=proof,
    )


def _column(page: Page, item: Node) -> int:
    line = page.lines[item.line]
    line = line.expandtabs(4) if "\t" in line else line
    column = line.find(item.name)
    if line[column + len(item.name) :].lstrip(" ")[:1] not in _FIRST:
        return column  # what most are: another marker does not follow
    markers = _MARKERS.match(line)
    if markers is None or any(child.line == item.line and child.kind in LISTS for child in item.children):
        return column
    # An item that begins on the line of its parent's marker (`1.  - x`) has its siblings under it, not at the margin.
    return markers.start(1)
