"""An HTML comment that is never closed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.source import Span

_STRAY = lazy(r"^[ ]{0,3}(-->)", re.MULTILINE)
_ALMOST = lazy(r"<!(?:-(?!-)|—|–)(?=[\s\w])")
RULE = Rule("COD104", "unclosed-comment", Severity.ERROR)


def check(page: Page) -> Iterator[Finding]:
    for comment in page.comments:
        if not comment.closed:
            start = comment.span.start
            yield RULE.at(
                Span(start, start + 4),
                "this comment is never closed",
                label="it opens here",
                help="close it with `-->`",
            )
    for match in _STRAY.finditer(page.masked) if "-->" in page.masked else ():
        yield RULE.at(Span(*match.span(1)), "this closes no comment", help="remove it, or open the comment with `<!--`")
    for match in _ALMOST.finditer(page.masked) if "<!" in page.masked else ():
        yield RULE.at(Span(*match.span()), "this opens no comment", help="comments stand in `<!-- … -->`")
