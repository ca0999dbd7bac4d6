"""A numbered list that counts from 1 again, or for the first time, where its author wrote another number."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from docscheck.config import TRULY_SANE
from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.page import Page
from docscheck.parse.blocks import Node
from docscheck.patterns import lazy
from docscheck.rules.lists import is_known_at_margin, is_ours

if TYPE_CHECKING:
    from docscheck.rendering import Rendered

RULE = Rule("LST103", "restarted-numbers", Severity.ERROR)


_BOXES = frozenset(("admonition", "details", "tabs"))
_BARE = lazy(r"[ >]*(\d{1,3})[ ]+(?=[a-z])")
"""A number in front of a small letter; other rules know those before a capital."""
_ONE = lazy(r"(?<!\d)1(?!\d)")
_NEXT = lazy(r"(?<=[.!?;:)])[ ]+(\d{1,3}\.)(?=[ ]+[^\W\d_])")


def check(page: Page) -> Iterator[Finding]:
    for node in page.kinds.get("ol", ()):
        yield from _joined(page, node)
    if page.config.has("pymdownx.fancylists"):
        return
    if page.grammar.sane_lists:
        yield from _begun_late(page)
        return
    yield from _behind_bullets(page)
    at_margin = page.config.has(TRULY_SANE)
    if not (is_known_at_margin(page) if at_margin else is_ours(page)):
        return
    parents = {id(node.parent): node.parent for node in page.kinds.get("ol", ())}
    if page.comments and not at_margin:
        yield from _parted_by_comments(page)
    for parent in parents.values():
        if parent is not None and not at_margin:
            yield from _among(page, parent.children)
            yield from _all_ones(page, parent.children)
        elif parent is not None and parent.parent is None:
            for flush, nodes in groupby(parent.children, lambda node: _is_flush(page, node)):
                yield from _among(page, list(nodes) if flush else [])


def _begun_late(page: Page) -> Iterator[Finding]:
    """A list whose numbers are shown as they are typed begins with 2 twice, and nothing above it holds a 1."""
    for node in page.kinds.get("ol", ()):
        numbers = [_number(item) for item in node.children]
        if numbers[:2] != [2, 2] or numbers[2:] != list(range(3, len(numbers) + 1)):
            continue
        if not _ONE.search(page.source.text, 0, page.source.starts[node.line]):
            yield RULE.at(
                page.source.find(node.children[0].line, node.children[0].name),
                "this list begins at 2 and counts on from there, whatever its second number is",
                help="write `1. `",
            )


def _parted_by_comments(page: Page) -> Iterator[Finding]:
    """Items in a box or an item with a comment between them, which is a paragraph there, though nobody sees it."""
    margins = dict[int, int]()
    for comment in page.comments:
        line = page.source.line_of(comment.span.start)
        margin = page.source.text[page.source.starts[line] : comment.span.start].expandtabs(4)
        if comment.closed and not margin.strip() and len(margin) > 3 and line in page.removed_lines:
            margins[line] = len(margin)
    for numbers in page.kinds.get("ol", ()) if margins else ():
        for item, following in pairwise(numbers.children):
            first, second = _number(item), _number(following)
            line = following.line - 2
            if first is None or second != first + 1 or page.lines[following.line - 1].strip() or line <= item.line:
                continue
            shown = page.lines[following.line].expandtabs(4)
            indent = len(shown) - len(shown.lstrip())
            if margins.get(line) == indent and not page.lines[line - 1].strip():
                yield RULE.at(
                    page.source.content_span(line),
                    f"this comment ends the list above, so the item on line {following.line + 1} is shown as number 1",
                    help="indent it by four spaces more",
                )


def _behind_bullets(page: Page) -> Iterator[Finding]:
    """`- 1. one` above `- 2. two`: behind each bullet begins a list of its own. The second speaks for the others."""
    told: set[int] = set()
    for numbers in page.kinds.get("ol", ()):
        bullet = numbers.parent
        before = page.before(bullet) if bullet is not None and _holds_at_once(bullet, numbers) else None
        if bullet is None or before is None or not before.children or id(bullet.parent) in told:
            continue
        above, number = before.children[0], _number(numbers.children[0])
        if _holds_at_once(before, above) and number == (_number(above.children[-1]) or 0) + 1:
            told.add(id(bullet.parent))
            yield _finding(page, numbers.children[0], number, "leave out the bullets")


def _holds_at_once(bullet: Node, numbers: Node) -> bool:
    """Whether a numbered list begins directly behind a bullet."""
    is_first = bullet.tag == "li" and bullet.children[0] is numbers
    return is_first and numbers.tag == "ol" and bullet.line == numbers.line


def _joined(page: Page, numbers: Node) -> Iterator[Finding]:
    """An item on the line of another: its number stands behind a sentence, and the list goes on with the one after."""
    for item, following in pairwise(numbers.children):
        first, third = _number(item), _number(following)
        if first is None or third != first + 2:
            continue
        for row in item.rows[1:]:
            bare = _BARE.match(page.prose_lines[row.line])
            if bare and bare[1] == str(first + 1):
                yield RULE.at(
                    page.source.span(row.line, *bare.span(1)),
                    f"without a full stop this is no item, and is shown as part of item {first}",
                    help=f"write `{first + 1}. `",
                )
        for match in _NEXT.finditer(page.prose_lines[item.line]):
            if match[1] == f"{first + 1}.":
                yield RULE.at(
                    page.source.span(item.line, *match.span(1)),
                    f"this item stands on the line of item {first}, and is shown as part of it",
                    help="put it on a line of its own",
                )


def _among(page: Page, children: list[Node]) -> Iterator[Finding]:
    last = boxed = 0
    between: Node | None = None
    for child in children:
        if child.kind in ("heading", "setext", "hr"):
            last = 0
        numbered = _number(child.children[-1]) if child.tag == "ul" and child.children else None
        if numbered is not None:  # bullets take in the first number behind them
            last, between = numbered, None
            continue
        if child.tag != "ol" or not child.children:
            between = between or child
            boxed = _last_number(child)
            continue
        numbers = [number for item in child.children if (number := _number(item)) is not None]
        if not numbers:
            continue
        if last and last < numbers[0] <= last + 2 and numbers[0] > 1:  # one that was left out counts as well
            yield _finding(page, child.children[0], numbers[0])
            if between is not None and _is_cause(page, between, child):
                yield _cut(page, between, child.children[0])
        elif boxed and numbers[0] == boxed + 1:
            yield _finding(page, child.children[0], numbers[0], "indent it like the items in the box above")
        elif (not last or numbers[0] <= last) and numbers[0] > 1 and 1 < len(numbers) == numbers[-1] - numbers[0] + 1:
            yield _finding(page, child.children[0], numbers[0], "begin at 1, or write the numbers as text: `3\\.`")
        between, boxed = None, 0
        last = len(numbers) if set(numbers) == {1} else numbers[-1]


def _is_cause(page: Page, between: Node, numbers: Node) -> bool:
    """Whether what ends a list is told beside what comes of it: a box, a table, or a fence alone beside the items."""
    if between.kind in _BOXES or between.kind != "p":
        return between.kind in _BOXES or bool(between.rows)
    line = between.rows[0].line
    is_alone = page.after(between) is numbers and line in page.fenced_lines
    return is_alone and not between.rows[0].text.startswith(" ")


def _is_flush(page: Page, node: Node) -> bool:
    """Whether a block begins at the margin: an extension that reads narrow indents cannot take it into an item."""
    return not page.lines[node.line].startswith((" ", "\t"))


def _cut(page: Page, between: Node, item: Node) -> Finding:
    line = between.rows[0].line if between.rows else between.line
    message = f"this ends the list above, so the item on line {item.line + 1} counts from 1 again"
    return RULE.at(page.source.content_span(line), message, help="indent it by four spaces")


def _all_ones(page: Page, children: list[Node]) -> Iterator[Finding]:
    """Three or more lists of one item each, all numbered 1, with code or text between them: one list was meant."""
    run: list[Node] = []
    for child in [*children, None]:
        if child is not None and child.tag == "ol" and len(child.children) == 1 and child.children[0].name == "1.":
            run.append(child.children[0])
        elif child is None or child.kind in ("heading", "setext", "hr", "ul", "ol", "table"):
            for item in run[1:] if len(run) > 2 else ():
                yield _finding(page, item, run.index(item) + 1)
            run = []


def _last_number(box: Node) -> int:
    """The number of the item with which a box ends; 0 for none."""
    items = box.last if box.kind in ("admonition", "details", "block") else None
    return (_number(items.children[-1]) or 0) if items is not None and items.tag == "ol" else 0


def _number(item: Node) -> int | None:
    digits = item.name.rstrip(".")
    return int(digits) if digits.isdigit() and len(digits) < 7 else None


def _finding(page: Page, item: Node, number: int, help: str = "") -> Finding:
    def proof(rendered: Rendered) -> bool:
        place = rendered.places.get(item.line)
        return place is None or any(element.tag == "ol" for element in place.chain())

    return RULE.at(
        page.source.find(item.line, item.name),
        f"this item is shown as number 1, not {number}",
        help=help or "indent everything between it and the previous item by four spaces",
        proof=proof,
    )
