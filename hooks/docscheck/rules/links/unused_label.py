"""A label that no link uses, or that is defined twice."""

from __future__ import annotations

from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.labels import fold, used
from docscheck.page import Page
from docscheck.parse.blocks import Row

UNUSED = Rule("LNK402", "unused-label", Severity.WARNING)
DUPLICATE = Rule("LNK403", "duplicate-label")
RULES = (UNUSED, DUPLICATE)
_COMMENTS = frozenset(["//", "comment", "#", "", "_comment", "//comment"])
"""Labels by which authors write comments: `[//]: # (text)`."""


def check(page: Page) -> Iterator[Finding]:
    """Compare definitions with uses."""
    if not page.definitions.labels or all(node.kind in ("page", "footnotes") for node in page.nodes):
        return  # nothing but definitions: other pages take them in
    names = used(page)
    first: dict[str, tuple[Row, str]] = {}
    for label, row, address in page.definitions.labels:
        name = fold(label)
        if name in _COMMENTS or label.startswith(("^", "@", "*", "//")):
            continue
        span = page.source.find(row.line, f"[{label}]")
        if name in first:
            twice = _twice(page, label, row, first[name], address)
            if twice is not None:
                yield twice
            continue
        first[name] = (row, address)
        if name not in names and not _is_named_elsewhere(page, label, row.line):
            yield UNUSED.at(
                span, f"no link uses the label `{' '.join(label.split())}`", help="use it, or remove the line"
            )


def _twice(page: Page, label: str, row: Row, before: tuple[Row, str], address: str) -> Finding | None:
    other, first_address = before
    if address == first_address:
        return None
    message = f"`{' '.join(label.split())}` is already defined on line {other.line + 1}, with another address"
    return DUPLICATE.at(page.source.find(row.line, f"[{label}]"), message, help="give one of them another label")


def _is_named_elsewhere(page: Page, label: str, line: int) -> bool:
    """Whether the label stands in brackets anywhere else, be it in a syntax we do not read."""
    written = f"[{label}]".casefold()
    return any(written in text.casefold() for number, text in enumerate(page.lines) if number != line)
