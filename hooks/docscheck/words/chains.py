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
from docscheck.words.kinds import kinds
from docscheck.words.wordings import Match, Words

_STOP = 0x80
"""Added to the class of a word with a stop behind it."""
_OTHER = _STOP - 1
"""The class of words that no wording names."""
_STOPPED = b"[\x80-\xff]"
_STOPS = frozenset(".,;:!?)—–")
_CLOSERS = '.,;:!?)"”*_]—–'
_MARKS = "*_[]"
_EMPHASES = ("*", "_")
_MARKED = ".,;:!?)"
_LINKS = {(True, True): "^link", (True, False): "^begun", (False, True): "^ended", (False, False): ""}
"""What a word is that begins a link, or ends one."""
_TIMES = {"?": b"?", "*": b"{0,3}", "+": b"{1,3}"}


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
        self._sort()
        placed = [_placed(list(map(self._expression, row)), row) for row in parsed]
        self._patterns = [re.compile(first + others, re.DOTALL) for first, others in placed]
        by_first: dict[bytes, list[int]] = defaultdict(list)
        for number, (first, _) in enumerate(placed):
            by_first[first].append(number)
        self._together = [
            (re.compile(first + b"(?:" + b"|".join(placed[number][1] for number in numbers) + b")", re.DOTALL), numbers)
            for first, numbers in by_first.items()
        ]
        """Wordings that begin alike are looked for at once."""

    def _sort(self) -> None:
        """Give each class a number: words are in one if they are in the same sets."""
        of_class: dict[frozenset[Words], int] = {}
        named = {word.removeprefix("-") for words in self._numbers for word in words}
        for word in sorted(named.union(kinds().values())):
            kind = kinds().get(word)
            held = frozenset(
                words for words in self._numbers if f"-{word}" not in words and (word in words or kind in words)
            )
            if held not in of_class:
                of_class[held] = len(of_class) + 1 if held else _OTHER
                for words in held:
                    self._numbers[words].append(of_class[held])
            self._of[word] = of_class[held]
        assert len(of_class) < _OTHER, f"{len(of_class)} classes of words do not fit into a byte"

    def _expression(self, element: _Element) -> bytes:
        plain = bytes(self._numbers[element.words])
        if element.is_other:
            plain = bytes(set(range(1, _STOP)) - set(plain))
        stopped = bytes(number | _STOP for number in plain)
        if element.is_guard:
            return _among(plain + stopped)
        if element.is_first:
            return b"(?<=" + (_STOPPED if "^stop" in element.words else _among(plain)) + b".)"
        among = _among({"": plain, ".": stopped, ",": plain + stopped}[element.stop]) + _TIMES.get(element.times, b"")
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
        for together, numbers in self._together:
            for place in together.finditer(text):
                for number in numbers:
                    match = self._patterns[number].match(text, place.start())
                    if match:
                        spans = [span for span in match.regs[1:] if span[0] < span[1]]
                        yield Match(number, match.start(), match.end() - 1, spans[0][0], spans[-1][1] - 1)


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
