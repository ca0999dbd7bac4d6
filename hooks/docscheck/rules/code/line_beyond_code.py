"""Lines to be marked that a fence does not have: what the number meant has moved."""

from __future__ import annotations

from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.page import Page
from docscheck.patterns import lazy

RULE = Rule("COD112", "line-beyond-code", Severity.WARNING)
_MARKED = lazy(r"\bhl_lines=(?P<quote>[\"'])(?P<lines>[ ,-]*\d[\d ,-]*)(?P=quote)")
_NUMBER = lazy(r"\d+")
_SHORTEST = 3
"""Shorter code is shown for the sake of its fence."""
_TAKES_IN = ("8<", "{{", "{%", "{!", "{*")
"""What brings lines that the source does not show."""


def check(page: Page) -> Iterator[Finding]:
    """Compare the last line that is to be marked with the number of lines."""
    for fence in page.fences:
        marked = _MARKED.search(fence.info) if "hl_lines" in fence.info and fence.opens else None
        if marked is None:
            continue
        code = page.lines[fence.start + 1 : fence.end]
        if len(code) < _SHORTEST or any(sign in line for line in code for sign in _TAKES_IN):
            continue
        last = max(map(int, _NUMBER.findall(marked["lines"])))
        if last > len(code):
            yield RULE.at(
                page.source.find(fence.start, marked["lines"]),
                f"the code has {len(code)} lines, so there is no line {last} to mark",
                help="count the lines again: the first is 1, whatever number is shown beside it",
            )
