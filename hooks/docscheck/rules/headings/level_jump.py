"""A heading more than one level below the one before it."""

from __future__ import annotations

from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule, Severity
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
    if "\n<h" not in page.signs and "<h" not in page.source.text:
        return 0
    raw = [tag for tag in page.tags if not tag.closing and _LEVEL.fullmatch(tag.name)]
    between = [tag for tag in raw if start < page.source.line_of(tag.span.start) < end]
    return int(between[-1].name[1]) if between else 0


def _holds_documented(page: Page, start: int, end: int) -> bool:
    """Whether `::: package.module` stands between two lines."""
    return any(page.lines[number].startswith("::: ") for number in range(start, end))
