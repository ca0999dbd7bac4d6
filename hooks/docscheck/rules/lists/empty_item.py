"""A list marker with nothing behind it."""

from __future__ import annotations

from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.rules.lists import is_ours
from docscheck.words.lexicon import telling

RULE = Rule("LST104", "empty-item", Severity.ERROR)
_EMPTY = lazy(r"\n[ \t>]*([-*+]|\d{1,3}\.)[ \t]*(?=\n|\Z)")
_MAY_BE_EMPTY = lazy(r"\n>*[-*+.](?=\n|\Z)")
"""What is left of such a line without its digits and spaces, but also of one with small letters behind the marker."""
_ITEM = lazy(r"[ \t>]*(?:[-*+]|\d{1,3}\.)[ \t]+\S")
_TWICE = lazy(r"\n[ \t>]*([-*])[ ]\1[ ]+(?=[^\s*-]|\*\*\w)")
_NUMBER_TWICE = lazy(r"\n[ \t>]*((\d{1,3})\.)[ ]+\2\.[ ]+\S")
_MARKER = lazy(r"[ \t>]*([-*+]|\d{1,3}\.)[ \t]+\*?\[")


tells = "*".__eq__
"""Which word may be the second of two markers; signs show the others."""


def check(page: Page) -> Iterator[Finding]:
    if not is_ours(page):
        return
    known = page.definitions
    rows = [row for entries in (known.labels, known.footnotes, known.abbreviations) for _, row, *_ in entries]
    for row in rows:
        match = _MARKER.match(page.lines[row.line])
        if match:
            span = page.source.find(row.line, match[1])
            message = "the definition is taken out of this list item, which is left empty"
            yield RULE.at(span, message, help="begin the definition at the left margin, without a marker")
    for match in _TWICE.finditer(f"\n{page.masked}") if _may_be_twice(page) else ():
        number = page.source.line_of(match.start(1) - 1)
        if number >= page.body and _stands_alone(page, number, match[1]):
            yield RULE.at(
                page.source.find(number, match[1]),
                "this item holds nothing but an item",
                help="remove one of the two markers",
            )
    for match in _NUMBER_TWICE.finditer(f"\n{page.masked}") if "\n.." in f"\n{page.marks}" else ():
        number = page.source.line_of(match.start(1) - 1)
        leaf = page.leaf_by_line.get(number)
        if leaf is not None and leaf.tag == "li" and leaf.parent is not None and len(leaf.parent.children) == 1:
            yield RULE.at(
                page.source.find(number, match[1]),
                "the number stands here twice, so this item holds nothing but an item",
                help="remove one of the two",
            )
    for match in _EMPTY.finditer(f"\n{page.masked}") if _MAY_BE_EMPTY.search(f"\n{page.marks}") else ():
        number = page.source.line_of(match.start(1) - 1)
        if number >= page.body and _is_in_list(page, number, match[1]):
            yield RULE.at(
                page.source.find(number, match[1]),
                "this list item is empty",
                help="write its text after the marker, or remove the marker; "
                "without text, the lines after it may be joined to it",
            )


def _may_be_twice(page: Page) -> bool:
    return "\n--" in page.signs or ">--" in page.signs or "*" in telling(page)


def _is_in_list(page: Page, number: int, marker: str) -> bool:
    """Whether the neighbouring lines are items too; a lone dash may be a rule, a heading's underline or a sum."""
    kind = "." if marker[-1] == "." else marker
    for step in (-1, 1):
        neighbour = number + step
        while 0 <= neighbour < len(page.lines) and not page.lines[neighbour].strip():
            neighbour += step
        while step < 0 < neighbour and _goes_on(page, neighbour):
            neighbour += step
        if page.body <= neighbour < len(page.lines) and _ITEM.match(page.masked_lines[neighbour]):
            other = page.masked_lines[neighbour].lstrip(" \t>")
            if (kind == "." and other[0].isdigit()) or other[0] == kind:
                return page.leaf_by_line.get(number) is None or page.leaf_by_line[number].kind != "code"
    return False


def _goes_on(page: Page, number: int) -> bool:
    """Whether a line is a later one of an item's text."""
    leaf = page.leaf_by_line.get(number)
    return leaf is not None and leaf.tag == "li" and leaf.kind != "code" and not _ITEM.match(page.masked_lines[number])


def _stands_alone(page: Page, number: int, marker: str) -> bool:
    """Whether an item in an item is the only one of its kind among its neighbours, which have one marker each."""
    leaf = page.leaf_by_line.get(number)
    if leaf is None or leaf.kind == "code":
        return False
    margin = page.masked_lines[number].find(marker)
    beside = []
    for step in (-1, 1):
        neighbour = number + step
        while 0 <= neighbour < len(page.lines) and (
            not page.lines[neighbour].strip() or page.lines[neighbour][: margin + 1].isspace()
        ):
            neighbour += step
        beside.append(page.masked_lines[neighbour][margin:] if page.body <= neighbour < len(page.lines) else "")
    doubled = [text.startswith(f"{marker} {marker} ") for text in beside]
    return not any(doubled) and any(text.startswith(f"{marker} ") for text in beside)
