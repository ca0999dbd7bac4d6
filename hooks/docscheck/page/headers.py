"""Lines that were meant as the header of a box, a tab or a block, and the first thing that keeps each from opening."""

from __future__ import annotations

import re
from collections.abc import Iterable

from docscheck.box_types import MATERIAL
from docscheck.page.opener import UNSEEN, Opener, kind_of, next_is_deeper
from docscheck.page.prose import ProsePage
from docscheck.parse.blocks import ADMONITION, DETAILS, TAB_HEADER, Row
from docscheck.parse.code import HIDDEN
from docscheck.patterns import lazy
from docscheck.source import Span

_MIXED = lazy(r"(?P<marks>(?=[!?]{2,4}\s)(?:!+\?+|\?+!+)[!?]*)(?P<gap>[ ]*)(?P<rest>[a-z]+.*)$")
_SINGLE = lazy(r'(?P<marks>!)(?P<gap>[ ])(?P<rest>[a-z]+[ ]+"[^"]*")$')
_BANGS = lazy(r"(?P<marks>(?:[!！¡‼❗❕][  ]{0,2}){1,5}[!！¡‼❗❕])(?P<gap>[\s　]*)(?P<rest>.*)$")
_QUERIES = lazy(r"(?P<marks>[?？؟](?:[  ]{0,2}[?？؟]){1,4})(?P<gap>[\s　]*)(?P<rest>.*)$")
_EQUALS = lazy(
    r"(?P<marks>={2,5}|= ?= ?=|＝{2,4}|(?:-{3}|\+{3})(?=[ ]+[\"“][^\"”]+[\"”]$))(?P<gap>[\s　]*)(?P<rest>[^=\s].*)$"
)
_SLASHES = lazy(r"(?P<marks>/{2,})(?P<gap>[ ]*)(?P<rest>[^/\s].*)$")
_TYPES = lazy(r"[\w\-]+(?: +[\w\-]+)*")
_WORD = lazy(r"[\w\-]+")
_OPENING = "'‘’“”„«»‹›`([\\‚＂「『"
_CLOSING = "'’”»`)]"
_BARE_MARKS = lazy(r"!!!|\?\?\?\+?")
_HEADER_REST = lazy(rf"(?:{'|'.join(sorted(MATERIAL))})(?:[ ]+\".*\")?[ ]*$")
_SIGN_FIRST = lazy(
    r"[-+\"](?:!!!|\?\?\?)[ ]?[a-z]+(?:[ ]+\".*\")?[ ]*$|[-+!]={2,3}[ ]+\"[^\"]+\"[ ]*$|\"===[ ]+\"?[^\"]+\"{1,2}[ ]*$"
)
_OTHER_MARKS = lazy(rf"(?P<marks>-{{3}}|\+{{3}})[ ]?(?:{'|'.join(sorted(MATERIAL))})[ ]+\"[^\"]+\"$")
_MODIFIER = lazy(r"[-+*=~#>.]+(?!\") ?")
_BLOCK_NAMES_TEXT = """
admonition note attention caution danger error tip hint important warning details tab html define caption
"""
_BLOCK_NAMES = frozenset(_BLOCK_NAMES_TEXT.split())


def read_header(page: ProsePage, row: Row, below: Row | None) -> Opener | None:
    """What a row that begins with marks was meant to open; None where they are those of a text."""
    text = row.text.strip()
    column = len(page.lines[row.line].rstrip()) - len(text)
    if column < 0 or page.masked_lines[row.line][column : column + 1] == HIDDEN:
        return None
    header = _Header(page, row, text, page.source.starts[row.line] + column)
    first = text[0]
    if below is not None and _BARE_MARKS.fullmatch(text) and _HEADER_REST.match(below.text):
        return header.alone()
    if first in UNSEEN:
        return header.after_unseen()
    if first == "\\":
        return header.escaped()
    if first in "-+" and _OTHER_MARKS.match(text):
        return header.other_marks()
    if first in '+-!"' and _SIGN_FIRST.match(text):
        return header.sign_first()
    if first == '"':
        return None
    if first in "!！¡‼❗❕":
        return header.box("box", _BANGS)
    if first in "?？؟":
        return header.box("details", _QUERIES)
    if first in "=＝-+":
        return header.tab() if page.grammar.tabbed or first not in "-+" else None
    return header.block()


class _Header:
    """Reads a header from left to right, up to the first thing that is wrong."""

    def __init__(self, page: ProsePage, row: Row, text: str, offset: int) -> None:
        self.page = page
        self.row = row
        self.text = text
        """The header, without white space around it."""
        self.offset = offset
        """Where it begins."""
        self.kind = ""
        """What it was meant to open."""
        self.marks = text[:3]

    def _fault(self, fault: str, start: int, end: int) -> Opener:
        """The header with what is wrong between two places of its text."""
        whole = Span(self.offset, self.offset + len(self.text))
        part = Span(self.offset + start, min(self.offset + max(end, start + 1), whole.end))
        return Opener(self.kind, self.row.line, whole, fault, part, marks=self.marks)

    def _wrong_marks(self) -> Opener:
        return self._fault("wrong-marks", 0, len(self.marks))

    def _not_opened(self) -> Opener:
        """A header without a fault in it: its indent keeps it from opening, or an extension that is off."""
        return self._fault("indented" if self._is_indented else "off", 0, len(self.marks))

    @property
    def _is_indented(self) -> bool:
        """Whether the marks are indented in their row."""
        return self.row.text.startswith(" ") and self.row.text.lstrip().startswith(self.text[:3])

    def alone(self) -> Opener:
        """Marks with nothing behind them: the type stands on the next line."""
        self.kind = "box" if self.text[0] == "!" else "details"
        return self._fault("no-type", 0, len(self.text))

    def after_unseen(self) -> Opener | None:
        """A header that would open its box, were it not for characters of no width before it."""
        rest = self.text.lstrip(UNSEEN)
        self.kind, self.marks = kind_of(rest), rest[:3]
        return self._fault("unseen", 0, len(self.text) - len(rest)) if self.kind else None

    def escaped(self) -> Opener | None:
        """A header with a backslash before it, and the body under it."""
        rest = self.text.replace("\\", "", 3)  # a conversion puts one before each mark
        self.kind, self.marks = kind_of(rest), rest[:3]
        return self._fault("escaped", 0, 1) if self.kind and next_is_deeper(self.page, self.row) else None

    def other_marks(self) -> Opener | None:
        """A type and a title behind marks that open nothing, and the body under it."""
        self.kind, self.marks = "box", self.text[:3]
        return self._wrong_marks() if next_is_deeper(self.page, self.row) else None

    def sign_first(self) -> Opener:
        """A sign that stands before the marks instead of behind them."""
        self.kind, self.marks = {"!": "box", "?": "details", "=": "tab"}[self.text[1]], self.text[1:4].rstrip()
        return self._fault("wrong-modifier", 0, 1)

    def box(self, kind: str, pattern: re.Pattern[str]) -> Opener | None:
        """`!!!` or `???` and what it opens, or the first thing that keeps it from doing so."""
        match = _MIXED.match(self.text) or pattern.match(self.text) or _SINGLE.match(self.text)
        if not match or not self._is_meant(match["marks"], match["rest"]):
            return None
        self.kind, self.marks = kind, match["marks"]
        gap, rest, begin = match["gap"], match["rest"], match.start("rest")
        marks, whole = ("!!!", ADMONITION) if kind == "box" else ("???", DETAILS)
        if self.marks != marks:
            return self._wrong_marks()
        if gap.strip(" "):
            return self._fault("wrong-space", len(marks), begin)
        if whole.match(self.text):
            return self._not_opened()
        is_open = kind == "details" and rest.startswith("+")
        modifier = _MODIFIER.match(rest)
        if modifier and (not is_open or rest.startswith(("+-", "++"))):
            return self._fault("wrong-modifier", begin, begin + len(modifier[0].rstrip()))
        if is_open and gap:
            return self._fault("wrong-modifier", begin, begin + 1)
        return self._after_marks(rest[1:].lstrip(" ") if is_open else rest)

    def _is_meant(self, marks: str, rest: str) -> bool:
        """Whether the line was meant as a header: prose may begin with such marks too."""
        word = _WORD.match(rest.lstrip("+-*=~#>. ")) or (_WORD.search(rest) if rest.endswith('"') else None)
        name = word[0] if word else ""
        is_known = _is_near(name.lower())
        is_deeper = next_is_deeper(self.page, self.row)
        is_plain = marks in ("!!!", "???")
        if not rest:
            return is_plain and is_deeper
        if is_known and ('"' in rest or is_deeper or rest.strip("+- ") == name):
            return True
        if not is_plain:
            is_title = name not in MATERIAL or bool(re.match(r" [A-Z][a-z]", rest[len(name) :]))
            return is_known and (is_title or re.search(r"['\"“”„«]", rest) is not None)
        if rest[0] == "(":
            return is_deeper  # `??? (P0420)` may be a value that is not known, and an aside
        return rest[0] in '"+-=*' + _OPENING or (name != "" and (is_deeper or is_known or '"' in rest))

    def _after_marks(self, rest: str) -> Opener:
        """What is wrong behind the marks: with the type, the title, or what stands between them."""
        end, begin = len(self.text), len(self.text) - len(rest)
        if not rest or (rest[0] == '"' and self.kind == "box"):
            return self._fault("no-type", 0, len(self.marks))
        if rest[0] == '"':
            return self._title(rest)
        types, first = _TYPES.match(rest), _WORD.match(rest)
        if not types or not first:
            return self._fault("wrong-quotes" if rest[0] in _OPENING else "unreadable", begin, end)
        is_one, after = " " not in types[0], rest[types.end() :]
        title, behind_first = after.lstrip(" "), begin + first.end() + 1
        at = end - len(title)
        if title.startswith((":", "：")) and not after.startswith("  "):
            return self._fault("colon", at, at + 1)
        if title.startswith("+") and self.kind == "details":
            return self._fault("wrong-modifier", at, at + 1)
        if title.startswith(",") and is_one:
            return self._fault("comma", at, at + 1)
        if title.startswith('"'):
            if not after.startswith(" ") and title.count('"') > 1:
                return self._fault("no-space", at, at + 1)
            return self._title(title) if is_one or title != '"' else self._fault("unopened-title", at, end)
        if title.endswith('"') and title.count('"') == 1:
            return self._fault("unopened-title", behind_first, end)
        if title.startswith(tuple(_OPENING)) and (is_one or title[-1] in _CLOSING):
            return self._fault("wrong-quotes", at, end)
        return self._fault("unquoted-title", behind_first, end)

    def _title(self, title: str) -> Opener:
        """A title that begins with a quote and yet does not end the header."""
        end, at = len(self.text), len(self.text) - len(title)
        behind = title[title.rfind('"') + 1 :]
        if behind == title[1:]:
            return self._fault("unclosed-title", at, at + 1)
        if not behind:
            return self._fault("unreadable", at, end)
        return self._fault("text-after-title", end - len(behind.lstrip()), end)

    def tab(self) -> Opener | None:
        """`===` and a title, or the first thing that keeps the tab from opening."""
        match = _EQUALS.match(self.text)
        if not match or self.text.endswith("="):
            return None
        self.kind, self.marks = "tab", match["marks"]
        gap, rest, begin = match["gap"], match["rest"], match.start("rest")
        if self.marks != "===":
            is_quoted = gap and rest[0] in '"' + _OPENING and (self.marks != "==" or rest[-1] in "\"'”»`")
            return self._wrong_marks() if is_quoted else None
        if TAB_HEADER.match(self.text):
            return self._not_opened()
        if not gap and re.match(r"[?*~-][ ]+\"[^\"]+\"$", rest):
            return self._fault("wrong-modifier", begin, begin + 1)
        modifier = re.match(r"[+!]{1,2}", rest)
        if modifier:
            behind = begin + modifier.end()
            if gap or modifier[0] in ("++", "!!"):
                return self._fault("wrong-modifier", begin, behind)
            rest = self.text[behind:].lstrip()
            if rest.startswith('"') and self.text[behind] != " ":
                return self._fault("no-space", behind, behind + 1)
        return self._tab_title(rest, bool(gap or modifier)) if rest else None

    def _tab_title(self, title: str, is_apart: bool) -> Opener | None:
        """What is wrong with the title of a tab; whether it stands apart from the marks, or a modifier between them."""
        end, at = len(self.text), len(self.text) - len(title)
        if title[0] in ":;,." and title[1:].lstrip().startswith('"'):
            return self._fault("colon", at, at + 1)
        if title[0] == '"':
            return self._title(title) if is_apart else self._fault("no-space", 3, 4)
        if title[0] in _OPENING:
            return self._fault("wrong-quotes", at, end)
        if title.endswith('"') and title.count('"') == 1:
            return self._fault("unopened-title", at, end)
        if "==" in title or "!=" in title:
            return None  # a sentence about operators, the first of which is `===`
        return self._fault("unquoted-title", at, end) if is_apart else None

    def block(self) -> Opener | None:
        """`///` and a name, or the first thing that keeps the block from opening."""
        match = _SLASHES.match(self.text)
        word = _WORD.match(match["rest"]) if match else None
        if not match or not word:
            return None
        self.kind, self.marks = "block", match["marks"]
        grammar, rest, begin = self.page.grammar, match["rest"], match.start("rest")
        name, after = word[0].lower(), rest[word.end() :].strip()
        has_bar = after.startswith("|")
        if not after.startswith(("|", ":", '"', "'")) and ((after and len(self.marks) < 3) or not self._is_ended):
            return None
        whole, end, behind = rest.strip().lower().replace(" ", "-"), len(self.text), begin + word.end()
        if " " in rest.strip() and whole in grammar.blocks and len(self.marks) == 3:
            return self._fault("unknown-name", begin, end)
        known = grammar.blocks or _BLOCK_NAMES
        if name not in known and not _nearest(name, known):
            is_header = has_bar or (not after and len(self.marks) > 2)
            if not (grammar.blocks and is_header and self._is_ended):
                return None
        if not grammar.blocks:
            return None if grammar.any_block else self._fault("off", 0, len(self.marks))
        if len(self.marks) < 3:
            return self._wrong_marks()
        if name not in grammar.blocks:
            return None if grammar.any_block else self._fault("unknown-name", begin, behind)
        if not after.strip(" |") and grammar.blocks[name].title:
            return self._fault("no-title", 0, end)
        if after and not has_bar:
            return self._fault("no-bar", end - len(after), end)
        argument = after.partition("|")[2].lstrip()
        if argument and not grammar.blocks[name].takes(argument):
            return self._fault("bad-argument", end - len(argument), end)
        return self._fault("indented" if self._is_indented else "bad-options", 0, behind)

    @property
    def _is_ended(self) -> bool:
        """Whether a line of as many slashes ends the block."""
        lines = self.page.lines[self.row.line + 1 : self.row.line + 200]
        return any(line.strip(" \t>") == "/" * max(len(self.marks), 3) for line in lines)


def _is_near(word: str) -> bool:
    """Whether a word is a type of box, or near one."""
    return word in MATERIAL or bool(_nearest(word, MATERIAL))


def _nearest(word: str, known: Iterable[str]) -> str:
    """The known word that was most likely meant; imported when it is first asked for."""
    from docscheck.words.distance import nearest

    return nearest(word, known)
