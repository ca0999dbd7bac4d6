"""What a slip of the hand makes of a word: letters too many, too few, others, or in another order."""

from __future__ import annotations

LETTERS = "abcdefghijklmnopqrstuvwxyz"
LONGEST = 48
"""Longer than any word of a list. Every string one edit away from a word takes memory with the square of its length."""


VOWELS = "aeiou"


def with_one_more(word: str) -> set[str]:
    """A word with a letter more, in all places but the first."""
    return {word[:i] + letter + word[i:] for i in range(1, len(word) + 1) for letter in LETTERS}


def has_one_more(word: str, less: str) -> bool:
    """Whether a word becomes another when a letter is taken out, in any place but the first."""
    return any(word[:i] + word[i + 1 :] == less for i in range(1, len(word)))


def doubled_elsewhere(word: str) -> set[str]:
    """The word with another consonant twice instead of the one that is: `comittment`."""
    single = [word[:i] + word[i + 1 :] for i in range(2, len(word)) if word[i] == word[i - 1]]
    return {less[: i + 1] + less[i:] for less in single for i in range(1, len(less) - 1) if less[i] not in VOWELS} - {
        word
    }


def swaps_of(word: str, last: int = LONGEST) -> set[str]:
    """Every string in which two neighbours of a word have changed places, none behind the last place."""
    return {word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(min(len(word) - 1, last + 1))}


def splits_of(word: str, last: int) -> list[tuple[str, str]]:
    """A word in two, at every place but the first and those behind the last."""
    return [(word[:i], word[i:]) for i in range(1, min(len(word), last) + 1)]


def one_edit(word: str, last: int = LONGEST) -> set[str]:
    """Every string one deletion, swap, replacement or insertion away; the first letter is rarely wrong."""
    splits = splits_of(word, last)
    deletions = {a + b[1:] for a, b in splits if b}
    swaps = {a + b[1] + b[0] + b[2:] for a, b in splits if len(b) > 1}
    replacements = {a + letter + b[1:] for a, b in splits if b for letter in LETTERS}
    insertions = {a + letter + b for a, b in splits for letter in LETTERS}
    return deletions | swaps | replacements | insertions
