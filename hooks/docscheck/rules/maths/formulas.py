"""What the rules about formulas share: what is TeX, which ends belong together, and the memory of what was judged."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from docscheck.diagnostics import Finding
from docscheck.once import of_page
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.rules.maths.scripts import drawn
from docscheck.source import Span

DOUBLE = lazy(r"\$\$(?<!\\\$\$)")
IS_TEX = lazy(r"\\[a-zA-Z]{2,}|[_^]\{")
TEX = r"(?:\\[a-zA-Z]{2,}|[_^]\{|\\[,;!]|(?<![A-Za-z])[A-Za-z][_^]\w)"
"""The same in a part of a formula, where a letter with an index is enough."""
POWER = r"[A-Za-z)]\^[\w(]"
"""A power, of more than a letter too."""
_SUM = r"[A-Za-z]\w?(?:[ ]?[-+*/=<>][ ]?[A-Za-z0-9]+)+"
_SPACED = lazy(
    rf"(?<![\\$])\$(?:[ ]+[^$\n\x00]*?(?:{TEX}|{POWER})[^$\n\x00]*?|[ ]+[A-Za-z](?:\([a-z](?:,[ ]?[a-z])*\))?[ ]+"
    rf"|[ ]+{_SUM}[ ]*|[ ]+[A-Za-z]|[A-Za-z][ ]+)\$(?![\w$])"
)
_GLUED = lazy(
    r"(?<![\\$A-Za-z0-9_])\$(?!\{\w+\}(?![_^]))(?=[a-zA-Z\\({])"
    r"[^$\n\x00]{0,60}[-+=*/^_<>\\][^$\n\x00]{0,60}[ ]+\$(?![A-Za-z0-9_$])"
)
_CHANGED = lazy(r"\\[\\`*_{}\[\]()#+.!-]|\*[^*\s][^*]*\*|<[A-Za-z/!]|(?<!\w)_[^_\s][^_]*_(?!\w)|[ ]{2,}\n|\]\(")
"""What Markdown changes in a formula that it takes for text."""
_ESCAPES = lazy(r"\\{4}|\\{3}(?=[ ]?\n)|\\[_*]")
"""What is written so that it remains of it what TeX needs."""
_AGAIN = lazy(r"(?<!\\)\\[(\[]")
CLOSING = {r"\(": r"\)", r"\[": r"\]"}


@of_page
def texts(page: Page) -> list[tuple[Span, str]]:
    """The formulas of a page with their texts."""
    return [(span, page.source.text[span.start : span.end]) for span in page.maths]


@of_page
def formulas(page: Page) -> list[tuple[Span, str]]:
    """The same without what only looks like a formula in a cell of a table."""
    return [(span, text) for span, text in texts(page) if not _is_bracket_in_cell(page, span, text)]


def _is_bracket_in_cell(page: Page, span: Span, text: str) -> bool:
    """Whether what looks like a formula on lines of its own stands in a cell, where it is none."""
    if not text.startswith("\\["):
        return False
    leaf = page.leaf_by_line.get(page.source.line_of(span.start))
    return leaf is not None and leaf.tag == "table"


def shown_as_code(text: str) -> bool:
    """Whether a formula is written as GitHub reads it."""
    return text.startswith("$`") and text.endswith("`$")


def opened_again(text: str) -> str:
    """The sign with which a formula begins, where it comes a second time before the end; else nothing."""
    again = _AGAIN.search(text, 2) if text[0] == "\\" else None
    return again[0] if again and again[0] == text[:2] else ""


def with_inner_space(shown: str) -> re.Match[str] | None:
    """What of a line would be a formula without a space inside its dollar signs."""
    return _SPACED.search(shown) or _GLUED.search(shown)


def is_drawn(page: Page, span: Span, sign: str) -> bool:
    """Whether a script finds the formula in the text of the page, as its author wrote it."""
    if sign not in drawn(page.config):
        return False
    text = page.source.text[span.start : span.end]
    return not _CHANGED.search(_ESCAPES.sub("", text) if "\\" in text else text)


def is_drawn_as_text(page: Page, span: Span, text: str) -> bool:
    """Whether a formula of several lines shares its paragraph with text, where a script draws what Markdown left."""
    if not text.startswith("$$\n"):
        return False
    leaf = page.leaf_by_line.get(page.source.line_of(span.start))
    return leaf is not None and leaf.kind not in ("code", "maths") and is_drawn(page, span, "$$")


def of_formula(look: Callable[[str], Iterator[Finding]]) -> Callable[[str], tuple[Finding, ...]]:
    """Keep what is found in a formula, as if its page began with it: a site has the same ones again and again."""
    return lru_cache(maxsize=2048)(lambda text: tuple(look(text)))


def moved(finding: Finding, start: int) -> Finding:
    """A finding in a formula that begins here."""
    return finding._replace(span=Span(start + finding.span.start, start + finding.span.end))
