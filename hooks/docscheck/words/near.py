"""The known word that was probably meant by one that no list knows, told by what a slip of the hand makes of it."""

from __future__ import annotations

from functools import lru_cache

from docscheck.patterns import lazy
from docscheck.words.edits import (
    LETTERS,
    VOWELS,
    doubled_elsewhere,
    has_one_more,
    one_edit,
    splits_of,
    swaps_of,
    with_one_more,
)
from docscheck.words.known import COMMON, frequency, is_listed, is_word, own_words, own_words_alike
from docscheck.words.lists import frequencies

SHORTEST = 6
"""Shorter unknown words are mostly names and abbreviations."""
SHORTEST_OF_OURS = 8
"""From this length on two letters in the wrong order are taken for a slip in one of the field's own words."""
_SHORTEST_INSIDE = 10
"""From this length on any other letter before the last two is taken for a slip in one of the field's own words."""
_SHORTEST_FOR_RARE = 9
"""From this length on two letters in the wrong order are a slip even in a rare word, and two letters on any other."""
_ENDING = lazy(r"(?:aton|atoin|aiton)(s|al|)$")
"""What a slip makes of `-ation`: many such words are too rare for a list."""
_TRIPLED = lazy(r"([a-z])\1\1(?!\1)")
_TWICE = lazy(r"([a-z]{2,3})(?=\1)")
"""A stretch that stands twice in a row: what a hand writes that loses its place in a word."""
_ADVERBS_TEXT = """
however therefore moreover although because instead finally usually sometimes otherwise additionally furthermore
nevertheless meanwhile similarly currently generally especially
"""
_ADVERBS = frozenset(_ADVERBS_TEXT.split())
"""Longer words with which a sentence begins, and no name is near to."""
_FIRST_OF_ADVERBS = frozenset(word[0] for word in _ADVERBS)
VERY_COMMON = 50_000
_MUCH_USED = 150_000
_COMMONEST = 1_900_000
"""As often met as *these* or *their*."""
_OFTEN_WRITTEN = 20_000
_WELL_WRITTEN = 5_000
_SHORTEST_OF_PARTS = 7
"""From this length on a consonant too many or too few is a slip in a word built from parts, and beyond it a vowel."""
_KNOWN = 100
_WELL_KNOWN = 2_000
_NAME_TEXT = """
bayesian bernoulli boltzmann chebyshev dirichlet euclidean gaussian hamiltonian hausdorff kolmogorov kullback lagrangian
langevin laplacian lipschitz mahalanobis markovian rademacher riemannian uhlenbeck wasserstein
"""
_NAMES = frozenset(_NAME_TEXT.split())
"""Names that are words of the field, long enough that hardly another name is one letter away."""
_BEGINNINGS = frozenset((name[0], len(name) + more) for name in _NAMES for more in (-1, 0, 1))
"""The first letters and lengths of what may be meant for one."""


def name_meant(word: str) -> str:
    """The one of these names from which a word differs by a letter too many or too few, or two swapped ones."""
    if (word[0], len(word)) not in _BEGINNINGS or word in _NAMES or word.removesuffix("s") in _NAMES:
        return ""
    shorter = {word[:i] + word[i + 1 :] for i in range(1, len(word))}
    return min(_NAMES & (shorter | swaps_of(word) | with_one_more(word)), default="")


def _is_like_ours(word: str) -> bool:
    """Whether some word of the field begins and ends like one that is as long, or nearly."""
    return any(
        own.endswith(word[-2:]) for more in (-1, 0, 1) for own in own_words_alike().get((word[0], len(word) + more), ())
    )


@lru_cache(maxsize=1)
def _reach(word: str) -> int:
    """How many letters of a word begin a listed one: beyond them no single change leads to one."""
    return frequencies().reach(word)


def with_fewer(word: str, lower: str) -> str:
    """The word without a letter that stands three times in a row, or twice at its beginning as in `Pperson`."""
    tripled = _TRIPLED.search(lower, 1 - word.islower()) if len(word) > 4 else None
    if tripled and lower[tripled.start() - 1 : tripled.start()] != tripled[1]:
        shorter = (lower[: tripled.start()] + tripled[1] * many + lower[tripled.end() :] for many in (2, 1))
        often = _OFTEN_WRITTEN if len(lower) <= SHORTEST else COMMON
        return next((near for near in shorter if frequency(near) >= often), "")
    is_doubled = word[0].isupper() and word[1:2] == word[0].lower() and len(word) >= SHORTEST
    return lower[1:] if is_doubled and not frequency(lower) and frequency(lower[1:]) >= COMMON else ""


def with_ending_mended(word: str) -> str:
    """The word that a long one becomes with `ation` in place of a slip for it."""
    ending = _ENDING.search(word) if len(word) >= SHORTEST_OF_OURS else None
    whole = f"{word[: ending.start()]}ation{ending[1]}" if ending else ""
    return whole if whole and is_word(whole, 1) else ""


def one_edit_away(word: str) -> str:
    """The commonest word that one edit leads to; where none is common, one of the field if the word is long enough."""
    near = ((int(often), near) for near, often in frequencies().among(one_edit(word, _reach(word))).items())
    common = max((found for found in near if found[0] >= COMMON), default=None)
    if common is not None:
        return common[1]
    meant = ""
    if len(word) >= SHORTEST_OF_OURS:
        meant = next((swap for swap in sorted(swaps_of(word)) if swap in own_words()), "")
    if not meant and len(word) >= _SHORTEST_INSIDE and _is_like_ours(word):
        head = min((near for near in one_edit(word[:-2]) if near + word[-2:] in own_words()), default="")
        meant = head + word[-2:] if head else ""
    if not meant and len(word) >= SHORTEST_OF_OURS:
        longer = own_words_alike().get((word[0], len(word) + 1), ())
        meant = min((own for own in longer if has_one_more(own, word)), default="")
    return meant


def without_second(word: str) -> str:
    """The common word that a long one becomes when a stretch that stands twice in a row is kept once: `identitity`."""
    if len(word) < SHORTEST_OF_OURS:
        return ""
    once = (word[: match.start()] + word[match.end() :] for match in _TWICE.finditer(word))
    return next((near for near in once if frequency(near) >= COMMON), "")


def rare(word: str) -> str:
    """A rare word that a long one becomes when two letters change places, or one inside is put in or taken out."""
    near = swaps_of(word, _reach(word)) if len(word) >= _SHORTEST_FOR_RARE else set()
    if len(word) >= _SHORTEST_FOR_RARE + 2:
        head, tail = word[:-3], word[-3:]
        splits = splits_of(head, _reach(word))
        near |= {a + b[1:] + tail for a, b in splits if b and b[0] not in "aeiou"} | {
            a + x + b + tail for a, b in splits for x in LETTERS
        }
    return min(frequencies().among(near), default="")


def near_parts(word: str) -> str:
    """What a word that only looks built from parts is a slip for: a consonant too many or too few, or another vowel.

    Two letters that changed places count where the word that was meant is a common one: `refsued`.
    """
    if len(word) < _SHORTEST_OF_PARTS:
        return _with_two(word)
    swapped = {near: int(often) for near, often in frequencies().among(swaps_of(word, _reach(word)) - {word}).items()}
    common = max(swapped, key=lambda name: (swapped[name], name), default="")
    if common and swapped[common] >= (_OFTEN_WRITTEN if len(word) < SHORTEST_OF_OURS else _WELL_WRITTEN):
        return common
    inside = range(1, min(len(word), _reach(word) + 1))
    if whole := _whole(word):
        return whole
    near = {word[:i] + word[i + 1 :] for i in inside if word[i] == word[i - 1] and word[i] not in VOWELS}
    near |= {word[:i] + word[i] + word[i:] for i in inside if word[i] not in VOWELS and word[i] != word[i - 1]}
    found = {name: int(often) for name, often in frequencies().among(near).items() if int(often) >= _KNOWN}
    if not found and len(word) > _SHORTEST_OF_PARTS:
        near = {word[:i] + vowel + word[i + 1 :] for i in inside if word[i] in VOWELS for vowel in VOWELS}
        found = {name: int(often) for name, often in frequencies().among(near).items() if int(often) >= _WELL_KNOWN}
    return max(found, key=lambda name: (found[name], name), default="")


_SINGLE = lazy(r"[a-z]{0,2}[b-df-hj-np-tv-z][aeiou]([bdgklmnprt])(?:ing|ed)$")


def _with_two(word: str) -> str:
    """The word that a short one lacks a consonant for, before its ending: `cuting`."""
    match = _SINGLE.match(word)
    whole = f"{word[: match.start(1)]}{match[1]}{word[match.start(1) :]}" if match else ""
    return whole if whole and not is_listed(word) and frequency(whole) >= _WELL_KNOWN else ""


_GLUED = lazy(r"(the|are|were|was|which|that|and)(?=[a-z]{5})")


def in_two(word: str) -> str:
    """Two words of which the first is a small one: `aredivided`."""
    small = _GLUED.match(word)
    if small is None or is_listed(word) or int(frequencies().get(word[small.end() :]) or 0) < _WELL_WRITTEN:
        return ""
    return f"{small[1]} {word[small.end() :]}"


def adverb(word: str) -> str:
    """The word at the beginning of a sentence that lacks a letter in this one, or has two swapped or one too many."""
    if word[0] not in _FIRST_OF_ADVERBS:
        return ""
    fewer = {word[:i] + word[i + 1 :] for i in range(1, len(word))}
    return min(_ADVERBS & (fewer | swaps_of(word) | with_one_more(word)), default="")


def _whole(word: str) -> str:
    """The often written word that lacks one letter in this one, or has one too many before the last two: `netwrk`."""
    if word[-1] == "d" and is_listed(word[:-1]):
        return ""  # a program that runs in the background: `launchd`
    splits = splits_of(word, min(_reach(word), len(word) - 1))
    near = {a + letter + b for a, b in splits for letter in LETTERS}
    found = {name: int(often) for name, often in frequencies().among(near).items() if int(often) >= _WELL_WRITTEN}
    if not found and len(word) >= SHORTEST_OF_OURS:
        more = frequencies().among({a + b[1:] for a, b in splits if len(b) > 1}).items()
        found = {name: int(often) for name, often in more if int(often) >= VERY_COMMON}
    return max(found, key=lambda name: (found[name], name), default="")


def scrambled(word: str) -> str:
    """The word that a long one becomes when two pairs of neighbours change places, or two letters around a third."""
    if len(word) < SHORTEST_OF_OURS:
        return ""
    far = {word[:i] + word[i + 2] + word[i + 1] + word[i] + word[i + 3 :] for i in range(len(word) - 2)}
    far = far.union(*map(swaps_of, swaps_of(word))) if len(word) >= _SHORTEST_FOR_RARE else far
    found = {name: int(often) for name, often in frequencies().among(far | doubled_elsewhere(word)).items()}
    known = {name: often for name, often in found.items() if often >= _KNOWN}
    return max(known, key=lambda name: (known[name], name), default="")


_SHORT_TEXT = "batch token layer query agent graph noise cache prior input mask prompt decode tensor vector matrix"
_SHORT_OF_OURS = frozenset(_SHORT_TEXT.split())
"""Short words of the field that the general list has seldom."""
_LONGER_OF_OURS = frozenset(("decode", "matrix", "memory", "prompt", "tensor", "vector"))
"""Those of six letters, of which five are left when one is lost."""


def swapped(word: str) -> str:
    """The common word that a short one becomes when two neighbouring letters change places: `bleow`."""
    swaps = sorted(swaps_of(word, _reach(word)))
    common = next((swap for swap in swaps if int(frequencies().get(swap) or 0) >= _OFTEN_WRITTEN), "")
    return common or next((swap for swap in sorted(swaps_of(word)) if swap in _SHORT_OF_OURS), "")


def lacking(word: str) -> str:
    """The word of the commonest that a short one becomes with a letter more inside or behind: `befoe`, `thse`."""
    least = _COMMONEST if len(word) < SHORTEST - 1 else _MUCH_USED
    more = with_one_more(word)
    found = frequencies().among(more)
    ours = min(_LONGER_OF_OURS & more, default="") if len(word) == SHORTEST - 1 else ""
    return ours or max(
        (near for near in found if int(found[near]) >= least), key=lambda near: int(found[near]), default=""
    )
