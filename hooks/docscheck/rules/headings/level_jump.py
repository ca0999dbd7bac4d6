"""A heading more than one level below the one before it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.rules.headings import outline

_LEVEL = lazy(r"h[1-6]")
RULE = Rule("HDG101", "level-jump", Severity.WARNING)


def check(page: Page) -> Iterator[Finding]:
    before, line = 1 if page.front_matter.data.get("title") else 0, 0
    raw = deque(_raw_headings(page))
    for heading in outline(page):
        if page.may_document and _holds_documented(page, line, heading.line):
            before = 0  # a plugin puts headings of its own in between
        while raw and raw[0][0] < heading.line:
            before = raw.popleft()[1]
        line = heading.line
        if before and heading.level > before + 1:
            yield RULE.at(
                page.source.content_span(heading.line),
                f"a heading of level {heading.level} follows one of level {before}",
                help=f"begin it with `{'#' * (before + 1)}`",
            )
        before = heading.level


def _raw_headings(page: Page) -> Iterator[tuple[int, int]]:
    """The line and the level of each heading in raw HTML."""
    for tag in page.tags if page.shows("<h") else ():
        if not tag.closing and _LEVEL.fullmatch(tag.name):
            yield page.source.line_of(tag.span.start), int(tag.name[1])


def _holds_documented(page: Page, start: int, end: int) -> bool:
    """Whether `::: package.module` stands between two lines."""
    return any(page.lines[number].startswith("::: ") for number in range(start, end))
