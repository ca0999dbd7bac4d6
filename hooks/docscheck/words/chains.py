"""Finds wrong wordings of which the words may stand apart: an article, some adjectives and the noun, each of its kind.

Of a word all that matters is in which of the named sets it is. Those that are in the same sets are one class, and a
text is a row of bytes, one a word: a wording is a regular expression, and costs as little with adjectives as without.
It is written as in `wordings.py`, and each element may end with signs:

- `@adjective*`    none of these, or up to three; `+` one to three, `?` none or one
- `@noun.`         with a stop behind it; `@noun,` with one or without; all others have none behind them
- `(of|in)`        first or last: only looked at; a search begins behind it, so that rare words can be looked for
- `^code`          code, `^number` what begins with a digit, and `^name` a word that is not known
- `^stop`          first and only looked at: any word with a stop behind it
- `^link`          a link of one word, `^begun` and `^ended` the first and the last word of a longer one
- `The|@Noun`      with a capital letter, since it begins a sentence
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from docscheck.parse.code import HIDDEN
from docscheck.patterns import lazy
from docscheck.words.kinds import kinds
from docscheck.words.wordings import Match, Words, many_of_kind

_STOP = 0x80
"""Added to the class of a word with a stop behind it."""
_OTHER = _STOP - 1
"""The class of words that no wording names."""
_STOPPED = b"[\x80-\xff]"
_STOPS = frozenset(".,;:!?)—–")
_CLOSERS = '.,;:!?)"”*_]—–'
_MARKS = "*_[]"
_EMPHASES = ("*", "_", "~~", "==")
_MARKED = ".,;:!?)"
_LINKS = {(True, True): "^link", (True, False): "^begun", (False, True): "^ended", (False, False): ""}
"""What a word is that begins a link, or ends one."""
_TIMES = {"?": b"?", "*": b"{0,3}", "+": b"{1,3}"}
_MISSING = ("?", "*")
_FREQUENT = 100
"""A word that stands on every page counts as so many others."""


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


class Neighbours:
    """Tells from a row of bytes which of some pairs of neighbours, each of two sets of classes, seem to stand in it.

    That takes a few steps for the whole row, where an expression tries each place. A pair has a bit of sixteen, eight
    in each of two tables; those with the same set on the left share it, which only lets more seem to stand there.
    """

    def __init__(self, pairs: Sequence[tuple[bytes, bytes]]) -> None:
        lefts = {left: number for number, left in enumerate(dict.fromkeys(left for left, _ in pairs))}
        self.bits = [1 << lefts[left] % 16 for left, _ in pairs]
        """The bit of each pair."""
        self._tables = [(bytearray(256), bytearray(256)) for _ in range(2)]
        for pair, bit in zip(pairs, self.bits, strict=True):
            tables = self._tables[bit > 0xFF]
            for table, classes in zip(tables, pair, strict=True):
                for number in classes:
                    table[number] |= bit if bit <= 0xFF else bit >> 8

    def among(self, text: bytes) -> int:
        """The bits of what seems to stand in a row."""
        found = 0
        for at, (begins, ends) in enumerate(self._tables):
            begun, ended = text.translate(begins), text.translate(ends)
            both = int.from_bytes(begun, "little") & (int.from_bytes(ended, "little") >> 8)
            for bits in set(both.to_bytes(len(text), "little").translate(None, b"\0")) if both else ():
                found |= bits << 8 * at
        return found


class Chains:
    """Looks for wordings."""

    def __init__(self, wordings: Sequence[str], groups: Mapping[str, Words]) -> None:
        parsed = [list(_parsed(wording, groups)) for wording in wordings]
        self.is_first = [any(map(str.isupper, wording.split()[0])) for wording in wordings]
        """Whether a wording begins with a capital letter."""
        self._small = groups["small"]
        self._numbers: dict[Words, bytearray] = {element.words: bytearray() for row in parsed for element in row}
        self._of: dict[str, int] = {}
        """The class of each word, and of each kind of words."""
        self._many = [1] * _STOP
        """A measure of how often each class is met."""
        self._sort(groups["common"])
        self._neighbours = Neighbours([self._rarest_neighbours(row) for row in parsed])
        placed = [_placed(list(map(self._expression, row)), row) for row in parsed]
        self._patterns = [lazy(first + others, re.DOTALL) for first, others in placed]
        by_first: dict[bytes, list[int]] = defaultdict(list)
        for number, (first, _) in enumerate(placed):
            by_first[first].append(number)
        self._together = [
            (lazy(first + b"(?:" + b"|".join(placed[number][1] for number in numbers) + b")", re.DOTALL), numbers)
            for first, numbers in by_first.items()
        ]
        """Wordings that begin alike are looked for at once."""
        self._possible: dict[int, list[tuple[re.Pattern[bytes], list[int]]]] = {}
        """What may stand where some neighbours were met, as far as they were."""

    def _sort(self, common: Words) -> None:
        """Give each class a number: words are in one if they are in the same sets."""
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
                of_class[held] = len(of_class) + 1 if held else _OTHER
                for number, words in enumerate(sets):
                    if held >> number & 1:
                        self._numbers[words].append(of_class[held])
            self._of[word] = of_class[held]
            self._many[of_class[held]] += _FREQUENT if word in common else many_of_kind()[word] or 1
        assert len(of_class) < _OTHER, f"{len(of_class)} classes of words do not fit into a byte"

    def _classes(self, element: _Element) -> bytes:
        """What an element may be."""
        if element.is_first and "^stop" in element.words:
            return bytes(range(_STOP, 2 * _STOP))
        plain = bytes(self._numbers[element.words])
        if element.is_other:
            plain = bytes(set(range(1, _STOP)) - set(plain))
        stopped = bytes(number | _STOP for number in plain)
        return {"": plain, ".": stopped, ",": plain + stopped}["," if element.is_guard else element.stop]

    def _rarest_neighbours(self, row: Sequence[_Element]) -> tuple[bytes, bytes]:
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
        return sum(self._many[number % _STOP] for number in set(classes))

    def _expression(self, element: _Element) -> bytes:
        among = _among(self._classes(element))
        if element.is_guard:
            return among
        if element.is_first:
            return b"(?<=" + among + b".)"
        among += _TIMES.get(element.times, b"")
        if element.is_looked_at:
            return b"(?=" + among + b")"
        return b"(" + among + b")" if element.is_wrong else among

    def code(self, word: str) -> int:
        """The byte of what stands between spaces, in small letters; zero ends every wording."""
        ends_link = "](" in word
        link = _LINKS[word[0] == "[", ends_link]
        if ends_link:
            word = word[: word.find("](")] + word[word.rfind(")") + 1 :]
        if word.startswith(_EMPHASES) != word.rstrip(_MARKED).endswith(_EMPHASES):
            return 0  # begins or ends several words in emphasis, which are often quoted
        word = word.strip(_MARKS)
        bare = word.rstrip(_CLOSERS)
        if not bare:
            return 0
        number = self._of[link] if link in self._of and bare not in self._small else self._class_of(bare)
        return number | (0 if _STOPS.isdisjoint(word[len(bare) :]) else _STOP)

    def _class_of(self, word: str) -> int:
        if word[0] == HIDDEN:
            return 0 if word.strip(HIDDEN) else self._of.get("^code", _OTHER)
        if word[0].isdigit():
            return self._of.get("^number", _OTHER)
        if word in self._of:
            return self._of[word]
        if word in kinds():
            return self._of[kinds()[word]]
        if not word[0].isalpha():
            return 0
        is_name = word not in self._small and word.replace("-", "").isalnum()
        return self._of.get("^name", _OTHER) if is_name else _OTHER

    def find(self, text: bytes) -> Iterator[Match]:
        """The wordings in a row of bytes."""
        met = self._neighbours.among(text)
        if met not in self._possible:
            self._possible[met] = list(self._possible_with(met))
        for pattern, numbers in self._possible[met]:
            for place in pattern.finditer(text):
                for number in numbers:
                    match = self._patterns[number].match(text, place.start()) if len(numbers) > 1 else place
                    if match:
                        yield _match(number, match)

    def _possible_with(self, met: int) -> Iterator[tuple[re.Pattern[bytes], list[int]]]:
        """The wordings that may stand where some neighbours were met, with what looks for those that begin alike."""
        for together, numbers in self._together:
            possible = [number for number in numbers if self._neighbours.bits[number] & met]
            if possible:
                yield together if len(possible) > 1 else self._patterns[possible[0]], possible


def _match(number: int, found: re.Match[bytes]) -> Match:
    spans = [span for span in found.regs[1:] if span[0] < span[1]]
    return Match(number, found.start(), found.end() - 1, spans[0][0], spans[-1][1] - 1)


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
