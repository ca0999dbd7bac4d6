"""What common words can be: a noun, its plural, a verb, one of its forms, an adjective, an adverb; see `kinds.txt`."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from docscheck.words.keeping import kept


@lru_cache(maxsize=1)
def kinds() -> dict[str, str]:
    """For each word in small letters all that it can be, as capitals."""
    return kept("kinds", _read)


def _read() -> dict[str, str]:
    text = Path(__file__).with_name("kinds.txt").read_text("utf-8")
    known: dict[str, str] = {}
    for row in text[text.rindex("\n\n") + 2 :].splitlines():
        letters, *words = row.split()
        for word in words:
            known[word] = letters
    return known


@lru_cache(maxsize=1)
def _all() -> frozenset[str]:
    return frozenset(kinds().values())


def having(condition: str) -> Iterator[str]:
    """The kinds that can be all of some letters and none of those behind a minus: `Z-SP`."""
    wanted, _, unwanted = map(set, condition.partition("-"))
    for kind in _all():
        if wanted.issubset(kind) and unwanted.isdisjoint(kind):
            yield kind
