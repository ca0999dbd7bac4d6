"""Bytes that are no UTF-8, and the sign that an earlier conversion left in place of a character."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.source import Span
from docscheck.words.lists import frequencies

RULE = Rule("SYN113", "lost-character")
LOST = "\ufffd"
_MANGLED = lazy(
    r"(?:Ã[\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]"
    r"|â€[^\s\w]|â€[œŒ]|Â[\u00a1-\u00a9\u00ab-\u00b4\u00b6-\u00b9\u00bb-\u00bf])+"
)
"""UTF-8 that was read as Windows-1252: `Ã¤` for `ä`, `â€œ` for a quote."""
_IN_WORD = lazy(rf"{LOST}*(?:\w{LOST}+|{LOST}+\w)[\w{LOST}]*")


_OBJECT = lazy("\ufffc")
_PARTED = lazy(r"(?<![\w./@])([A-Za-z][a-z]*)[\u200b\u2060\ufeff]+([a-z]+)(?![\w/]|\.\w)")
_SHORTEST, _COMMON = 3, 200


def check(page: Page) -> Iterator[Finding]:
    """Judge the file as a whole, or else each line: alone, or in code, the sign may be what is written about."""
    if _is_broken(page):
        start = page.source.text.index(LOST)
        message = "this file is not UTF-8, so MkDocs stops at it; this is the first place that cannot be read"
        yield RULE.at(Span(start, start + 1), message, help="save the file as UTF-8")
        return
    if "\x1b[" in page.source.text:
        start = page.source.text.index("\x1b[")
        message = "a code for the terminal is shown without the sign before it, which no page can show"
        yield RULE.at(Span(start, start + 2), message, help="remove it, or run the command without colours")
    lines = set()
    for match in _IN_WORD.finditer(page.prose):
        line = page.source.line_of(match.start())
        if line not in lines:
            lines.add(line)
            message = f"a character of `{match[0]}` was lost when the text was converted"
            yield RULE.at(Span(*match.span()), message, help="write it again")
    for match in _OBJECT.finditer(page.prose):
        message = "here stood a picture or another object, which was lost when the text was copied"
        yield RULE.at(Span(*match.span()), message, help="add it again, or remove this sign")
    for match in _PARTED.finditer(page.prose) if not page.prose.isascii() else ():
        whole = match[1] + match[2]
        if len(whole) > _SHORTEST and int(frequencies().get(whole.lower()) or 0) >= _COMMON:
            message = f"a character that nobody sees stands inside `{whole}`, so that nobody finds the word"
            yield RULE.at(Span(*match.span()), message, help=f"write `{whole}`", severity=Severity.WARNING)
    yield from _mangled(page, lines)
    if not page.prose.isascii():
        yield from _other_letters(page, lines)


def _mangled(page: Page, lines: set[int]) -> Iterator[Finding]:
    """Text that was read in another encoding than it was written in."""
    for match in _MANGLED.finditer(page.prose):
        line = page.source.line_of(match.start())
        meant = _decoded(match[0])
        if line not in lines and meant:
            lines.add(line)
            message = f"`{match[0]}` is what remains of `{meant}` after a wrong conversion"
            yield RULE.at(Span(*match.span()), message, help=f"write `{meant}`")


_JOINED = lazy(r"\w*[\ufb00-\ufb06]\w*")
_LETTERS = str.maketrans(
    {chr(0xFB00 + at): text for at, text in enumerate(("ff", "fi", "fl", "ffi", "ffl", "st", "st"))}
)
_CYRILLIC = frozenset(["be", "bg", "kk", "ky", "mk", "mn", "ru", "sr", "tg", "uk"])
"""Languages that are written with Cyrillic letters."""
_ALIKE = "аеорсухіјѕԁАВЕКМНОРСТХІЈЅ"
"""Cyrillic letters that look like Latin ones."""
_MEANT = str.maketrans(_ALIKE, "aeopcyxijsdABEKMHOPCTXIJS")
_MIXED = lazy(rf"(?<![\w./@])(?=[{_ALIKE}]*[A-Za-z])(?=[A-Za-z]*[{_ALIKE}])[A-Za-z{_ALIKE}]{{3,}}(?!\w|\.\w)")


def _other_letters(page: Page, lines: set[int]) -> Iterator[Finding]:
    """Letters that only look like those that were meant: joined ones from a PDF, Cyrillic ones among Latin."""
    reads_cyrillic = page.language[:2] in _CYRILLIC
    for pattern, table, why in (
        (_JOINED, _LETTERS, "holds letters joined in one character, so that nobody finds the word"),
        (_MIXED, _MEANT, "mixes Latin and Cyrillic letters, so that nobody finds the word"),
    ):
        for match in pattern.finditer(page.prose):
            line, meant = page.source.line_of(match.start()), match[0].translate(table)
            if pattern is _MIXED and reads_cyrillic:
                continue
            foreign = sum(map(_ALIKE.__contains__, match[0]))
            if line in lines or foreign * 2 > len(match[0]) or not meant.isascii():
                continue
            if pattern is _JOINED and "U+FB0" in page.lines[line]:
                continue  # the character is what is written about
            lines.add(line)
            message = f"`{match[0]}` {why}"
            yield RULE.at(Span(*match.span()), message, help=f"write `{meant}`", severity=Severity.WARNING)


def _decoded(text: str) -> str:
    """What was meant; empty where the letters may be as they should."""
    data = bytearray()
    for character in text:
        try:
            data += character.encode("cp1252")
        except UnicodeEncodeError:
            data += character.encode("latin-1", "ignore")
    try:
        meant = data.decode("utf-8")
    except UnicodeDecodeError:
        return ""
    return meant if meant.isprintable() else ""


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
