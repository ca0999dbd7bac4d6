"""A wording that is wrong in any English sentence: `it's own`, `can be use`, `this files`, `larger then`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.source import Span
from docscheck.words.lexicon import coded
from docscheck.words.slips import Slip, slips, suggestion
from docscheck.words.wordings import OPENERS, STOPS, Match, Row, offset_of

RULE = Rule("PRO112", "confused-words", Severity.WARNING)
_WORD = lazy(r"\S+")
_GOES_ON = frozenset(",-’'")
_ABBREVIATION = lazy("[A-Z]{2,}['’]s")
_CONDITION = lazy(r"\b[Ii]f\b[^.!?]*\Z")


def check(page: Page) -> Iterator[Finding]:
    """Report each place once, by the first slip that finds it."""
    if page.language[:2] != "en":
        return
    known = slips()
    seen: set[int] = set()
    for match in sorted(known.table.find(coded(page))):
        place = _place(page, known.rows[match.row], match)
        if place is None or place.start in seen:
            continue
        slip = known.of_row[match.row]
        if slip.meant == "than" and _CONDITION.search(page.prose, max(place.start - 120, 0), place.start):
            continue  # "If it is larger then take another" is right.
        seen.add(place.start)
        yield _finding(page, slip, place)


def _place(page: Page, row: Row, match: Match) -> Span | None:
    """Where the wrong words stand; nothing if the row goes from one text into another, or is made of names."""
    first = max(match.start - 1, 0)
    words = list(islice(_WORD.finditer(page.prose, offset_of(page.prose, first)), match.end - first + 1))
    texts = [page.leaf_by_line.get(page.source.line_of(word.start())) for word in words]
    known = match.start - first
    here = texts[known]
    if here is None or here.kind in ("code", "maths") or here is not texts[-1]:
        return None
    for at, element in enumerate((element for element in row if not element.is_guard), known):
        word = words[at][0].lstrip(OPENERS)
        if element.capitals and word.capitalize() in element.capitals and word not in element.capitals:
            return None
        if element.is_wrong and len(word) > 1 and word.isupper() and not all(map(_is_loud, words)):
            return None
        if word[0].isupper() and (len(word) == 1 or (element.is_wrong and not _ABBREVIATION.match(word))):
            before = words[at - 1][0][-1] if at and texts[at - 1] is here else ""
            if before == "-" and _begins_item(page, words[at].start()):
                continue
            if before.isalnum() or before in _GOES_ON:
                return None
    return Span(words[match.wrong_start - first].start(), words[match.wrong_end - first].end())


def _is_loud(word: re.Match[str]) -> bool:
    """Whether a word holds no small letter: among others that do, one in capitals is an abbreviation."""
    return word[0] == word[0].upper()


def _begins_item(page: Page, offset: int) -> bool:
    """Whether only the mark of an item stands before a word on its line."""
    line = page.source.line_of(offset)
    return not page.lines[line][: offset - page.source.starts[line]].strip("- >\t")


def _finding(page: Page, slip: Slip, place: Span) -> Finding:
    wrong = page.source.text[place.start : place.end].strip(OPENERS + STOPS)
    start = page.source.text.index(wrong, place.start)
    return RULE.at(
        Span(start, start + len(wrong)),
        f"`{wrong}` is not the word that belongs here",
        help=suggestion(slip, wrong),
    )
