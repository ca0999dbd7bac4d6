"""What makes of a text that looks like a placeholder one that is meant."""

from __future__ import annotations

import re
from collections.abc import Callable

from docscheck.page import Page
from docscheck.parse.blocks import LISTS
from docscheck.patterns import lazy

_SPOKEN_OF = lazy(
    r"\b(?:comments?|tags?|markers?|keywords?|labels?)\b"
    r"|\b(?:remov|fix|resolv|address|delet|dropp?)(?:e[sd]?|ed|es|ing)?\b[^.(\n]*\bTODOs?\b"
    r"|\bto-?do[ ]lists?\b|\b(?:the|this|that|each|every)(?:[ ](?:first|last|next|previous|same|other))?[ ]TODOs?\b"
    r"|\bTB[AD]\b[\"'*_`)]*(?:,|[ ]=|[ ]means|[ ]stands for)[ ][\"'*_(]*to be\b"
    r"|\b(?:TODOs?|FIXMEs?|XXX)[,/]?[ ](?:and|or)[ ](?:TODOs?|FIXMEs?|XXX)\b",
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


def is_a_label(page: Page, _: int, match: re.Match[str]) -> bool:
    """Whether the brackets are a link."""
    return match[0].strip(" >[]").casefold() in {label.casefold() for label, _, _ in page.definitions.labels}


_FILLER = lazy(r"lorem|dolor sit|perspiciatis|irure|excepteur|(?:dummy|filler) text|placeholder$", re.I)
_FEW = 3
_SMALL = frozenset(("the", "a", "an", "is", "are", "of", "to", "and"))


def is_filler(text: str) -> bool:
    """Whether a text only fills a page, so as to show how a text would look."""
    return _FILLER.search(text) is not None


def _is_behind_text(page: Page, number: int, match: re.Match[str]) -> bool:
    """Whether a sentence in English stands before filler on its line: then nothing but the filler is left to write."""
    before = page.prose_lines[number][: match.start()].rstrip()
    words = before.lower().split()
    return before.endswith((".", "!", "?")) and len(words) > _FEW and not _SMALL.isdisjoint(words)


def _is_shown_on_purpose(page: Page, number: int, match: re.Match[str]) -> bool:
    """Whether filling text is in a box, a tab, a `<div markdown>` or also in code: so pages show a layout."""
    if not is_filler(match[0]) or _is_behind_text(page, number, match):
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
    is_a_label,
    _is_shown_on_purpose,
)


def is_meant(page: Page, number: int, match: re.Match[str]) -> bool:
    """Whether such a text, found on a line, stays as it is."""
    return any(excuse(page, number, match) for excuse in _EXCUSES)
