"""The wordings of `slips.txt` and `chains.txt`: what is wrong in any English sentence, what was meant, and examples."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from itertools import starmap
from typing import Any

from docscheck.patterns import lazy
from docscheck.words.chains import Chains, Classes
from docscheck.words.keeping import kept
from docscheck.words.kinds import kinds
from docscheck.words.slip import TESTS, Made, Slip, plural
from docscheck.words.verbs import MORE_VERBS, VERBS, Verb, verbs
from docscheck.words.wordings import Elements, Index, Rows, Table


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
