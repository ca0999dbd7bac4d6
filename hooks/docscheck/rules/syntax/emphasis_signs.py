"""What stars, and what underscores, stand for besides emphasis: pointers, powers, globs, notes, names."""

from __future__ import annotations

import re
from typing import NamedTuple

from docscheck.once import of_page
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.words.lists import frequencies

_ARGUMENTS = lazy(
    r"\*{1,2}(?:args|kwargs|kw|options|params|(?:u?int(?:8|16|32|64)?|float(?:32|64)?|bool|string"
    r"|char|void|byte|nix|NIX|BSDs?)\b|\w+(?:_[^\W_]|[(\[]|\.\w)"
    r"|[A-Za-z_]\w*(?:\)?(?:\.\w|->)|[ ]?=[ ]?[&\w]))"
)
_SPOKEN = lazy(r"\*\*(?:byte|string|bool|void|char|float|options|kw)[ ][a-z]{3,}")
_AN_ARTICLE = lazy(r"(?:^[ >]*|\b(?:[Tt]he|[Aa]n?|[Tt]his|[Ee]ach|[Ee]very)[ ])$")
"""Before and behind stars of bold text, which begins with a word that is a type too."""
CLAUSE_BEGINS = lazy(r"[a-z] (?:that|which|when|how|why|not|is|are|or|you|we) $")
"""What stands before a verb or an adjective, and never before a name with a star."""
_LAST = lazy(r"\*{1,2}([a-z_]\w*)$")
_POINTER = lazy(r"(?:\b(?:struct|const|(?:const)?char|int|void|unsigned|long|float|double|FILE)|\w_\w+|\w=)[ ]$")
"""What stands before the star of a pointer."""
_TYPE = lazy(r"(?:\b(?:const[ ]?)?(?:char|int|void|float|double)|\b\w+_t)[ ]?$")
"""What stands before the star of a type."""
_STARRED = lazy(r"\*(?<![\w*\\]\*)[A-Z]{3,}\b(?![*:])")
"""A name that begins with a star, such as the `*USER` and `*NONE` of IBM's systems."""
_STARRED_NAMES = 3
"""So many of them on a page are no slips."""
_REMARK = lazy(r"\*(?:see|cf\.?|siehe|voir|véase|vedi)\b", re.I)
"""The star of a remark that stands elsewhere."""
_NOTE_BEGINS = lazy(r"(?:\||^[ ]*_|^#{1,6}[ ]|<(?:small|sup|td)\b[^<>\n]*>)[ ]*$")
_NOTE_BESIDE = lazy(r"[\w)]\*[ ]?\($")
"""A word with the sign of a note, which stands in parentheses behind it: `4 MB* (*up to 16 MB)`."""
_NOTE_REACH = 40
_NOTED_TWICE = lazy(r"\|[^|*\n]*[\w)]\*\*[ ]*\|")
"""A cell that ends with the sign of a second note."""
_NOTED = lazy(r"(?<=[\w)!])\*(?=[ ]*(?:\||$|[ ](?=[\w\[])|[.,;)]))", re.M)
"""A word with the sign of a note."""
_TIMES = lazy(r"\d[ ]?[A-Za-zµ]{0,3}[ ]?\*\d$")
"""The sign of a product."""
_BASIS_SET = lazy(r"\d-\d{1,3}\+{0,2}[Gg]\*{1,2}$")
"""The name of a set of functions in quantum chemistry, such as `6-31G**`, whose stars are part of it."""
_LONGEST_TYPE = 40
_NEAR = 10_000
"""So many characters away a name is looked for once more."""
_IDENTIFIER = lazy(r"__[A-Za-z]\w*")
_ENDS = frozenset("、，。；：）)]>|/,;:")
"""Signs that end something, and never begin emphasised text."""


class Place(NamedTuple):
    """A mark and where it stands; of two, the later is the greater."""

    line: int
    column: int
    mark: str


def is_no_mark(page: Page, place: Place) -> bool:
    """Whether stars stand for what a function takes, or for any folder."""
    line, column, mark = place
    text = page.lines[line]
    if text.startswith("/", column + len(mark)):
        return True
    if _ARGUMENTS.match(text, column) is not None and not _is_bold_name(text, place):
        return not (_SPOKEN.match(text, column) and _AN_ARTICLE.search(text[:column]))
    last = _LAST.match(text, column)
    is_name = last is not None and (mark == "*" or frequencies().get(last[1]) is None)
    if last and is_name and not (CLAUSE_BEGINS.search(text[:column]) and frequencies().get(last[1])):
        return True  # a name that ends its line; a word that bold text begins with is known
    if mark == "*" and text.startswith(".", column + 1):
        return True  # a glob such as `*.py`
    if mark == "*" and _STARRED.match(text, column) and _has_starred_names(page):
        return True
    if mark == "*" and (_REMARK.match(text, column) or (_TIMES.search(text, max(column - 9, 0), column + 2))):
        return True
    if mark == "**" and not text[:column].strip() and _NOTED_TWICE.search(page.prose):
        return True
    if text[:column].lstrip(" -*+>") == ".":
        return True  # behind a full stop, so that it is not the mark of an item
    if mark == "**" and text[column - 1 : column] == "/" and text.startswith(".", column + 2):
        return True
    return mark in ("*", "**") and _POINTER.search(text, max(column - _LONGEST_TYPE, 0), column) is not None


_BOLD_NAME = lazy(r"\*\*[\w.-]+(?:[ ]\*\*|(?<![\W_])\*)(?![\w*])")
_BOLD_TERM = lazy(r"[ ]*[-*+][ ]+\*\*[A-Za-z]\w*[ ]=[ ](?:[A-Z][a-z]*|[a-z]+)(?:[ ][a-z]+){2}")


def _is_bold_name(text: str, place: Place) -> bool:
    """Whether two stars begin a name in bold, and nothing that a function takes: it ends soon, or words explain it."""
    if place.mark != "**":
        return False
    term = _BOLD_TERM.match(text)
    return _BOLD_NAME.match(text, place.column) is not None or (
        term is not None and text.index("**") == place.column and text.count("**") == 1
    )


def is_note(page: Page, place: Place) -> bool:
    """Whether a star at the head of a cell or of small print is the sign of a note; in a table a word bears it too."""
    text = page.lines[place.line]
    if text[place.column - 1 : place.column] == "(" and _NOTE_BESIDE.search(text, 0, place.column):
        return True
    begins = _NOTE_BEGINS.search(text, max(place.column - _NOTE_REACH, 0), place.column)
    return begins is not None and (begins[0][0] == "<" or _has_notes(page))


@of_page
def _has_notes(page: Page) -> bool:
    return _NOTED.search(page.prose) is not None


@of_page
def _has_starred_names(page: Page) -> bool:
    return len(set(_STARRED.findall(page.source.text))) >= _STARRED_NAMES


def is_identifier(page: Page, line: int, column: int) -> bool:
    """Whether two underscores begin a name of a C program: Chinese follows at once, or the page says it again."""
    text = page.lines[line]
    name = _IDENTIFIER.match(text, column)
    if name is None:
        return False
    place = page.source.starts[line] + column
    if text[:column].rstrip().endswith("|") and text[name.end() :].lstrip().startswith("|"):
        return True  # a name alone in its cell
    return (
        not text[name.end() : name.end() + 4].lstrip()[:1].isascii()
        or page.source.text.count(name[0], max(place - _NEAR, 0), place + _NEAR) > 1
    )


def is_operator(before: str, after: str, mark: str) -> bool:
    """Whether the marks stand for themselves, such as `(==)`, `(*2)` or the sign of an edit's end."""
    if mark == "==" and after == ">":
        return True  # an arrow
    if mark == "==" and before.isspace() and after in ".,;:)":
        return True  # the operator, between words
    if mark in ("==", "~~") and "}" in after:
        return True  # the end of an edit, with a space before it too
    if before.isspace() or before.isalnum() or before == "_":
        return False
    if (mark == "*" and before in "()" and after.isdecimal()) or "{" in before or "}" in after:
        return True
    if mark == "*" and ((after in "./" and before in "._/-") or (after.isspace() and before == ":")):
        return True  # `*` for any name
    if mark == "**" and before == "/" and not after.isalnum():
        return True  # `**` for any folder
    if mark == "*" and before in "'\"" and (after.isdecimal() or after == before):
        return True  # a string so many times, or the sign itself
    return after in _ENDS and before in "、，；：（([<|/,;:!！"


def ends_type(shown: str, start: int, after: str) -> bool:
    """Whether stars that open nothing stand behind a type of C, such as `uint8_t *`."""
    return not after.isalnum() and _TYPE.search(shown, max(start - _LONGEST_TYPE, 0), start) is not None


_DATATYPE = lazy(r"\^\^[A-Za-z]\w*:\w")
"""The type of a value in RDF: `^^xsd:string`."""


def is_formal(shown: str, match: re.Match[str]) -> bool:
    """Whether marks are the sign of a power between two parentheses, and the only ones, or begin the name of a type."""
    if match[0] == "**":
        before, after = shown[match.start() - 1 : match.start()], shown[match.end() : match.end() + 1]
        return before == ")" and after == "(" and shown.count("**") == 1
    return match[0] == "^^" and _DATATYPE.match(shown, match.start()) is not None


def ends_basis_set(shown: str, end: int) -> bool:
    """Whether the stars before a place are those of a set of functions."""
    return _BASIS_SET.search(shown, max(end - 12, 0), end) is not None
