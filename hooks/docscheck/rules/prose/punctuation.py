"""Commas behind a space, two full stops, and parentheses that nothing closes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from docscheck.diagnostics import Edit, Finding, Rule, Severity
from docscheck.mentions import is_raw
from docscheck.page import Page
from docscheck.parse.blocks import Node
from docscheck.patterns import WIDE_LETTER, lazy
from docscheck.source import Span
from docscheck.words.lexicon import telling

COMMA = Rule("PRO106", "stray-comma", Severity.WARNING)
OPEN = Rule("PRO107", "unclosed-parenthesis", Severity.WARNING)
STOP = Rule("PRO108", "doubled-stop", Severity.WARNING)
RULES = (COMMA, OPEN, STOP)
_COMMA = lazy(
    r"(?:(?<=[A-Za-zÀ-ſ]{3})|(?<=[^\s(]\))|(?<=[ei]\.[ge]))[ ]{1,2},(?=[ ](?:\[?[A-Za-zÀ-ſ]{2}|\x00{3}))"
    r"|(?<=\x00{3})[ ]{1,2},(?=[ ]\[?[A-Za-zÀ-ſ]{2})"
    r"|(?<=[^\W\d_]{2})[ ],(?=[^\W\d_]{2,}[ .,;])"
)
_ADDRESS = lazy(r"\]\((?:[^()\s]|\([^()\s]*\))*(?:[ ]+(?:\"[^\"\n]*\"|'[^'\n]*'))?[ ]*\)|<[^<>\s]+>")
_INTERVAL = lazy(r"\([ ]*[-\w.\x00]+[ ]*,[^()\[\]\n]{0,30}\]")
_SIGN = lazy(r"[()]")
_WIDE = lazy(r"[\u3000-\u30ff\u4e00-\u9fff\uac00-\ud7af\uff00-\uffef]")
"""Chinese and its neighbours: there a parenthesis may stay open for effect."""
_BEGINS = lazy(r"[ \t>*_-]*\(?(?:\d{1,2}|[a-zA-Z]|[ivx]{1,4})$")
"""What stands before the parenthesis of `1)` or `a)` at the beginning of a line."""
_FACE = lazy(r"[:;=]['-]?$")
_QUOTES = "\"'“”‘’`«»|"


_CUT_SHORT = lazy(r"\w(?:…|\.\.\.)[ ]*(?:[\[(]|$)")


def tells(word: str) -> bool:
    """Whether a word begins with a comma or empty brackets, or holds two full stops that may end a sentence."""
    return word[0] == "," or word.startswith(_NOTHING) or word.endswith(_PAIRS) or _has_two_stops(word)


def _has_two_stops(word: str) -> bool:
    return ".." in word and _TWO_STOPS.search(word) is not None


def check(page: Page) -> Iterator[Finding]:
    """Look at paragraphs; a page with as many opened as closed parentheses has none to show."""
    for match in _COMMA.finditer(page.prose) if any(word[0] == "," for word in telling(page)) else ():
        line = page.source.line_of(match.start())
        leaf = page.leaf_by_line.get(line)
        if leaf is None or not _is_text(leaf) or leaf.tag == "table":
            continue
        column = match.start() - page.source.starts[line]
        if _COMMA.search(page.prose_lines[line][match.end() - page.source.starts[line] :]):
            continue  # a list of signs, or a habit
        shown = page.prose_lines[line]
        if shown.rfind("{", 0, column) > shown.rfind("}", 0, column):
            continue  # attributes
        is_bracketed = shown.rfind("[", 0, column) > shown.rfind("]", 0, column) and "](" not in shown[column:]
        if " ::" in shown or is_bracketed:
            continue  # a declaration, or what a program prints
        span = page.source.span(line, column, column + len(match[0]))
        is_followed = page.source.text[span.end : span.end + 1] == " "
        fix = Edit(span, "," if is_followed else ", ")
        yield COMMA.at(span, "there is a space before this comma", help="remove it", fix=fix)
    if any(word.endswith(_PAIRS) for word in telling(page)):
        for match in _TWO_SIGNS.finditer(page.prose):
            if match[0] == "?." and page.language[:2] != "en":
                continue
            if _is_in_text(page, match.start()):
                what = "commas" if match[0] == ",," else "signs"
                yield STOP.at(Span(*match.span()), f"there are two {what} in a row", help="write one")
    if any(map(_TWO_STOPS.search, telling(page))):
        yield from _stops(page)
    for match in _SEMICOLON.finditer(page.prose) if page.shows(" ;") else ():
        if _is_in_text(page, match.start()):
            message = "the space stands before this semicolon, and not behind it"
            yield COMMA.at(Span(*match.span()), message, help="write `; `", fix=Edit(Span(*match.span()), "; "))
    yield from _unclosed_in_headings(page)
    yield from _unclosed_in_boxes(page)
    signs = page.signs
    for match in _EMPTY.finditer(page.prose) if any(word.startswith(_NOTHING) for word in telling(page)) else ():
        shown = page.prose_lines[page.source.line_of(match.start())]
        if _is_in_text(page, match.start()) and not is_raw(page, match.start()) and not _OF_BRACKETS.search(shown):
            yield OPEN.at(
                Span(*match.span()), "there is nothing between these", help="write what belongs there, or remove them"
            )
    opened, closed = signs.count("("), signs.count(")")
    if opened > closed:
        yield from _unclosed(page)
        yield from _unclosed_in_cells(page)
    elif closed == opened + 1:
        yield from _unopened(page)
        yield from _closed_twice(page)
    if not page.prose.isascii():
        yield from _wide(page)
        yield from _accents(page)


_TWO_STOPS = lazy(r"\.\.(?![.\w/\\])")
_STOPS = lazy(
    r"\.\.(?:(?<=[^\W\d_]{2}\.\.)|(?<=[ ]\d{2}\.\.)|(?<=[ ]\d{4}\.\.))"
    r"(?<!\betc\.\.)(?<!\bal\.\.)(?![.\w/\\])(?=[ ]+[A-ZÀ-Þ]|[ \t]*$)",
    re.M,
)
_GOES_ON = lazy(r"\.\.(?<=[a-z]{2}\.\.)(?<!\betc\.\.)(?<!\bal\.\.)(?=[ ]+[a-z]{2,}[ ,])")
"""Two full stops before the next words: one too many, or one too few for a pause."""
_PAIRS = (",,", ",.", "?.")
_NOTHING = ("()", "[]")
_TWO_SIGNS = lazy(
    r",,(?<=[^\W\d_]{2},,)(?=[ ]+[^\W\d_]|$)"
    r"|(?:,\.(?<=[^\W\d_]{2},\.)|\?\.(?<=[a-z]{2}\?\.))(?=[ ]+(?!PR[ ])[A-ZÀ-Þ]|[ ]*$)",
    re.M,
)
_EMPTY = lazy(r"(?:\(\)|\[\])(?<=[^\W\d_]{3}[ ][(\[][)\]])(?=[.,;](?:[ ]|$))", re.M)
"""Brackets with nothing in them at the end of a clause."""
_OF_BRACKETS = lazy(
    r"\b(?:empty|(?:square[ ])?brackets?|parenthes[ei]s|braces|tuples?|lists?|arrays?|operators?|functions?|methods?"
    r"|calls?|arguments?|written|write|types?|typed|returns?|defaults?|values?|lambda|unit|regex)\b",
    re.I,
)
"""Words of a line that speaks of brackets themselves, or of programs."""
_SEMICOLON = lazy(r"[ ];(?<=[a-z]{2}[ ];)(?=[a-z]{2,}[ ,.])")
_HABIT = 2
"""More of them on a page are their author's way to pause."""


def _stops(page: Page) -> Iterator[Finding]:
    """Two full stops at the end of a sentence, as an edit leaves them."""
    found = [match for match in _STOPS.finditer(page.prose) if _is_in_text(page, match.start())]
    for match in found if len(found) <= _HABIT else ():
        yield STOP.at(Span(*match.span()), "two full stops end this sentence", help="write one, or three for a pause")
    inside = [match for match in _GOES_ON.finditer(page.prose) if _is_in_text(page, match.start())]
    for match in inside if len(inside) + len(found) <= _HABIT else ():
        message = "two full stops neither end a sentence nor make a pause"
        yield STOP.at(Span(*match.span()), message, help="write one, or three for a pause")


def _is_in_text(page: Page, offset: int) -> bool:
    leaf = page.leaf_by_line.get(page.source.line_of(offset))
    return leaf is not None and _is_text(leaf) and leaf.tag != "table"


def _unclosed(page: Page) -> Iterator[Finding]:
    opened: list[tuple[int, int]] = []
    for node in page.nodes:
        if not node.rows or not _is_text(node):
            continue
        places, surplus = _left_open(page, node)
        if surplus:
            opened.clear()  # what an earlier paragraph opens may end here
        opened += places
    for line, column in opened:
        if _CUT_SHORT.search(page.lines[line], column):
            continue  # the title of a change, of which a program left out the end
        yield OPEN.at(
            page.source.span(line, column, column + 1),
            "this parenthesis is never closed",
            help="close it with `)`, or remove it",
        )


_OPEN_TITLE = lazy(r"(?<=[\w)`*] )\((?=[^\W\d_]+ [^\W\d_]{2})[^()|<>`]*[^\W_][ ]*$")
"""An aside of several words that ends with its heading."""


def _unclosed_in_headings(page: Page) -> Iterator[Finding]:
    for heading in page.headings if page.shows("(") else ():
        if "(" not in heading.markup:
            continue
        shown = page.prose_lines[heading.line]
        match = _OPEN_TITLE.search(shown) if shown.count("(") == shown.count(")") + 1 and "](" not in shown else None
        if match and heading.node.kind == "heading":
            span = page.source.span(heading.line, match.start(), match.start() + 1)
            yield OPEN.at(span, "this parenthesis is never closed", help="close it with `)`, or remove it")


def _unclosed_in_boxes(page: Page) -> Iterator[Finding]:
    """An aside that ends with the title of its box or tab."""
    for opener in page.openers if page.shows("(") else ():
        title = (opener.node.title or "") if opener.node is not None else ""
        if "(" not in title or title.count("(") != title.count(")") + 1 or "](" in title:
            continue
        match = _OPEN_TITLE.search(title)
        if match and title in page.lines[opener.line]:
            start = page.source.find(opener.line, title).start + match.start()
            yield OPEN.at(Span(start, start + 1), "this parenthesis is never closed", help="close it with `)`")


_OPEN_CELL = lazy(r"(?<=[\w)`*] )\((?=[a-z]+ [a-z]{2})[^()|]*[a-z][ ]*$")
"""An aside of several words that ends with its cell."""
_SOME = 2
"""More of them on a page are its author's way to write."""


def _unclosed_in_cells(page: Page) -> Iterator[Finding]:
    found = []
    for row in (row for table in page.kinds.get("table", ()) for row in table.rows[2:]):
        shown = page.prose_lines[row.line]
        if shown.count("(") != shown.count(")") + 1 or "](" in shown or _WIDE.search(shown):
            continue
        start = 0
        for cell in shown.split("|"):
            match = _OPEN_CELL.search(cell) if cell.count("(") > cell.count(")") else None
            if match:
                found.append(page.source.span(row.line, start + match.start(), start + match.start() + 1))
            start += len(cell) + 1
    for span in found if len(found) <= _SOME else ():
        yield OPEN.at(span, "this parenthesis is never closed", help="close it with `)`, or remove it")


_LONE_END = lazy(r"\)(?<=[ ][a-z]{3}\))(?=[ .,;:]|$)|\)(?<=[a-z]{4}\))(?=[ .,;:]|$)")
"""Behind a word, not the letter or number of an item."""


def _unopened(page: Page) -> Iterator[Finding]:
    """The one parenthesis of a page that no other opens, in a paragraph that has no others."""
    for node in page.nodes:
        if not node.rows or not _is_text(node) or not any(")" in row.text for row in node.rows):
            continue
        shown = [(row.line, page.prose_lines[row.line]) for row in node.rows]
        ends = [(line, match) for line, text in shown for match in _LONE_END.finditer(text)]
        if len(ends) == 1 and sum(text.count(")") for _, text in shown) == 1:
            line, match = ends[0]
            if not any("(" in text or "](" in text or _WIDE.search(text) for _, text in shown):
                span = page.source.span(line, *match.span())
                yield OPEN.at(span, "no parenthesis opens this one", help="open it with `(`, or remove it")


_CLOSED_TWICE = lazy(r"(?<![\w\]])\((?=[^\W_])[^()\[\]\n:;]*(?<=[^\W_])\)(\))(?=[ .,;:]|$)")
"""An aside of several words that ends with two parentheses."""
_SMILE = lazy(r"[:;=]['-]?\)")


def _closed_twice(page: Page) -> Iterator[Finding]:
    """The second of two parentheses, in a paragraph in which no other is too much or too few."""
    seen: set[int] = set()
    for number in page.lines_with("))"):
        match, leaf = _CLOSED_TWICE.search(page.prose_lines[number]), page.leaf_by_line.get(number)
        if match is None or " " not in match[0] or leaf is None or id(leaf) in seen or not _is_text(leaf):
            continue
        seen.add(id(leaf))
        shown = _SMILE.sub("", "\n".join(page.prose_lines[row.line] for row in leaf.rows))
        if shown.count(")") == shown.count("(") + 1 and "](" not in shown:
            span = page.source.span(number, *match.span(1))
            yield OPEN.at(span, "no parenthesis opens this one", help="remove it")


_WIDE_MARK = lazy(r"(?<=[A-Za-z]{2})[，。；](?=[ ]?[A-Za-z]|[ ]*$)", re.M)
_MARKS = {"，": ",", "。": ".", "；": ";"}


def _wide(page: Page) -> Iterator[Finding]:
    """A comma or a full stop of Chinese in a line that has no other sign of it."""
    if page.language[:2] in ("zh", "ja", "ko"):
        return
    others: dict[int, bool] = {}
    for match in _WIDE_MARK.finditer(page.prose):
        line = page.source.line_of(match.start())
        if line not in others:
            others[line] = WIDE_LETTER.search(page.prose_lines[line]) is not None
        if not others[line] and _is_in_text(page, match.start()):
            message = f"`{match[0]}` is a mark of Chinese, with a width of its own"
            yield COMMA.at(Span(*match.span()), message, help=f"write `{_MARKS[match[0]]}`")


_ACCENT = lazy(r"(?<=[a-z])´(?=(?:s|t|re|ve|ll|d|m)(?![^\W_]))")


def _accents(page: Page) -> Iterator[Finding]:
    """An accent alone in place of an apostrophe: the first on a page, which tells of the others."""
    match = _ACCENT.search(page.prose) if page.language[:2] == "en" and "´" in page.signs else None
    if match and _is_in_text(page, match.start()):
        yield COMMA.at(Span(*match.span()), "this accent is no apostrophe", help="write `'`")


def _is_text(node: Node) -> bool:
    return node.kind == "p" or node.tag in ("p", "li", "dd")


def _left_open(page: Page, node: Node) -> tuple[list[tuple[int, int]], bool]:
    """The parentheses that a paragraph leaves open, and whether it closes one that it did not open."""
    stack: list[tuple[int, int]] = []
    surplus = False
    for row in node.rows:
        shown = _ADDRESS.sub(lambda match: "\x00" * len(match[0]), page.prose_lines[row.line])
        if "](" in shown or _INTERVAL.search(shown) or _WIDE.search(shown):
            return [], True
        for match in _SIGN.finditer(shown):
            before = shown[max(match.start() - 12, 0) : match.start()]
            after = shown[match.end() : match.end() + 1]
            if before.endswith("\\") or (before[-1:] in _QUOTES and before and after in _QUOTES and after):
                continue
            if match[0] == "(":
                if not _FACE.search(before):
                    stack.append((row.line, match.start()))
            elif stack:
                stack.pop()
            elif not _FACE.search(before) and not _BEGINS.match(before):
                surplus = True
    return stack if len(stack) == 1 and _is_clause(page, node, *stack[0]) else [], surplus


def _is_clause(page: Page, node: Node, line: int, column: int) -> bool:
    """Whether a parenthesis begins an aside: it stands behind a space and before a word, in a text that is whole."""
    shown = page.prose_lines[line]
    before, after = shown[max(column - 1, 0) : column], shown[column + 1 : column + 2]
    is_cut = page.prose_lines[node.rows[-1].line].rstrip().endswith(("...", "…"))
    return not before.strip(" *_") and not is_cut and (after.isalnum() or after in "*_\"'“‘\x00([")
