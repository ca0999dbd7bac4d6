"""A table that is printed as text: no blank line before it, a separator that is missing or does not fit."""

from __future__ import annotations

import re
from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.page import Page
from docscheck.parse.blocks import Node, Row, split_row, table_width
from docscheck.parse.code import HIDDEN
from docscheck.patterns import lazy
from docscheck.proofs import becomes_code, prints

SWALLOWED = Rule("TAB101", "swallowed-table", Severity.ERROR)
SEPARATOR = Rule("TAB102", "broken-table-separator", Severity.ERROR)
CODE = Rule("TAB103", "table-becomes-code", Severity.ERROR)
SPLIT = Rule("TAB104", "split-table", Severity.ERROR)
RULES = (SWALLOWED, SEPARATOR, CODE, SPLIT)
_SEPARATOR = lazy(r"[ ]*\|?[ ]*:?-{1,}:?[ ]*(?:\|[ ]*:?-*:?[ ]*)*\|?[ ]*$")
_SPACED = lazy(r"[ ]{0,3}(?:-{3,}(?:[ ]+-{3,})+|={3,}(?:[ ]+={3,})+)[ ]*")
"""A separator as Pandoc and reStructuredText draw it."""
_HEAD = 2
_PLUS = lazy(r"[ ]*\|?[ ]*-{2,}[ ]*(?:\+[ ]*-{2,}[ ]*)+\|?[ ]*")
_GRID = lazy(r"[ ]{0,3}\+(?:[-=]+\+){1,}[ ]*$")
_DRAWN = lazy(r"[ ]{0,3}[├┌╔╠┏┣╞┡][─═━]+(?:[┼┬╬╦╋┳╪╤╇][─═━]+)+[┤┐╣╗┓┫╡┩][ ]*$")
"""A line between rows, where columns cross it; a frame without columns is a drawing."""
_DRAWN_BARS = "│║┃"
_SHOWS = lazy(r"\b(?:markdown|syntax|source|looks? like|written|write|example|output|format|e\.g\.)\b", re.I)
"""Words that announce a table which is to be seen as it is typed."""
_DASHES = lazy(r"[ |:\-–—−_=+]+$|(?=[^\n]*--)[^\w\n]+$")
_WIDE_BARS = lazy(r"[ ]*(?=.*[｜│┃])[ |｜│┃:-]*-[ |｜│┃:-]*$")
"""A separator with bars that are none: those of full width, or of drawn boxes."""
_COLON_INSIDE = lazy(r"-+:-+")
_DASH = lazy(r"[-–—−_=]")


def check(page: Page) -> Iterator[Finding]:
    if not page.config.has("tables"):
        return
    leaves = {id(leaf): leaf for sign in ("|", "｜", *_DRAWN_BARS) for leaf in _leaves_with(page, sign)}
    for node in leaves.values():
        if node.kind == "p" or node.tag in ("li", "dd"):
            yield from _in_text(page, node)
    for node in page.kinds.get("p", ()) if page.shows("\t") else ():
        yield from _with_tabs(page, node)
    drawn = page.kinds.get("p", ()) if "====" in page.signs and (page.shows("=  =") or page.shows("= =")) else ()
    for node in (*page.kinds.get("hr", ()), *drawn):
        if _SPACED.fullmatch(page.lines[node.line]):
            yield SEPARATOR.at(
                page.source.content_span(node.line),
                "columns with spaces between them do not make a table here",
                help="write every row with `|`, and `| --- | --- |` under the first",
            )
    for node in page.kinds.get("table", ()):
        odd = _COLON_INSIDE.search(node.rows[1].text) if ":" in node.rows[1].text else None
        if odd:
            span = page.source.find(node.rows[1].line, odd[0])
            yield SEPARATOR.at(span, "a colon aligns a column only at the end of its dashes", help="move or remove it")
    for node in page.kinds.get("p", ()) if "\n;" in page.signs else ():
        yield from _with_semicolons(page, node)
    for node in page.kinds.get("setext", ()):
        yield from _under_heading(page, node)
    for node in page.kinds.get("code", ()):
        if _is_table(node.rows) and not _is_shown(page, node):
            line = node.rows[0].line
            yield CODE.at(
                page.source.content_span(line),
                "this table is indented so far that it becomes a block of code",
                help="remove four spaces",
                proof=becomes_code(line),
            )


def _with_tabs(page: Page, node: Node) -> Iterator[Finding]:
    """Cells with tabs between them, as spreadsheets put them on the clipboard: each line has as many."""
    lines = [page.lines[row.line].strip() for row in node.rows]
    if len(lines) > 1 and lines[0].count("\t") and len({line.count("\t") for line in lines}) == 1:
        yield SEPARATOR.at(
            page.source.content_span(node.rows[0].line),
            "tabs do not make a table, so these lines run together",
            help="write every row with `|`, and `| --- | --- |` under the first",
        )


_CELLS = lazy(r"[^\s;][^;\n]*(?:;[^\s;][^;\n]*)+")
_FEWEST = 3


def _with_semicolons(page: Page, node: Node) -> Iterator[Finding]:
    """Cells with semicolons between them, as spreadsheets save them: each of several lines has as many."""
    lines = [page.prose_lines[row.line].strip() for row in node.rows]
    if len(lines) < _FEWEST or not all(_CELLS.fullmatch(line) and line[-1].isalnum() for line in lines):
        return
    if len({line.count(";") for line in lines}) == 1:
        yield SEPARATOR.at(
            page.source.content_span(node.rows[0].line),
            "semicolons do not make a table, so these lines run together",
            help="write every row with `|`, and `| --- | --- |` under the first",
        )


def _leaves_with(page: Page, sign: str) -> Iterator[Node]:
    """The texts in which a sign can be read; tables, of which each line may hold it, are passed over."""
    ends = {table.line: table.rows[-1].line for table in page.kinds.get("table", ())}
    place = page.prose.find(sign)
    while place >= 0:
        line = page.source.line_of(place)
        leaf = page.leaf_by_line.get(line) if line not in ends else None
        if leaf is not None:
            yield leaf
        place = page.prose.find(sign, page.source.span(ends.get(line, line)).end)


def _in_text(page: Page, node: Node) -> Iterator[Finding]:
    rows = node.rows
    if len(rows) > 2 and _GRID.match(rows[0].text) and _is_piped(rows[1].text):
        yield SEPARATOR.at(
            page.source.content_span(rows[0].line),
            "a table drawn with `+` is plain text here",
            help="write rows with `|`, and `| --- | --- |` under the header",
            proof=prints(rows[1].line, "|"),
        )
        return
    drawn = next((row for row in rows if _DRAWN.match(row.text)), None)
    if drawn is not None and any(row.text.strip()[:1] in _DRAWN_BARS for row in rows):
        message = "a table drawn with lines is plain text here, and its rows run together"
        help = "write rows with `|`, and `| --- | --- |` under the header"
        first = next(row for row in rows if row is drawn or row.text.strip()[:1] in _DRAWN_BARS)
        yield SEPARATOR.at(page.source.content_span(first.line), message, help=help)
        return
    foreign = _foreign(rows)
    if foreign is not None:
        row, message = foreign
        help = "write `| --- | --- |` under the header, and every row with `|`"
        yield SEPARATOR.at(page.source.content_span(row.line), message, help=help)
        return
    for index in range(1, len(rows)):
        if _is_separator(rows[index].text) and "|" in rows[index - 1].text:
            yield from _at_separator(page, rows, index)
            return
    if len(rows) > 2 and "|" not in rows[0].text and all("|" in row.text for row in rows[1:]) and _is_wide(rows):
        is_text = rows[0].text.rstrip().endswith((".", ":", "!", "?", "："))
        yield SEPARATOR.at(
            page.source.content_span(rows[1 if is_text else 0].line),
            "this separator has no header above it, so the whole table is plain text"
            if is_text
            else "this header has no bars, so the whole table is plain text",
            help="put a header with bars above it, after a blank line" if is_text else "write `|` between its cells",
            proof=prints(rows[1].line, "|"),
        )
        return
    if rows and "|" in rows[0].text and (_is_more_without_bars(page, node) or _is_aligned(node)):
        yield from _without_separator(page, node)
        return
    if not rows or not all(_is_begun(row.text) for row in rows) or HIDDEN in page.masked_lines[rows[0].line][:1]:
        return
    if _is_piped(rows[0].text) or _is_more(page, node):
        yield from _without_separator(page, node)


def _is_wide(rows: list[Row]) -> bool:
    """Whether the second line separates two columns or more."""
    return "--" in rows[1].text and "|" in rows[1].text.strip(" |") and _is_separator(rows[1].text)


def _is_more(page: Page, node: Node) -> bool:
    """Whether rows, of which the first has no last bar, stand below a table as wide."""
    before = page.before(node)
    return before is not None and before.kind == "table" and _fits(before, node.rows[0])


def _is_more_without_bars(page: Page, node: Node) -> bool:
    """Whether rows without bars at their ends stand below a table of such, and all of them are as wide."""
    before = page.before(node)
    if before is None or before.kind != "table" or _has_border(before.rows[0]) or len(before.rows) < 3:
        return False
    width = table_width(before.rows)
    return width > 2 and all(len(split_row(row.text.strip(), False)) == width for row in node.rows)


def _is_aligned(node: Node) -> bool:
    """Whether rows without bars at their ends were padded so that the bars stand below each other."""
    texts = [row.text.rstrip() for row in node.rows]
    places = [index for index, sign in enumerate(texts[0]) if sign == "|"]
    return (
        node.kind == "p"
        and len(texts) > 1
        and any("  |" in text for text in texts)
        and all([index for index, sign in enumerate(text) if sign == "|"] == places for text in texts)
        and all(text[:1] != "|" and text[-1:] != "|" for text in texts)
    )


def _without_separator(page: Page, node: Node) -> Iterator[Finding]:
    """Rows of cells under which nothing separates the header from the others."""
    rows, before = node.rows, page.before(node)
    proof = prints(rows[0].line, "|")
    if before is not None and before.kind == "table" and _fits(before, rows[0]):
        if not _is_apart(page, before, rows[0]):
            return  # only statements of a template stand between them
        yield SPLIT.at(
            page.source.content_span(rows[0].line),
            "a blank line separates this row from its table",
            help="remove the blank line",
            proof=proof,
        )
    elif before is not None and (holder := _left(page, before, rows[0])):
        yield SPLIT.at(
            page.source.content_span(rows[0].line),
            f"this row is outside the {holder} that holds its table",
            help="indent it like the rows above",
            proof=proof,
        )
    elif (header := _header_in_code(page, before, rows[0])) is not None:
        yield CODE.at(
            page.source.content_span(header),
            "this header is indented so far that it becomes code, and the table below it is plain text",
            help="remove four spaces",
            proof=becomes_code(header),
        )
    elif len(rows) > 1 and _DASHES.match(rows[1].text.strip()) and _DASH.search(rows[1].text):
        yield SEPARATOR.at(
            page.source.content_span(rows[1].line),
            "the separator of a table may contain only `-`, `:` and `|`",
            help="write `| --- | --- |`",
            proof=proof,
        )
    elif len(rows) > 1:
        yield SEPARATOR.at(
            page.source.content_span(rows[0].line),
            "this table has no separator under its header",
            help="put `| --- | --- |`, with as many cells as the header has, under the first row",
            proof=proof,
        )


def _header_in_code(page: Page, before: Node | None, first: Row) -> int | None:
    """The line directly above a separator, where it is code that looks like a row of as many cells."""
    if before is None or before.kind != "code" or not before.rows or not _is_separator(first.text):
        return None
    above = before.rows[-1]
    is_header = above.line == first.line - 1 and len(before.rows) == 1 and _is_begun(above.text)
    return above.line if is_header and table_width([above, first]) else None


_HOLDERS = {"admonition": "box", "details": "box", "tab": "tab", "tabs": "tab", "ul": "list item", "ol": "list item"}


def _left(page: Page, before: Node, row: Row) -> str:
    """What ends with the table that a row directly below it continues; empty where nothing does."""
    last, holder = before, ""
    while last.children and last.kind != "table":
        holder = _HOLDERS.get(last.kind or last.tag, holder)
        last = last.children[-1]
    is_next = last.kind == "table" and last.rows[-1].line == row.line - 1
    return holder if is_next and _fits(last, row) else ""


_ONE_CELL = 2
"""So many doubled pipes are around one cell, which may be hidden text."""


def _foreign(rows: list[Row]) -> tuple[Row, str] | None:
    """The row that spoils a table written in another way: with `+`, with `||` around the cells, or of full width."""
    if len(rows) < 2:
        return None
    first, second = rows[0].text.strip(), rows[1].text.strip()
    if _is_piped(first) and _WIDE_BARS.match(second):
        return rows[1], "these bars are not `|`, so this separates nothing and the table is plain text"
    if _is_piped(first) and _GRID.match(second):
        return rows[1], "a separator drawn with `+` does not make a table here"
    is_row = "|" in first and len(rows) > _HEAD and "|" in rows[_HEAD].text
    if is_row and _SPACED.fullmatch(second):
        return rows[1], "spaces between its dashes do not make a separator, so the table is plain text"
    if is_row and _PLUS.fullmatch(second):
        return rows[1], "a separator drawn with `+` does not make a table here"
    if first.startswith("||") and first.endswith("||") and len(first) > 4 and _is_piped(second):
        return rows[0], "`||` does not make a header here, so the table is plain text"
    if all(row.startswith("||") and row.endswith("||") and row.count("||") > _ONE_CELL for row in (first, second)):
        return rows[0], "`||` does not make a row here, so the table is plain text"
    if first.startswith("｜") and first.endswith("｜") and len(first) > 2 and second[:1] in "|｜":
        return rows[0], "full-width bars do not make a table, so this is plain text"
    return None


def _under_heading(page: Page, node: Node) -> Iterator[Finding]:
    """A separator without bars makes a heading of the row above it."""
    line = node.line
    cells = len(split_row(node.rows[0].text, False))
    row = page.lines[line + 2] if line + 2 < len(page.lines) else ""
    if cells > 1 and len(split_row(row.strip(), False)) == cells and HIDDEN not in page.masked_lines[line]:
        yield SEPARATOR.at(
            page.source.content_span(line + 1),
            "without a `|` this separator turns the row above it into a heading",
            help="write as many cells as the header has: `--- | ---`",
        )


def _at_separator(page: Page, rows: list[Row], index: int) -> Iterator[Finding]:
    header, separator = rows[index - 1], rows[index]
    proof = prints(header.line, "|")
    if table_width([header, separator, *rows[index + 1 :]]) and index > 1:
        yield SWALLOWED.at(
            page.source.content_span(header.line),
            "the paragraph above swallows this table",
            help="put a blank line before its header",
            proof=proof,
        )
        return
    cells, marks = (len(split_row(row.text.strip(), _has_border(header))) for row in (header, separator))
    if cells != marks:
        yield SEPARATOR.at(
            page.source.content_span(separator.line),
            f"the header has {cells} cells and the separator {marks}",
            help="give both the same number; until then the table is printed as text",
            proof=proof,
        )


def _has_border(row: Row) -> bool:
    text = row.text.strip()
    return text.startswith("|") or text.endswith("|")


def _is_separator(text: str) -> bool:
    return "|" in text and "-" in text and _SEPARATOR.match(text) is not None


def _is_piped(text: str) -> bool:
    stripped = text.strip()
    return len(stripped) > 2 and stripped.startswith("|") and stripped.endswith("|") and not stripped.startswith("||")


def _is_begun(text: str) -> bool:
    """Whether a line is a row of cells, perhaps without the last bar."""
    return text.lstrip().startswith("|") and text.count("|") > 1


def _is_table(rows: list[Row]) -> bool:
    return len(rows) > 1 and _is_piped(rows[0].text) and _is_separator(rows[1].text) and table_width(rows[:2]) > 0


def _is_shown(page: Page, node: Node) -> bool:
    """Whether the text above announces code, or how a table is typed."""
    before = page.before(node)
    above = before.rows[-1].text.rstrip() if before is not None and before.rows else ""
    if f"\n{node.rows[0].text.strip()}\n{node.rows[1].text.strip()}\n" in page.source.text:
        return True  # the page shows it once as it is typed, and once as it looks
    return above.endswith(":") and (page.language != "en" or _SHOWS.search(above) is not None)


def _fits(table: Node, row: Row) -> bool:
    return table_width(table.rows) == len(split_row(row.text.strip(), True))


def _is_apart(page: Page, table: Node, row: Row) -> bool:
    """Whether a blank line stands between a table and a row."""
    return not all(line.strip() for line in page.lines[table.rows[-1].line + 1 : row.line])
