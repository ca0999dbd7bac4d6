"""Where what looks like a slip is none: a part of something, a person, a slip that is shown."""

from __future__ import annotations

import re

from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.rules.prose.misspelt_foreign import is_filler, is_foreign
from docscheck.words.known import right_words
from docscheck.words.lists import frequencies


def is_excused(page: Page, match: re.Match[str], is_sure: bool, with_filler: bool) -> bool:
    """Whether a word is no slip where it stands: a name, a part of something, or of another language."""
    (start, end), text = match.span(), page.source.text
    return (
        is_in_header(page, start)
        or _is_among_handles(page, start)
        or _is_part(page.prose, start, end)
        or is_no_word(page, start, end)
        or (not is_sure and _is_listed_function(text, start, end))
        or _is_in_address(page, start)
        or _is_of_a_person(text, start)
        or (with_filler and is_filler(page, start))
        or is_foreign(page, start)
    )


def _is_part(prose: str, start: int, end: int) -> bool:
    """Whether emphasis ends or begins in the middle of a word, as in `*em*phasis`."""
    before, after = prose[max(0, start - 4) : start], prose[end : end + 4]
    begins = before.endswith("*") and before.rstrip("*")[-1:].isalnum()
    return begins or (after.startswith("*") and after.lstrip("*")[:1].isalnum())


def is_no_word(page: Page, start: int, end: int) -> bool:
    """Whether letters are a part of a word (cut off, or set apart by a parenthesis), a label, a path or an entity."""
    text = page.source.text
    two, after = text[max(start - 2, 0) : start], text[end : end + 3]
    if (two == '="' and after[:1] == '"') or _is_shown_slip(page, start):
        return True
    if _is_species(text, start, end) or _has_letter_by_name(text, start, end):
        return True
    if not _PARTING.isdisjoint(two[-1:] + after[:1]):
        return True
    if after[:2] == "()":
        return True  # the name of a function
    if after[:1] in ("'", "’") and text[end - 2 : end] == "in" and not after[1:2].isalpha():
        return True  # `gettin’`, without the last letter as it is spoken
    if after == "..." or after[:1] == "…" or two in ("](", "][", "*["):
        return True
    if text[start].isupper() and _INITIALS.match(text, end):
        return True
    if text[end - 2 : end] in ("'d", "’d") or _continues_initial(text, start, end):
        return True
    before = two[-1:]
    if before in _QUOTES and before and _MENDED.match(text, end):
        return True  # a slip that is quoted, and its mend
    if _OF_A_SLIP.search(text, max(start - _NEAR, text.rfind("\n", 0, start) + 1), start):
        return True  # what tells of a slip that was mended
    if (before in "?&" and before and after[:1] == "=") or _spells_out(text, start, end):
        return True
    if _NAMING.search(text, max(start - 6, 0), start) and _RELEASE.match(text, end):
        return True
    if before == "+" or (after[:1] == ":" and after[1:2].isalpha()) or _is_label(page, start):
        return True
    return (before == "(" and two[:1].isalpha()) or (before == "&" and after[:1] == ";") or (before + after[:1]) == "[]"


_PARTING = frozenset("\ufffd\u00ad\u2011")
"""A lost character, which another rule tells, a place to hyphenate, and a hyphen that does not break."""
_GENUS = lazy(r"([(*_]?)(?<![\w.])([A-Z][a-z]+(?:us|um|a|is|es|on|ix|os))[ ]$")
_SPECIES = lazy(r"[a-z]+(?:a|us|um|is|ii|ae|ensis|oides)\Z")
_RARE_GENUS = 500
"""A Latin name is met less often than so many times, where words of English are met thousands of times."""


def _is_species(text: str, start: int, end: int) -> bool:
    """Whether a word is the second of a plant's or an animal's Latin name: `Ficus benjamina`, `(Hordeum vulgare)`."""
    genus = _GENUS.search(text, max(start - 24, 0), start) if text[start].islower() else None
    if genus is None or int(frequencies().get(genus[2].lower()) or 0) >= _RARE_GENUS:
        return False
    is_apart = genus[1] != "" and text[end : end + 1] == (")" if genus[1] == "(" else genus[1])
    return is_apart or _SPECIES.match(text[start:end]) is not None


_BY_NAME = r"&(?:[A-Za-z](?:acute|grave|uml|circ|tilde|cedil|ring|slash|caron)|[A-Za-z]{2}lig|#(?:19[2-9]|2\d\d));"
_LETTER_AFTER, _LETTER_BEFORE = lazy(_BY_NAME), lazy(rf"{_BY_NAME}\Z")
_LONGEST_NAME = 9


def _has_letter_by_name(text: str, start: int, end: int) -> bool:
    """Whether letters go on with one that HTML has a name for: `caf&eacute;`."""
    if text[end : end + 1] == "&" and _LETTER_AFTER.match(text, end):
        return True
    return (
        text[start - 1 : start] == ";"
        and _LETTER_BEFORE.search(text[max(start - _LONGEST_NAME, 0) : start]) is not None
    )


def _is_listed_function(text: str, start: int, end: int) -> bool:
    """Whether a word is the name of one function among several: `the surf function, imagesc function`."""
    return text.startswith(" function", end) and text[max(start - 2, 0) : start] == ", "


_INITIALS = lazy(r",[ ](?:[A-Z]\.[ -]?)+(?=[,;&(]|and\b|et\b)|[ ]et al\b")
"""What stands behind a family name in a list of authors, or instead of the others."""
_SIC = lazy(r"[\[(]\*{0,2}sic\b")
"""What says of the words before it that they are quoted as they were written."""
_SPEAKS_OF_SLIPS = lazy(r"\b(?:typos?|misspell?(?:ed|ings?)?|misspelt)\b", re.I)


def _is_shown_slip(page: Page, start: int) -> bool:
    """Whether a slip is shown: in quotes on a line that speaks of slips, or before `[sic]`."""
    number = page.source.line_of(start)
    line, column = page.lines[number], start - page.source.starts[number]
    if "sic" in line and _SIC.search(line, column, column + _NEAR):
        return True
    return line.count('"', 0, column) % 2 == 1 and _SPEAKS_OF_SLIPS.search(line) is not None


def _is_in_address(page: Page, offset: int) -> bool:
    """Whether a word stands in the address of a link: one of a file may hold spaces."""
    return any(link.address_span.start <= offset < link.address_span.end for link in page.links)


_QUOTES = "\"'“‘`"
_MENDED = lazy(r"[\"'”’`],?[ ]?(?:-+>|=>|→|to[ ][\"'“‘`]|into[ ]|instead of[ ]|should be[ ])")
_OF_A_SLIP = lazy(r"\b(?:typos?|misspell\w*|misspelt)\b", re.I)
_NEAR = 60
_FIRST_NAMES = lazy(r"\b[A-Z][a-z]+ [A-Z]\.? $")
_WRITES = lazy(r"(?:[A-Z][\w.’'-]+ ){0,3}<[\w.+-]+@")
"""Further names and the address for mails."""
_THANKED = lazy(r"\([Tt]hanks to (?:(?! for )[^()\n])*$")


def _is_of_a_person(text: str, start: int) -> bool:
    """Whether a word is a name: behind a first name and an initial, before an address, of those who are thanked."""
    if text[start].isupper() and _FIRST_NAMES.search(text, max(start - 24, 0), start):
        return True
    if _THANKED.search(text, max(start - 72, 0), start) is not None:
        return True
    return text[start].isupper() and _WRITES.match(text, text.find(" ", start) + 1) is not None


def _is_label(page: Page, offset: int) -> bool:
    """Whether a word stands in the label of a definition, which no reader sees."""
    number = page.source.line_of(offset)
    column = offset - page.source.starts[number]
    return any(row.line == number and page.lines[number].find("]:") > column for _, row, _ in page.definitions.labels)


_IN_FULL = lazy(r"[ ]\(([^()\n]{4,60})\)")


def _spells_out(text: str, start: int, end: int) -> bool:
    """Whether the parenthesis behind a word has words that begin with its letters: `gke (google kubernetes engine)`."""
    match = _IN_FULL.match(text, end)
    return match is not None and "".join(word[0] for word in match[1].split()).lower() == text[start:end].lower()


_NAMING = lazy(r"\b[Bb]ump $")
_RELEASE = lazy(r" from v?\d")
"""Around the name of a package in a list of changes."""


_INITIAL = lazy(r"\*\*([A-Za-z])\*\* $")


def _continues_initial(text: str, start: int, end: int) -> bool:
    """Whether the first letter of the word stands before it in bold, with a space between."""
    match = _INITIAL.search(text, max(start - 6, 0), start)
    whole = (match[1] + text[start:end]).lower() if match else ""
    return whole in right_words() or bool(frequencies().get(whole))


_HANDLES = lazy(r"(?:^|,)[ ]*@?[A-Za-z]+(?:\d|-|[a-z][A-Z])[\w-]*(?=[ ]*(?:,|$))")
_MANY = 4


def _is_among_handles(page: Page, offset: int) -> bool:
    """Whether a word stands in a list of people's names on other sites, written with digits, hyphens and capitals."""
    line = page.lines[page.source.line_of(offset)]
    return line.count(",") > _MANY and len(_HANDLES.findall(line)) >= _MANY


def is_in_header(page: Page, offset: int) -> bool:
    """Whether a word names the type of a box: other rules judge those."""
    header = next((opener.span for opener in page.openers if opener.span.start <= offset < opener.span.end), None)
    return header is not None and not re.search('["|]', page.source.text[header.start : offset])
