"""Common words that begin with two capitals: `THis`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.words.codes import found
from docscheck.words.lists import frequencies


def _shape(code: int) -> int:
    """A byte that says what kind of character another one is; a word begins behind a blank, a bracket or a quote."""
    character = chr(code)
    if code > _LAST:
        return ord(".")
    if character.isalpha():
        return ord("A" if character.isupper() else "a")
    return ord(" " if character in _BEFORE_A_WORD else character)


_LAST = 127
_BEFORE_A_WORD = " \t\n(\"'*"
_SHAPES = bytes(map(_shape, range(256)))
_BEGUN = b" AA"
"""Sought without the small letter behind it, which is so common that the search would take longer."""
_REST = re.compile(rb"AAa+(?![^ .,;:!?)])")
_SHORT = frozenset(("the", "and", "for", "you", "but", "are", "not", "can"))
_VERY_COMMON = 50_000
_BEFORE = lazy(r"[A-Z]{2,}[,:]?[ (*\"]+$")
"""An abbreviation, whose letters are told by the words behind it: `ANTLR, ANother tool`."""


def with_two_capitals(page: Page) -> Iterator[tuple[str, int]]:
    """Common words whose second letter is a capital like the first, `THis`, with their places."""
    marks = page.marks.encode("utf-8", "surrogatepass")
    if b"AA" not in marks.translate(_SHAPES):  # a tenth of the page, in which those of two words may stand together
        return
    written = page.prose.encode("utf-8", "surrogatepass")
    shapes = written.translate(_SHAPES)
    for at in found(_BEGUN, shapes):
        match = _REST.match(shapes, at + 1) if shapes[at + 3 : at + 4] == b"a" else None
        word = written[match.start() : match.end()].decode() if match else ""
        lower = word.lower()
        is_common = lower in _SHORT or (len(word) > 3 and int(frequencies().get(lower) or 0) >= _VERY_COMMON)
        if is_common:
            place = len(written[: at + 1].decode("utf-8", "surrogatepass"))
            if not _BEFORE.search(page.prose, max(place - 24, 0), place):
                yield word, place
