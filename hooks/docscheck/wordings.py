"""Finds some hundred wrong wordings in one pass: bits tell which words stand side by side, before any is read.

A wording is a row of elements, one a word; brackets hold what is wrong: `[it's] own`.

- `they|we|you`  one of these words, in whatever letters; with a capital only so
- `@modal`       one of a group of words
- `~a|the`       a word that is none of these
- `*`            any word
- `@noun.`       with a stop behind it, but no comma; otherwise only the last word may have a stop, of any kind
- `-a|the`       first or last: what stands there, if anything, is none of these
- `not?`         may be missing
- `^number`      a word of which a function says so
- `whish!`       is looked for alone, `more+` with the word behind it, and the rest by the wrong word and its neighbour
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import count, product
from typing import NamedTuple

from docscheck.parse.code import HIDDEN

STOPS = ".,;:!?)"
OPENERS = '("“'
_AROUND = OPENERS + STOPS
_MANY = 100_000
"""So many words are kept, those of a large site."""
_BITS = re.compile(rb"[^\0]")
_PLANES = 3
"""More take longer to look through, fewer let more through."""
_NONE: frozenset[str] = frozenset()
Words = frozenset[str]
Groups = Mapping[str, Words]
Tests = Mapping[str, Callable[[str], bool]]
Pair = tuple[Words, Words, list[tuple[int, int]]]
"""What may be left and what right, and the rows that are known by it, with the place of the left word in each."""
Kind = tuple[int, int, int]
"""Of a word: a bit for each pair that it can begin, for each that it can end, and whether it is looked for alone."""


class Element:
    """What one word has to be."""

    def __init__(self, text: str, is_wrong: bool, groups: Groups, tests: Tests) -> None:
        named = text.lstrip("-~").rstrip("?!+.")
        signs = text[text.index(named) + len(named) :]
        names = named.split("|")
        self.words = _words(names, groups)
        """In small letters; none for any."""
        self.capitals: Words = _NONE if named.islower() else frozenset(name for name in names if name[0].isupper())
        """The words of it that have to be written with a capital."""
        self.test = next((tests[name[1:]] for name in names if name[0] == "^"), None)
        self.is_other = text[0] == "~"
        """Whether it is none of the words."""
        self.is_guard = text[0] == "-"
        """Whether it is none of the words, and may be missing."""
        self.is_wrong = is_wrong
        self.is_optional = "?" in signs
        self.is_anchor = "+" in signs
        self.is_alone = "!" in signs
        self.is_end = "." in signs
        """Whether a stop has to be behind it."""

    @property
    def is_known(self) -> bool:
        """Whether it is one of a few words."""
        return bool(self.words) and not self.is_other and not self.is_guard

    def admits(self, word: str, is_first: bool, is_last: bool) -> bool:
        """Whether it may be this word; only behind the last of a row may be a stop."""
        if self.is_guard:
            return word.rstrip(STOPS) not in self.words
        if is_first:
            word = word.lstrip(OPENERS) or word
        if word[-1] in STOPS:
            if not is_last or (self.is_end and word[-1] == ","):
                return False
            word = word.rstrip(STOPS) or word
        elif self.is_end:
            return False
        if self.is_other or not (self.words or self.test):
            return (word[0].isalnum() or word[0] == HIDDEN) and word not in self.words
        return word in self.words or (self.test is not None and self.test(word))


Row = tuple[Element, ...]


class Match(NamedTuple):
    """Where a row was found; words are counted."""

    row: int
    start: int
    end: int
    wrong_start: int
    wrong_end: int


def rows(wording: str, groups: Groups, tests: Tests) -> Iterator[Row]:
    """The rows that a wording stands for: with and without each word that may be missing."""
    elements: list[Element] = []
    is_wrong = False
    for word in wording.split():
        is_wrong = is_wrong or word.startswith("[")
        elements.append(Element(word.replace("[", "").replace("]", ""), is_wrong, groups, tests))
        is_wrong = is_wrong and "]" not in word
    for taken in product(*((element, None) if element.is_optional else (element,) for element in elements)):
        yield tuple(filter(None, taken))


def _words(names: Sequence[str], groups: Groups) -> Words:
    """The words that are named, and those of the groups among them; either apostrophe will do."""
    words = frozenset([name.lower() for name in names if name[0] not in "@^*"])
    if any("'" in word for word in words):
        words |= {word.replace("'", "’") for word in words}
    for name in names:
        if name[0] == "@":
            words = words | groups[name[1:]] if words else groups[name[1:]]
    return words


def offset_of(text: str, number: int) -> int:
    """Where a word of a text begins, by its number."""
    return len(text) - len(text.split(None, number)[number])


class _Codes(dict[str, bytes]):
    """The codes of words, each learnt when it is first met.

    A code is the byte that the table has for a word, with or without a stop behind it, and another by which most words
    differ, which is never zero.
    """

    def __init__(self, bytes_of: Mapping[str, int]) -> None:
        super().__init__()
        self._bytes_of = bytes_of

    def __missing__(self, word: str) -> bytes:
        byte = self._bytes_of.get(word) or self._bytes_of.get(word.strip(_AROUND), 0)
        code = bytes((byte, hash(word) % 255 + 1))
        if len(self) <= _MANY:
            self[word] = code
        return code


class Codes:
    """The words of a text, two bytes each."""

    def __init__(self, codes: Iterable[bytes]) -> None:
        both = b"".join(codes)
        self.line = both[::2]
        """The byte that the table has for each word."""
        self._marks = int.from_bytes(both[1::2], "little")
        """The bytes by which most words differ, as one number."""

    def repeated(self, distance: int, length: int = 1) -> Iterator[int]:
        """Where so many words seem to come again so many words later; what seems so is to be compared."""
        again = (self._marks ^ (self._marks >> 8 * distance)).to_bytes(len(self.line), "little")
        same = bytes(length)
        at = again.find(same)
        while at >= 0:
            yield at
            at = again.find(same, at + 1)


class Table:
    """Looks for all rows together.

    Each row is known by two neighbours in it, or by one word. A word has a byte that says of which pairs it can be a
    part: for several pairs at once, this byte is translated into those that it can begin, and into those that it can
    end. Where both have a bit in common, shifted by one word, a pair may be there; if it is, its rows are read.
    """

    def __init__(self, rows: Iterable[Row], common: Words = _NONE) -> None:
        self._rows = tuple(rows)
        self._alone: dict[str, list[tuple[int, int]]] = {}
        neighbours: list[Pair] = []
        for number, row in enumerate(self._rows):
            place = _anchor(row)
            if row[place].is_alone:
                for word in row[place].words:
                    self._alone.setdefault(word, []).append((number, place))
            else:
                known = [element.is_known for element in row[place : place + 2]]
                assert known == [True, True], f"row {number} is not known by two words"
                neighbours.append((row[place].words, row[place + 1].words, [(number, place)]))
        pairs = _pairs(neighbours, common)
        self._pairs = [known for _, _, known in pairs]
        kinds = _kinds(pairs, self._alone)
        bytes_of, masks = _bytes(kinds)
        self._codes = _Codes(bytes_of)
        self._alone_bytes = [bytes([byte]) for byte, (_, _, alone) in enumerate(masks) if alone]
        self._masks = [(left, right) for left, right, _ in masks]
        self._planes = [
            (bytes(_folded(left, plane) for left, _, _ in masks), bytes(_folded(right, plane) for _, right, _ in masks))
            for plane in range(_PLANES)
        ]

    def codes(self, words: Iterable[str]) -> Codes:
        """The codes of some words in small letters."""
        return Codes(map(self._codes.__getitem__, words))

    def places(self, word: str, words: Sequence[str], line: bytes) -> Iterator[int]:
        """Where a word stands of which the table knows."""
        byte = self._codes[word][0]
        at = line.find(byte)
        while at >= 0:
            if words[at] == word:
                yield at
            at = line.find(byte, at + 1)

    def find(self, words: Sequence[str], line: bytes | None = None) -> Iterator[Match]:
        """The rows among words in small letters, the line of whose codes may be known."""
        if line is None:
            line = self.codes(words).line
        for byte in self._alone_bytes:
            at = line.find(byte)
            while at >= 0:
                for number, place in self._alone.get(words[at].strip(_AROUND), ()):
                    yield from self._matched(words, number, at - place)
                at = line.find(byte, at + 1)
        for at in sorted(self._suspects(line)):
            both = self._masks[line[at]][0] & self._masks[line[at + 1]][1]
            word = words[at].strip(_AROUND) if both else ""
            while both:
                for number, place in self._pairs[(both & -both).bit_length() - 1]:
                    if word in self._rows[number][place].words:
                        yield from self._matched(words, number, at - place)
                both &= both - 1

    def _suspects(self, line: bytes) -> set[int]:
        """Where two words may make a pair: several pairs share a bit here, so that few planes hold all of them."""
        found: set[int] = set()
        for left, right in self._planes:
            both = int.from_bytes(line.translate(left), "little") & (
                int.from_bytes(line.translate(right), "little") >> 8
            )
            if both:
                found.update(match.start() for match in _BITS.finditer(both.to_bytes(len(line), "little")))
        return found

    def _matched(self, words: Sequence[str], number: int, start: int) -> Iterator[Match]:
        row = self._rows[number]
        first, last = start + row[0].is_guard, start + len(row) - 1 - row[-1].is_guard
        for at, element in enumerate(row, start):
            if not 0 <= at < len(words):
                if not element.is_guard:
                    return
            elif not element.admits(words[at], at == first, at == last):
                return
        inside = [at for at, element in enumerate(row, start) if not element.is_guard]
        wrong = [at for at, element in enumerate(row, start) if element.is_wrong]
        yield Match(number, inside[0], inside[-1], wrong[0], wrong[-1])


def _folded(mask: int, plane: int) -> int:
    """The eight bits of a plane: every third byte of a mask, one upon the other."""
    byte = 0
    mask >>= 8 * plane
    while mask:
        byte |= mask & 255
        mask >>= 8 * _PLANES
    return byte


def _anchor(row: Row) -> int:
    """The first of the two neighbours by which a row is known, or the one word."""
    for place, element in enumerate(row):
        if element.is_anchor or element.is_alone:
            return place
    wrong = next(place for place, element in enumerate(row) if element.is_wrong)
    return wrong - 1 if wrong and row[wrong - 1].is_known else wrong


def _bytes(kinds: Mapping[str, Kind]) -> tuple[dict[str, int], list[Kind]]:
    """A byte for each word, and the kind it stands for; the last stands for all kinds that are one too many."""
    masks: list[Kind] = [(0, 0, 0)] * 256
    byte_of_kind: dict[Kind, int] = {}
    for kind in sorted(set(kinds.values()), key=lambda kind: -sum(part.bit_count() for part in kind)):
        byte = byte_of_kind[kind] = min(len(byte_of_kind) + 1, 255)
        known = masks[byte]
        masks[byte] = known[0] | kind[0], known[1] | kind[1], known[2] | kind[2]
    return {word: byte_of_kind[kind] for word, kind in kinds.items()}, masks


def _pairs(neighbours: Iterable[Pair], common: Words) -> list[Pair]:
    """Pairs that can be told apart by a bit: as few as there can be without many that stand on every page."""
    once = list(neighbours)
    often = Counter(right for _, right, _ in once)
    same = _joined(once, lambda pair: (True, pair[1]) if often[pair[1]] > 1 else (False, pair[0]))
    number = count()
    # A rare word stands seldom before any of the words that other rare words are looked for before.
    return _joined(same, lambda pair: next(number) % 4 if pair[0].isdisjoint(common) else pair[0])


def _joined(pairs: Iterable[Pair], key: Callable[[Pair], object]) -> list[Pair]:
    """The pairs that have a key in common, as one."""
    together: dict[object, list[Pair]] = {}
    for pair in pairs:
        together.setdefault(key(pair), []).append(pair)
    return [
        (
            frozenset().union(*(left for left, _, _ in group)),
            frozenset().union(*(right for _, right, _ in group)),
            [known for _, _, rows in group for known in rows],
        )
        for group in together.values()
    ]


def _kinds(pairs: Sequence[Pair], alone: Collection[str]) -> dict[str, Kind]:
    """The kind of each word."""
    left: dict[str, int] = defaultdict(int)
    right: dict[str, int] = defaultdict(int)
    for number, (lefts, rights, _) in enumerate(pairs):
        bit = 1 << number
        for word in lefts:
            left[word] |= bit
        for word in rights:
            right[word] |= bit
    return {
        word: (left.get(word, 0), right.get(word, 0), int(word in alone))
        for word in left.keys() | right.keys() | set(alone)
    }
