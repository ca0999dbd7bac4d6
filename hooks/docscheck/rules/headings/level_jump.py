"""A heading more than one level below the one before it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.once import of_page
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.rules.headings import outline

_LEVEL = lazy(r"h[1-6]")
RULE = Rule("HDG101", "level-jump", Severity.WARNING)


def check(page: Page) -> Iterator[Finding]:
    before, line = 1 if page.front_matter.data.get("title") else 0, 0
    for heading in outline(page):
        if page.may_document and _holds_documented(page, line, heading.line):
            before = 0  # a plugin puts headings of its own in between
        before = _raw_level(page, line, heading.line) or before
        line = heading.line
        if before and heading.level > before + 1:
            yield RULE.at(
                page.source.content_span(heading.line),
                f"a heading of level {heading.level} follows one of level {before}",
                help=f"begin it with `{'#' * (before + 1)}`",
            )
        before = heading.level


def _raw_level(page: Page, start: int, end: int) -> int:
    """The level of the last heading in raw HTML between two lines; 0 for none."""
    lines, levels = _raw_headings(page)
    last = bisect_left(lines, end) - 1
    return levels[last] if last >= 0 and lines[last] > start else 0


@of_page
def _raw_headings(page: Page) -> tuple[list[int], list[int]]:
    """The lines on which headings in raw HTML begin, and their levels."""
    if "<h" not in page.source.text:
        return [], []
    raw = [tag for tag in page.tags if not tag.closing and _LEVEL.fullmatch(tag.name)]
    return [page.source.line_of(tag.span.start) for tag in raw], [int(tag.name[1]) for tag in raw]


def _holds_documented(page: Page, start: int, end: int) -> bool:
    """Whether `::: package.module` stands between two lines."""
    return any(page.lines[number].startswith("::: ") for number in range(start, end))
