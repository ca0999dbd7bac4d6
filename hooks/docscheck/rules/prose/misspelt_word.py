"""A misspelt word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import chain

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.rules.prose.misspelt_excused import is_excused, is_in_header, is_no_word
from docscheck.rules.prose.misspelt_foreign import has_filler, is_english
from docscheck.rules.prose.misspelt_names import bare_name, is_of_host, is_part_of_name, without_names
from docscheck.rules.prose.two_capitals import with_two_capitals
from docscheck.site import Site
from docscheck.source import Span
from docscheck.words.codes import RIGHT, UNREAD
from docscheck.words.known import right_words
from docscheck.words.lexicon import coded, lexicon, telling
from docscheck.words.spelling import COMPOUND, OFTEN, WORD, misspelt, misspelt_parts

RULE = Rule("PRO104", "misspelt-word", Severity.WARNING)
_WRONG: set[str] = set()
"""What stands between two spaces and may hold such a word, depending on its capitals."""
_FRESH = 10
"""Where each word of so many is a new one, the page may be in another language, of which no word is to be looked up."""
Fact = tuple[str, bool, list[int]]
"""What was probably meant, whether that holds however often the site writes the word, and where it stands."""


def facts(page: Page) -> dict[str, Fact]:
    """Words of the page that may be misspelt."""
    if not page.language.startswith("en"):
        return {}
    suspects = _suspects(page)
    suspects = {word: fact for word, fact in suspects.items() if not is_of_host(page, word)}
    for word, place in with_two_capitals(page):
        suspects.setdefault(word, (word.capitalize(), True, []))[2].append(place)
    if not _PAIRED.keys().isdisjoint(telling(page)):
        for match in _PAIR.finditer(page.prose):
            if meant := _PAIRED.get(match[0].lower()):
                suspects.setdefault(match[1], (meant, True, []))[2].append(match.start(1))
    return suspects


_PAIR_TEXT = """
kullback liebler Leibler, cauchy schwartz Schwarz, jensen shanon Shannon, runge kuta Kutta, gram schmitt Schmidt
gram schmit Schmidt, fokker plank Planck, navier stoke Stokes, metropolis hasting Hastings
"""
_TRIPLES = [part.split() for line in _PAIR_TEXT.strip().split("\n") for part in line.split(",")]
_PAIRED = {f"{first}{dash}{wrong}": meant for first, wrong, meant in _TRIPLES for dash in "-–"}
"""Two names that are joined, the second of which alone may be another person's, in small letters."""
tells = _PAIRED.__contains__
_PAIR = lazy(r"(?<![\w/.-])[A-Z][a-z]+[-–]([A-Z][a-z]+)(?![\w/-]|\.\w)")


def _suspects(page: Page) -> dict[str, Fact]:
    """Words that no list knows, or that a list of slips has."""
    about = _about(page)
    suspects = _suspicious_tokens(page, about)
    if not suspects or not is_english(page, about):
        return {}
    prose = about + page.prose[len(about) :]
    written = {token for token in prose.split() if token.lower() in suspects}
    wrong = misspelt(dict.fromkeys(chain.from_iterable(map(WORD.findall, written)), 1))
    joined = _joined(page, prose) if any("-" in token or "/" in token for token in written) else {}
    if not wrong:
        return joined
    sure = misspelt(dict.fromkeys(wrong, OFTEN + 1))
    wrong = without_names(page, wrong, sure)
    found: dict[str, Fact] = {word: (meant, word in sure, []) for word, meant in wrong.items()}
    with_filler = has_filler(page)
    for match in WORD.finditer(prose):
        if match[0] in found and not is_excused(page, match, match[0] in sure, with_filler):
            found[match[0]][2].append(match.start())
    for word, (_, is_sure, places) in found.items():
        if places and not is_sure and is_part_of_name(page, word):
            places *= OFTEN + 1  # a word of the site's own, however often it is written
    for word, (_, _, places) in joined.items():
        if word in found:
            places += found[word][2]
    return {word: fact for word, fact in (found | joined).items() if fact[2]}


def _suspicious_tokens(page: Page, about: str) -> set[str]:
    """What stands between two spaces, in small letters, and may hold a slip; nothing if the page is not in English."""
    fresh = coded(page).having(UNREAD)
    if about:
        fresh = fresh.union(about.lower().split()) - RIGHT
    if not fresh or (len(fresh) * _FRESH > len(page.words) and not is_english(page, about)):
        return set()
    suspects = {token for token in fresh if token in _WRONG or not _is_right(token)}
    lexicon().settle([token for token in fresh - suspects if len(token) < _KEPT])
    return suspects


def _joined(page: Page, prose: str) -> dict[str, Fact]:
    """Slips in compounds, which a list has to know: what is joined to a name may be one."""
    found: dict[str, Fact] = {}
    for match in COMPOUND.finditer(prose):
        for part, meant in misspelt_parts(match[0]).items():
            if not is_no_word(page, *match.span()) and not is_in_header(page, match.start()):
                found.setdefault(part, (meant, True, []))[2].append(prose.index(part, match.start()))
    return found


_TOLD = frozenset(("title", "description", "summary", "subtitle"))
"""Keys of the front matter whose values are shown: in the tab, by search engines, on cards."""


def _about(page: Page) -> str:
    """The source up to the body, all of it blank but the values that are shown; empty where there are none."""
    matter = page.front_matter
    if _TOLD.isdisjoint(key for key, _ in matter.key_lines):
        return ""
    lines = [" " * len(line) for line in page.lines[: matter.end]]
    ends = [line for _, line in matter.key_lines[1:]] + [matter.end - 1]
    for (key, first), end in zip(matter.key_lines, ends, strict=True):
        if key in _TOLD:
            lines[first:end] = page.lines[first:end]
            lines[first] = " " * (len(key) + 1) + lines[first][len(key) + 1 :]
    return "\n".join(lines)


def _is_right(token: str) -> bool:
    """Whether no word in what stands between two spaces is misspelt, in small letters: then none is in capitals."""
    bare = token.lstrip('("[').rstrip('.,;:!?)"]')
    if bare.isalpha() and bare.isascii():  # what most are
        wrong = len(bare) > 1 and _is_wrong(bare)
    else:
        wrong = any(map(_is_wrong, WORD.findall(token)))
        wrong = wrong or (("-" in token or "/" in token) and any(map(misspelt_parts, COMPOUND.findall(token))))
    if wrong and len(token) < _KEPT:
        _WRONG.add(token)
    return not wrong


_KEPT = 200
"""Longer ones are not remembered: a server would keep another one for every change to a long line without spaces."""


@cache
def _is_wrong(word: str) -> bool:
    return word not in right_words() and bool(misspelt({word: 1}))


_OWN_IF_TWICE = 5
"""A word of so few letters that is written twice is a site's own: `passt`, the name of a program."""
_OTHER_FORMS = {
    "drew": "drawn", "hid": "hidden", "wrote": "written", "chose": "chosen", "broke": "broken", "took": "taken",
    "gave": "given", "knew": "known", "grew": "grown", "threw": "thrown", "showed": "shown", "began": "begun",
}  # fmt: skip
"""Verbs that have another form behind *be* and *have*."""


def _ask(meant: str) -> str:
    other = _OTHER_FORMS.get(meant)
    return f"did you mean `{meant}` or `{other}`?" if other else f"did you mean `{meant}`?"


def compare(site: Site, pages: Mapping[str, dict[str, Fact]]) -> Iterator[tuple[str, Finding]]:
    """Report the words that the whole site does not use often enough to be its own."""
    counts: Counter[str] = Counter()
    for words in pages.values():
        for word, (_, _, places) in words.items():
            counts[bare_name(word)] += len(places)
    own = site.config.own_words
    for uri, words in pages.items():
        for word, (meant, sure, places) in words.items():
            if own and bare_name(word).lower() in own:
                continue
            if sure or counts[bare_name(word)] <= (OFTEN if len(word) > _OWN_IF_TWICE else 1):
                message, help = f"`{word}` is misspelt", _ask(meant)
                yield from ((uri, RULE.at(Span(start, start + len(word)), message, help=help)) for start in places)
