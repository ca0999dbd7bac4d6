"""Text that stands for text still to be written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.rules.prose.placeholder_excuses import is_a_label, is_filler, is_meant
from docscheck.rules.prose.placeholder_forms import (
    ABROAD,
    EAST,
    EAST_SIGNS,
    ENDINGS,
    FILL_IN,
    FORMS,
    IN_BRACKETS,
    IS_TO_COME,
    LAST_WORDS,
    LOUD,
)
from docscheck.source import Span
from docscheck.words.codes import TELLING
from docscheck.words.lexicon import coded, telling

RULE = Rule("PRO101", "placeholder-text", Severity.WARNING)

_FOLDED = "???"
"""What a text may hold in place of a number, and what the header of a box begins with."""


def _word_of(cue: str) -> str:
    """The rarest of a cue's words, in small letters: the mark it begins with, or the last."""
    words = cue.lower().split()
    return words[-1] if words[0].isalpha() else words[0]


_CUES = tuple((cue, _word_of(cue), form.pattern) for form in FORMS for cue in form.cues)
_COMMON = frozenset(word for cue, word, _ in _CUES if word.isalpha() and cue.islower())
"""Those that are words of the language, which tell only if they stand alone between signs."""
_LETTERS = lazy(r"[a-z]+")
_BY_FIRST: dict[str, list[str]] = {}
for _mark in dict.fromkeys((*(word for _, word, _ in _CUES if word not in _COMMON), *EAST_SIGNS)):
    _BY_FIRST.setdefault(_mark[0], []).append(re.escape(_mark[1:]))
_MARKS = lazy("|".join(f"{re.escape(first)}(?:{'|'.join(rests)})" for first, rests in _BY_FIRST.items()))
"""The others. Each begins with one certain character, so that Python passes over places where none of these stands."""


def tells(word: str) -> bool:
    """Whether a word, in small letters, may be the last of such a text, or its mark."""
    parts = (word,) if word.isalpha() else _LETTERS.findall(word)
    return not _COMMON.isdisjoint(parts) or word in _last_words("en") or _MARKS.search(word) is not None


@lru_cache(maxsize=8)
def _last_words(language: str) -> frozenset[str]:
    """With what the texts end that are whole paragraphs in this language."""
    return frozenset(word + end for word in LAST_WORDS.get(language, "").split() for end in ENDINGS)


def check(page: Page) -> Iterator[Finding]:
    """Find such texts in English, and a few in other languages."""
    if page.front_matter.key_lines:
        yield from _of_page(page)
    told = [word for word in telling(page) if tells(word)]
    if told and (told != [_FOLDED] or _marks_more_than_boxes(page)):
        yield from _forms(page, " ".join(told))
        yield from _eastern(page)
    if "****:[" in page.signs or "**:**[" in page.signs:
        yield from _unfilled(page)
    language = page.language[:2]
    if language == "de" and "hier" in page.vocabulary:
        yield from _is_to_come(page)
    if language in ABROAD and "[" in page.signs:
        yield from _to_fill_in(page, ABROAD[language])
    if told and not _last_words("en").isdisjoint(told):
        yield from _paragraphs(page, "en")
    if language != "en" and not _last_words(language).isdisjoint(page.vocabulary):
        yield from _paragraphs(page, language)


_VALUE = lazy(
    r"(?:TODO|TBD|FIXME|XXX+)(?:[:.!…]+.{0,60}|[ ]\(.{0,60})?|[Ll]orem ipsum\b.*"
    r"|(?:(?:[Aa]dd|[Ii]nsert|[Ww]rite|[Yy]our|[Pp]age)[ ])?(?:an?[ ]|the[ ])?"
    r"(?:[Tt]itle|[Dd]escription|[Ss]ummary|[Tt]ext)[ ]here",
    re.S,
)
"""What stands for a title or a description."""


def _of_page(page: Page) -> Iterator[Finding]:
    """Values of the front matter that are still to be written."""
    lines = dict(page.front_matter.key_lines)
    for key in ("title", "description", "summary"):
        value = page.front_matter.data.get(key)
        if isinstance(value, str) and _VALUE.fullmatch(value.strip()) and key in lines:
            yield _missing(value.partition("\n")[0], page.source.content_span(lines[key]))


def _missing(text: str, span: Span) -> Finding:
    """The finding on a text at its place."""
    return RULE.at(
        span,
        f"`{text.strip().replace('*', '')}` is a placeholder for text that is missing",
        help="write the text, or leave the part out",
    )


def _marks_more_than_boxes(page: Page) -> bool:
    """Whether three question marks stand elsewhere than before the header of a box."""
    words, boxes = page.words, page.kinds.get("details", ())
    marks = sum(words[at] == _FOLDED for at in coded(page).places(TELLING))
    return marks != sum(page.lines[box.line].lstrip(" >").startswith("??? ") for box in boxes)


def _forms(page: Page, told: str) -> Iterator[Finding]:
    """The first on each line; of a text that only fills a page, the first on the page."""
    has_filler = False
    for number, match in sorted(_first_of_lines(page, told).items()):
        if is_meant(page, number, match):
            continue
        if is_filler(match[0]):
            if has_filler:
                continue
            has_filler = True
        text = match[match.lastindex or 0].lstrip(" \t>*+!-_").rstrip("*_ ")
        if text:
            start = match.start() + match[0].index(text)
            yield _missing(text, page.source.span(number, start, start + len(text)))


def _first_of_lines(page: Page, told: str) -> dict[int, re.Match[str]]:
    """The lines that hold a form, with the first of each."""
    found: dict[int, re.Match[str]] = {}
    for cue, word, pattern in _CUES:
        for number in _lines_with(page, cue) if word in told else ():
            match = pattern.search(page.prose_lines[number])
            if match and (number not in found or match.start() < found[number].start()):
                found[number] = match
    return found


def _lines_with(page: Page, cue: str) -> Iterator[int]:
    """The lines that hold a cue: as it is written if it has capitals, otherwise in small letters or large."""
    if cue != cue.lower():
        yield from page.lines_with(cue)
        return
    text, number, counted = page.lowered, 0, 0  # a letter may be longer in small, so its place is no place in the page
    at = text.find(cue)
    while at >= 0:
        number, counted = number + text.count("\n", counted, at), at
        yield number
        end = text.find("\n", at)
        at = text.find(cue, end) if end >= 0 else -1


def _paragraphs(page: Page, language: str) -> Iterator[Finding]:
    """Paragraphs and headings that are nothing but such a text, in one of the languages that have a table."""
    words, pattern = _last_words(language), FILL_IN[language]
    for node in (*page.kinds.get("p", ()), *page.kinds.get("heading", ())):
        last = node.rows[0].text.rpartition(" ")[2].casefold() if len(node.rows) == 1 else ""
        shown = page.prose_lines[node.line].rstrip() if last in words else ""
        match = (pattern.match(shown) or IN_BRACKETS.search(shown) or LOUD.search(shown)) if shown else None
        if match:
            yield _missing(match["what"], page.source.span(node.line, match.start("what"), match.end("what")))


_ANSWER = lazy(r"^[ \t>]*(?:(?:[-*+]|\d+\.)[ ]+)?\*\*[^*\n]+(?:\*\*:|:\*\*)[ ]+(\[([A-Z][^\[\]\n]{2,60})\])[ ]*$", re.M)
"""What a form asks for behind a label in bold: `**Room**: [Room number]`."""
_ASKED = lazy(r"(?<![\w\]!\\(\[])\[([A-Za-z][a-z']*[ ][^\[\]\n]{2,60})\](?![(\[:])")
"""Words in brackets, where the page is such a form."""
_SOME = 3


def _unfilled(page: Page) -> Iterator[Finding]:
    """A form that nobody has filled in: most of its answers tell in words what is to be written."""
    found = list(_ANSWER.finditer(page.prose))
    labels = {label.casefold() for label, _, _ in page.definitions.labels}
    if len(found) < _SOME or any(match[2].casefold() in labels for match in found):
        return
    if sum(" " in match[2].strip() and "," not in match[2] for match in found) * 2 <= len(found):
        return  # lists of values
    for match in found:
        yield _missing(match[1], Span(*match.span(1)))
    known = {match.start(1) for match in found}
    for match in _ASKED.finditer(page.prose):
        is_other = any(form.pattern.match(match[0]) for form in FORMS)
        if match.start() not in known and match[1].casefold() not in labels and not is_other:
            yield _missing(match[0], Span(*match.span()))


def _to_fill_in(page: Page, pattern: re.Pattern[str]) -> Iterator[Finding]:
    """Brackets to be filled in, in another language; several of them are a form for the reader."""
    found = list(islice(pattern.finditer(page.prose), 2))
    if len(found) == 1 and not is_a_label(page, 0, found[0]):
        yield _missing(found[0][0], Span(*found[0].span()))


def _is_to_come(page: Page) -> Iterator[Finding]:
    """Paragraphs in German which say that here something will stand."""
    for node in page.kinds.get("p", ()):
        match = IS_TO_COME.match(page.prose_lines[node.line]) if len(node.rows) == 1 else None
        if match:
            yield _missing(match["what"], page.source.span(node.line, *match.span("what")))


def _eastern(page: Page) -> Iterator[Finding]:
    """The same in Chinese, Japanese and Korean, told by their signs."""
    text = page.prose
    for sign in EAST_SIGNS if not text.isascii() else ():
        for number in page.lines_with(sign) if sign in text else ():
            for match in EAST.finditer(page.prose_lines[number]):
                name = next(name for name in ("what", "line", "behind", "fill") if match[name])
                if sign in match[name]:
                    yield _missing(match[name], page.source.span(number, match.start(name), match.end(name)))
