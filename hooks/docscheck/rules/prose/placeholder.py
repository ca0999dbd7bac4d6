"""Text that stands for text still to be written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import islice

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.page import Page
from docscheck.parse.blocks import LISTS
from docscheck.patterns import lazy
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
from docscheck.words.lexicon import TELLING, coded, telling

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
        if any(excuse(page, number, match) for excuse in _EXCUSES):
            continue
        if _FILLER.search(match[0]):
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


_SPOKEN_OF = lazy(
    r"\b(?:comments?|tags?|markers?|keywords?|labels?)\b"
    r"|\b(?:remov|fix|resolv|address|delet|dropp?)(?:e[sd]?|ed|es|ing)?\b[^.(\n]*\bTODOs?\b"
    r"|\bto-?do[ ]lists?\b|\b(?:the|this|that|each|every)(?:[ ](?:first|last|next|previous|same|other))?[ ]TODOs?\b"
    r"|\bTB[AD]\b[\"'*_`)]*(?:,|[ ]=|[ ]means|[ ]stands for)[ ][\"'*_(]*to be\b",
    re.I,
)
_COMMENT = lazy(r"[ \t>]*\[(?://|comment|#)\]:", re.I)
"""A definition that nothing uses: a comment."""


def _is_spoken_of(page: Page, number: int, _: re.Match[str]) -> bool:
    """Whether such words are the subject of the line, or are gone, or stand in a comment."""
    return bool(_SPOKEN_OF.search(page.prose_lines[number]) or _COMMENT.match(page.lines[number]))


_STATES = lazy(r"\|[ ]*(?:Done|DONE|In [Pp]rogress|Backlog|Doing|Closed)[ ]*\|")


def _is_a_state(page: Page, number: int, _: re.Match[str]) -> bool:
    """Whether the line is a row of a table that says how far each thing is."""
    leaf = page.leaf_by_line.get(number)
    return leaf is not None and leaf.tag == "table" and any(map(_STATES.search, (row.text for row in leaf.rows)))


_HEADED = lazy(r"#{1,6}[ ]+(?:TODO|TODOs|To[- ]?do)[: ]*#*[ ]*$")


def _is_filled(page: Page, number: int, _: re.Match[str]) -> bool:
    """Whether the line heads a section that says what is still to be done."""
    title = page.lines[number]
    if not _HEADED.match(title):
        return False
    below = next((line for line in page.lines[number + 1 :] if line.strip()), "#")
    return _level(below) == 0 or _level(below) > _level(title)


def _level(line: str) -> int:
    return len(line) - len(line.lstrip("#"))


_QUOTES = frozenset("\"“„«‹「『'‘")


def _is_quoted(page: Page, number: int, match: re.Match[str]) -> bool:
    """Whether the text begins a quotation: it is said what stands elsewhere."""
    before = page.prose_lines[number][: match.start()] + match[0][: len(match[0]) - len(match[0].lstrip(" >"))]
    return before[-1:] in _QUOTES


_ALL = frozenset(("es", "pt", "gl", "ca"))
"""Languages in which `todo` is a word."""
_IN_CAPITALS = lazy(r"[ ][A-ZÀ-Þ]{2,}")


def _is_all(page: Page, number: int, match: re.Match[str]) -> bool:
    """Whether it is a word of the language: `TODO EL MUNDO`, all the world."""
    return page.language[:2] in _ALL and _IN_CAPITALS.match(page.prose_lines[number], match.end()) is not None


def _is_a_type(page: Page, number: int, match: re.Match[str]) -> bool:
    """Whether it is the type of a box."""
    return "!" in match[0] and any(opener.line == number for opener in page.openers)


_ANY = lazy(
    r"\b(?:[Vv]ol(?:ume|\.)|[Pp]art|[Cc]hapter|[Bb]ook|Canto|Psalm|Act|Bowl|Title|Article|Annex) XXX+\b"
    r"|(?<![\w-])(?:[XL]*(?:I[XV]|VI{1,3}))(?![\w-])"
    r"|\bwhere XXX|#{1,6} .*\bXXX\b.*\?[ ]*$|\b(?:any|every|each|some|game|called|named|of|Of) XXX\b|XXX+\.\w"
    r"|\b(?:YYY+|ZZZ+)\b"
    r"|\b(?i:error|exception|message|warning|cannot|can't|could not|fail\w*|not found|unable)\b[^.!?\n]* XXX+(?=[ ]?:)"
)
_IN_WIDE_TEXT = lazy(
    r"[\u3040-\u30ff\u4e00-\u9fff][ ]?X{3,}[ ]?[\u3040-\u30ff\u4e00-\u9fff]"
    r"|[\u3040-\u30ff\u4e00-\u9fff].*[A-Za-z][ ]X{3,}[ ][A-Za-z]"
)
"""Amid Chinese or Japanese text, or in a name that such a text quotes, such letters stand for any name."""
_OFTEN = 3


def _stands_for_any(page: Page, number: int, match: re.Match[str]) -> bool:
    """Whether the line says what `XXX` stands for, or asks about it, or the page has sentences to fill in."""
    found, line = match[0], page.lines[number]
    if not found.startswith("XXX"):
        return False
    if page.prose.count("XXX") >= _OFTEN and sum("XXX" in shown for shown in page.prose_lines) >= _OFTEN:
        return True
    if _IN_WIDE_TEXT.search(line) or _ANY.search(line):
        return True
    return len(found) > len("XXX") and line.count(found) > 1


_PROMPT = lazy(r"\bprompts?\b|\btemplates?\b", re.I)


def _is_for_a_model(page: Page, number: int, match: re.Match[str]) -> bool:
    """Whether brackets stand inside a quotation, or in a list under words that speak of prompts."""
    if not match[0].startswith("["):
        return False
    if page.prose_lines[number][: match.start()].count('"') % 2 == 1:
        return True
    leaf = page.leaf_by_line.get(number)
    for node in (leaf, *leaf.ancestors()) if leaf is not None else ():
        above = page.before(node)
        around = (above if node.kind in LISTS else None, node.parent if node.kind in LISTS else None)
        if any(near is not None and any(_PROMPT.search(row.text) for row in near.rows) for near in around):
            return True
    return False


_TO_FILL_IN = lazy(r"\[(?:Your|YOUR|[A-Z])[^\]\n]{0,40}\](?![(\[:])")
_ORDER = lazy(r"\[(?:Briefly|Describe|Explain|Provide|Summari[sz]e)\b[^\]\n]{3,80}\](?![(\[:])")


def _is_a_form(page: Page, _: int, match: re.Match[str]) -> bool:
    """Whether the page is a letter or a template, with more such brackets for the reader to fill in."""
    if match[0].startswith(("[Your", "[YOUR")):
        return len(_TO_FILL_IN.findall(page.prose)) > 1
    return _ORDER.match(match[0]) is not None and len(_ORDER.findall(page.prose)) > 1


def _is_a_label(page: Page, _: int, match: re.Match[str]) -> bool:
    """Whether the brackets are a link."""
    return match[0].strip(" >[]").casefold() in {label.casefold() for label, _, _ in page.definitions.labels}


_FILLER = lazy(r"lorem|dolor sit|perspiciatis|irure|excepteur|(?:dummy|filler) text|placeholder$", re.I)


_FEW = 3
_SMALL = frozenset(("the", "a", "an", "is", "are", "of", "to", "and"))


def _is_behind_text(page: Page, number: int, match: re.Match[str]) -> bool:
    """Whether a sentence in English stands before filler on its line: then nothing but the filler is left to write."""
    before = page.prose_lines[number][: match.start()].rstrip()
    words = before.lower().split()
    return before.endswith((".", "!", "?")) and len(words) > _FEW and not _SMALL.isdisjoint(words)


def _is_shown_on_purpose(page: Page, number: int, match: re.Match[str]) -> bool:
    """Whether filling text is in a box, a tab, a `<div markdown>` or also in code: so pages show a layout."""
    if not _FILLER.search(match[0]) or _is_behind_text(page, number, match):
        return False
    if page.source.text.count("orem ipsum") > page.prose.count("orem ipsum"):
        return True
    leaf = page.leaf_by_line.get(number)
    kinds = ("html", "admonition", "details", "tab", "block")
    return leaf is not None and any(node.kind in kinds for node in leaf.ancestors())


_EXCUSES: tuple[Callable[[Page, int, re.Match[str]], bool], ...] = (
    _is_spoken_of,
    _is_a_state,
    _is_filled,
    _is_quoted,
    _is_a_type,
    _is_all,
    _stands_for_any,
    _is_for_a_model,
    _is_a_form,
    _is_a_label,
    _is_shown_on_purpose,
)
"""What makes of such a text one that is meant."""


def _paragraphs(page: Page, language: str) -> Iterator[Finding]:
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
    if len(found) == 1 and not _is_a_label(page, 0, found[0]):
        yield _missing(found[0][0], Span(*found[0].span()))


def _is_to_come(page: Page) -> Iterator[Finding]:
    for node in page.kinds.get("p", ()):
        match = IS_TO_COME.match(page.prose_lines[node.line]) if len(node.rows) == 1 else None
        if match:
            yield _missing(match["what"], page.source.span(node.line, *match.span("what")))


def _eastern(page: Page) -> Iterator[Finding]:
    text = page.prose
    for sign in EAST_SIGNS if not text.isascii() else ():
        for number in page.lines_with(sign) if sign in text else ():
            for match in EAST.finditer(page.prose_lines[number]):
                name = next(name for name in ("what", "line", "behind", "fill") if match[name])
                if sign in match[name]:
                    yield _missing(match[name], page.source.span(number, match.start(name), match.end(name)))
