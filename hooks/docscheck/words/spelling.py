"""Which words are misspelt, judged for precision: a warning that is wrong costs more than a slip that is missed.

Two word lists, both from well-kept packages and read from their data files: codespell's misspellings with their
corrections, and pyspellchecker's English words with frequencies. A word is reported when codespell lists it, or when
no list knows it, it is not built from known words, and one edit leads to a common word.
"""

from __future__ import annotations

from collections.abc import Mapping

from docscheck.patterns import lazy
from docscheck.words.edits import (
    LONGEST,
)
from docscheck.words.known import COMMON, frequency, is_listed, is_word, own_words
from docscheck.words.lists import frequencies, slips
from docscheck.words.near import (
    SHORTEST,
    SHORTEST_OF_OURS,
    VERY_COMMON,
    adverb,
    in_two,
    lacking,
    name_meant,
    near_parts,
    one_edit_away,
    rare,
    scrambled,
    swapped,
    with_ending_mended,
    with_fewer,
    without_second,
)

WORD = lazy(
    r"(?<![\w@#/.:_’',-])(?<!\w\*\*)(?<!\(\w\))[A-Za-z][a-z]+(?:['’](?:s|t|re|ve|ll|d|m))?(?![\w/@_-]|[.=]\w|['’]\w)"
)
"""A word of running text: no digits, no capitals inside, not a part of a path, a hashtag or a compound, nor behind
`(u)`, as in `(u)ser`."""

_DRAWN_OUT = lazy(r"([A-Za-z])\1\1\1")
"""A word that is drawn out on purpose: `smooooth`."""
_SHORTEST_WITH_CAPITAL = 10
"""A capital begins a sentence or a name, and names are short; words that no list of slips has need so many letters."""
_SHORTEST_SLIP_WITH_CAPITAL = 6
_SURE_WITH_CAPITAL = 7
"""A slip of fewer letters with a capital is no word of the site's own, such as a name, if it is written rarely."""
_NAME_LIKE_TEXT = """
aci aktion aktive ambien archiv australien autor autors beddin berkley blosum bonnano bundel burbon caesarian capetown
carmalite carnagie cataline celler chasin chater chello codding conyak cotten custon dancin devine diamon effekt
enlish follin furher furter gameboy ghandi godounov grafic guilia guilio guiness guiseppe habsbourg hander harras
hatian hoever inster japanes jaques jospeh jurnal kindom klicks laotion larrry lepard linix malcom mannor marter
mathes matser modell monserrat montnana morter moteur newyorker objekt objekts parant passiv peloponnes perser poppin
projet pucini rether sammon samori sanhedrim segmen selten servin sirect sistem sixtin skagerak solvin sterio szenes
tabele tecnic tigger titels tocken traker tuscon vektor verson villan vindow weavin wisper
"""
_NAME_LIKE = frozenset(_NAME_LIKE_TEXT.split())
"""Slips that with a capital are people, places, brands, or words of other languages."""
_RARE_TEXT = """
backwords backwards, calender calendar, calenders calendars, circulary circularly, codding coding, complier compiler
compliers compilers, costumer customer, costumers customers, degrate degrade, degrates degrades
dirivative derivative, dirivatives derivatives, dirivitive derivative, discuses discusses, disturbative distributive
floaw flow, followings following, guarantied guaranteed, heterogenous heterogeneous, hided hid, implicity implicitly
incluse include, insteam instead, knifes knives, obsolute absolute, oerflow overflow, oerflows overflows
patters patterns, preforming performing, presidence precedence, prioritary priority, purvue purview, refect reflect
refected reflected, refects reflects, simplication simplification, straighted straightened, underate underrate
unknow unknown, withing within
"""
_PROGRAMS_TEXT = """
pyhton Python, pythno Python, ptyhon Python, githbu GitHub, gihtub GitHub, gtihub GitHub, dokcer Docker, dcoker Docker
javascipt JavaScript, javascirpt JavaScript, javscript JavaScript, markdwon Markdown, makrdown Markdown, linxu Linux
windwos Windows, wnidows Windows, ubunut Ubuntu, pytroch PyTorch, kubernets Kubernetes, microsfot Microsoft
"""
_PROGRAMS = dict(pair.split() for line in _PROGRAMS_TEXT.strip().split("\n") for pair in line.split(", "))
"""Slips in the names of programs, which are no names themselves."""
_RARE = dict(pair.split() for line in _RARE_TEXT.strip().split("\n") for pair in line.split(", "))
"""Words that a dictionary may have and hardly anyone means: those of codespell's list of rare words that are safe."""
_OPENINGS_TEXT = (
    "the this that there these those they then when what with which where from until before after here once their"
)
_COMMON_OPENINGS = frozenset(_OPENINGS_TEXT.split())
"""Words with which a sentence begins: a slip in one of them is no name."""
_KNOWN_WITH_CAPITAL = 1_000
_SHORTEST_MADE = 5
OFTEN = 2
"""A word used more often than this on a site is one of its own words."""
COMPOUND = lazy(
    r"(?<![\w@#/.:_’'$%+~-])(?:[a-z]{2,}-[a-z]{2,}|[A-Za-z][a-z]+/[A-Za-z][a-z]+)(?![\w/@_-]|[.=:(]\w|['’]\w)"
)
"""Two words joined by a hyphen, in small letters, or by a stroke; more of them are mostly names and paths."""
_SHORTEST_JOINED = 7
"""Shorter parts are mostly those of names."""


def misspelt_parts(compound: str) -> dict[str, str]:
    """The parts of a compound that are known as slips, and nothing else, with what was probably meant."""
    parts = [part for part in compound.replace("/", "-").split("-") if len(part) >= _SHORTEST_JOINED]
    known = {part: lower for part in parts if "," not in (slips().get(lower := part.lower()) or ",")}
    found = {part: _correction(lower) for part, lower in known.items() if not frequency(lower)}
    return {part: _in_case_of(part, meant) for part, meant in found.items() if meant}


def misspelt(words: Mapping[str, int]) -> dict[str, str]:
    """Return the misspelt ones among `words` with what was probably meant.

    `words` maps each word, as written, to how often the site uses it.
    """
    return {word: meant for word, count in words.items() if (meant := _meant(word, count))}


def _meant(word: str, count: int) -> str:
    """What was probably meant by a word that the site uses so often; empty where it is right, or nobody can tell."""
    if len(word) > LONGEST or _DRAWN_OUT.search(word):
        return ""
    lower = word.replace("’", "'").lower().removesuffix("'s")
    if program := _PROGRAMS.get(lower):
        return program
    if (correction := _correction(lower)) and not _is_name(word, lower, correction, count):
        return _in_case_of(word, correction)
    if not frequencies() or count > OFTEN or _is_made_name(lower):
        return ""
    if (fewer := with_fewer(word, lower)) or is_listed(lower):
        return _in_case_of(word, fewer)
    if word.islower() and (short := _short(lower)):
        return short
    if len(lower) >= SHORTEST_OF_OURS and (name := name_meant(lower)):
        return name.capitalize()
    if word.islower() and (apart := in_two(lower)):
        return apart
    if is_word(lower):
        return near_parts(lower) if word.islower() and word.isascii() else ""
    if whole := with_ending_mended(lower):
        return _in_case_of(word, whole)
    if len(lower) < SHORTEST:
        return (swapped(lower) or lacking(lower)) if word.islower() and len(lower) > 3 else ""
    if word[0].isupper() and len(lower) < _SHORTEST_WITH_CAPITAL:
        return adverb(lower).capitalize()
    near = one_edit_away(lower)
    if not near and word.isascii():
        near = rare(lower) or without_second(lower) or near_parts(lower) or scrambled(lower)
    return _in_case_of(word, near) if near else ""


def _is_made_name(word: str) -> bool:
    """Whether a word is put together as programs name things: `roomid`, `proctools`."""
    if word.endswith("id") and len(word) > _SHORTEST_MADE and not is_listed(word):
        return frequency(word[:-2]) >= COMMON
    return word.endswith("tools") and len(word) > _SHORTEST_MADE


def _correction(word: str) -> str:
    """What codespell takes a word for; where it wavers, only for a long word that no list knows, or two in one."""
    if word in _RARE:
        return _RARE[word]
    found = slips().get(word)
    if not found or word in own_words():
        return ""
    first, *others = (part.strip() for part in found.split(",") if part.strip())
    is_doubtful = (len(word) < SHORTEST and " " not in first) or frequency(word)
    return "" if others and is_doubtful else first


def _short(word: str) -> str:
    """A very common word for which codespell takes a short one that no list knows, if it wavers between several."""
    if not 3 < len(word) < SHORTEST or word in own_words():
        return ""
    meant = [part.strip() for part in (slips().get(word) or "").split(",") if part.strip()]
    best = max(meant, key=frequency) if len(meant) > 1 else ""
    return best if best and frequency(best) >= VERY_COMMON else ""


def _is_name(word: str, lower: str, correction: str, count: int) -> bool:
    """Whether a slip with a capital is more likely a name: `Ines` are no lines."""
    if word[0].islower() or correction in _COMMON_OPENINGS:
        return False
    if len(word) < _SHORTEST_SLIP_WITH_CAPITAL or lower in _NAME_LIKE:
        return True
    if len(word) >= _SURE_WITH_CAPITAL:
        return False
    return count > OFTEN or frequency(lower) > 0 or frequency(correction) < _KNOWN_WITH_CAPITAL


def _in_case_of(word: str, meant: str) -> str:
    return meant[:1].upper() + meant[1:] if word[0].isupper() else meant
