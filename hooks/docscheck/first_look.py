"""First looks at a text: which signs it holds. They cost little, and on most pages they save the second look."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from docscheck.parse.code import HIDDEN

_SMALL_LETTERS, _DIGITS = "abcdefghijklmnopqrstuvwxyz", "0123456789"
_NO_MARKS = (_SMALL_LETTERS + _DIGITS + " ,\t" + HIDDEN).encode()
_NO_SIGNS = (_SMALL_LETTERS + _SMALL_LETTERS.upper() + _DIGITS + " .,\t" + HIDDEN).encode()


def signs_of(text: str) -> str:
    """What is left of a text without letters, digits, blanks, commas and full stops."""
    return _without(text, _NO_SIGNS)


kept_signs_of = cache(signs_of)
"""The same for the texts that are looked for, of which there are few."""


def marks_of(text: str) -> str:
    """What is left of a text without small letters, digits, blanks and commas."""
    return _without(text, _NO_MARKS)


def _without(text: str, characters: bytes) -> str:
    """The text without some of ASCII's characters."""
    return text.encode("utf-8", "surrogatepass").translate(None, characters).decode("utf-8", "surrogatepass")


_FREQUENT = frozenset(" .,-_()[]\"'\n")


class Signs:
    """Signs that are looked for together: of those with a character that a text lacks none is."""

    def __init__(self, signs: Iterable[str]) -> None:
        self._by_rarest: dict[str, list[str]] = {}
        for sign in sorted(signs):
            self._by_rarest.setdefault(_rarest(sign), []).append(sign)

    def among(self, text: str) -> list[str]:
        """Those that a text holds."""
        groups = self._by_rarest.items()
        return [sign for character, signs in groups if character in text for sign in signs if sign in text]


def _rarest(sign: str) -> str:
    """The character of a sign that the fewest texts hold."""
    return min(sign, key=lambda character: character.isalnum() or character in _FREQUENT)
