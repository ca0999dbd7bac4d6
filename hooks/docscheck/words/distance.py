"""How far apart two words are: for suggestions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def closest(word: str, known: Sequence[str], cutoff: float) -> str:
    """The known text most like this one, by the stretches they share; empty where none is like it."""
    from difflib import get_close_matches  # asked for when something is missing

    return next(iter(get_close_matches(word, known, 1, cutoff)), "")


def distance(a: str, b: str, limit: int = 3) -> int:
    """Insertions, deletions, replacements and swaps between two words; `limit` where it is that or more."""
    if abs(len(a) - len(b)) >= limit:
        return limit
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, left in enumerate(a, start=1):
        older, before, row = before, row, [i]
        for j, right in enumerate(b, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (left != right))
            if i > 1 and j > 1 and left == b[j - 2] and a[i - 2] == right:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        if min(row) >= limit:
            return limit
    return min(row[-1], limit)


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that was most likely meant; empty where none is near."""
    if len(word) < 3:
        return ""
    limit = 2 if len(word) < 6 else 3
    ranked = sorted((distance(word, name, limit), name) for name in known)
    return ranked[0][1] if ranked and ranked[0][0] < limit else ""
