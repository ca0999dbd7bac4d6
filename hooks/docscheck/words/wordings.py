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

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from docscheck.once import cached_property
from docscheck.parse.code import HIDDEN
from docscheck.words.codes import ALONE, Coded, found
from docscheck.words.kinds import kinds

STOPS = ".,;:!?)"
OPENERS = '("“['
_AROUND = OPENERS + STOPS
_ANY = bytes(1) + b"\1" * 255
"""Makes one of whatever is not zero."""
_MANY = 100_000
"""So many pairs of words are kept."""
_NONE: frozenset[str] = frozenset()
Words = frozenset[str]
Groups = Mapping[str, Words]
Tests = Mapping[str, Callable[[str], bool]]
Known = Sequence[tuple[int, int]]
"""Rows, with the place in each of the left one of the two words by which it is known."""


class Element:
    """What one word has to be."""

    def __init__(self, text: str, is_wrong: bool, groups: Groups, tests: Tests) -> None:
        named = text.lstrip("-~").rstrip("?!+.")
        signs = text[text.index(named) + len(named) :]
        names = named.split("|")
        self.written = text, is_wrong
        self._named, self._all = named, groups
        self.capitals: Words = _NONE if named.islower() else frozenset(name for name in names if name[0].isupper())
        """The words of it that have to be written with a capital."""
        self.test = next((tests[name[1:]] for name in names if name[0] == "^"), None) if "^" in named else None
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

    @cached_property
    def words(self) -> Words:
        """In small letters; none for any. Most elements are never looked at, and groups take long to be joined."""
        return _words(self._named, self._all)

    @property
    def is_known(self) -> bool:
        """Whether it is one of a few words."""
        return bool(self.words) and not self.is_other and not self.is_guard

    def admits(self, word: str, is_first: bool, is_last: bool) -> bool:
        """Whether it may be this word; only behind the last of a row may be a stop."""
        if self.is_guard:
            return not self.holds(word.strip(_AROUND))
        word = word.lstrip(OPENERS if is_first else "[") or word
        if word[-1] in STOPS:
            if not is_last or (self.is_end and word[-1] == ","):
                return False
            word = word.rstrip(STOPS) or word
        elif self.is_end:
            return False
        if self.is_other or not (self.words or self.test):
            return (word[0].isalnum() or word[0] == HIDDEN) and not self.holds(word)
        return self.holds(word) or (self.test is not None and self.test(word))

    def holds(self, word: str) -> bool:
        """Whether the word is one of those that are named, or of their kind."""
        return word in self.words or kinds().get(word) in self.words


Row = tuple[Element, ...]
Written = tuple[str, bool]
"""An element as it is written, and whether it is wrong."""


class Elements(dict[Written, Element]):
    """Elements by how they are written, each made once: a third of them stand in several wordings."""

    def __init__(self, groups: Groups, tests: Tests) -> None:
        super().__init__()
        self._groups = groups
        self._tests = tests

    def __missing__(self, key: Written) -> Element:
        element = self[key] = Element(*key, self._groups, self._tests)
        return element


class Rows(dict[int, Row]):
    """Rows by their numbers, each made of its elements when it is first asked for: few are."""

    def __init__(self, written: Sequence[Sequence[Written]], elements: Elements) -> None:
        super().__init__()
        self._written = written
        self._elements = elements

    def __missing__(self, number: int) -> Row:
        row = self[number] = tuple([self._elements[element] for element in self._written[number]])
        return row


class Match(NamedTuple):
    """Where a row was found; words are counted."""

    row: int
    start: int
    end: int
    wrong_start: int
    wrong_end: int


def _words(named: str, groups: Groups) -> Words:
    """The words that are named, and those of the groups among them; either apostrophe will do."""
    names = named.lower().split("|")
    words = [name for name in names if name[0] not in "@^*"]
    if "'" in named:
        words += [word.replace("'", "’") for word in words]
    joined = [groups[name[1:]] for name in names if name[0] == "@"]
    return joined[0] if joined and not words and len(joined) == 1 else frozenset(words).union(*joined)


def offset_of(text: str, number: int, count: int = 0) -> int:
    """Where a word of a text begins, by its number; `count` is how many there are, where that is known."""
    if number * 2 <= count or not count:
        return len(text) - len(text.split(None, number)[number])
    place = len(text.rsplit(None, count - number)[0])  # fewer words to part off from the end
    while text[place].isspace():
        place += 1
    return place


class Index(NamedTuple):
    """By which words rows are known, as plain values: it takes long to make."""

    alone: Mapping[str, Known]
    """The rows that are known by a word alone."""
    pairs: Sequence[Known]
    """The rows that are known by each pair."""
    begins: Mapping[str, int]
    """For each word that can begin pairs a bit for each of these."""
    ends: Mapping[str, int]
    """For each word that can end pairs a bit for each of these."""
    groups: Sequence[int]
    """The group of each pair."""


class Table:
    """Looks for all rows together.

    Each row is known by two neighbours in it, or by one word. Rows with such a word in common are joined to a pair of
    what may be left and what right, and each pair belongs to one of some groups. A word has a bit for each group of
    which it can begin a pair, and one for each of which it can end one. Where two words side by side have a group in
    common, a pair may be there; if it is, its rows are read.
    """

    def __init__(self, rows: Mapping[int, Row], index: Index) -> None:
        self._rows = rows
        self._alone, self._pairs, self._begins, self._ends, self._groups = index
        self._folded: dict[int, int] = {}
        """The groups of pairs that some word met can begin or end: all words of a kind share them."""
        self._sides: dict[str, tuple[int, int]] = {}
        """The pairs that each word met can begin, and those that it can end."""
        self._met: dict[tuple[str, str], Known] = {}
        """The rows that two words met side by side make known: of those that share a group, most are met again."""

    def groups_of(self, word: str) -> tuple[int, int, bool]:
        """The groups of which a word can begin a pair, and can end one, and whether it is looked for alone."""
        bare = self._bare(word)
        kind = kinds().get(bare, "")
        begins = self._begins.get(bare, 0) | self._begins.get(kind, 0)
        ends = self._ends.get(bare, 0) | self._ends.get(kind, 0)
        self._sides[word] = begins, ends
        return self._groups_among(begins), self._groups_among(ends), bare in self._alone

    def find(self, text: Coded) -> Iterator[Match]:
        """The rows among words in small letters."""
        words = text.words
        for at in text.places(ALONE):
            for number, place in self._alone.get(words[at].strip(_AROUND), ()):
                yield from self._matched(words, number, at - place)
        for at, known in self.pairs(text):
            for number, place in known:
                yield from self._matched(words, number, at - place)

    def pairs(self, text: Coded) -> Iterator[tuple[int, Known]]:
        """Where two words side by side make some rows known, and these."""
        words = text.words
        both = 0
        for begins, ends in text.sides:
            both |= _both(begins, ends)
        for at in found(1, both.to_bytes(len(words), "little").translate(_ANY)) if both else ():
            beside = words[at], words[at + 1]
            known = self._met.get(beside)
            if known is None:
                known = tuple(self._known(*beside))
                if len(self._met) < _MANY:
                    self._met[beside] = known
            if known:
                yield at, known

    def _known(self, left: str, right: str) -> Iterator[tuple[int, int]]:
        """The rows that two words side by side make known."""
        pairs = self._sides[left][0] & self._sides[right][1]
        if not pairs:
            return
        left, right = self._bare(left), self._bare(right)
        while pairs:
            for number, place in self._pairs[(pairs & -pairs).bit_length() - 1]:
                row = self._rows[number]
                if row[place].holds(left) and row[place + 1].holds(right):
                    yield number, place
            pairs &= pairs - 1

    def _bare(self, word: str) -> str:
        """The word without signs around it, unless the table knows it with them."""
        known = word in self._begins or word in self._ends or word in self._alone
        return word if known else word.strip(_AROUND)

    def _groups_among(self, pairs: int) -> int:
        """The groups of these pairs."""
        groups = self._folded.get(pairs)
        if groups is None:
            groups, left = 0, pairs
            while left:
                groups |= 1 << self._groups[(left & -left).bit_length() - 1]
                left &= left - 1
            self._folded[pairs] = groups
        return groups

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


def _both(begins: bytes, ends: bytes) -> int:
    """What each word has in common with the one behind it, as one number."""
    return int.from_bytes(begins, "little") & (int.from_bytes(ends, "little") >> 8)
