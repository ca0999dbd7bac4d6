"""Lines that are, or were meant to be, the header of a box, a tab or a block; and what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice, zip_longest
from typing import TYPE_CHECKING, NamedTuple

from docscheck.box_types import MATERIAL
from docscheck.parse.blocks import ADMONITION, DETAILS, TAB_HEADER, Node, Row
from docscheck.patterns import at_signs, lazy
from docscheck.source import NOWHERE, Span

if TYPE_CHECKING:
    from docscheck.page import Page

_MIXED = lazy(r"(?P<marks>(?=[!?]{2,4}\s)(?:!+\?+|\?+!+)[!?]*)(?P<gap>[ ]*)(?P<rest>[a-z]+.*)$")
_SINGLE = lazy(r'(?P<marks>!)(?P<gap>[ ])(?P<rest>[a-z]+[ ]+"[^"]*")$')
_BANGS = lazy(r"(?P<marks>(?:[!！¡‼❗❕][  ]{0,2}){1,5}[!！¡‼❗❕])(?P<gap>[\s　]*)(?P<rest>.*)$")
_QUERIES = lazy(r"(?P<marks>[?？](?:[  ]{0,2}[?？]){1,4})(?P<gap>[\s　]*)(?P<rest>.*)$")
_EQUALS = lazy(
    r"(?P<marks>={2,5}|= ?= ?=|＝{2,4}|(?:-{3}|\+{3})(?=[ ]+[\"“][^\"”]+[\"”]$))(?P<gap>[\s　]*)(?P<rest>[^=\s].*)$"
)
_SLASHES = lazy(r"(?P<marks>/{2,})(?P<gap>[ ]*)(?P<rest>[^/\s].*)$")
_TYPES = lazy(r"[\w\-]+(?: +[\w\-]+)*")
_WORD = lazy(r"[\w\-]+")
_OPENING = "'‘’“”„«»‹›`([\\‚＂「『"
_UNSEEN = "\u200b\u200c\u200d\u200e\u2060\ufeff"
"""Characters that have no width."""
_FIRST = "!！¡‼❗❕?？=＝/／-+\\" + _UNSEEN
_INSIDE = {
    marks: lazy(f"{mark}(?:(?<=\\S {mark})|(?<=[*_`]{mark}))") for marks, mark in (("!!!", "!!!"), ("???", r"\?\?\?"))
}
"""Marks in the middle of a line."""
_BARE_MARKS = lazy(r"!!!|\?\?\?\+?")
_HEADER_REST = lazy(rf"(?:{'|'.join(sorted(MATERIAL))})(?:[ ]+\".*\")?[ ]*$")
_SIGN_FIRST = lazy(r"[-+](?:!!!|\?\?\?)[ ]?[a-z]+(?:[ ]+\".*\")?[ ]*$|[-+!]===[ ]+\"[^\"]+\"[ ]*$")
_MID_LINE = lazy(
    r'(?:(?<=\S)[ ]|^[ ]*(?:\*\*|__|\*|_|`))(?P<header>(?:!!!|\?\?\?\+?)[ ]?(?P<type>[a-z]+)(?:[ ]+"[^"]*")?)[*_`]*\s*$'
)
_CELL = lazy(r'(?:^|\|)[ ]*(?P<header>(?:!!!|\?\?\?\+?)[ ]?(?P<type>[a-z]+)[ ]+"[^"|]*")')


class Opener(NamedTuple):
    """A header. `fault` is empty where the parser opens the box as meant."""

    kind: str
    """`box` (`!!!`), `details` (`???`), `tab` (`===`) or `block` (`///`)."""
    line: int
    span: Span
    """The whole header."""
    fault: str = ""
    part: Span = NOWHERE
    """What is at fault."""
    node: Node | None = None
    """The box, where one is opened."""
    marks: str = ""


def find_openers(page: Page) -> Iterator[Opener]:
    """The openers of a page in order of the tree."""
    for kind, name in (("admonition", "box"), ("details", "details"), ("tab", "tab"), ("block", "block")):
        for node in page.kinds.get(kind, ()):
            yield Opener(name, node.line, page.source.content_span(node.line), node=node)
    for node in page.kinds.get("code", ()):
        yield from _in_code(page, node)
    for node in page.rough_texts:
        for row, below in zip_longest(node.rows, node.rows[1:]):
            first = row.text.lstrip()[:1]
            if first and first in _FIRST:
                opener = _read(page, row, below)
                if opener:
                    yield opener
    if any(marks in page.signs and any(at_signs(inside, marks[0], page.prose)) for marks, inside in _INSIDE.items()):
        for node in page.nodes:
            if node.rows and node.kind in ("p", "li", "dt", "dd", "footnote"):
                yield from _mid_line(page, node)
            elif node.rows and node.kind == "table":
                yield from _in_cell(page, node)


def _mid_line(page: Page, node: Node) -> Iterator[Opener]:
    """Headers behind other words of their line, or inside marks of emphasis."""
    for row in node.rows:
        match = _MID_LINE.search(page.prose_lines[row.line]) if "!!! " in row.text or "???" in row.text else None
        meant = match and ('"' in match["header"] or _next_is_deeper(page, row))
        if match and meant and match["type"] in MATERIAL:
            start = page.source.starts[row.line] + match.start("header")
            span = Span(start, start + len(match["header"]))
            yield Opener("box", row.line, span, "inside-paragraph", span, marks=match["header"][:3])


def _in_cell(page: Page, node: Node) -> Iterator[Opener]:
    """Headers in the cells of a table."""
    for row in node.rows:
        for match in _CELL.finditer(page.prose_lines[row.line]) if "!!!" in row.text or "???" in row.text else ():
            if match["type"] in MATERIAL:
                span = page.source.span(row.line, match.start("header"), match.end("header"))
                yield Opener("box", row.line, span, "inside-paragraph", span, marks=match["header"][:3])


def _in_code(page: Page, node: Node) -> Iterator[Opener]:
    """A header with its body that stands four spaces too deep, where nothing announces an example."""
    row = node.rows[0]
    text = row.text
    kind = _kind_of(text)
    if not kind and _is_whole_block(page, node) and not page.config.has("pymdownx.fancylists"):
        kind = "block"
    elif not kind or not _next_is_deeper(page, row):
        return
    if page.is_announced(node):
        return
    span = page.source.content_span(row.line)
    yield Opener(kind, row.line, span, "code", span, marks=text[:3])


_HEADERS = (("box", ADMONITION), ("details", DETAILS), ("tab", TAB_HEADER))


def _kind_of(text: str) -> str:
    """What a text would open as a header of its own; empty for none."""
    return next((kind for kind, header in _HEADERS if header.match(text)), "")


def _is_whole_block(page: Page, node: Node) -> bool:
    """Whether code is a `/// block` of the site, from its header to its end."""
    match = _SLASHES.match(node.rows[0].text)
    word = _WORD.match(match["rest"]) if match else None
    last = node.rows[-1].text.strip()
    return match is not None and word is not None and word[0] in page.grammar.blocks and last == match["marks"]


def _next_is_deeper(page: Page, row: Row) -> bool:
    """Whether the next line that holds text is indented more than this one."""
    own = _indent(page.lines[row.line])
    below = (line for line in page.lines[row.line + 1 : row.line + 4] if line.strip(" >\t"))
    return any(_indent(line) >= own + 2 for line in islice(below, 1))


def _indent(line: str) -> int:
    """How far a line is indented, marks of quotes included."""
    expanded = line.expandtabs(4)
    return len(expanded) - len(expanded.lstrip(" >"))


def _read(page: Page, row: Row, below: Row | None) -> Opener | None:
    """What a row was meant to open; None where its marks are those of a text."""
    shown = page.masked_lines[row.line]
    text = row.text.strip()
    column = len(page.lines[row.line].rstrip()) - len(text)
    if column < 0 or (column < len(shown) and shown[column] == "\x00"):
        return None
    reader = _Header(page, row, text, page.source.starts[row.line] + column)
    if below is not None and _BARE_MARKS.fullmatch(text) and _HEADER_REST.match(below.text):
        return reader.alone()
    unseen = len(text) - len(text.lstrip(_UNSEEN))
    if unseen:
        return reader.after_unseen(unseen)
    if text[0] == "\\":
        return reader.escaped()
    if text[0] in "+-!" and _SIGN_FIRST.match(text):
        return reader.sign_first()
    if text[0] in "!！¡‼❗❕":
        return reader.box(_BANGS, "box")
    if text[0] in "?？":
        return reader.box(_QUERIES, "details")
    if text[0] in "=＝-+":
        return reader.tab() if page.grammar.tabbed or text[0] not in "-+" else None
    return reader.block()


class _Header(NamedTuple):
    """Reads a header that the parser did not open."""

    page: Page
    row: Row
    text: str
    offset: int

    def _opener(self, kind: str, fault: str, start: int, end: int, marks: str) -> Opener:
        end = max(end, start + 1)
        whole = Span(self.offset, self.offset + len(self.text))
        return Opener(
            kind, self.row.line, whole, fault, Span(self.offset + start, min(self.offset + end, whole.end)), marks=marks
        )

    @property
    def _indented(self) -> bool:
        """Whether the marks are indented in their row."""
        return self.row.text.startswith(" ") and self.row.text.lstrip().startswith(self.text[:3])

    def alone(self) -> Opener:
        """Marks with nothing behind them: the type stands on the next line."""
        kind = "box" if self.text[0] == "!" else "details"
        return self._opener(kind, "no-type", 0, len(self.text), self.text[:3])

    def after_unseen(self, count: int) -> Opener | None:
        """A header that would open its box, were it not for characters of no width before it."""
        rest = self.text[count:]
        kind = _kind_of(rest)
        return self._opener(kind, "unseen", 0, count, rest[:3]) if kind else None

    def escaped(self) -> Opener | None:
        """A header with a backslash before it, and the body under it."""
        rest = self.text.replace("\\", "", 3)  # a conversion puts one before each mark
        kind = _kind_of(rest)
        if not kind or not _next_is_deeper(self.page, self.row):
            return None
        return self._opener(kind, "escaped", 0, 1, rest[:3])

    def sign_first(self) -> Opener:
        """A sign that stands before the marks instead of behind them."""
        kind = {"!": "box", "?": "details", "=": "tab"}[self.text[1]]
        return self._opener(kind, "wrong-modifier", 0, 1, self.text[1:4])

    def box(self, pattern: re.Pattern[str], kind: str) -> Opener | None:
        """`!!!` or `???` and what it opens, or the first thing that keeps it from doing so."""
        match = _MIXED.match(self.text) or pattern.match(self.text) or _SINGLE.match(self.text)
        if not match:
            return None
        marks, gap, rest = match["marks"], match["gap"], match["rest"]
        begin = match.start("rest")
        if not self._is_meant(kind, marks, rest):
            return None
        own = "!!!" if kind == "box" else "???"
        if marks != own:
            return self._opener(kind, "wrong-marks", 0, len(marks), marks)
        if gap.strip(" ") or (len(gap) > 1 and "\t" in gap):
            return self._opener(kind, "wrong-space", len(marks), begin, marks)
        wanted = ADMONITION if kind == "box" else DETAILS
        if wanted.match(self.text):
            # The same header opens a box at the start of its line: indent, or an extension that is off.
            return self._opener(kind, "indented" if self._indented else "off", 0, len(marks), marks)
        modifier = re.match(r"[-+*=~#>.]+(?!\") ?", rest)
        if modifier and not (kind == "details" and rest.startswith("+") and not rest.startswith(("+-", "++"))):
            return self._opener(kind, "wrong-modifier", begin, begin + len(modifier[0].rstrip()), marks)
        if kind == "details" and rest.startswith("+"):
            if gap:
                return self._opener(kind, "wrong-modifier", begin, begin + 1, marks)
            rest, begin = rest[1:].lstrip(" "), begin + len(rest) - len(rest[1:].lstrip(" "))
        return self._after_marks(kind, rest, begin, marks)

    def _is_meant(self, kind: str, marks: str, rest: str) -> bool:
        """Whether the line was meant as a header: prose may begin with such marks too."""
        word = _WORD.match(rest.lstrip("+-*=~#>. ")) or (_WORD.search(rest) if rest.endswith('"') else None)
        known = word is not None and _is_near(word[0].lower())
        deeper = _next_is_deeper(self.page, self.row)
        plain = marks in ("!!!", "???")
        if not rest:
            return plain and deeper
        if known and ('"' in rest or deeper or rest.strip("+- ") == (word[0] if word else "")):
            return True
        if not plain:
            sentence = word is not None and word[0] in MATERIAL and re.match(r" [A-Z][a-z]", rest[len(word[0]) :])
            return known and (sentence is not None or re.search(r"['\"“”„«]", rest) is not None)
        if rest[0] == "(":
            return deeper  # `??? (P0420)` may be a value that is not known, and an aside
        return rest[0] in '"+-=*' + _OPENING or (word is not None and (deeper or known or '"' in rest))

    def _after_marks(self, kind: str, rest: str, begin: int, marks: str) -> Opener:
        """What is wrong behind the marks: with the type, the title, or what stands between them."""
        end = len(self.text)
        if not rest or (rest[0] == '"' and kind == "box"):
            return self._opener(kind, "no-type", 0, len(marks), marks)
        if rest[0] == '"':
            return self._title(kind, rest, begin, marks)
        types = _TYPES.match(rest)
        if not types:
            fault = "wrong-quotes" if rest[0] in _OPENING else "unreadable"
            return self._opener(kind, fault, begin, end, marks)
        after = rest[types.end() :]
        stripped = after.lstrip(" ")
        at = begin + types.end() + len(after) - len(stripped)
        if stripped[:1] in (":", "：") and not after.startswith("  "):
            return self._opener(kind, "colon", at, at + 1, marks)
        if stripped[:1] == "+" and kind == "details":
            return self._opener(kind, "wrong-modifier", at, at + 1, marks)
        if stripped[:1] == "," and " " not in types[0]:
            return self._opener(kind, "comma", at, at + 1, marks)
        if stripped[:1] == '"':
            if not after.startswith(" ") and stripped.count('"') > 1:
                return self._opener(kind, "no-space", at, at + 1, marks)
            if stripped.count('"') == 1 and stripped == '"' and " " in types[0]:
                return self._opener(kind, "unopened-title", at, at + 1, marks)
            return self._title(kind, stripped, at, marks)
        first = _WORD.match(rest)
        words_end = begin + (first.end() if first else 0)
        if stripped.endswith('"') and stripped.count('"') == 1:
            return self._opener(kind, "unopened-title", words_end + 1, end, marks)
        if stripped[:1] and stripped[0] in _OPENING and " " not in types[0]:
            return self._opener(kind, "wrong-quotes", at, end, marks)
        if stripped[:1] and stripped[0] in _OPENING and stripped[-1:] in "'’”»`)]":
            return self._opener(kind, "wrong-quotes", at, end, marks)
        return self._opener(kind, "unquoted-title", words_end + 1, end, marks)

    def _title(self, kind: str, title: str, at: int, marks: str) -> Opener:
        """A title that begins with a quote and yet does not end the header."""
        last = title.rfind('"')
        if last == 0:
            return self._opener(kind, "unclosed-title", at, at + 1, marks)
        if last == len(title) - 1:
            return self._opener(kind, "unreadable", at, at + len(title), marks)
        rest = title[last + 1 :]
        lead = len(rest) - len(rest.lstrip())
        return self._opener(kind, "text-after-title", at + last + 1 + lead, at + len(title), marks)

    def tab(self) -> Opener | None:
        """`===` and a title, or the first thing that keeps the tab from opening."""
        match = _EQUALS.match(self.text)
        if not match or self.text.rstrip().endswith("="):
            return None
        marks, gap, rest = match["marks"], match["gap"], match["rest"]
        begin = match.start("rest")
        quoted = rest[0] in '"' + _OPENING
        if marks == "==" and not (quoted and gap and rest[-1] in "\"'”»`"):
            return None
        if marks != "===":
            return self._opener("tab", "wrong-marks", 0, len(marks), marks) if quoted and gap else None
        if TAB_HEADER.match(self.text):
            return self._opener("tab", "indented" if self._indented else "off", 0, 3, marks)
        other = re.match(r"[?*~-](?=[ ]+\"[^\"]+\"$)", rest)
        if other and not gap:
            return self._opener("tab", "wrong-modifier", begin, begin + 1, marks)
        modifier = re.match(r"[+!]{1,2}", rest)
        if modifier:
            title = rest[modifier.end() :].lstrip()
            if gap or modifier[0] in ("++", "!!"):
                return self._opener("tab", "wrong-modifier", begin, begin + len(modifier[0]), marks)
            if title[:1] == '"' and rest[modifier.end() : modifier.end() + 1] != " ":
                return self._opener("tab", "no-space", begin + modifier.end(), begin + modifier.end() + 1, marks)
            begin += len(rest) - len(title)
            rest = title
        if not rest:
            return None
        if rest[0] in ":;,." and rest[1:].lstrip()[:1] == '"':
            return self._opener("tab", "colon", begin, begin + 1, marks)
        if rest[0] == '"':
            if not gap and not modifier:
                return self._opener("tab", "no-space", 3, 4, marks)
            return self._title("tab", rest, begin, marks)
        if rest[0] in _OPENING:
            return self._opener("tab", "wrong-quotes", begin, len(self.text), marks)
        if rest.endswith('"') and rest.count('"') == 1:
            return self._opener("tab", "unopened-title", begin, len(self.text), marks)
        if gap or modifier:
            return self._opener("tab", "unquoted-title", begin, len(self.text), marks)
        return None

    def block(self) -> Opener | None:
        """`///` and a name, or the first thing that keeps the block from opening."""
        match = _SLASHES.match(self.text)
        grammar = self.page.grammar
        if not match:
            return None
        marks, rest = match["marks"], match["rest"]
        begin = match.start("rest")
        word = _WORD.match(rest)
        if not word:
            return None
        name, after = word[0].lower(), rest[word.end() :]
        known = grammar.blocks or BLOCK_NAMES
        near = name if name in known else _nearest(name, known)
        if not self._looks_like_block(after, marks):
            return None
        whole = rest.strip().lower().replace(" ", "-")
        if " " in rest.strip() and whole in grammar.blocks and len(marks) == 3:
            return self._opener("block", "unknown-name", begin, len(self.text), marks)
        is_header = after.lstrip().startswith("|") or (not after and len(marks) > 2)
        if not near and not (grammar.blocks and is_header and self._is_ended(marks)):
            return None
        at = begin + word.end()
        if not grammar.blocks:
            return None if grammar.any_block else self._opener("block", "off", 0, len(marks), marks)
        if len(marks) < 3:
            return self._opener("block", "wrong-marks", 0, len(marks), marks)
        if name not in grammar.blocks:
            return None if grammar.any_block else self._opener("block", "unknown-name", begin, at, marks)
        if not after.strip(" |") and grammar.blocks[name].title:
            return self._opener("block", "no-title", 0, len(self.text), marks)
        if after.strip() and not after.lstrip().startswith("|"):
            lead = len(after) - len(after.lstrip())
            return self._opener("block", "no-bar", at + lead, len(self.text), marks)
        argument = after.partition("|")[2]
        if argument.strip() and not grammar.blocks[name].takes(argument):
            return self._opener("block", "bad-argument", len(self.text) - len(argument.lstrip()), len(self.text), marks)
        return self._opener("block", "bad-options" if not self._indented else "indented", 0, at, marks)

    def _looks_like_block(self, after: str, marks: str) -> bool:
        """Whether what follows the name shows that slashes were meant as a block."""
        stripped = after.strip()
        if stripped.startswith(("|", ":", '"', "'")):
            return True
        return (not stripped or len(marks) > 2) and self._is_ended(marks)

    def _is_ended(self, marks: str) -> bool:
        """Whether a line of as many slashes ends the block."""
        lines = self.page.lines[self.row.line + 1 : self.row.line + 200]
        return any(line.strip() == "/" * max(len(marks), 3) for line in lines)


_BLOCK_NAMES_TEXT = """
admonition note attention caution danger error tip hint important warning details tab html define caption
"""
BLOCK_NAMES = frozenset(_BLOCK_NAMES_TEXT.split())


def _is_near(word: str) -> bool:
    """Whether a word is a type of box, or near one."""
    return word in MATERIAL or bool(_nearest(word, MATERIAL))


def _nearest(word: str, known: Iterable[str]) -> str:
    """The known word that was most likely meant; imported when it is first asked for."""
    from docscheck.words.distance import nearest

    return nearest(word, known)
