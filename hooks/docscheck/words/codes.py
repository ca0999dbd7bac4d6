"""What is known of each word: nearly every word of a page was met on another one already.

The words of a page are looked up once. From then on rules read bytes, and words only where those tell them to.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import repeat
from operator import itemgetter

ALONE, ARTICLE, TELLING, UNREAD = 1, 2, 4, 8
"""What a word may be: looked for alone by the table of wordings, `a` or `an`, a reason for some rule to look at the
page, and not known to be free of misspelt words.
"""
_WITH = {flag: bytes(bool(byte & flag) for byte in range(256)) for flag in (ALONE, ARTICLE, TELLING, UNREAD)}
_ARTICLES = ("a", "an")
_MANY = 100_000
"""So many words are kept, those of a large site."""
RIGHT: set[str] = set()
"""What stood between spaces, in small letters, and holds no misspelt word."""


SIDE = 3
"""So many bytes of a word tell where a pair of words may begin, and as many where one may end."""
_MARK, _CLASS, _FLAGS, _WIDTH = range(2 * SIDE, 2 * SIDE + 4)
"""The places of the others among the bytes of a word, and how many there are."""
_UNMET = "\0" * _FLAGS + chr(16)
"""In place of the bytes of a word that was not met yet."""


class Lexicon:
    """Some bytes for each word in small letters, learnt when it is first met.

    The first tell the table of wordings where a pair of words may begin, and the next where one may end; by another one
    most words differ, one is the class of the word for wordings whose words stand apart, and the last holds flags.
    """

    def __init__(
        self,
        groups_of: Callable[[str], tuple[int, int, bool]],
        class_of: Callable[[str], int] = lambda _: 0,
        tellers: Sequence[Callable[[str], object]] = (),
    ) -> None:
        self._codes: dict[str, str] = defaultdict(repeat(_UNMET).__next__)
        """The bytes of each word, as letters of Latin-1: texts are joined faster than bytes.

        Not a class of our own, of which Python would look up each word by way of a method.
        """
        self._groups_of = groups_of
        """The groups of which a word begins a pair, those of which it ends one, and whether it is looked for alone."""
        self._class_of = class_of
        self._tellers = tellers

    def __len__(self) -> int:
        """How many words it has learnt."""
        return len(self._codes)

    def look_up(self, words: Sequence[str]) -> bytes:
        """The bytes of words, one after the other."""
        codes = "".join(itemgetter(*words)(self._codes)).encode("latin-1") if words else b""
        unmet = [*found(_UNMET.encode()[-1], codes[_FLAGS::_WIDTH])]
        if not unmet:
            return codes
        completed = bytearray(codes)
        for at in unmet:
            code = self._codes.get(words[at], _UNMET)
            learnt = self._learn(words[at]) if code == _UNMET else code
            completed[at * _WIDTH : (at + 1) * _WIDTH] = learnt.encode("latin-1")
        return bytes(completed)

    def _learn(self, word: str) -> str:
        begins, ends, is_alone = self._groups_of(word)
        flags = ALONE * is_alone | ARTICLE * (word in _ARTICLES) | UNREAD * (word not in RIGHT)
        for tells in self._tellers:
            if tells(word):
                flags |= TELLING
                break
        sides = begins.to_bytes(SIDE) + ends.to_bytes(SIDE)
        code = (sides + bytes((hash(word) % 255 + 1, self._class_of(word), flags))).decode("latin-1")
        if len(self._codes) <= _MANY:
            self._codes[word] = code
        else:
            self._codes.pop(word, None)
        return code

    def settle(self, words: Collection[str]) -> None:
        """Keep of these words that none of them is misspelt."""
        RIGHT.update(words)
        for word in self._codes.keys() & words:
            code = self._codes[word]
            self._codes[word] = code[:-1] + chr(ord(code[-1]) & ~UNREAD)


class Coded:
    """The words of a text, with a byte for each in several rows."""

    def __init__(self, words: Sequence[str], lexicon: Lexicon) -> None:
        codes = lexicon.look_up(words)
        self.words = words
        self.sides = [(codes[at::_WIDTH], codes[at + SIDE :: _WIDTH]) for at in range(SIDE)]
        """The groups of which each word can begin a pair, and those of which it can end one: eight in each row."""
        self.classes = codes[_CLASS::_WIDTH]
        """The class of each word, as docscheck.words.chains tells."""
        self._marks = int.from_bytes(codes[_MARK::_WIDTH], "little")
        """The bytes by which most words differ, none of them zero, as one number."""
        self._flags = codes[_FLAGS::_WIDTH]
        self._given = frozenset(self._flags.translate(None, b"\0"))

    def places(self, flag: int) -> Iterator[int]:
        """Where words stand that have a flag."""
        given = any(flags & flag for flags in self._given)
        return found(1, self._flags.translate(_WITH[flag])) if given else iter(())

    def having(self, flag: int) -> frozenset[str]:
        """The words that have a flag."""
        return frozenset([self.words[at] for at in self.places(flag)])

    def repeated(self, distance: int, length: int = 1) -> Iterator[int]:
        """Where so many words seem to come again so many words later; what seems so is to be compared."""
        again = self._marks ^ (self._marks >> 8 * distance)
        return found(bytes(length), again.to_bytes(len(self.words), "little"))


def found(what: bytes | int, line: bytes) -> Iterator[int]:
    """Each place of something in a row of bytes."""
    at = line.find(what)
    while at >= 0:
        yield at
        at = line.find(what, at + 1)
