"""An HTML comment that is never closed."""

from __future__ import annotations

from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.page import Page
from docscheck.source import Span

RULE = Rule("COD104", "unclosed-comment", Severity.ERROR)


def check(page: Page) -> Iterator[Finding]:
    for comment in page.comments:
        if not comment.closed:
            start = comment.span.start
            yield RULE.at(
                Span(start, start + 4), "this comment is never closed", label="it opens here", help="close it with `-->`"
            )
