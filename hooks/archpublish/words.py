"""How a text becomes words of the search index; `docs/assets/scripts/search.js` has the same rules for queries.

A test holds both against the same list.
"""

from __future__ import annotations

import re
import unicodedata

_COMMON = """
    a an and architecture are as at be between by can difference do doe explain explained for from ha have how i in into
    is it its many most much of on or out should so that the their there these thi to use used using vs versus wa what
    when where which why will with work you your
"""
COMMON = frozenset(_COMMON.split())
"""Folded words that say nothing about what is sought."""

_WORD = re.compile(r"[^\W_]+(?:\.\d+)*")
_PARTS = re.compile(r"[A-Z][a-z]{3,}")
_BRITISH = (
    (re.compile(r"iz(?=[eia])"), "is"),
    (re.compile(r"yz(?=[ei])"), "ys"),
    (re.compile(r"our(?=s?$|al|ed)"), "or"),
    (re.compile(r"ll(?=ing$|ed$|er$)"), "l"),
    (re.compile(r"tre$"), "ter"),
)


def words(text: str) -> list[str]:
    """The words of `text`, folded: lower case, no accents, one spelling, singular."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return [fold(word) for word in _WORD.findall(plain.lower())]


def parts(text: str) -> list[str]:
    """The words that a name such as FlashAttention is made of, folded."""
    return [
        fold(part.lower()) for word in _WORD.findall(text) if len(found := _PARTS.findall(word)) > 1 for part in found
    ]


def fold(word: str) -> str:
    """One form for British and American spelling, singular and plural."""
    if len(word) > 4:
        for pattern, other in _BRITISH:
            word = pattern.sub(other, word)
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-3] + "y" if word.endswith("ies") and len(word) > 4 else word[:-1]
    return word
