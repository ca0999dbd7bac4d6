r"""An index or an exponent of several signs without braces: `10^-6`, `x^10`, `\sum_i=1^n`."""

from __future__ import annotations

from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.rules.maths.formulas import texts
from docscheck.source import Span

RULE = Rule("MTH113", "lost-braces", Severity.WARNING)
# First one of three signs, then what stands before and behind it: the search goes from sign to sign.
_SEVERAL = lazy(
    r"[_^\\](?:(?<![\\\s].)(?<!\\)(?:-\d+|\d{2,})(?![\d.,]\d)"
    r"|(?<=(?<![A-Za-z\\])[e\d]\^)-(?:[A-Za-z]|\\[a-z])"
    r"|(?<=\\)(?:sum|prod|int|bigcup|bigcap)(?:\\limits)?_[a-zA-Z]=[^\s^{}\\]"
    r"|(?<=(?<![A-Za-z])[A-Za-z}]_)(?:max|min|avg|pred|true|total|train|test|model|init|final|ref|std|mean|loss|data|batch"
    r"|size|dim|head|hidden|query|start|end|next|prev|obs|crit|error|noise|target|input|output)(?![A-Za-z]))"
)
_NAMES = lazy(r"\\(?:text\w*|[mh]box|label|tag|(?:eq)?ref|href|url|verb|operatorname\*?)\{[^{}]*\}")
"""What TeX reads as text."""
_BASE_TWO = lazy(r"\\log_2(?!\d)")
"""A logarithm to the base 2: where a formula has one, `\\log_21` is that of 1."""


def check(page: Page) -> Iterator[Finding]:
    """Report the first of each formula."""
    if not page.has_maths or _SEVERAL.search("\n".join(text for _, text in texts(page))) is None:
        return  # so it is on nearly every page, even with what TeX reads as text
    for span, text in texts(page):
        match = _SEVERAL.search(text)
        if match:
            match = _SEVERAL.search(_NAMES.sub(lambda name: " " * len(name[0]), text))
        if match and "://" in text:
            continue  # brackets around an address, each behind a backslash
        if match and not (match[0][:2] == "_2" and text.endswith(r"\log", 0, match.start()) and _BASE_TWO.search(text)):
            kept = match[0][1] if match[0][0] in "_^" else match[0][-3]
            yield RULE.at(
                Span(span.start + match.start(), span.start + match.end()),
                f"without braces only `{kept}` is set {'high' if match[0][0] == '^' else 'low'}",
                help="put what belongs together into braces",
            )
