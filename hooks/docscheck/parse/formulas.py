"""Formulas in running text, as `pymdownx.arithmatex` finds them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from docscheck.patterns import lazy
from docscheck.source import Span

# First the sign, then what may not stand before it: the search for either goes from sign to sign.
_DOLLARS = lazy(
    r"\$(?<![\\$]\$)(?:\$(?!\$)(?:\\[^\n]|\\?\n(?!\s*\n)|[^\\$\n]|\$(?!\$))+?\$\$"
    r"|(?![\s$])(?:\\.|[^\\$\n]|\n(?!\s*\n))+?(?<!\s)\$(?!\d))"
)
_BACKSLASHES = lazy(  # no formula is longer than that: a search for the end of each of many that have none is bounded
    r"\\(?:\((?:.|\n(?!\s*\n)){1,1000}?\\\)|\[(?:.|\n(?!\s*\n)){1,5000}?\\\]"
    r"|begin\{([a-z]+\*?)\}(?:.|\n(?!\s*\n)){1,5000}?\\end\{\1\})"
)


def scan_formulas(text: str, start: int, end: int, parts: Callable[[int, int], bool]) -> Iterator[Span]:
    """The formulas between two places of a text, in order; what begins inside one is none.

    Of two dollars on several lines `parts` tells whether the lines between them belong to different blocks.
    """
    dollars, backslashes = _DOLLARS.search(text, start, end), _BACKSLASHES.search(text, start, end)
    while match := min(filter(None, (dollars, backslashes)), key=_start, default=None):
        if dollars is match and "\n" in match[0] and not match[0].startswith("$$") and parts(*match.span()):
            dollars = _DOLLARS.search(text, match.start() + 1, end)
            continue
        yield Span(*match.span())
        start = match.end()
        if dollars and dollars.start() < start:
            dollars = _DOLLARS.search(text, start, end)
        if backslashes and backslashes.start() < start:
            backslashes = _BACKSLASHES.search(text, start, end)


def _start(match: re.Match[str]) -> int:
    return match.start()
