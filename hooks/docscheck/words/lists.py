"""The two word lists, as sorted text: a few questions are answered by halving, for many a table is made.

Reading both lists into tables costs more than a run that checks one changed page.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Set
from functools import lru_cache
from os.path import commonprefix
from pathlib import Path
from typing import Any

from docscheck.patterns import lazy

_GZIP = 31
"""Tells zlib that its data are a file of gzip's, whose own module takes longer to import than to read the file."""
_MANY = 1500
"""Who asks so much asks on: then a table is made, which costs as much as six thousand questions."""


class SortedList:
    """Lines that begin with a word and are sorted by it, capitals ignored."""

    def __init__(
        self, text: str, before: str, after: str, entry: re.Pattern[str], table: Callable[[str], dict[str, Any]]
    ) -> None:
        self._text = text
        self._before, self._after = before, after
        """What stands around the word at the beginning of a line."""
        self._entry = entry
        self._read = table
        """Makes a table of the whole text."""
        self._asked = 0
        self._table: dict[str, Any] | None = None

    def __bool__(self) -> bool:
        return bool(self._text)

    def get(self, word: str) -> Any:
        """What the list says of a word in small letters; None where it does not have it."""
        if self._table is not None:
            return self._table.get(word)
        self._asked += 1
        if self._asked > _MANY:
            self._table = self._read(self._text)
            return self._table.get(word)
        beginning = f"{self._before}{word}{self._after}"
        line = self._line(self._place(beginning))
        found = self._entry.match(line) if line.lower().startswith(beginning) else None
        return found[2] if found else None

    def among(self, words: Set[str]) -> dict[str, Any]:
        """What the list says of those of the words that it has."""
        if self._table is None and self._asked + len(words) > _MANY:
            self._table = self._read(self._text)
        if self._table is not None:
            return {word: self._table[word] for word in self._table.keys() & words}
        return {word: said for word in words if (said := self.get(word)) is not None}

    def reach(self, word: str) -> int:
        """With how many letters of a word, in small letters, some word of the list begins."""
        beginning = self._before + word
        place = self._place(beginning)
        beside = self._line(place), self._line(self._text.rfind("\n", 0, max(place - 1, 0)) + 1)
        shared = (commonprefix((beginning, line.lower())) for line in beside)  # noqa: RUF071 - characters are meant
        return max(map(len, shared)) - len(self._before)

    def _place(self, beginning: str) -> int:
        """The place of a line that begins so; where there is none, that of the first that comes behind it."""
        text, low, high = self._text, 0, len(self._text)
        while low < high:  # the line begins at or behind `low` and before `high`
            start = text.rfind("\n", low, (low + high) // 2) + 1 or low
            end = text.find("\n", start)
            end = len(text) if end < 0 else end
            line = text[start:end]
            lowered = line.lower()
            if lowered.startswith(beginning):
                return start
            if lowered < beginning:
                low = end + 1
            else:
                high = start
        return low

    def _line(self, place: int) -> str:
        """The line that begins at a place."""
        end = self._text.find("\n", place)
        return self._text[place : end if end >= 0 else None]


@lru_cache(maxsize=1)
def frequencies() -> SortedList:
    """pyspellchecker's English words: how often its corpus holds each."""
    import zlib  # asked for when a word is new

    packed = _read("spellchecker", "resources/en.json.gz")
    text = zlib.decompress(packed, _GZIP).decode("utf-8") if packed else ""
    return SortedList(text, '"', '"', lazy(r'^"([^"\n]+)": *(\d+)', re.M), json.loads)


@lru_cache(maxsize=1)
def slips() -> SortedList:
    """codespell's misspellings with their corrections, a comma between two."""
    text = _read("codespell_lib", "data/dictionary.txt").decode("utf-8")
    entry = lazy(r"^([^\n]+?)->([^\n]+)$", re.M)
    return SortedList(text, "", "->", entry, lambda text: {word.lower(): said for word, said in entry.findall(text)})


def _read(package: str, name: str) -> bytes:
    """A file of a package, which is not imported; nothing where the package is not installed: then no word is wrong."""
    from importlib.util import find_spec  # asked for when a word is new

    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        return b""
    return Path(spec.submodule_search_locations[0], name).read_bytes()
