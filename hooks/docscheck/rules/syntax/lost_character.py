"""Bytes that are no UTF-8, and the sign that an earlier conversion left in place of a character."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from docscheck.diagnostics import Finding, Rule
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.source import Span

RULE = Rule("SYN113", "lost-character")
LOST = "\ufffd"
_IN_WORD = lazy(rf"{LOST}*(?:\w{LOST}+|{LOST}+\w)[\w{LOST}]*")


def check(page: Page) -> Iterator[Finding]:
    """Judge the file as a whole, or else each line: alone, or in code, the sign may be what is written about."""
    if _is_broken(page):
        start = page.source.text.index(LOST)
        message = "this file is no UTF-8, and MkDocs stops at it; here stands the first of what cannot be read"
        yield RULE.at(Span(start, start + 1), message, help="save the file as UTF-8")
        return
    lines = set()
    for match in _IN_WORD.finditer(page.prose):
        line = page.source.line_of(match.start())
        if line not in lines:
            lines.add(line)
            message = f"a character of `{match[0]}` was lost when the text was converted"
            yield RULE.at(Span(*match.span()), message, help="write it again")


def _is_broken(page: Page) -> bool:
    file = page.site.files.get(page.uri) if page.site else None
    try:
        if file:
            Path(file).read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        return True
    except OSError:  # an open page that is not on disk
        return False
    return False
