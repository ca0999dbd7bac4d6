"""Stars that were meant as signs of a product, and set what stands between them in italics."""

from __future__ import annotations

import re
from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.mentions import is_raw
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.source import Span
from docscheck.words.lexicon import telling

RULE = Rule("SYN131", "accidental-emphasis", Severity.ERROR)
_MIDDLE = lazy(r"\*(?<=\w\*)(?:\d+(?:\.\d+)?|[A-Za-z])\*(?=\d|[A-Za-z](?![A-Za-z]))")
"""A factor with a star on either side."""
_FIRST = lazy(r"(?<![\w*\\.])(?:\d+(?:\.\d+)?|[A-Za-z])$")
_BETWEEN = lazy(r"(?<=[\]}])_[A-Za-z0-9]+(?:_[A-Za-z0-9]+)*_(?=[\[{])")
"""A part of a name between two that stand for something: `[mode]_flag_[id]`."""
_PRODUCT = lazy(r"(?<![\w*\\.])\d+(?:\.\d+)?\*\d+(?:\.\d+)?(?![\w*]|\.\d)")
"""Two numbers with a star between them; two of them on a line make a pair."""
_DUNDER = lazy(
    r"(?:^[ \t>]*(?:[-*+]|\d+[.)])[ ]+|\|[ ]*)"
    r"(__(?:init|main|pycache|getattr|setattr|getitem|setitem|repr|str|eq|len|call|iter|next|enter|exit)__)(?!\w)",
    re.M,
)
"""A name of Python's that begins and ends with two underscores, at the beginning of an item or a cell."""
_NAMED = lazy(r"__[a-z]+__(?:\.py)?\W*")
_LONGEST = 20


def tells(word: str) -> bool:
    """Whether a word, in small letters, holds such a factor, or a part of a name between two brackets."""
    if "*" in word and (_MIDDLE.search(word) or _PRODUCT.search(word)):
        return True
    return ("]_" in word and _BETWEEN.search(word) is not None) or (
        word[:2] == "__" and _NAMED.fullmatch(word) is not None
    )


def check(page: Page) -> Iterator[Finding]:
    """Look for three factors: numbers, or names of one letter."""
    prose = page.prose
    if not any(map(tells, telling(page))):
        return
    if "]_" in prose and not page.config.has("pymdownx.betterem"):
        yield from _between(page)
    if "__" in prose:
        yield from _names(page)
    yield from _pairs(page)
    for match in _MIDDLE.finditer(prose):
        start, end = match.span()
        line = page.source.line_of(start)
        leaf = page.leaf_by_line.get(line)
        first = _FIRST.search(prose[max(start - _LONGEST, page.source.starts[line]) : start])
        if first is None or leaf is None or leaf.kind in ("code", "maths") or is_raw(page, start):
            continue
        yield RULE.at(
            Span(start - len(first[0]), end),
            "these stars are not shown: they set what is between them in italics",
            help="write `×` or `\\*`, or put the product in code",
            proof=lambda rendered, line=line, text=match[0]: not rendered.prints(line, text),  # type: ignore[misc]
        )


def _is_text(page: Page, start: int) -> bool:
    leaf = page.leaf_by_line.get(page.source.line_of(start))
    return leaf is not None and leaf.kind not in ("code", "maths") and not is_raw(page, start)


def _pairs(page: Page) -> Iterator[Finding]:
    """`4*6 rolls, or 3*5`: the stars of two products make a pair."""
    last = -1
    for match in _PRODUCT.finditer(page.prose):
        line = page.source.line_of(match.start())
        if line != last and _is_text(page, match.start()) and page.prose_lines[line].count("*") > 1:
            last = line
            yield RULE.at(
                Span(*match.span()),
                "this star is not shown: with the next one it sets what is between them in italics",
                help="write `×` or `\\*`, or put the product in code",
                proof=lambda rendered, line=line, text=match[0]: not rendered.prints(line, text),  # type: ignore[misc]
            )


def _names(page: Page) -> Iterator[Finding]:
    """`__init__.py`: underscores that set the name between them in bold."""
    for match in _DUNDER.finditer(page.prose):
        line = page.source.line_of(match.start(1))
        if _is_text(page, match.start(1)):
            yield RULE.at(
                Span(*match.span(1)),
                "these underscores are not shown: they set the name in bold",
                help="put the name in code",
                proof=lambda rendered, line=line, text=match[1]: not rendered.prints(line, text),  # type: ignore[misc]
            )


def _between(page: Page) -> Iterator[Finding]:
    """Underscores of a name, which are not shown, as brackets are no letters."""
    for match in _BETWEEN.finditer(page.prose):
        line = page.source.line_of(match.start())
        leaf = page.leaf_by_line.get(line)
        if leaf is None or leaf.kind in ("code", "maths") or is_raw(page, match.start()):
            continue
        yield RULE.at(
            Span(*match.span()),
            "these underscores are not shown: they set what is between them in italics",
            help="put the name in code",
            proof=lambda rendered, line=line, text=match[0]: not rendered.prints(line, text),  # type: ignore[misc]
        )
