"""A backtick without a partner."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.page import Page
from docscheck.parse.blocks import Node
from docscheck.patterns import lazy
from docscheck.proofs import prints
from docscheck.source import Span

RULE = Rule("COD103", "unclosed-code-span", Severity.ERROR)
_ACUTE = lazy(r"´(?<!\w´)[^\s´][^´\n]*´(?!\w)")
_TICKS = lazy(r"`(?<!\\`)`*")
_LONE = lazy(r"[^`]*(?:^|[ \t|])`(?=[ \t]*(?:\||$))[^`]*$")
"""A row with nothing but one tick, at the end of a cell and behind a space."""
_LISTED = lazy(r"(?:[ ][^\w\s`]){3}[ ]`[ ]|[ ]`(?:[ ][^\w\s`]){3}(?:[ ]|$)|(?:[^\w\s`]|_){4}`(?:[^\w\s`]|_){2}")
_KEY = lazy(r"(?:(?<=[A-Za-z]\+)|(?<=[,(][ ])|(?<=\())`(?=[ ,)]|$)")
"""A tick after `Ctrl+`, or alone between commas and parentheses."""
_QUOTED = lazy(r"([\"'])`{1,3}\1|“`{1,3}”|«[ \xa0]?`{1,3}[ \xa0]?»|「`{1,3}」|\(`{1,3}\\?\)")
_ARITIES = lazy(r"(?<=[A-Za-z(,])`\d{1,2}(?![\w.])")
"""How many types one of .NET's names takes: ``List`1``."""
_NAMED = lazy(r"\bback[ -]?(?:tick|quote)s?\b|\bgrave accent|\baccents? graves?\b|反引号|反引號|バッククォート", re.I)
_MOST_TICKS = 99


def check(page: Page) -> Iterator[Finding]:
    yield from _acute(page)
    seen: set[int] = set()
    titled = {opener.line for opener in page.openers if opener.node is not None and "`" in (opener.node.title or "")}
    for number in page.lines_with("`"):
        match = _TICKS.search(page.prose_lines[number])
        if not match:
            continue
        leaf = page.leaf_by_line.get(number)
        if leaf is None and number in titled and page.prose_lines[number].count("`") == 1:
            span = page.source.span(number, match.start(), match.end())
            yield RULE.at(
                span, "this backtick has no partner in the title", help="add the missing backtick, or remove this one"
            )
        if leaf is None or id(leaf) in seen or leaf.kind in ("code", "maths"):
            continue
        if leaf.tag == "table" and _LONE.match(page.lines[number]):
            continue  # the name of a key
        if _LISTED.search(page.lines[number]) or _is_a_sign(page.prose_lines[number], match.start()):
            continue  # one of many signs, or a key
        seen.add(id(leaf))
        line, column = _likely_start(page, leaf, number, match.start())
        ticks = _TICKS.match(page.lines[line], column)
        width = len(ticks[0]) if ticks else 1
        yield RULE.at(
            page.source.span(line, column, column + width),
            "this backtick has no partner" if width == 1 else "these backticks have no partner",
            label="code would begin here",
            help="add the missing backtick, or write a literal one as `` ` `` or \\`",
            proof=prints(number, "`") if width == 1 else None,
        )


def _is_a_sign(line: str, column: int) -> bool:
    """Whether a tick stands for itself: between quotes, or the only one of a line, where a key or its name is."""
    if _QUOTED.match(line, max(column - 1, 0)):
        return True
    if line.count("`") == len(_ARITIES.findall(line)):
        return True
    return line.count("`") == 1 and (_KEY.match(line, column) or _NAMED.search(line)) is not None


def _acute(page: Page) -> Iterator[Finding]:
    """Code in acute accents, which share a key with the backtick."""
    for match in _ACUTE.finditer(page.prose) if "´" in page.prose else ():
        yield RULE.at(Span(*match.span()), "an acute accent does not make code", help="write backticks: `` ` ``")


def _likely_start(page: Page, leaf: Node, number: int, column: int) -> tuple[int, int]:
    """The tick without which the others make the best pairs; by default the one that Markdown leaves over."""
    lines = [number] if leaf.tag == "table" else [row.line for row in leaf.rows]
    first, end = page.source.starts[lines[0]], page.source.starts[lines[-1]] + len(page.lines[lines[-1]])
    text = page.source.text[first:end]
    ticks = [match.start() for match in _TICKS.finditer(text)]
    if len(ticks) % 2 == 0 or len(ticks) > _MOST_TICKS or "``" in text:
        return number, column
    odd = [_oddity(text, *pair) for pair in pairwise(ticks)]
    costs = [sum(odd[:i:2]) + sum(odd[i + 1 :: 2]) for i in range(0, len(ticks), 2)]
    best = costs.index(min(costs))
    if costs[best] == costs[-1]:
        return number, column
    place = first + ticks[2 * best]
    line = page.source.line_of(place)
    return line, place - page.source.starts[line]


def _oddity(text: str, start: int, end: int) -> int:
    """How little what stands between two ticks looks like code."""
    inside = text[start + 1 : end]
    spaces = inside[:1].isspace() + inside[-1:].isspace()
    return 2 * spaces + ("\n" in inside) + text[start - 1 : start].isalnum() + text[end + 1 : end + 2].isalnum()
