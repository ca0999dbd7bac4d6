"""A backtick without a partner."""

from __future__ import annotations

from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.page import Page
from docscheck.parse.blocks import Node
from docscheck.patterns import lazy
from docscheck.source import Span

RULE = Rule("COD103", "unclosed-code-span", Severity.ERROR)
_ACUTE = lazy(r"´(?<!\w´)[^\s´][^´\n]*´(?!\w)")
_TICKS = lazy(r"`(?<!\\`)`*")
_CLOSES_LIKE_OPENER = lazy(r"[\s(]`[^\s`]")


def check(page: Page) -> Iterator[Finding]:
    yield from _acute(page)
    seen: set[int] = set()
    for number in page.lines_with("`"):
        match = _TICKS.search(page.prose_lines[number])
        if not match:
            continue
        leaf = page.leaf_by_line.get(number)
        if leaf is None or id(leaf) in seen or leaf.kind in ("code", "maths"):
            continue
        seen.add(id(leaf))
        line, column = _likely_start(page, leaf, number, match.start())
        ticks = _TICKS.match(page.lines[line], column)
        width = len(ticks[0]) if ticks else 1
        yield RULE.at(
            page.source.span(line, column, column + width),
            "this backtick has no partner",
            label="code would begin here",
            help="close the code, or write a backtick that is meant as such as `` ` `` or \\`",
            proof=None if width > 1 else lambda rendered, n=number: rendered.prints(n, "`"),  # type: ignore[misc]
        )


def _acute(page: Page) -> Iterator[Finding]:
    """Code in acute accents, which share a key with the backtick."""
    for match in _ACUTE.finditer(page.prose) if "´" in page.prose else ():
        yield RULE.at(Span(*match.span()), "an acute accent makes no code", help="write backticks: `` ` ``")


def _likely_start(page: Page, leaf: Node, number: int, column: int) -> tuple[int, int]:
    """Where the missing partner's span begins: an earlier tick whose partner looks like an opening one, or the last."""
    for row in leaf.rows:
        if row.line > number or (leaf.tag == "table" and row.line != number):
            break
        line = page.lines[row.line]
        opened = -1
        for match in _TICKS.finditer(line):
            if len(match[0]) > 1:
                continue
            if opened < 0:
                opened = match.start()
                continue
            if _CLOSES_LIKE_OPENER.match(line, match.start() - 1):
                return row.line, opened
            opened = -1
    return number, column
