"""Marks that a conversion escaped: the reader sees them, where bold text, a link or a tag was meant."""

from __future__ import annotations

import re
from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.mentions import is_raw
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.source import Span, holds

RULE = Rule("SYN114", "escaped-markup", Severity.WARNING)
_BOLD_TEXT = r"(?<![\w*])\\\*\\\*(?=[^\W\d_])[^*\n\\_]{1,80}(?<=\S)\\\*\\\*(?![\w*])"
_HALF = lazy(r"\\\*(?<![\w*\\]\\\*)(?=[^\W\d_][^*\n\\]{2,80}\*)[^*\n\\]{2,81}(?<=[\w.,!?])\*(?=[\s.,;:!?)]|$)", re.M)
"""Emphasis of which only the first star is escaped."""
_STARS_ALONE = r"|(?:(?<=^)|(?<=^> ))(?:\\\*\\\*){1,2}(?=[ ]*$)"
"""The stars of a bold line that nothing stands in."""
_BOLD = lazy(_BOLD_TEXT + _STARS_ALONE, re.M)
_WIDE = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
_BOLD_WIDE = lazy(
    _BOLD_TEXT
    + _STARS_ALONE
    + rf"|\\\*\\\*(?<![*\\]\\\*\\\*)(?![\\*])(?=[^*\n\\]{{0,80}}[{_WIDE}])[^*\n\\]{{1,80}}\\\*\\\*(?![\\*])",
    re.M,
)
"""The same in a script without spaces between words."""
_LINK = lazy(
    r"\\\[[^\[\]\n\\]{1,80}\\\]\\?\((?:https?://|[\w./-]+\.[a-z]\w{1,3}\b|#[\w-]+\\?\))[^\s()]*\\?\)?"
    r"|\\\[[^\W\d_][\w -]{2,60}\\\]\([A-Z][\w -]{2,60}\)"
)
"""To an address, or to a heading by its name, as other tools read it."""
_CODE = lazy(r"(?<![\w`\\])\\`\\`[ ]?[^`\\\n]{1,60}\\`\\`(?![`\\])")
"""Code between two backticks on either side, as reStructuredText writes it."""
_NAME = lazy(r"(?<![\w`\\])\\`(?=[\w./-]*[_./A-Z-])[\w./-]{3,60}\\`(?![`\\\w])")
"""A name between two single backticks, in small letters only with another sign inside."""
_FENCE = lazy(r"^[ \t>]*(\\`\\`\\`)[\w+#-]*[ ]*$", re.M)
_TABLE = lazy(r"^[ ]{0,3}\\\|[^\n]+\n[ ]{0,3}\\\|[ ]?:?-{3}[^\n]*", re.M)
_TAG = lazy(r"&lt;(b|i|u|em|strong|span|sub|sup|font|a(?=[ ]href=))(?:[ ][^&<>\n]*)?&gt;[^<>\n]{1,80}?&lt;/\1&gt;")
_QUOTE = lazy(r"^(&gt;|\\>)[ ](?=[^\W\d_])", re.M)
_VOID = lazy(r"&lt;(?:br|hr)[ ]?/?&gt;|(?<=[\w.!?:;)])&lt;/?p&gt;")
_ENTITY = lazy(r"^[ ]{0,3}(&#(?:33;!!|35;#{1,5}))[ ]+\S", re.M)
"""An entity for the first mark of a box or a heading."""
_ITEMS = lazy(r"(?:^[ \t>]*(?:\\[-*+•]|\d+\\[.)])[ ]+[^\W_][^\n]*\n?){2,}", re.M)
_PAIR = 2
_SPOKEN_OF = lazy(
    r"\b(?:markdown|html|xml|syntax|asterisks?|stars?|bold|strong|brackets?|tags?|escap\w+|elements?|literal\w*|writ\w+|typ\w+)\b",
    re.I,
)
"""A line that speaks of the marks themselves."""


def check(page: Page) -> Iterator[Finding]:
    """Look for pairs of marks that are escaped one by one, but for lines that speak of them."""
    if "\\*\\*" in page.signs:
        pattern = _BOLD if page.source.text.isascii() else _BOLD_WIDE
        yield from _each(page, pattern, "the stars are escaped, so they are printed", "write `**bold**`")
    if "\\*" in page.source.text:
        for match in _HALF.finditer(page.prose):
            line = page.source.line_of(match.start())
            if page.prose_lines[line].count("*") == _PAIR and not _SPOKEN_OF.search(page.prose_lines[line]):
                leaf = page.leaf_by_line.get(line)
                if leaf is not None and leaf.kind not in ("code", "maths") and not is_raw(page, match.start()):
                    message = "the first star is escaped, so that both are printed"
                    yield RULE.at(Span(match.start(), match.start() + 2), message, help="remove the backslash")
    if "\n\\" in page.signs or "\n>\\" in page.signs:
        yield from _each(page, _ITEMS, "the marks are escaped, so this is no list", "remove the backslashes")
    if "\n\\|" in page.signs:
        yield from _each(page, _TABLE, "the bars are escaped, so this is no table", "remove the backslashes")
    if "\\](" in page.source.text or "\\]\\(" in page.source.text:
        yield from _each(page, _LINK, "the brackets are escaped, so this is not a link", "write `[text](address)`")
    if "\\`\\`" in page.signs:
        yield from _each(page, _CODE, "the backticks are escaped, so they are printed", "write `` `code` ``")
    if "\\`" in page.source.text:
        yield from _each(page, _NAME, "the backticks are escaped, so they are printed", "write `` `code` ``")
    if "\n\\`\\`\\`" in page.signs:
        yield from _each(page, _FENCE, "the backticks are escaped, so this is no fence", "write three backticks")
    if "\n&#;" in page.signs:
        yield from _each(
            page, _ENTITY, "the first mark is an entity, so the marks are printed", "write the mark itself"
        )
    if "&;" in page.signs:
        yield from _each(page, _VOID, "the tag is escaped, so it is printed", "write `<` and `>`")
    if "\n&;" in page.signs or "\n\\>" in page.signs:
        yield from _each(page, _QUOTE, "the mark of a quotation is escaped, so it is printed", "write `> text`")
    if "&;/" in page.signs:
        yield from _each(page, _TAG, "the tags are escaped, so they are printed", "write it in Markdown")


def _each(page: Page, pattern: re.Pattern[str], message: str, help: str) -> Iterator[Finding]:
    for match in pattern.finditer(page.source.text if pattern is _LINK else page.prose):
        span = Span(*match.span(1 if pattern in (_FENCE, _QUOTE, _ENTITY) else 0))
        line = page.source.line_of(span.start)
        if page.prose[match.end() - 2] == "\x00" and not holds(page.maths, match.end() - 2):
            continue  # in code; `\\[…\\]` alone is masked as a formula, and so is `\\(…\\)`
        leaf = page.leaf_by_line.get(line)
        if leaf is None or leaf.kind in ("code", "maths") or is_raw(page, span.start):
            continue
        if not _SPOKEN_OF.search(page.prose_lines[line]) and not _is_shown_as_code(page, match[0], line):
            yield RULE.at(span, message, help=help)


def _is_shown_as_code(page: Page, text: str, line: int) -> bool:
    """Whether a block of code holds the same: the page shows what becomes of it."""
    return page.source.text.count(text) > 1 and any(
        text in page.lines[number] for number in page.fenced_lines if number != line
    )
