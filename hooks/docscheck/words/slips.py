"""The wordings of `slips.txt` and `chains.txt`: what is wrong in any English sentence, what was meant, and examples."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from itertools import starmap
from typing import Any, NamedTuple

from docscheck.patterns import lazy
from docscheck.words.chains import Chains, Classes
from docscheck.words.keeping import kept
from docscheck.words.kinds import kinds
from docscheck.words.verbs import MORE_VERBS, VERBS, Verb, verbs
from docscheck.words.wordings import Elements, Index, Rows, Table, Words, Written

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


class Slips:
    """What finds them, and the groups of words that are named in them."""

    def __init__(self, made: Made) -> None:
        self.groups = made.groups
        slips = list(starmap(Slip, made.slips))
        self.rows = Rows(made.rows, Elements(self.groups, TESTS))
        self.of_row = [slips[number] for number in made.of_row]
        self.table = Table(self.rows, Index(*made.known_by))
        self.chains = Chains(Classes(*made.classes), self.groups["small"])
        self.of_chain = [slips[number] for number in made.of_chain]


@lru_cache(maxsize=1)
def slips() -> Slips:
    """The slips, made once."""
    return Slips(Made(*kept("slips", _made)))


def _made() -> tuple[Any, ...]:
    from docscheck.words.making import made  # done once for many runs

    return tuple(made())


def plural(noun: str) -> str:
    """The plural of a noun, by rule."""
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
    "plural": plural,
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
