"""Suppression comments: `<!-- docscheck: ignore CODE -->` for a line, `ignore-file` in its place for a page.

A comment speaks for its own line, or, alone on a line, for the next line that holds text. After the codes and a colon
it may give a reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from docscheck.diagnostics import Finding
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.rules.suppression import RULE as UNUSED
from docscheck.source import Span

_COMMENT = lazy(r"<!--\s*docscheck:\s*([\w-]*?)(?=[\s:]|-->)([^>]*?)-->")
_ORDERS = ("ignore", "ignore-file")


class _Suppression:
    def __init__(self, span: Span, order: str, line: int | None, codes: tuple[str, ...]) -> None:
        self.span = span
        self.order = order
        self.line = line
        """The line it speaks for; None for the whole page."""
        self.codes = codes
        self.used: set[str] = set()

    def covers(self, finding: Finding, line: int) -> bool:
        if self.order not in _ORDERS:
            return False
        if self.line is not None and self.line != line:
            return False
        if not self.codes:
            self.used.add("")
            return True
        hit = [code for code in self.codes if finding.rule.code == code.upper() or finding.rule.name == code]
        self.used.update(hit)
        return bool(hit)


def apply_suppressions(page: Page, findings: Iterable[Finding]) -> list[Finding]:
    """The findings that no comment suppresses, and one for each comment that suppresses nothing."""
    if not has_any(page):
        return list(findings)
    suppressions = list(_suppressions(page))
    kept = []
    for finding in findings:
        line = page.source.line_of(finding.span.start)
        if not [suppression for suppression in suppressions if suppression.covers(finding, line)]:
            kept.append(finding)
    return kept + [finding for suppression in suppressions for finding in _unused(suppression)]


def has_any(page: Page) -> bool:
    """Whether a comment of the page may speak to us."""
    return page.shows("<!--") and "docscheck:" in page.source.text


def _unused(suppression: _Suppression) -> Iterable[Finding]:
    idle = [code for code in suppression.codes if code not in suppression.used]
    if suppression.order not in _ORDERS:
        what, help = (
            f"`{suppression.order}` is not understood",
            "write `ignore`, or `ignore-file` for the whole page",
        )
    elif unknown := [code for code in idle if not _is_rule(code)]:
        what = f"no rule is called {' or '.join(f'`{code}`' for code in unknown)}"
        help = "write whole codes or names of rules, then, if need be, a colon and the reason"
    elif idle or not (suppression.codes or suppression.used):
        where = "here" if suppression.line is not None else "on this page"
        codes = f" of {' or '.join(f'`{code}`' for code in idle)}" if idle else ""
        what, help = f"there is no finding{codes} {where}", "remove the comment, or correct its code"
    else:
        return
    yield UNUSED.at(suppression.span, f"this comment hides nothing: {what}", help=help)


def _is_rule(code: str) -> bool:
    from docscheck.rules import every_rule  # all of which are imported then

    return any(code.upper() == rule.code or code == rule.name for rule in every_rule())


def _suppressions(page: Page) -> Iterable[_Suppression]:
    for match in _COMMENT.finditer(page.source.text):
        first = page.source.line_of(match.start())
        if first in page.fenced_lines or not any(c.span.start == match.start() for c in page.comments):
            continue
        codes = tuple(re.split(r"[\s,]+", listed)) if (listed := match[2].partition(":")[0].strip(" \t\n,")) else ()
        line = None if match[1] == "ignore-file" else _target(page, first, match)
        yield _Suppression(Span(*match.span()), match[1], line, codes)


def _target(page: Page, line: int, match: re.Match[str]) -> int:
    if page.lines[line].strip() != match[0].strip():
        return line
    following = range(line + 1, len(page.lines))
    return next((number for number in following if page.lines[number].strip()), line)
