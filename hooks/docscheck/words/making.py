"""Reads `slips.txt` and `chains.txt`, and makes of them what finds their wordings."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from docscheck.words.chaining import classes_of
from docscheck.words.indexing import index_of, rows
from docscheck.words.kinds import having, kinds
from docscheck.words.slip import TESTS, Made, Slip, plural
from docscheck.words.verbs import MORE_VERBS, VERBS, forms, verbs
from docscheck.words.wordings import Elements, Words


class Entry(NamedTuple):
    """A slip as one of the two files tells it."""

    slip: Slip
    wordings: list[str]
    wrong: str
    right: str


def entries(name: str) -> list[Entry]:
    """The slips of a file."""
    return [_entry(part) for part in _parts(name)[1] if part[0] != "#"]


def _parts(name: str) -> tuple[str, list[str]]:
    """The groups of a file, and its other parts."""
    _, groups, *parts = Path(__file__).with_name(name).read_text(encoding="utf-8").split("\n\n")
    return groups, parts


def _entry(part: str) -> Entry:
    name, *wordings, meant, wrong, right = (line.strip() for line in part.strip().split("\n"))
    return Entry(Slip(name, meant[2:]), wordings, wrong[2:], right[2:])


def made() -> Made:
    """All of it, as plain values."""
    beside, apart = entries("slips.txt"), entries("chains.txt")
    groups = _groups("\n".join(_parts(name)[0] for name in ("slips.txt", "chains.txt")))
    elements = Elements(groups, TESTS)
    numbered = [(wording, number) for number, entry in enumerate(beside) for wording in entry.wordings]
    found = [(row, number) for wording, number in numbered for row in rows(wording, elements)]
    chains = [(wording, number) for number, entry in enumerate(apart, len(beside)) for wording in entry.wordings]
    return Made(
        groups=groups,
        slips=[(entry.slip.name, entry.slip.meant) for entry in (*beside, *apart)],
        rows=[[element.written for element in row] for row, _ in found],
        of_row=[number for _, number in found],
        known_by=tuple(index_of([row for row, _ in found], groups["common"])),
        classes=tuple(classes_of([wording for wording, _ in chains], groups)),
        of_chain=[number for _, number in chains],
    )


def _groups(text: str) -> dict[str, Words]:
    """The groups with the forms of the verbs: `@verb-does` of those that are nothing else, `@any-does` of all."""
    known: dict[str, Words] = {}
    sure, others = forms(verbs(VERBS)), forms(verbs(MORE_VERBS))
    for form, words in sure.items():
        known[f"verb-{form}"] = words
        known[f"any-{form}"] = words | others[form]
    for row in text.split("\n"):
        name, _, members = row[1:].partition(": ")
        named = members.split()
        added = [word for word in named if word[0] not in "@-+"]
        added += [kind for word in named if word[0] == "+" for kind in having(word[1:])]
        added += [word.replace("'", "’") for word in added if "'" in word]
        groups = [known[word[1:]] for word in named if word[0] == "@"]
        taken = {word[1:] for word in named if word[0] == "-"}
        held = known.get(name, frozenset()).union(added, *groups) - taken
        known[name] = held | {f"-{word}" for word in taken if kinds().get(word) in held}
    known["things"] = frozenset(map(plural, known["thing"]))
    return known
