"""What a slip is, and what is made of all of them once for many runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from docscheck.words.wordings import Words, Written

TESTS: dict[str, Callable[[str], bool]] = {
    "number": lambda word: word[0].isdigit(),
    "bracket": lambda word: word[0] == "(",
    "done": lambda word: len(word) > 4 and word.endswith("ed"),
}
"""What is asked of a word behind `^`."""


class Slip(NamedTuple):
    """What is wrong, in one wording or several."""

    name: str
    meant: str
    """What belongs in the place of the wrong words: see the head of slips.txt."""

    @property
    def is_article(self) -> bool:
        """Whether an article is missing, which is reported apart."""
        return self.name.startswith("article-")


class Made(NamedTuple):
    """What takes long to make of the two files, as plain values."""

    groups: dict[str, Words]
    slips: list[tuple[str, str]]
    rows: list[list[Written]]
    of_row: list[int]
    """For each row the number of the slip that it belongs to."""
    known_by: tuple[Any, ...]
    """An `Index` of the rows."""
    classes: tuple[Any, ...]
    """The `Classes` of those of which the words may stand apart."""
    of_chain: list[int]


def plural(noun: str) -> str:
    """The plural of a noun, by rule."""
    if noun.endswith("y") and noun[-2] not in "aeou":
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(("s", "x", "ch")) else "s")
