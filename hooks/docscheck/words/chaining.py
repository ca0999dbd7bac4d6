"""Makes of the wordings of `chains.txt` what `chains.py` looks for: classes of words, and expressions of them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from docscheck.words.chains import OTHER, STOP, Classes
from docscheck.words.indexing import many_of_kind
from docscheck.words.kinds import kinds
from docscheck.words.wordings import Words

_STOPPED = b"[\x80-\xff]"
_TIMES = {"?": b"?", "*": b"{0,3}", "+": b"{1,3}"}
_MISSING = ("?", "*")
_FREQUENT = 100
"""A word that stands on every page counts as so many others."""


def classes_of(wordings: Sequence[str], groups: Mapping[str, Words]) -> Classes:
    """What finds some wordings."""
    parsed = [list(_parsed(wording, groups)) for wording in wordings]
    is_first = [any(map(str.isupper, wording.split()[0])) for wording in wordings]
    sorting = _Sorting(dict.fromkeys(element.words for row in parsed for element in row), groups["common"])
    bits, tables = _bits_of([sorting.rarest_neighbours(row) for row in parsed])
    placed = [_placed(list(map(sorting.expression, row)), row) for row in parsed]
    return Classes(is_first, sorting.of, bits, tables, placed)


class _Element(NamedTuple):
    words: Words
    is_guard: bool
    is_other: bool
    is_wrong: bool
    is_looked_at: bool
    is_first: bool
    """Whether it is looked at before the search begins."""
    times: str
    stop: str


class _Sorting:
    """Words by classes: they are in one if they are in the same sets."""

    def __init__(self, sets: Iterable[Words], common: Words) -> None:
        self._numbers: dict[Words, bytearray] = {words: bytearray() for words in sets}
        self.of: dict[str, int] = {}
        """The class of each word, and of each kind of words."""
        self._many = [1] * STOP
        """A measure of how often each class is met."""
        self._sort(common)

    def _sort(self, common: Words) -> None:
        """Give each class a number."""
        sets = list(self._numbers)
        held_by: dict[str, int] = defaultdict(int)
        """The sets that hold each word or kind, as bits, and under `-word` those from which one is taken."""
        for number, words in enumerate(sets):
            for word in words:
                held_by[word] |= 1 << number
        of_class: dict[int, int] = {}
        named = {word.removeprefix("-") for word in held_by}
        for word in sorted(named.union(kinds().values())):
            held = (held_by.get(word, 0) | held_by.get(kinds().get(word, ""), 0)) & ~held_by.get(f"-{word}", 0)
            if held not in of_class:
                of_class[held] = len(of_class) + 1 if held else OTHER
                for number, words in enumerate(sets):
                    if held >> number & 1:
                        self._numbers[words].append(of_class[held])
            self.of[word] = of_class[held]
            self._many[of_class[held]] += _FREQUENT if word in common else many_of_kind()[word] or 1
        assert len(of_class) < OTHER, f"{len(of_class)} classes of words do not fit into a byte"

    def _classes(self, element: _Element) -> bytes:
        """What an element may be."""
        if element.is_first and "^stop" in element.words:
            return bytes(range(STOP, 2 * STOP))
        plain = bytes(self._numbers[element.words])
        if element.is_other:
            plain = bytes(set(range(1, STOP)) - set(plain))
        stopped = bytes(number | STOP for number in plain)
        return {"": plain, ".": stopped, ",": plain + stopped}["," if element.is_guard else element.stop]

    def rarest_neighbours(self, row: Sequence[_Element]) -> tuple[bytes, bytes]:
        """Two sets of classes that meet wherever a wording stands, and seldom elsewhere: both wrong, where some are."""
        shown = [element for element in row if not element.is_guard]
        met = []
        for at, left in enumerate(shown):
            may_follow = b""
            for right in [] if left.times in _MISSING else shown[at + 1 :]:
                may_follow += self._classes(right)
                if right.times not in _MISSING:
                    met.append((not (left.is_wrong and right.is_wrong), self._classes(left), may_follow))
                    break
        _, *rarest = min(met, key=lambda pair: (pair[0], self._often(pair[1]) * self._often(pair[2])))
        return rarest[0], rarest[1]

    def _often(self, classes: bytes) -> int:
        """A measure of how often words of these classes are met."""
        return sum(self._many[number % STOP] for number in set(classes))

    def expression(self, element: _Element) -> bytes:
        among = _among(self._classes(element))
        if element.is_guard:
            return among
        if element.is_first:
            return b"(?<=" + among + b".)"
        among += _TIMES.get(element.times, b"")
        if element.is_looked_at:
            return b"(?=" + among + b")"
        return b"(" + among + b")" if element.is_wrong else among


def _bits_of(pairs: Sequence[tuple[bytes, bytes]]) -> tuple[list[int], list[tuple[bytes, bytes]]]:
    """The bits of some pairs of neighbours, and for each class those on its left and on its right, in two tables."""
    lefts = {left: number for number, left in enumerate(dict.fromkeys(left for left, _ in pairs))}
    bits = [1 << lefts[left] % 16 for left, _ in pairs]
    tables = [(bytearray(256), bytearray(256)) for _ in range(2)]
    for pair, bit in zip(pairs, bits, strict=True):
        for table, classes in zip(tables[bit > 0xFF], pair, strict=True):
            for number in classes:
                table[number] |= bit if bit <= 0xFF else bit >> 8
    return bits, [(bytes(begins), bytes(ends)) for begins, ends in tables]


def _among(numbers: bytes) -> bytes:
    return b"[" + re.escape(numbers) + b"]"


def _placed(expressions: list[bytes], row: Sequence[_Element]) -> tuple[bytes, bytes]:
    """The first expression of a row and the others, with what may not stand before it where a search can begin."""
    before = after = b""
    if row[0].is_first:
        before = expressions.pop(0)
    elif row[0].is_guard:
        before = b"(?<!" + expressions.pop(0) + b".)"
    if row[-1].is_guard:
        after = b"(?:(?<=" + _STOPPED + b")|(?!" + expressions.pop() + b"))"
    return expressions[0], before + b"".join(expressions[1:]) + after


def _parsed(wording: str, groups: Mapping[str, Words]) -> Iterator[_Element]:
    """The elements of a wording."""
    is_wrong, is_begun = False, True
    for text in wording.split():
        is_wrong = is_wrong or text[0] == "["
        bare = text.strip("[]")
        named = bare.strip("()").lstrip("-~")
        stop = named[-1] if named[-1] in ".," else ""
        named = named.rstrip(".,")
        times = named[-1] if named[-1] in _TIMES else ""
        words = _words(named.rstrip("?*+"), groups)
        yield _Element(
            words, bare[0] == "-", bare[0] == "~", is_wrong, bare[0] == "(", is_begun and bare[0] == "(", times, stop
        )
        is_begun = False
        is_wrong = is_wrong and "]" not in text


def _words(names: str, groups: Mapping[str, Words]) -> Words:
    """The words that are named, and those of the groups among them; either apostrophe will do."""
    words: set[str] = set()
    for name in names.lower().split("|"):
        words |= groups[name[1:]] if name[0] == "@" else {name, name.replace("'", "’")}
    return frozenset(words)
