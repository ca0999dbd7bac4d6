"""Which words are known: those of the field, those of a list of English, and what is built from them."""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path

from docscheck.words.kinds import kinds
from docscheck.words.lists import frequencies

COMMON = 200
"""How often pyspellchecker's corpus must hold a word for it to be what somebody meant."""
_PREFIX_TEXT = """
anti auto bi co counter cross de dis down en fore hyper im in inter ir kilo mega meta micro mid mini mis mono multi nano
non out over para poly post pre pro pseudo quasi re self semi sub super tele trans tri ultra un under uni up
"""
_PREFIXES = tuple(_PREFIX_TEXT.split())
_SUFFIX_TEXT = """
s es ed d er ers r or ors ing ings ly able ably ability ible ise ised iser ises ising isation ize ized izer izing
ization ness less like wise ward wards ish ism ist ists ity al ally ic ical ful ment y
"""
_SUFFIXES = tuple(_SUFFIX_TEXT.split())
_BRITISH = (("isation", "ization"), ("ise", "ize"), ("ising", "izing"), ("ised", "ized"), ("iser", "izer"))
_BRITISH_INSIDE = (
    ("our", "or"),
    ("yse", "yze"),
    ("ys", "yz"),
    ("ogue", "og"),
    ("ae", "e"),
    *((f"ll{vowel}", f"l{vowel}") for vowel in "aeio"),
    ("tre", "ter"),
)


def is_word(word: str, depth: int = 2) -> bool:
    """Whether a list knows the word, in either spelling, or it is built from known parts."""
    if is_listed(word):
        return True
    if any(frequency(word[:i]) >= COMMON and frequency(word[i:]) >= COMMON for i in range(3, len(word) - 2)):
        return True
    if not depth:
        return False
    return any(_is_stem(stem, depth - 1, word) for stem in _stems(word))


def is_listed(word: str) -> bool:
    """Whether a list knows the word, in either spelling."""
    return frequency(word) > 0 or any(frequency(variant) for variant in _american(word))


_DROPS = frozenset("aeiouy")
"""Before these letters a stem loses its `e`: `reinforcing`, and not `reinforcment`."""


def _is_stem(stem: str, depth: int, word: str) -> bool:
    """Whether a word remains; an `e` is left out only before more than one letter: `encodr` has no ending."""
    doubled = stem[-1:] == stem[-2:-1] and frequency(stem[:-1]) > 0
    drops = len(word) > len(stem) + 1 and word.startswith(stem) and word[len(stem)] in _DROPS
    return len(stem) >= 3 and (doubled or is_word(stem, depth) or (drops and is_listed(stem + "e")))


def _stems(word: str) -> set[str]:
    """What is left when a prefix or a suffix is taken away."""
    ends = {word.removesuffix(suffix) for suffix in _SUFFIXES if word.endswith(suffix)}
    return ends | {word.removeprefix(prefix) for prefix in _PREFIXES if word.startswith(prefix)}


def _american(word: str) -> set[str]:
    """What a word in British spelling may be in the American one, which the list of English has."""
    endings = {word.removesuffix(british) + american for british, american in _BRITISH if word.endswith(british)}
    return endings | {word.replace(british, american) for british, american in _BRITISH_INSIDE} - {word}


@cache
def frequency(word: str) -> int:
    """How often the corpus of the list holds a word; 1 for one of ours, 0 for an unknown one."""
    return 1 if word in own_words() else int(frequencies().get(word) or 0)


@lru_cache(maxsize=1)
def own_words() -> frozenset[str]:
    """Words of the field and of software that the general list lacks or the list of slips suspects."""
    return frozenset(Path(__file__).with_name("known.txt").read_text(encoding="utf-8").split())


@lru_cache(maxsize=1)
def own_words_alike() -> dict[tuple[str, int], list[str]]:
    """The same by first letter and length."""
    found: dict[tuple[str, int], list[str]] = {}
    for word in own_words():
        found.setdefault((word[0], len(word)), []).append(word)
    return found


_SMALL_TEXT = """
a about above across after again against all almost along already also although always am among an and another any
anyone anything are around as at away be because been before being below beside between beyond both but by can cannot
could did do does doing done down due during each eight either else english etc even ever every everyone everything
except few five for four from further had has have having he help hence her here herself him himself his how however i
if in instead into is it its itself just last least less let like lot many may maybe me might mine more most much must
my myself near neither never nine no nobody none nor not nothing now of off often on once one only onto or other
others our ourselves out over own part per perhaps plus quite rather same second set seven several shall she should
since six so some somehow someone something sometimes somewhere soon sort still such ten than that the their theirs
them themselves then there therefore these they this those though three through throughout thus to together too toward
towards two type under unless until up upon us use used using usually very via was we well were what whatever when
whenever where whereas wherever whether which whichever while who whoever whole whom whose why will with within
without would yet you your yours yourself
"""
_DOUBTFUL = frozenset(("informations", "momento", "momentos", "softwares", "visibles"))
"""Words that can be something, and yet are taken for slips."""


@lru_cache(maxsize=1)
def right_words() -> frozenset[str]:
    """Words in small letters of which neither list need be asked: most of what English pages hold."""
    return own_words().union(_SMALL_TEXT.split(), filter(str.isalpha, kinds())) - _DOUBTFUL
