"""`a` before a sound that wants `an`, and the other way round."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from docscheck.diagnostics import Edit, Finding, Rule, Severity
from docscheck.page import Page
from docscheck.parse.code import HIDDEN
from docscheck.patterns import lazy
from docscheck.source import Span
from docscheck.words.codes import ARTICLE
from docscheck.words.lexicon import coded
from docscheck.words.lists import frequencies
from docscheck.words.places import in_english
from docscheck.words.slips import slips
from docscheck.words.wordings import offset_of

RULE = Rule("PRO113", "wrong-article", Severity.WARNING)

_TOKEN = lazy(r"\S+")
_NAME = lazy(r"`([A-Za-z][a-z]+)(?:[A-Z_][A-Za-z_]*)?`")
"""A name in code that is a word, or made of words: `player`, `BadRequest`."""
_SHORTEST_IN_CODE = 4
_COMMON = 200
_VERY_COMMON = 20_000
"""How often a word must be met to be one in code: a shorter one may be an abbreviation."""
_WORD = lazy(r"\[?([A-Za-z0-9]+)(?=[].,;:!?)'’\"”-]|$)")
"""In brackets it is all of a link."""
_SPELT = frozenset("fhlmnrsx")
"""Letters whose name begins with a vowel, as in `NPC`."""
_WRONG_BEHIND_A = frozenset("aeiou18") | _SPELT
_WRONG_BEHIND_AN = frozenset("bcdfghjklmnpqrstvwxyzueo12345679")
_VOWELS = frozenset("aeiouy")
_LETTERS_TEXT = "fpga fpgas hdmi lru mfa mit mmu mpi mri ngo npu nvidia rna rtos sla ssid sso"
_LETTERS = frozenset(_LETTERS_TEXT.split())
"""Abbreviations of which each letter is spoken although they hold vowels."""
_READ = 6
_PART = 3
_ENDINGS = ("able", "ably", "less", "ness", "ing", "ers", "ed", "er")
_SHORT = 2
"""Of a letter and one capital nobody knows whether they are a word."""
_YOU = lazy(
    r"(?:uni(?!n|mp|dent|ss|ron)|us(?:[aeiu]|b\b|r\b|ur)|uti|uto[pk]|ubiq|uk(?:\b|r|u)|ugand|uru|ur[ae](?:n|th)|urea|urina|ureter|urolog|ur[il]s?\b|uuids?\b|uids?\b|uis?\b|udp\b|utf|utc\b"
    r"|uv|ux\b|uefi|ewe|eu(?!l)|one(?!rous)|once\b|ouija)"
)
"""Beginnings with a vowel that is spoken as a consonant: user, European, one-time."""
_SILENT = lazy(r"(?:hour|honest|hono[u]?r|heir(?!l?oom)|heirloom)")
_AMBIGUOUS = lazy(r"(?:h(?:erb|istor|otel|abitual|ysteri)|s(?:ql|mrt)|ubuntu|uber|url|euler)")
_NO_NOUNS = """
a after against all along already also although always am among an and any are around as at das dem den der des die
each either else equals even ever every i if ii iii in instead into is it its iv of off on onto or our out over under
unless until up upon us
"""
_NO_NOUN = frozenset(_NO_NOUNS.split())
"""What does not follow an article: then `a` is a letter, a name or a word of another language."""


def check(page: Page) -> Iterator[Finding]:
    """Report an article only where it is sure how the next word sounds, and two beside each other."""
    if page.language[:2] != "en":
        return
    words = page.words
    is_english = False
    for at in coded(page).places(ARTICLE):
        article = words[at]
        suspects = _WRONG_BEHIND_A if article == "a" else _WRONG_BEHIND_AN
        following = words[at + 1] if at + 1 < len(words) else ""
        if article == "a" and following == "an":
            start, end, _ = _places(page, at)
            if page.prose.startswith("an", end) and _is_article(page, start, end) and in_english(page):
                yield RULE.at(Span(start, end + 2), "two articles stand beside each other", help="leave one out")
            continue
        if following[:1] == HIDDEN:
            start, end, word = _before_code(page, at)
        else:
            if following[:1] == "[" and "](" in following:
                following = following[1 : following.index("](")]
            if following[:1] not in suspects or not following or not _may_be_wrong(article, following):
                continue
            start, end, word = _places(page, at)
            if following != words[at + 1] and not word.isalpha():
                continue  # the number of a note
        if word in slips().groups["any-does"]:
            continue  # `class a extends b`
        if begins_with_vowel(word) is not (article == "a") or not _is_article(page, start, end):
            continue
        is_english = is_english or in_english(page)
        if not is_english:
            return  # of a site that does not tell that its pages are in another language
        before = words[at - 1] if at else ""
        yield _finding(Span(start, start + len(article)), page.source.text[start], word, before in _TAKES_ARTICLE)


def _may_be_wrong(article: str, word: str) -> bool:
    """Whether a word in small letters is, or can be if it was written in capitals."""
    if word[0] in _SPELT and article == "a":
        if word.rstrip(".,;:!?)") in _LETTERS or word.partition("-")[0] in _LETTERS:
            return True
        return _VOWELS.isdisjoint(word) or word.startswith(("hour", "hon", "heir"))
    small = _WORD.match(word)
    if not small:
        return False
    sound = begins_with_vowel(small[1])
    return sound is (article == "a") or (sound is None and small[1][0] in _SPELT)


def _places(page: Page, number: int) -> tuple[int, int, str]:
    """Where an article and the next word begin, and the word as it is written."""
    article, following = islice(_TOKEN.finditer(page.prose, offset_of(page.prose, number)), 2)
    word = _WORD.match(following[0])
    return article.start(), following.start(), word[1] if word else ""


def _before_code(page: Page, number: int) -> tuple[int, int, str]:
    """The same before a name in code; the word is the first of those that the name is made of, if it is a known one."""
    article, following = islice(_TOKEN.finditer(page.prose, offset_of(page.prose, number)), 2)
    name = _NAME.match(page.source.text, following.start())
    word = name[1] if name else ""
    if name and name[0] == f"`{word}`" and len(article[0]) == 1 and word.islower():
        word = ""  # a lone word in code may stand for another one
    often = int(frequencies().get(word.lower()) or 0)
    is_known = often >= (_COMMON if len(word) >= _SHORTEST_IN_CODE else _VERY_COMMON)
    return article.start(), following.start(), word if is_known else ""


_BEFORE_TEXT = "as at be being by for from has have in into is of on such than through to via was with"
_TAKES_ARTICLE = frozenset(_BEFORE_TEXT.split())
"""Behind one of these an article stands, and no `and`."""


def _finding(place: Span, letter: str, word: str, is_article: bool) -> Finding:
    wrong, right = (letter, f"{letter}n") if place.end - place.start == 1 else (f"{letter}n", letter)
    meant = f"`{right}` or `and`" if wrong == "an" and not is_article else f"`{right}`"
    if wrong == "an" and word == "be":
        meant = "`can`"
    # Capitals may be read as a word, and of several things the article is what is wrong.
    is_sure = wrong == "a" and word.islower() and word[0] in "aeiou" and word[-1] != "s"
    fix = Edit(place, right) if is_sure else None
    return RULE.at(place, f"`{wrong}` does not go with `{word}`", help=f"did you mean {meant}?", fix=fix)


def _is_article(page: Page, start: int, following: int) -> bool:
    """Whether it stands in a text with the next word, and is no letter `A` in the middle of a sentence."""
    text = page.leaf_by_line.get(page.source.line_of(start))
    if text is None or text.kind in ("code", "maths"):
        return False
    if text is not page.leaf_by_line.get(page.source.line_of(following)):
        return False
    before = page.prose[max(start - 2, 0) : start].rstrip(" ")
    return page.prose[start] == "a" or not (before[-1:].isalnum() or before[-1:] in ("-", ",", "/"))


def begins_with_vowel(word: str) -> bool | None:
    """Whether a word is spoken with a vowel first; nothing if it may be spelt or spoken, or is not known."""
    small = word.lower()
    if not small or small in _NO_NOUN or _AMBIGUOUS.match(small) or (len(word) == 1 and word.isalpha()):
        return None
    if word[0].isdigit():
        return _of_number(small)
    if _YOU.match(small):
        return None if word.startswith("EU") else False  # the letters of `EU` are named, the word `EURO` is read
    if small in _LETTERS and word[0].isupper():
        return True
    if _VOWELS.isdisjoint(small):
        return _of_letters(word)
    if small[0] in "aeio":
        return True
    if small[0] in "bcdgjkpqtvwyz":
        return False
    if word.islower() and len(small) >= _READ and small[0] in "flmnrs" and small[1] in _VOWELS and _is_built(small):
        return False
    if not (word.islower() or word.istitle()) or not frequencies().get(small):
        return None  # `RAM` is a word, `RWX` is none, `MoE` is spelt by some, and `href` nobody knows
    return small[0] == "u" or _SILENT.match(small) is not None


def _is_built(word: str) -> bool:
    """Whether a word is made of two well-known ones, as `filesystem`, or of one and an ending: then it is read."""
    often = frequencies().among({part for at in range(_PART, len(word)) for part in (word[:at], word[at:])})
    known = {part for part, times in often.items() if int(times) >= _COMMON}
    pairs = ((word[:at], word[at:]) for at in range(_PART, len(word) - 1))
    return any(head in known and ((len(tail) >= _PART and tail in known) or tail in _ENDINGS) for head, tail in pairs)


def _of_number(number: str) -> bool | None:
    if number[0] == "0" or (number[:2] in ("11", "18") and number[2:3].isdigit()):
        return None  # eleven hundred, one thousand one hundred
    return number[0] == "8" or number[:2] in ("11", "18")


def _of_letters(word: str) -> bool | None:
    """Of an abbreviation without a vowel, each letter is spoken by its name; in small letters it may be a word."""
    if len(word) > _SHORT and word[0].islower() and word[1:].isupper():
        return word[0] in "fhlmnrsx"  # `mRNA`
    if not word[:2].isupper() and not (word[0].isupper() and word[1:].isdigit()):
        return None if word[0] in "fhlmnrsxFHLMNRSX" else False
    return word[0] in "FHLMNRSX"
