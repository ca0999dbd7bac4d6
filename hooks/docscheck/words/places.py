"""Where the wrong wordings of a page stand in its text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from docscheck.once import of_page
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.source import Span
from docscheck.words.lexicon import coded
from docscheck.words.slip import Slip
from docscheck.words.slips import slips, suggestion
from docscheck.words.wordings import OPENERS, STOPS, Match, Words, offset_of

_WORD = lazy(r"\S+")
_GOES_ON = frozenset(",-’'")
_ABBREVIATION = lazy("[A-Z]{2,}['’]s")
_NONE: Words = frozenset()
_ENGLISH_TEXT = "the of and to is for with that this are be it you we not can from by will have which"
_ENGLISH = frozenset(_ENGLISH_TEXT.split())
"""Small words that are rare in other languages."""
_CONDITION = lazy(r"\b[Ii]f\b[^.!?]*\Z")


class _Word(NamedTuple):
    """What a wording says of one of its words."""

    capitals: Words | None = _NONE
    """Those that have to be written with a capital; None for any."""
    is_known: bool = False
    """Whether it is one of a few that are named."""


class Place(NamedTuple):
    """Where a slip was found."""

    slip: Slip
    span: Span
    kind: str
    """Of the text in which it stands: a paragraph, a heading, a table."""
    wrong: str

    @property
    def help(self) -> str:
        return suggestion(self.slip, self.wrong)


@of_page
def in_english(page: Page) -> bool:
    """Whether enough small words of a page are English: not every site tells its language."""
    words = page.words
    return sum(map(_ENGLISH.__contains__, words)) * 8 >= sum(map(str.isalpha, words))


@of_page
def places(page: Page) -> list[Place]:
    """Each place once, by the first slip that finds it, or one that names the word before as well; only in English."""
    if page.language[:2] != "en":
        return []
    found: dict[int, Place] = {}
    for slip, match, asked in _found(page):
        place = _place(page, slip, match, asked)
        if place is not None and place.span.start not in found:
            found[place.span.start] = place
    told = {place.span.end: place.span.start for place in found.values() if " " in place.wrong}
    return [place for place in found.values() if told.get(place.span.end, place.span.start) >= place.span.start]


def _found(page: Page) -> Iterator[tuple[Slip, Match, Sequence[_Word]]]:
    """The slips among the words of a page, with what is asked of each of their words."""
    known, text = slips(), coded(page)
    for match in sorted(known.table.find(text)):
        row = [element for element in known.rows[match.row] if not element.is_guard]
        yield known.of_row[match.row], match, [_Word(element.capitals, element.is_known) for element in row]
    apart = sorted(known.chains.find(text.classes))
    for match in apart if apart and in_english(page) else ():
        first = _Word(None if known.chains.is_first[match.row] else _NONE)
        yield known.of_chain[match.row], match, [first, *[_Word()] * (match.end - match.start)]


def _place(page: Page, slip: Slip, match: Match, asked: Sequence[_Word]) -> Place | None:
    """Where the wrong words stand; nothing if they go from one text into another, or are names."""
    first = max(match.start - 1, 0)
    start = offset_of(page.prose, first, len(page.words))
    words = list(islice(_WORD.finditer(page.prose, start), match.end - first + 1))
    texts = [page.leaf_by_line.get(page.source.line_of(word.start())) for word in words]
    known = match.start - first
    here = texts[known]
    if here is None or here.kind in ("code", "maths") or here is not texts[-1]:
        return None
    for at, (begun, is_known) in enumerate(asked, known):
        word = words[at][0].lstrip(OPENERS) or words[at][0]
        if (word[0].islower() and begun is None) or (begun and word.capitalize() in begun and word not in begun):
            return None
        is_wrong = match.wrong_start <= at + first <= match.wrong_end
        is_name = is_wrong or word in _SHORT_NAMES
        if is_name and len(word) > 1 and word.isupper() and not all(map(_is_loud, words)):
            return None
        if word[0].isupper() and (len(word) == 1 or (is_wrong and not _ABBREVIATION.match(word))):
            before = words[at - 1][0][-1] if at and texts[at - 1] is here else ""
            if before == "-" and _begins_item(page, words[at].start()):
                continue
            if before.isalnum() or before in _GOES_ON:
                return None
        elif is_known and word.istitle() and at and texts[at - 1] is here and _goes_on(*words[at - 1 : at + 1]):
            return None  # the name of a thing: "the Multiple option"
    start, end = words[match.wrong_start - first].start(), words[match.wrong_end - first].end()
    if slip.meant == "than" and _CONDITION.search(page.prose, max(start - 120, 0), start):
        return None  # "If it is larger then take another" is right.
    wrong = page.source.text[start:end].strip(OPENERS + STOPS)
    start = page.source.text.index(wrong, start)
    return Place(slip, Span(start, start + len(wrong)), here.kind, wrong)


def _goes_on(before: re.Match[str], word: re.Match[str]) -> bool:
    """Whether a word follows another on its line, with no sign between them."""
    return before[0][-1].isalnum() and "\n" not in before.string[before.end() : word.start()]


_SHORT_NAMES = frozenset(("IS", "IT", "OR", "AS", "US", "AM", "DO", "BE", "WE", "NO"))
"""Abbreviations that in small letters would be the commonest words: "this type of IS has a lid"."""


def _is_loud(word: re.Match[str]) -> bool:
    """Whether a word holds no small letter: among others that do, one in capitals is an abbreviation."""
    return word[0] == word[0].upper()


def _begins_item(page: Page, offset: int) -> bool:
    """Whether only the mark of an item stands before a word on its line."""
    line = page.source.line_of(offset)
    return not page.lines[line][: offset - page.source.starts[line]].strip("- >\t")
