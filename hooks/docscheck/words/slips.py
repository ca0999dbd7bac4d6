"""The wordings of `slips.txt` and `chains.txt`: what is wrong in any English sentence, what was meant, and examples."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from docscheck.patterns import lazy
from docscheck.words.chains import Chains
from docscheck.words.kinds import having, kinds
from docscheck.words.verbs import MORE_VERBS, VERBS, Verb, forms, verbs
from docscheck.words.wordings import Elements, Table, Words, rows

TESTS: dict[str, Callable[[str], bool]] = {
    "number": lambda word: word[0].isdigit(),
    "bracket": lambda word: word[0] == "(",
    "done": lambda word: len(word) > 4 and word.endswith("ed"),
}
"""What is asked of a word behind `^`."""


class Slip(NamedTuple):
    """A wording that is wrong."""

    name: str
    wordings: list[str]
    meant: str
    """What belongs in the place of the wrong words: see the head of slips.txt."""
    wrong: str
    right: str

    @property
    def is_article(self) -> bool:
        """Whether an article is missing, which is reported apart."""
        return self.name.startswith("article-")


class Slips:
    """All of them, the groups of words that are named in them, and the table that finds them."""

    def __init__(self) -> None:
        groups, self.slips = _read("slips.txt")
        more_groups, self.apart = _read("chains.txt")
        """Those of which the words may stand apart."""
        self.groups = _groups(f"{groups}\n{more_groups}")
        elements = Elements(self.groups, TESTS)
        found = [(row, slip) for slip in self.slips for wording in slip.wordings for row in rows(wording, elements)]
        self.rows = [row for row, _ in found]
        self.of_row = [slip for _, slip in found]
        self.table = Table(self.rows, self.groups["common"])
        chains = [(wording, slip) for slip in self.apart for wording in slip.wordings]
        self.chains = Chains([wording for wording, _ in chains], self.groups)
        self.of_chain = [slip for _, slip in chains]


@lru_cache(maxsize=1)
def slips() -> Slips:
    """The slips, read once."""
    return Slips()


def _read(name: str) -> tuple[str, list[Slip]]:
    """The groups of a file, and its slips."""
    _, groups, *parts = Path(__file__).with_name(name).read_text(encoding="utf-8").split("\n\n")
    return groups, [_slip(part) for part in parts if part[0] != "#"]


def _slip(part: str) -> Slip:
    name, *wordings, meant, wrong, right = (line.strip() for line in part.strip().split("\n"))
    return Slip(name, wordings, meant[2:], wrong[2:], right[2:])


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
    known["things"] = frozenset(map(_plural, known["thing"]))
    return known


def _plural(noun: str) -> str:
    if noun.endswith("y") and noun[-2] not in "aeou":
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(("s", "x", "ch")) else "s")


def suggestion(slip: Slip, wrong: str) -> str:
    """What to write in place of the wrong words."""
    if slip.meant == "-":
        return "leave it out, or write the sentence anew"
    if slip.meant.startswith("! "):
        return slip.meant[2:]
    meant = _FORM.sub(lambda match: _form(wrong, match[1]), slip.meant.replace("{}", wrong))
    return f"did you mean `{_begun_like(wrong, meant)}`?"


def _begun_like(wrong: str, meant: str) -> str:
    """The words with a capital if those that they replace have one alone."""
    return meant[0].upper() + meant[1:] if wrong[0].isupper() and not wrong[1:2].isupper() else meant


_FORM = lazy("=([a-z]+)")
_PARTICLE = lazy("(?<=[a-z])(?:up|out|down|back|in)$")
_SINGULAR = lazy("(?:(?<=s|x)|(?<=ch))es$|s$")
_SPACE_TOO_LATE = lazy(r"(\w) ")
_MADE: dict[str, Callable[[str], str]] = {
    "apart": lambda word: _PARTICLE.sub(r" \g<0>", word),
    "together": lambda word: word.replace(" ", ""),
    "shifted": lambda word: _SPACE_TOO_LATE.sub(r" \1", word),
    "bare": lambda word: word.replace("'", "").replace("’", ""),
    "plural": _plural,
    "singular": lambda word: word[:-3] + "y" if word.endswith("ies") else _SINGULAR.sub("", word),
}
"""How a word is written that is no verb: `set up`, `itself`, `in the` for `int he`, `APIs`, `files`, `file`."""


def _form(word: str, form: str) -> str:
    if form in _MADE:
        return _MADE[form](word)
    verb = _verb_of().get(word.lower()) or _built_verb(word.lower())
    return getattr(verb, form) if verb else word


_ENDINGS = (
    ("ies", "y"),
    ("ied", "y"),
    ("ing", ""),
    ("ing", "e"),
    ("ed", ""),
    ("ed", "e"),
    ("es", ""),
    ("s", ""),
    ("", ""),
)


def _built_verb(word: str) -> Verb | None:
    """The verb of which a word seems to be a form, if it is a common one."""
    bases = [word.removesuffix(ending) + of for ending, of in _ENDINGS if word.endswith(ending)]
    bases += [base[:-1] for base in bases if base[-1:] == base[-2:-1]]
    return next((Verb(base, {}) for base in bases if "B" in kinds().get(base, "")), None)


@lru_cache(maxsize=1)
def _verb_of() -> dict[str, Verb]:
    known = verbs(VERBS + MORE_VERBS)
    return {word: verb for verb in known for word in (verb.do, verb.does, verb.did, verb.done, verb.doing)}
