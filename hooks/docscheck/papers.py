"""Papers as pages name them: which link texts are titles, and whether two of them can be the same paper's."""

from __future__ import annotations

import re
from functools import lru_cache
from unicodedata import normalize

from docscheck.patterns import lazy

_MARKUP = lazy(r"[*_`~]|\$[^$]*\$|!?\[|\]|\{[^}]*\}")
_WORD = lazy(r"[^\W_]+(?:[-'’][^\W_]+)*")
_CITATION = lazy(
    r"\bet\s+al\b|\(\d{4}[a-z]?\)|\barxiv\b|\bdoi\b|https?:|\b\d{4}\.\d{4,5}\b"
    r"|^\W*[\w-]+ (?:and|&) [\w-]+\W*$|^\W*[\w-]+(?:,? (?:and|&) [\w-]+)?,? (?:19|20)\d\d[a-z]?\W*$",
    re.I,
)
_SMALL_NAMES = "a an the of for in on to by with from and or is are as at via into over under using towards toward not"
_SMALL = frozenset(_SMALL_NAMES.split())
_NO_TITLE = lazy(r"^(?:the\s+)?(?:paper|article|preprint|pdf|code|blog|here|link|source|reference|see|read)\b", re.I)
_GENERIC = lazy(
    r"(?:original|full|main|first|second|old|new|latest|official|project|research|technical|report|version|page"
    r"|slides|video|talk|appendix|supplement|survey|review|website|repository|github|model|dataset|abstract)s?\b",
    re.I,
)
"""Words of links that say what is behind them, not what it is called."""
_NAME = lazy(r"(?=\w*[a-z])[A-Z][A-Za-z]*[A-Z][A-Za-z]*")
_LEAST_WORDS = 3
_CAPITALS = 0.6
"""Of a title's telling words at least this part begins with a capital."""
_LONG = 5
_LIKE = 0.5
"""Titles that share this part of their words can be two spellings of one title."""

_CITED = lazy(
    r"(?P<name>[^\W\d_][^\W\d_'’-]+(?:-[^\W\d_]+)?)(?:[ ]et[ ]al\.?|[ ](?:and|&)[ ][^\W\d_]+),?"
    r"[ ]\(?(?:19|20)\d\d[a-z]?\)?$"
)


@lru_cache(maxsize=4096)
def words(text: str) -> list[str]:
    """The words of a link text, folded to what two spellings of a title share."""
    plain = normalize("NFKD", _MARKUP.sub(" ", text)).casefold()
    return _WORD.findall("".join(letter for letter in plain if not 0x300 <= ord(letter) < 0x370))


def is_short_title(text: str) -> bool:
    """Whether a text of two words can be a title, where it is the entry of a list."""
    found = _WORD.findall(_MARKUP.sub(" ", text))
    generic = any(_NO_TITLE.match(word) or _GENERIC.match(word) for word in found)
    return len(found) == 2 and found[0][0].isupper() and not generic and not _CITATION.search(text)


def is_one_name(text: str) -> bool:
    """Whether a text is one word with a capital that says what is behind a link by a name: `Mamba`, but not `Paper`."""
    found = _WORD.findall(_MARKUP.sub(" ", text))
    return len(found) == 1 and found[0][0].isupper() and not (_NO_TITLE.match(found[0]) or _GENERIC.match(found[0]))


def is_name(text: str) -> bool:
    """Whether a text is the one word that a model or a method is called by: with a capital inside, as in `GShard`."""
    return _NAME.fullmatch(text) is not None and not _CITATION.search(text) and not _GENERIC.match(text)


def is_title(text: str) -> bool:
    """Whether a link text reads as the title of a paper, rather than as a citation or a phrase of a sentence."""
    plain = _MARKUP.sub(" ", text).strip().strip("\"'“”‘’ ")
    if _CITATION.search(plain) or _NO_TITLE.match(plain) or len(text.split()) < _LEAST_WORDS - 1:
        return False  # `MobileNet_v2_1.4` is the name of a model
    found = _WORD.findall(plain)
    telling = [word for word in found if word.casefold() not in _SMALL]
    if len(found) < _LEAST_WORDS or len(telling) < _LEAST_WORDS - 1 or found[0].islower():
        return False
    capitals = [word for word in telling if word[0].isupper() or word[0].isdigit()]
    return len(capitals) >= _CAPITALS * len(telling)


def has_subtitle(text: str) -> bool:
    """Whether a text is a title in two parts, as no journal's name is."""
    return ":" in text and len(words(text)) >= _LONG and is_title(text)


def can_be_same(title: str, other: str) -> bool:
    """Whether two titles can be one paper's: one a part of the other, or most of their words shared."""
    ours, theirs = words(title), words(other)
    our_letters, their_letters = ("".join(found).replace("-", "") for found in (ours, theirs))
    if not ours or not theirs or our_letters in their_letters or their_letters in our_letters:
        return True
    telling, told = set(ours) - _SMALL, set(theirs) - _SMALL
    shared = len(telling & told)
    return shared >= _LIKE * min(len(telling), len(told)) or _initials(ours, theirs) or _initials(theirs, ours)


def is_shortened(text: str, title: str) -> bool:
    """Whether a text gives a title or a part of it: no telling word that the title lacks, or the whole and more."""
    ours, whole = words(text), words(title)
    letters = "".join(whole)
    return letters in "".join(ours) or all(word in letters for word in ours if word not in _SMALL - {"not"})


def same_title(text: str) -> str:
    """A key under which spellings of one title meet."""
    return " ".join(words(text))


def cited_name(text: str) -> str:
    """The surname in a text such as "Ho et al. (2020)", folded; empty for any other text."""
    match = _CITED.match(_MARKUP.sub("", text).strip())
    return " ".join(words(match["name"])) if match else ""


def is_other_title(text: str, title: str) -> bool:
    """Whether a title differs from another in just one telling word, as two papers of one family do, or in a "not"."""
    ours, theirs = words(text), words(title)
    if ours != theirs and [word for word in ours if word != "not"] == [word for word in theirs if word != "not"]:
        return True
    if len(ours) != len(theirs) or len(ours) < _LEAST_WORDS:
        return False
    changed = [(one, other) for one, other in zip(ours, theirs, strict=True) if one != other]
    if len(changed) != 1:
        return False
    one, other = changed[0]
    return not _SMALL.intersection(changed[0]) and one[:4] != other[:4] and min(len(one), len(other)) > 3


def _initials(short: list[str], long: list[str]) -> bool:
    """Whether the shorter is an acronym of the longer."""
    letters = "".join(word[0] for word in long if word not in _SMALL)
    return len(short) == 1 and len(short[0]) > 2 and short[0] in letters
