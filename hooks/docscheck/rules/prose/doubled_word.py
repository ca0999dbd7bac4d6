"""A word written twice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from docscheck.diagnostics import Edit, Finding, Rule, Severity
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.source import Span
from docscheck.words.codes import TELLING
from docscheck.words.lexicon import coded, telling
from docscheck.words.lists import frequencies
from docscheck.words.wordings import offset_of

RULE = Rule("PRO103", "doubled-word", Severity.WARNING)
_SMALL_WORDS = """
the a an of to and is for with are this it as by or from be at was we you can will in on has have your which when if
into our they were their but are should would could must than because through about these also
"""
_WORDS = frozenset(_SMALL_WORDS.split())
_MORE_SMALL_WORDS = "as not use its also only any now new may how see end via per own"
_MORE_WORDS = frozenset(_MORE_SMALL_WORDS.split())
"""Further small words, in English and without a capital."""
_ELSEWHERE = {
    "de": "und von für den dem eine einen im ist sind oder mit wird werden wenn zum zur als",
    "es": "de la el los las y en un una para por con es del al su que este esta hay",
    "fr": "de le la les et des du un une dans pour sur avec au aux est sont que par ce cette ou leur leurs mais donc",
    "it": "di il la le in un una per con del della dei degli delle dal dalla dai al allo alla ai agli alle nel nella"
    " nei nelle sul sulla sui che gli è questo questa",
    "nl": "de het een en van voor te is met naar ook maar of wordt",
    "da": "og er på af med for",
    "pl": "się oraz jest przez dla",
    "sv": "och är på av med från",
    "tr": "ve veya bu ile",
    "pt": "de o os as e em um uma para por com do da dos das na é ao à que",
}
"""Small words of other languages that are meant once: none that may end a clause where the next one begins with it."""
_REPEATED = """
that long many very really blah much over time plus love more less again knock chop ever round hush there ding tick
boing beep ping pong yada yeah none null test double curl grad
"""
_MAY_REPEAT = frozenset(_REPEATED.split())
_LONG = 4
"""From this length on any word of English is meant once, except names and those that may be repeated."""
_HALF_MEANT = frozenset(("is", "like", "if", "it", "on", "as", "be"))
"""Small words of which the second is often a slip for another: "would look like", "if it", "use it is"."""
_ARTICLES = frozenset(("a", "an", "the"))
_LEADS = lazy(
    r"\b(?:go|goes|going|went|gone|back|moved?|moves|links?|linked|linking|refers?|referring|belongs?"
    r"|according|due|similar|next|thanks|leads?|leading|led|connected|attached)[ ]+$",
    re.I,
)
"""What takes `to`: the first of two articles behind it is as often a slip for that."""
_SURE = frozenset(("and", "the", "of", "with"))
"""Those that are meant once in the cell of a table as well."""
_TWICE = lazy(rf"(?<![\w'’-])({'|'.join(_SMALL_WORDS.split())})([ ]+|[ ]*\n[ ]*)(\1)(?![\w'’*_-])", re.IGNORECASE)
_TWICE_OTHER = lazy(r"(?<![\w'’*_/.:-])([a-zà-ÿ]+)([ ]+|[ ]*\n[ ]*)(\1)(?![\w'’*_:/-]|\.\w)")
_MARKED = lazy(
    rf"(?<![^\s(])(?:\*\*|__|\*|_|\[|\()({'|'.join(_SMALL_WORDS.split())})([ ]+)(\1)(?![\w'’)-]|\.\w|[ ]*(?:[-=]>|→))"
)
"""The same behind a mark of emphasis, the bracket of a link or a parenthesis."""
_IN_SENTENCE = lazy(r"[a-z]{2,} ([a-z]{4,}) \1 [a-z]{2,}\b")
"""The word among other words: what stands in a cell without them may be a value."""
_PHRASAL = lazy(
    r"\b(?:log|logs|logged|logging|sign|signs|signed|signing|opt|opted|plug|plugged|check|checked|turn|turned|move|moved"
    r"|go|goes|going|carry|carried|based|build|rely|hold|holds|phone|drop|dropped|stay|zoom|fill|filled|read|type|typed"
    r"|built)\s+$",
    re.I,
)
"""Verbs that end with such a word: one can log in in the evening."""
_ASKED_FOR = lazy(r"\b(?:ask|hop|look|search|wait|call|wish|long|pay|paid)(?:e[ds]|ed|ing|s)?\s+$", re.I)
"""The same for `for`: one can wait for for a long time."""
_HOW_LONG = lazy(r"\s+(?:\w+[ ]){0,3}(?:time|while|long|ages|(?:second|minute|hour|day|week|month|year|decade)s?)\b")

_NAMES_ITSELF = lazy(r"\b(?:it|that|this|what|he|she|one)\s+$")
_SHORTENED = frozenset(f"{word}'{end}" for word in ("you", "we", "they") for end in ("ll", "re", "ve"))
_TWICE_SHORT = lazy(
    r"(?<=[a-z,]\s)(?<!\bfor\s)(?<!\bto\s)(?<!\bof\s)(?<!\bby\s)(you|we|they)([ ]+)(\1)['’](?:ll|re|ve)\b"
)
"""A word and then its short form: "then you you'll need"."""
_TAKES_ONE = lazy(r"\b(?:ask|assure|give|help|inform|remind|show|tell|told|warn)(?:e?[sd]|ing)?\s+$", re.I)
"""What they are told or shown: "if that does not help you you're welcome to ask"."""
_PHRASE_BEGINS = (
    "such of to in on for with from at that it if when as by is are you we they this there has have can will should"
)
_PHRASE_ENDS = "the a an as is are you we to of in for can will be that it been has have not"
_PHRASE_TWICE = lazy(
    rf"(?<![\w'’-])((?:{_PHRASE_BEGINS.replace(' ', '|')})[ ]+(?:{_PHRASE_ENDS.replace(' ', '|')}))"
    r"([ ]+|[ ]*\n[ ]*)(\1)(?![\w'’*_-])",
    re.IGNORECASE,
)
"""Two small words, twice: "such as such as"."""
_MARKS = "*_[("
_BEGINS = frozenset(_PHRASE_BEGINS.split())
_ENDS = frozenset(_PHRASE_ENDS.split())


def tells(word: str) -> bool:
    """Whether a word is a short form, or a small word behind one of those marks."""
    return word in _SHORTENED or _is_marked(word)


def _is_marked(word: str) -> bool:
    return word[0] in _MARKS and word.lstrip(_MARKS) in _WORDS


def check(page: Page) -> Iterator[Finding]:
    words = page.words
    if not _SHORTENED.isdisjoint(telling(page)):
        yield from _short(page)
    yield from _phrases(page)
    twice = [at for at in coded(page).repeated(1) if words[at] == words[at + 1] and words[at][0].isalpha()]
    small = [at for at in twice if words[at] in _WORDS]
    if small:
        yield from _small(page, small)
    if page.language[:2] == "en":
        yield from _marked(page)
        yield from _behind_links(page)
    elif page.language[:2] == "de" and any(words[at] in ("die", "der") for at in twice):
        for match in _ARTICLE_TWICE.finditer(page.prose):
            yield _finding(match)
    if len(small) < len(twice):
        meant_once = _meant_once(page.language, {words[at] for at in twice})
        yield from _other(page, [at for at in twice if words[at] in meant_once])


_BEFORE_A_CLAUSE = (
    "und oder als wie in auf an mit zu bei von aus nach für um durch gegen ohne über unter vor hinter neben zwischen"
    " seit nur auch jene alle allen sondern außer statt während trotz jenigen dass ob wenn weil da falls bevor"
    " nachdem ist sind war waren"
)
_ARTICLE_TWICE = lazy(
    rf"(?<=[A-Za-zßäöü])[ ]{''.join(rf'(?<!{chr(92)}b{word} )' for word in _BEFORE_A_CLAUSE.split())}"
    r"(die|der)([ ])(\1)(?=[ ][A-ZÄÖÜ])"
)
"""In German, where no comma, preposition or conjunction before the first makes a relative clause of what follows."""


def _marked(page: Page) -> Iterator[Finding]:
    """A small word behind a mark of emphasis, of a link or of an aside, and again behind that."""
    words = page.words
    for at in coded(page).places(TELLING):
        if _is_marked(words[at]) and words[at + 1 : at + 2] and words[at + 1].startswith(words[at].lstrip(_MARKS)):
            match = _MARKED.match(page.prose, offset_of(page.prose, at))
            if match:
                yield _finding(match)


_LAST_OF_SEVERAL = lazy(r"[^\W\d_].*[ ]([A-Za-z]{4,})(?:[ ]:[\w+-]+:)?\Z", re.S)
_FIRST_BEHIND = lazy(r"(?:\{:?[^{}\n]*\})?[ ]([A-Za-z]{4,})(?![\w'’*_:/-]|\.\w)")
_LETTER_BEFORE = lazy(r"[a-z,][ ]\Z")


def _behind_links(page: Page) -> Iterator[Finding]:
    """The last word of a link inside a sentence, and again behind the link: `the [guide for lids](lids.md) lids`."""
    prose = page.prose
    for link in page.links:
        if prose[link.span.end : link.span.end + 1] not in (" ", "{") or link.image or link.kind != "inline":
            continue
        behind = _FIRST_BEHIND.match(prose, link.span.end)
        last = _LAST_OF_SEVERAL.search(prose[slice(*link.text_span)]) if behind else None
        if behind is None or last is None or last[1].casefold() != behind[1].casefold():
            continue
        if last[1].casefold() in _MAY_REPEAT or not (behind[1].islower() or last[1] == behind[1]):
            continue
        start = link.span.start
        if _LETTER_BEFORE.search(prose, max(start - 2, 0), start):
            yield RULE.at(Span(*behind.span(1)), f"`{behind[1]}` is written twice", help="remove one")


def _short(page: Page) -> Iterator[Finding]:
    for at, word in enumerate(page.words):
        if word in _SHORTENED and at and page.words[at - 1] == word[: -len("'ll")]:
            match = _TWICE_SHORT.match(page.prose, offset_of(page.prose, at - 1))
            if match and not _TAKES_ONE.search(page.prose, max(match.start() - 12, 0), match.start()):
                yield _finding(match)


def _phrases(page: Page) -> Iterator[Finding]:
    """Two small words, twice."""
    words = page.words
    for at in coded(page).repeated(2, length=2):
        if words[at : at + 2] == words[at + 2 : at + 4] and words[at] in _BEGINS and words[at + 1] in _ENDS:
            match = _PHRASE_TWICE.match(page.prose, offset_of(page.prose, at))
            if match:
                yield _finding_of_two(match)


def _meant_once(language: str, words: set[str]) -> set[str]:
    """Those of some words that nobody repeats in this language."""
    if language.startswith("en"):
        return {word for word in words - _WORDS - _MAY_REPEAT if _is_meant_once(word)}
    return words & _elsewhere(language[:2])


@cache
def _elsewhere(language: str) -> frozenset[str]:
    return frozenset(_ELSEWHERE.get(language, "").split()) - _WORDS


def _is_meant_once(word: str) -> bool:
    return word in _MORE_WORDS or (len(word) >= _LONG and word.isalpha() and bool(frequencies().get(word)))


def _other(page: Page, places: list[int]) -> Iterator[Finding]:
    """Longer words; with a capital they are names, as in `Grace Grace`."""
    for at in places:
        match = _TWICE_OTHER.match(page.prose, offset_of(page.prose, at))
        if not match or (match[1] == "while" and page.words[at - 1 : at] in (["a"], ["long"])):
            continue  # "it runs for a while while you wait"
        if _is_called_out(page, at):
            continue
        leaf = page.leaf_by_line.get(page.source.line_of(match.start(3)))
        first = page.leaf_by_line.get(page.source.line_of(match.start()))
        if leaf is None and first is None and _is_in_html(page, match):
            yield _finding(match)
            continue
        if leaf is None or leaf is not first or leaf.kind == "code" or ("\n" in match[2] and _is_name(page, match)):
            continue
        if leaf.tag != "table" or _IN_SENTENCE.match(page.prose, page.prose.rfind(" ", 0, match.start() - 1) + 1):
            yield _finding(match)


def _is_called_out(page: Page, at: int) -> bool:
    """Whether a word stands three times, so that it is meant: "backup, backup, backup" without its commas."""
    word = page.words[at]
    around = [other.strip(".,;:!?*_").casefold() for other in page.words[max(at - 1, 0) : at + 3]]
    return around.count(word.casefold()) > 2 and len(word) >= _LONG


_IN_HTML = lazy(r"[ ]*<(?:figcaption|p|li|td|summary|dd|span)\b[^<>]*>")


def _is_in_html(page: Page, match: re.Match[str]) -> bool:
    """Whether a word and its neighbours stand on a line of raw HTML that begins with a tag for text."""
    is_text = "\n" not in match[2] and _IN_HTML.match(page.lines[page.source.line_of(match.start())])
    return bool(is_text) and _IN_SENTENCE.match(page.prose, page.prose.rfind(" ", 0, match.start() - 1) + 1) is not None


def _is_name(page: Page, match: re.Match[str]) -> bool:
    """Whether the word is all of its line, and the next one says what it stands for."""
    line = page.source.line_of(match.start())
    return not page.prose_lines[line][: match.start() - page.source.starts[line]].strip(" \t>*+-")


def _finding_of_two(match: re.Match[str]) -> Finding:
    return RULE.at(Span(match.start(3), match.end(3)), f"`{match[3]}` is written twice", help="remove them once")


def _finding(match: re.Match[str]) -> Finding:
    lacks_to = match[1] in _ARTICLES and _LEADS.search(match.string, max(match.start() - 16, 0), match.start())
    return RULE.at(
        Span(match.start(3), match.end(3)),
        f"`{match[3]}` is written twice",
        help=f"write `to {match[3]}`, or remove one" if lacks_to else "remove one",
        fix=None if lacks_to or match[1].lower() in _HALF_MEANT else Edit(*_first_of(match)),
    )


def _first_of(match: re.Match[str]) -> tuple[Span, str]:
    """What to take out: the second word; at the end of a line the first, so that lines stay as long as they are."""
    if "\n" in match[2] and match[1] == match[3]:
        return Span(match.start(1) - _is_spaced(match), match.end(1)), ""
    return Span(match.start(2), match.end(3)), ""


def _is_spaced(match: re.Match[str]) -> bool:
    return match.string[match.start(1) - 1 : match.start(1)] == " "


def _small(page: Page, places: list[int]) -> Iterator[Finding]:
    for match in (_TWICE.match(page.prose, offset_of(page.prose, at)) for at in places):
        if not match:
            continue
        number = page.source.line_of(match.start(3))
        if (match[1] != match[3] and not match[1][0].isupper()) or match[1].isupper():
            continue
        before = page.prose[max(match.start() - 12, 0) : match.start()]
        if match[1] == "is" and _NAMES_ITSELF.search(before):
            continue  # what it is is clear
        if match[1] == "for" and _ASKED_FOR.search(before) and _HOW_LONG.match(page.prose, match.end()):
            continue
        if match[1] == "In" or (match[1] in ("in", "on") and _PHRASAL.search(before)):
            continue  # "In in" is Latin
        leaf = page.leaf_by_line.get(number)
        if leaf is None or leaf is not page.leaf_by_line.get(page.source.line_of(match.start())) or leaf.kind == "code":
            continue
        if (leaf.tag == "table" and match[1].lower() not in _SURE) or (match[1] == "a" and match[3] == "A"):
            continue
        yield _finding(match)
