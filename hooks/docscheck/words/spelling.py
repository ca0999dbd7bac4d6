"""Which words are misspelt, judged for precision: a warning that is wrong costs more than a slip that is missed.

Two word lists, both from well-kept packages and read from their data files: codespell's misspellings with their
corrections, and pyspellchecker's English words with frequencies. A word is reported when codespell lists it, or when
no list knows it, it is not built from known words, and one edit leads to a common word.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path

from docscheck.patterns import lazy
from docscheck.words.kinds import kinds
from docscheck.words.lists import frequencies, slips

WORD = lazy(
    r"(?<![\w@#/.:_’',-])(?<!\w\*\*)(?<!\(\w\))[A-Za-z][a-z]+(?:['’](?:s|t|re|ve|ll|d|m))?(?![\w/@_-]|[.=]\w|['’]\w)"
)
"""A word of running text: no digits, no capitals inside, not a part of a path, a hashtag or a compound, nor behind
`(u)`, as in `(u)ser`."""

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_SHORTEST = 6
"""Shorter unknown words are mostly names and abbreviations."""
_LONGEST = 48
"""Longer than any word of a list. Every string one edit away from a word takes memory with the square of its length."""
_SHORTEST_OF_OURS = 8
"""From this length on two letters in the wrong order are taken for a slip in one of the field's own words."""
_SHORTEST_INSIDE = 10
"""From this length on any other letter before the last two is taken for a slip in one of the field's own words."""
_SHORTEST_FOR_RARE = 9
"""From this length on two letters in the wrong order are a slip even in a rare word, and two letters on any other."""
_ENDING = lazy(r"(?:aton|atoin|aiton)(s|al|)$")
"""What a slip makes of `-ation`: many such words are too rare for a list."""
_DRAWN_OUT = lazy(r"([A-Za-z])\1\1\1")
"""A word that is drawn out on purpose: `smooooth`."""
_TRIPLED = lazy(r"([a-z])\1\1(?!\1)")
_TWICE = lazy(r"([a-z]{2,3})(?=\1)")
"""A stretch that stands twice in a row: what a hand writes that loses its place in a word."""
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
_ADVERBS_TEXT = """
however therefore moreover although because instead finally usually sometimes otherwise additionally furthermore
nevertheless meanwhile similarly currently generally especially
"""
_ADVERBS = frozenset(_ADVERBS_TEXT.split())
"""Longer words with which a sentence begins, and no name is near to."""
_FIRST_OF_ADVERBS = frozenset(word[0] for word in _ADVERBS)
_COMMON = 200
"""How often pyspellchecker's corpus must hold a word for it to be what somebody meant."""
_VERY_COMMON = 50_000
_MUCH_USED = 150_000
_COMMONEST = 1_900_000
"""As often met as *these* or *their*."""
_OFTEN_WRITTEN = 20_000
_WELL_WRITTEN = 5_000
_VOWELS = "aeiou"
_SHORTEST_OF_PARTS = 7
"""From this length on a consonant too many or too few is a slip in a word built from parts, and beyond it a vowel."""
_KNOWN = 100
_KNOWN_WITH_CAPITAL = 1_000
_WELL_KNOWN = 2_000
OFTEN = 2
"""A word used more often than this on a site is one of its own words."""

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
    found = {part: _correction(lower) for part, lower in known.items() if not _frequency(lower)}
    return {part: _in_case_of(part, meant) for part, meant in found.items() if meant}


def misspelt(words: Mapping[str, int]) -> dict[str, str]:
    """Return the misspelt ones among `words` with what was probably meant.

    `words` maps each word, as written, to how often the site uses it.
    """
    return {word: meant for word, count in words.items() if (meant := _meant(word, count))}


def _meant(word: str, count: int) -> str:
    if len(word) > _LONGEST or _DRAWN_OUT.search(word):
        return ""
    lower = word.replace("’", "'").lower().removesuffix("'s")
    if program := _PROGRAMS.get(lower):
        return program
    if (correction := _correction(lower)) and not _is_name(word, lower, correction, count):
        return _in_case_of(word, correction)
    if not frequencies() or count > OFTEN or _is_made_name(lower):
        return ""
    if (fewer := _with_fewer(word, lower)) or _is_listed(lower):
        return _in_case_of(word, fewer)
    if word.islower() and (short := _short(lower)):
        return short
    if len(lower) >= _SHORTEST_OF_OURS and (name := _name_meant(lower)):
        return name.capitalize()
    if word.islower() and (apart := _apart(lower)):
        return apart
    if _is_word(lower):
        return _near_parts(lower) if word.islower() and word.isascii() else ""
    if whole := _with_ending_mended(lower):
        return _in_case_of(word, whole)
    if len(lower) < _SHORTEST:
        return (_swapped(lower) or _lacking(lower)) if word.islower() and len(lower) > 3 else ""
    if word[0].isupper() and len(lower) < _SHORTEST_WITH_CAPITAL:
        return _adverb(lower).capitalize() if lower[0] in _FIRST_OF_ADVERBS else ""
    near = _one_edit_away(lower)
    if not near and word.isascii():
        near = _rare(lower) or _without_second(lower) or _near_parts(lower) or _scrambled(lower)
    return _in_case_of(word, near) if near else ""


def _is_made_name(word: str) -> bool:
    """Whether a word is put together as programs name things: `roomid`, `proctools`."""
    if word.endswith("id") and len(word) > _SHORTEST_MADE and not _is_listed(word):
        return _frequency(word[:-2]) >= _COMMON
    return word.endswith("tools") and len(word) > _SHORTEST_MADE


_SHORTEST_MADE = 5

_NAME_TEXT = """
bayesian bernoulli boltzmann chebyshev dirichlet euclidean gaussian hamiltonian hausdorff kolmogorov kullback lagrangian
langevin laplacian lipschitz mahalanobis markovian rademacher riemannian uhlenbeck wasserstein
"""
_NAMES = frozenset(_NAME_TEXT.split())
"""Names that are words of the field, long enough that hardly another name is one letter away."""
_BEGINNINGS = frozenset((name[0], len(name) + more) for name in _NAMES for more in (-1, 0, 1))
"""The first letters and lengths of what may be meant for one."""


def _name_meant(word: str) -> str:
    """The one of these names from which a word differs by a letter too many or too few, or two swapped ones."""
    if (word[0], len(word)) not in _BEGINNINGS or word in _NAMES or word.removesuffix("s") in _NAMES:
        return ""
    shorter = {word[:i] + word[i + 1 :] for i in range(1, len(word))}
    return min(_NAMES & (shorter | _swaps(word) | _with_one_more(word)), default="")


def _with_one_more(word: str) -> set[str]:
    """A word with a letter more, in all places but the first."""
    return {word[:i] + letter + word[i:] for i in range(1, len(word) + 1) for letter in _LETTERS}


def _has_one_more(word: str, less: str) -> bool:
    """Whether a word becomes another when a letter is taken out, in any place but the first."""
    return any(word[:i] + word[i + 1 :] == less for i in range(1, len(word)))


def _is_like_ours(word: str) -> bool:
    """Whether some word of the field begins and ends like one that is as long, or nearly."""
    return any(
        own.endswith(word[-2:]) for more in (-1, 0, 1) for own in _own_words().get((word[0], len(word) + more), ())
    )


@lru_cache(maxsize=1)
def _reach(word: str) -> int:
    """How many letters of a word begin a listed one: beyond them no single change leads to one."""
    return frequencies().reach(word)


def _with_fewer(word: str, lower: str) -> str:
    """The word without a letter that stands three times in a row, or twice at its beginning as in `Pperson`."""
    tripled = _TRIPLED.search(lower, 1 - word.islower()) if len(word) > 4 else None
    if tripled and lower[tripled.start() - 1 : tripled.start()] != tripled[1]:
        shorter = (lower[: tripled.start()] + tripled[1] * many + lower[tripled.end() :] for many in (2, 1))
        often = _OFTEN_WRITTEN if len(lower) <= _SHORTEST else _COMMON
        return next((near for near in shorter if _frequency(near) >= often), "")
    is_doubled = word[0].isupper() and word[1:2] == word[0].lower() and len(word) >= _SHORTEST
    return lower[1:] if is_doubled and not _frequency(lower) and _frequency(lower[1:]) >= _COMMON else ""


def _with_ending_mended(word: str) -> str:
    """The word that a long one becomes with `ation` in place of a slip for it."""
    ending = _ENDING.search(word) if len(word) >= _SHORTEST_OF_OURS else None
    whole = f"{word[: ending.start()]}ation{ending[1]}" if ending else ""
    return whole if whole and _is_word(whole, 1) else ""


def _one_edit_away(word: str) -> str:
    """The commonest word that one edit leads to; where none is common, one of the field if the word is long enough."""
    near = ((int(often), near) for near, often in frequencies().among(_one_edit(word, _reach(word))).items())
    common = max((found for found in near if found[0] >= _COMMON), default=None)
    if common is not None:
        return common[1]
    meant = ""
    if len(word) >= _SHORTEST_OF_OURS:
        meant = next((swap for swap in sorted(_swaps(word)) if swap in own_words()), "")
    if not meant and len(word) >= _SHORTEST_INSIDE and _is_like_ours(word):
        head = min((near for near in _one_edit(word[:-2]) if near + word[-2:] in own_words()), default="")
        meant = head + word[-2:] if head else ""
    if not meant and len(word) >= _SHORTEST_OF_OURS:
        longer = _own_words().get((word[0], len(word) + 1), ())
        meant = min((own for own in longer if _has_one_more(own, word)), default="")
    return meant


def _without_second(word: str) -> str:
    """The common word that a long one becomes when a stretch that stands twice in a row is kept once: `identitity`."""
    if len(word) < _SHORTEST_OF_OURS:
        return ""
    once = (word[: match.start()] + word[match.end() :] for match in _TWICE.finditer(word))
    return next((near for near in once if _frequency(near) >= _COMMON), "")


def _rare(word: str) -> str:
    """A rare word that a long one becomes when two letters change places, or one inside is put in or taken out."""
    near = _swaps(word, _reach(word)) if len(word) >= _SHORTEST_FOR_RARE else set()
    if len(word) >= _SHORTEST_FOR_RARE + 2:
        head, tail = word[:-3], word[-3:]
        splits = _splits(head, _reach(word))
        near |= {a + b[1:] + tail for a, b in splits if b and b[0] not in "aeiou"} | {
            a + x + b + tail for a, b in splits for x in _LETTERS
        }
    return min(frequencies().among(near), default="")


def _near_parts(word: str) -> str:
    """What a word that only looks built from parts is a slip for: a consonant too many or too few, or another vowel.

    Two letters that changed places count where the word that was meant is a common one: `refsued`.
    """
    if len(word) < _SHORTEST_OF_PARTS:
        return ""
    swapped = {near: int(often) for near, often in frequencies().among(_swaps(word, _reach(word)) - {word}).items()}
    common = max(swapped, key=lambda name: (swapped[name], name), default="")
    if common and swapped[common] >= _OFTEN_WRITTEN:
        return common
    inside = range(1, min(len(word), _reach(word) + 1))
    if whole := _whole(word):
        return whole
    near = {word[:i] + word[i + 1 :] for i in inside if word[i] == word[i - 1] and word[i] not in _VOWELS}
    near |= {word[:i] + word[i] + word[i:] for i in inside if word[i] not in _VOWELS and word[i] != word[i - 1]}
    found = {name: int(often) for name, often in frequencies().among(near).items() if int(often) >= _KNOWN}
    if not found and len(word) > _SHORTEST_OF_PARTS:
        near = {word[:i] + vowel + word[i + 1 :] for i in inside if word[i] in _VOWELS for vowel in _VOWELS}
        found = {name: int(often) for name, often in frequencies().among(near).items() if int(often) >= _WELL_KNOWN}
    return max(found, key=lambda name: (found[name], name), default="")


_GLUED = lazy(r"(the|are|were|was|which|that|and)(?=[a-z]{5})")


def _apart(word: str) -> str:
    """Two words of which the first is a small one: `aredivided`."""
    small = _GLUED.match(word)
    if small is None or _is_listed(word) or int(frequencies().get(word[small.end() :]) or 0) < _WELL_WRITTEN:
        return ""
    return f"{small[1]} {word[small.end() :]}"


def _adverb(word: str) -> str:
    """The word at the beginning of a sentence that lacks a letter in this one, or has two swapped or one too many."""
    fewer = {word[:i] + word[i + 1 :] for i in range(1, len(word))}
    return min(_ADVERBS & (fewer | _swaps(word) | _with_one_more(word)), default="")


def _whole(word: str) -> str:
    """The often written word that lacks one letter in this one, or has one too many before the last two: `netwrk`."""
    if word[-1] == "d" and _is_listed(word[:-1]):
        return ""  # a program that runs in the background: `launchd`
    splits = _splits(word, min(_reach(word), len(word) - 1))
    near = {a + letter + b for a, b in splits for letter in _LETTERS}
    found = {name: int(often) for name, often in frequencies().among(near).items() if int(often) >= _WELL_WRITTEN}
    if not found and len(word) >= _SHORTEST_OF_OURS:
        more = frequencies().among({a + b[1:] for a, b in splits if len(b) > 1}).items()
        found = {name: int(often) for name, often in more if int(often) >= _VERY_COMMON}
    return max(found, key=lambda name: (found[name], name), default="")


def _scrambled(word: str) -> str:
    """The word that a long one becomes when two pairs of neighbours change places, or two letters around a third."""
    if len(word) < _SHORTEST_OF_OURS:
        return ""
    far = {word[:i] + word[i + 2] + word[i + 1] + word[i] + word[i + 3 :] for i in range(len(word) - 2)}
    far = far.union(*map(_swaps, _swaps(word))) if len(word) >= _SHORTEST_FOR_RARE else far
    found = {name: int(often) for name, often in frequencies().among(far | _doubled_elsewhere(word)).items()}
    known = {name: often for name, often in found.items() if often >= _KNOWN}
    return max(known, key=lambda name: (known[name], name), default="")


def _doubled_elsewhere(word: str) -> set[str]:
    """The word with another consonant twice instead of the one that is: `comittment`."""
    single = [word[:i] + word[i + 1 :] for i in range(2, len(word)) if word[i] == word[i - 1]]
    return {less[: i + 1] + less[i:] for less in single for i in range(1, len(less) - 1) if less[i] not in _VOWELS} - {
        word
    }


_SHORT_TEXT = "batch token layer query agent graph noise cache prior input mask prompt decode tensor vector matrix"
_SHORT_OF_OURS = frozenset(_SHORT_TEXT.split())
"""Short words of the field that the general list has seldom."""


def _swapped(word: str) -> str:
    """The common word that a short one becomes when two neighbouring letters change places: `bleow`."""
    swaps = sorted(_swaps(word, _reach(word)))
    common = next((swap for swap in swaps if int(frequencies().get(swap) or 0) >= _OFTEN_WRITTEN), "")
    return common or next((swap for swap in sorted(_swaps(word)) if swap in _SHORT_OF_OURS), "")


def _lacking(word: str) -> str:
    """The word of the commonest that a short one becomes with a letter more inside or behind: `befoe`, `thse`."""
    least = _COMMONEST if len(word) < _SHORTEST - 1 else _MUCH_USED
    found = frequencies().among(_with_one_more(word))
    return max((near for near in found if int(found[near]) >= least), key=lambda near: int(found[near]), default="")


def _swaps(word: str, last: int = _LONGEST) -> set[str]:
    """Every string in which two neighbours of a word have changed places, none behind the last place."""
    return {word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(min(len(word) - 1, last + 1))}


def _splits(word: str, last: int) -> list[tuple[str, str]]:
    """A word in two, at every place but the first and those behind the last."""
    return [(word[:i], word[i:]) for i in range(1, min(len(word), last) + 1)]


def _correction(word: str) -> str:
    """What codespell takes a word for; where it wavers, only for a long word that no list knows, or two in one."""
    if word in _RARE:
        return _RARE[word]
    found = slips().get(word)
    if not found or word in own_words():
        return ""
    first, *others = (part.strip() for part in found.split(",") if part.strip())
    is_doubtful = (len(word) < _SHORTEST and " " not in first) or _frequency(word)
    return "" if others and is_doubtful else first


def _short(word: str) -> str:
    """A very common word for which codespell takes a short one that no list knows, if it wavers between several."""
    if not 3 < len(word) < _SHORTEST or word in own_words():
        return ""
    meant = [part.strip() for part in (slips().get(word) or "").split(",") if part.strip()]
    best = max(meant, key=_frequency) if len(meant) > 1 else ""
    return best if best and _frequency(best) >= _VERY_COMMON else ""


def _is_name(word: str, lower: str, correction: str, count: int) -> bool:
    """Whether a slip with a capital is more likely a name: `Ines` are no lines."""
    if word[0].islower() or correction in _COMMON_OPENINGS:
        return False
    if len(word) < _SHORTEST_SLIP_WITH_CAPITAL or lower in _NAME_LIKE:
        return True
    if len(word) >= _SURE_WITH_CAPITAL:
        return False
    return count > OFTEN or _frequency(lower) > 0 or _frequency(correction) < _KNOWN_WITH_CAPITAL


def _is_word(word: str, depth: int = 2) -> bool:
    """Whether a list knows the word, in either spelling, or it is built from known parts."""
    if _is_listed(word):
        return True
    if any(_frequency(word[:i]) >= _COMMON and _frequency(word[i:]) >= _COMMON for i in range(3, len(word) - 2)):
        return True
    if not depth:
        return False
    return any(_is_stem(stem, depth - 1, word) for stem in _stems(word))


def _is_listed(word: str) -> bool:
    return _frequency(word) > 0 or any(_frequency(variant) for variant in _american(word))


_DROPS = frozenset("aeiouy")
"""Before these letters a stem loses its `e`: `reinforcing`, and not `reinforcment`."""


def _is_stem(stem: str, depth: int, word: str) -> bool:
    """Whether a word remains; an `e` is left out only before more than one letter: `encodr` has no ending."""
    doubled = stem[-1:] == stem[-2:-1] and _frequency(stem[:-1]) > 0
    drops = len(word) > len(stem) + 1 and word.startswith(stem) and word[len(stem)] in _DROPS
    return len(stem) >= 3 and (doubled or _is_word(stem, depth) or (drops and _is_listed(stem + "e")))


def _stems(word: str) -> set[str]:
    """What is left when a prefix or a suffix is taken away."""
    ends = {word.removesuffix(suffix) for suffix in _SUFFIXES if word.endswith(suffix)}
    return ends | {word.removeprefix(prefix) for prefix in _PREFIXES if word.startswith(prefix)}


def _american(word: str) -> set[str]:
    endings = {word.removesuffix(british) + american for british, american in _BRITISH if word.endswith(british)}
    return endings | {word.replace(british, american) for british, american in _BRITISH_INSIDE} - {word}


def _one_edit(word: str, last: int = _LONGEST) -> set[str]:
    """Every string one deletion, swap, replacement or insertion away; the first letter is rarely wrong."""
    splits = _splits(word, last)
    deletions = {a + b[1:] for a, b in splits if b}
    swaps = {a + b[1] + b[0] + b[2:] for a, b in splits if len(b) > 1}
    replacements = {a + letter + b[1:] for a, b in splits if b for letter in _LETTERS}
    insertions = {a + letter + b for a, b in splits for letter in _LETTERS}
    return deletions | swaps | replacements | insertions


def _in_case_of(word: str, meant: str) -> str:
    return meant[:1].upper() + meant[1:] if word[0].isupper() else meant


@cache
def _frequency(word: str) -> int:
    return 1 if word in own_words() else int(frequencies().get(word) or 0)


@lru_cache(maxsize=1)
def own_words() -> frozenset[str]:
    """Words of the field and of software that the general list lacks or the list of slips suspects."""
    return frozenset(Path(__file__).with_name("known.txt").read_text(encoding="utf-8").split())


@lru_cache(maxsize=1)
def _own_words() -> dict[tuple[str, int], list[str]]:
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
