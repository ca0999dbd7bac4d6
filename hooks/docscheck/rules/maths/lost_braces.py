r"""An index or an exponent of several signs without braces: `10^-6`, `x^10`, `\sum_i=1^n`."""

from __future__ import annotations

from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.source import Span

RULE = Rule("MTH113", "lost-braces", Severity.WARNING)
_SEVERAL = lazy(
    r"[_^](?<![\\\s][_^])(?:-\d+|\d{2,})(?![\d.,]\d)|(?<![A-Za-z\\])(?:e|\d)\^-(?:[A-Za-z]|\\[a-z])|\\(?:sum|prod|int|bigcup|bigcap)(?:\\limits)?_[a-zA-Z]=[^\s^{}\\]"
)
_NAMES = lazy(r"\\(?:text\w*|[mh]box|label|tag|(?:eq)?ref|href|url|verb|operatorname\*?)\{[^{}]*\}")
"""What TeX reads as text."""


def check(page: Page) -> Iterator[Finding]:
    """Report the first of each formula."""
    for span in page.maths if page.has_maths else ():
        text = page.source.text[span.start : span.end]
        if "_" not in text and "^" not in text:
            continue
        match = _SEVERAL.search(_NAMES.sub(lambda name: " " * len(name[0]), text) if "{" in text else text)
        if match:
            begun = match[0].lstrip("_^")
            kept = begun[0] if match[0][0] in "_^" else "-" if "^-" in match[0] else match[0][-3]
            yield RULE.at(
                Span(span.start + match.start(), span.start + match.end()),
                f"without braces only `{kept}` is set {'high' if '^' in match[0] else 'low'}",
                help="put what belongs together into braces",
            )
