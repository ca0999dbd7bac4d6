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
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from docscheck.parse.code import HIDDEN
from docscheck.patterns import lazy
from docscheck.words.kinds import kinds
from docscheck.words.wordings import Match, Words

STOP = 0x80
"""Added to the class of a word with a stop behind it."""
OTHER = STOP - 1
"""The class of words that no wording names."""
_STOPS = frozenset(".,;:!?)—–")
_CLOSERS = '.,;:!?)"”*_]—–'
_MARKS = "*_[]"
_EMPHASES = ("*", "_", "~~", "==")
_MARKED = ".,;:!?)"
_LINKS = {(True, True): "^link", (True, False): "^begun", (False, True): "^ended", (False, False): ""}
"""What a word is that begins a link, or ends one."""


class Neighbours:
    """Tells from a row of bytes which of some pairs of neighbours, each of two sets of classes, seem to stand in it.

    That takes a few steps for the whole row, where an expression tries each place. A pair has a bit of sixteen, eight
    in each of two tables; those with the same set on the left share it, which only lets more seem to stand there.
    """

    def __init__(self, bits: Sequence[int], tables: Sequence[Sequence[bytes]]) -> None:
        self.bits = bits
        """The bit of each pair."""
        self._tables = tables

    def among(self, text: bytes) -> int:
        """The bits of what seems to stand in a row."""
        found = 0
        for at, (begins, ends) in enumerate(self._tables):
            begun, ended = text.translate(begins), text.translate(ends)
            both = int.from_bytes(begun, "little") & (int.from_bytes(ended, "little") >> 8)
            for bits in set(both.to_bytes(len(text), "little").translate(None, b"\0")) if both else ():
                found |= bits << 8 * at
        return found


class Classes(NamedTuple):
    """The classes of words and what is looked for among them, as plain values: they take long to make."""

    is_first: list[bool]
    """Whether a wording begins with a capital letter."""
    of: dict[str, int]
    """The class of each word, and of each kind of words."""
    bits: list[int]
    """The bit of the neighbours by which each wording is known."""
    tables: list[tuple[bytes, bytes]]
    """The bits of each class on the left and on the right, in two tables."""
    placed: list[tuple[bytes, bytes]]
    """The first expression of each wording and the others."""


class Chains:
    """Looks for wordings."""

    def __init__(self, made: Classes, small: Words) -> None:
        self.is_first = made.is_first
        self._small = small
        self._of = made.of
        self._neighbours = Neighbours(made.bits, made.tables)
        self._patterns = [lazy(first + others, re.DOTALL) for first, others in made.placed]
        by_first: dict[bytes, list[int]] = defaultdict(list)
        for number, (first, _) in enumerate(made.placed):
            by_first[first].append(number)
        self._together = [
            (lazy(first + b"(?:" + b"|".join(made.placed[number][1] for number in numbers) + b")", re.DOTALL), numbers)
            for first, numbers in by_first.items()
        ]
        """Wordings that begin alike are looked for at once."""
        self._possible: dict[int, list[tuple[re.Pattern[bytes], list[int]]]] = {}
        """What may stand where some neighbours were met, as far as they were."""

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
        return number | (0 if _STOPS.isdisjoint(word[len(bare) :]) else STOP)

    def _class_of(self, word: str) -> int:
        if word[0] == HIDDEN:
            return 0 if word.strip(HIDDEN) else self._of.get("^code", OTHER)
        if word[0].isdigit():
            return self._of.get("^number", OTHER)
        if word in self._of:
            return self._of[word]
        if word in kinds():
            return self._of[kinds()[word]]
        if not word[0].isalpha():
            return 0
        is_name = word not in self._small and word.replace("-", "").isalnum()
        return self._of.get("^name", OTHER) if is_name else OTHER

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
