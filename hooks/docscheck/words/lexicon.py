"""What is known of each word of a run: nearly every word of a page was met on another one already.

The words of a page are looked up once. From then on rules read bytes, and words only where those tell them to.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING

from docscheck.once import of_page

if TYPE_CHECKING:
    from docscheck.page import Page
    from docscheck.words.chains import Chains
    from docscheck.words.wordings import Table

ALONE, ARTICLE, TELLING, UNREAD = 1, 2, 4, 8
"""What a word may be: looked for alone by the table of wordings, `a` or `an`, a reason for some rule to look at the
page, and not known to be free of misspelt words.
"""
_WITH = {flag: bytes(bool(byte & flag) for byte in range(256)) for flag in (ALONE, ARTICLE, TELLING, UNREAD)}
_TELLERS = (
    "lists.empty_item",
    "lists.pasted_bullet",
    "syntax.accidental_emphasis",
    "syntax.foreign_syntax",
    "prose.placeholder",
    "prose.doubled_word",
    "prose.chat_leftover",
    "prose.punctuation",
    "prose.wrong_space",
    "references",
)
"""Rules to which single words are a reason to look at a page; each has a function `tells` that says which."""
_ARTICLES = ("a", "an")
_MANY = 100_000
"""So many words are kept, those of a large site."""
RIGHT: set[str] = set()
"""What stood between spaces, in small letters, and holds no misspelt word."""


class Lexicon(dict[str, bytes]):
    """Seven bytes for each word in small letters, learnt when it is first met.

    The first two tell the table of wordings where a pair of words may begin, and the next two where one may end; by the
    fifth most words differ, the sixth is the class of the word for wordings whose words stand apart, and the last holds
    flags.
    """

    def __init__(
        self, table: Table, chains: Chains | None = None, tellers: Sequence[Callable[[str], object]] = ()
    ) -> None:
        super().__init__()
        self._table = table
        self._class_of: Callable[[str], int] = chains.code if chains else lambda _: 0
        self._tellers = tellers

    def __missing__(self, word: str) -> bytes:
        begins, ends, is_alone = self._table.groups_of(word)
        flags = ALONE * is_alone | ARTICLE * (word in _ARTICLES) | UNREAD * (word not in RIGHT)
        for tells in self._tellers:
            if tells(word):
                flags |= TELLING
                break
        code = begins.to_bytes(2) + ends.to_bytes(2) + bytes((hash(word) % 255 + 1, self._class_of(word), flags))
        if len(self) <= _MANY:
            self[word] = code
        return code

    def settle(self, words: Collection[str]) -> None:
        """Keep of these words that none of them is misspelt."""
        RIGHT.update(words)
        for word in words:
            code = self[word]
            if word in self:
                self[word] = code[:-1] + bytes((code[-1] & ~UNREAD,))


class Coded:
    """The words of a text, with a byte for each in several rows."""

    def __init__(self, words: Sequence[str], lexicon: Lexicon) -> None:
        codes = b"".join(map(lexicon.__getitem__, words))
        self.words = words
        self.begins, self.ends = (codes[::7], codes[1::7]), (codes[2::7], codes[3::7])
        """The groups of which each word can begin a pair, and those of which it can end one, in two bytes a word."""
        self.classes = codes[5::7]
        """The class of each word, as docscheck.words.chains tells."""
        self._marks = int.from_bytes(codes[4::7], "little")
        """The bytes by which most words differ, none of them zero, as one number."""
        self._flags = codes[6::7]
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


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The words met so far."""
    from docscheck.words.slips import slips  # takes longer to read than a page without words to check

    known = slips()
    return Lexicon(known.table, known.chains, [import_module(f"docscheck.rules.{name}").tells for name in _TELLERS])


@of_page
def coded(page: Page) -> Coded:
    """The words of a page."""
    return Coded(page.words, lexicon())


@of_page
def telling(page: Page) -> frozenset[str]:
    """The words of a page that are a reason for some rule to look at it: few, and on most pages none."""
    return coded(page).having(TELLING)
