"""Whether a page, or what stands around a word of it, is in another language: there no word is looked up."""

from __future__ import annotations

import re

from docscheck.page import Page
from docscheck.parse.blocks import split_row
from docscheck.patterns import lazy
from docscheck.words.lists import frequencies
from docscheck.words.spelling import WORD

_SMALL = "the of and to a in is it for that this with on are as be by an or not you can from at which when if"
_COMMON = frozenset(_SMALL.split())
_ENGLISH_ONLY = _COMMON - {"a", "in", "is", "at", "an"}
_FOREIGN = lazy(r"[^\W\d_a-zA-Z]{1,3}")
_FILLER = lazy(r"\b(?:ipsum|dolor|vulputate|tincidunt|fringilla)\b", re.I)
_WHOLE = 8
"""A sentence of so many words that has none of the small ones is not English."""


def has_filler(page: Page) -> bool:
    """Whether a page holds the Latin that stands where the look of a page is shown."""
    return _FILLER.search(page.prose) is not None


def is_filler(page: Page, offset: int) -> bool:
    """Whether the sentence or paragraph around a word has no small words of English, on a page with Latin filler."""
    number = page.source.line_of(offset)
    leaf, line = page.leaf_by_line.get(number), page.lines[number]
    column = offset - page.source.starts[number]
    sentence = line[line.rfind(". ", 0, column) + 1 :].lstrip().partition(". ")[0].lower().split()
    if len(sentence) >= _WHOLE and _ENGLISH_ONLY.isdisjoint(sentence):
        return True
    rows = " ".join(row.text for row in leaf.rows) if leaf else ""
    return len(_ENGLISH_ONLY.intersection(rows.lower().split())) < 2


_FOREIGN_TEXT = """
di che una il della nel sono anche questo gli alla dei delle el los las para por este les une dans avec et du qui pas
vous nous der das und ein eine für von ist nicht zu auf uma não em questa sempre nella sulla degli sich auch sind oder
wird werden kann bei nach mehr
"""
_FOREIGN_WORDS = frozenset(_FOREIGN_TEXT.split())
"""Small words of Italian, Spanish, French, German and Portuguese that English does not have."""
_ALSO_FOREIGN = frozenset(("de", "en", "sin", "y"))
"""Those that are a part of names in English too: a column of a table may be told by them."""
_CELLS = 20
"""So many cells above and below tell the language of a column."""
_AMID_FRENCH = lazy(r"(?<!\S)(?:du|des|les|[Ll]e|une|très|mais)[ ]\Z")
_BEFORE_FRENCH = lazy(r"[^\W\d_]+[ ](?:du|des|les|une|très)\b")
"""Words that English does not have beside its own."""
_ACCENTED = lazy(r"(?<![^\s(])[a-z]+[^\W\d_a-zA-Z][^\W\d_]*")
_OLD_TEXT = "ye doth hath hast thou thee thy thine dost shalt wilt goe olde unto whilome vnto haue selfe"
_OLD_WORDS = frozenset(_OLD_TEXT.split())
"""Words of an English whose spelling was not settled, as letters and poems are quoted."""
_AROUND = 60
"""So many characters before and behind a word tell of its language."""
_SOME = 2
"""So many words in small letters that English does not write, near by, are of another language."""


def is_foreign(page: Page, offset: int) -> bool:
    """Whether the paragraph, or the column of a table, around a word is in another language."""
    number = page.source.line_of(offset)
    leaf = page.leaf_by_line.get(number)
    if leaf is None:
        return False
    if _is_in_foreign_quotation(page.lines[number], offset - page.source.starts[number]):
        return True
    near = page.prose[max(offset - _AROUND, page.source.starts[number]) : offset + _AROUND].partition("\n")[0]
    if not near.isascii() and len(_ACCENTED.findall(near)) >= _SOME:
        return True
    if _AMID_FRENCH.search(page.prose, max(offset - 6, 0), offset) or _BEFORE_FRENCH.match(page.prose, offset):
        return True
    if leaf.tag == "table":
        before = page.lines[number][: offset - page.source.starts[number]].lstrip()
        return _is_foreign_column(page, number, before.count("|") - before.count("\\|") - before.startswith("|"))
    words = [word.strip('.,;:!?()"„“”«»') for word in " ".join(row.text for row in leaf.rows).lower().split()]
    if len(_OLD_WORDS.intersection(words)) >= _SOME:
        return True
    return sum(map(_FOREIGN_WORDS.__contains__, words)) > sum(map(_ENGLISH_ONLY.__contains__, words))


def _is_in_foreign_quotation(line: str, column: int) -> bool:
    """Whether a word is quoted among others, most of which English does not have."""
    start = line.rfind('"', 0, column)
    if start < 0 or line.count('"', 0, column) % 2 == 0:
        return False
    quoted = {word.lower() for word in WORD.findall(line[start : line.find('"', column)]) if len(word) > 3}
    unknown = sum(not frequencies().get(word) for word in quoted)
    return unknown > 1 and unknown * 2 > len(quoted)


def _is_foreign_column(page: Page, number: int, index: int) -> bool:
    """Whether the cells of a table around that on a line, in the same column, are in another language."""
    rows = page.leaf_by_line[number].rows
    near = rows[max(number - rows[0].line - _CELLS, 0) : number - rows[0].line + _CELLS]
    cells = (split_row(row.text.strip(), True) for row in near)
    words = " ".join(row[index] for row in cells if len(row) > index).lower().split()
    foreign = sum(word in _FOREIGN_WORDS or word in _ALSO_FOREIGN for word in words)
    return foreign > sum(map(_ENGLISH_ONLY.__contains__, words))


def is_english(page: Page, about: str) -> bool:
    """Whether enough of a page's words are the small words of English; pages in two languages are left alone."""
    words = [*page.words, *about.lower().split()] if about else page.words
    small = sum(map(_COMMON.__contains__, words))
    if sum(map(_FOREIGN_WORDS.__contains__, words)) * 3 > sum(map(_ENGLISH_ONLY.__contains__, words)):
        return False
    foreign = 0 if page.prose.isascii() else len(_FOREIGN.findall(page.prose))
    plain = sum(map(str.isalpha, words))
    if plain <= _FEW and not foreign and small * 8 < plain:
        return _are_english([bare for word in words if (bare := word.strip(".,;:!?()")).isalpha()])
    return small * 8 >= plain and foreign * 10 <= plain


_FEW = 24
"""So few words may do without the small ones."""


def _are_english(words: list[str]) -> bool:
    """Whether nearly all of a few words are known, and none is a small one of another language."""
    known = frequencies().among({*words})
    return sum(map(known.__contains__, words)) * 4 >= len(words) * 3 and _FOREIGN_WORDS.isdisjoint(words)
