"""A table row with more or fewer cells than the header."""

from __future__ import annotations

import re
from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.page import Page
from docscheck.parse.blocks import Node, split_row
from docscheck.parse.code import HIDDEN
from docscheck.patterns import lazy
from docscheck.plugins import own_syntax
from docscheck.rules.tables import is_ours

RULE = Rule("TAB105", "table-row-width", Severity.ERROR)
_PIPE = lazy(r"(?<!\\)\|")
_OTHER_PIPES = lazy(r"[¦｜│]")
"""Signs that look like one."""
_HABIT = 3
"""So many rows that lack the same cell are no slip."""
_RULE = 6
"""So many are the rule, where those that have it are fewer than half as many."""
_FEWEST = 2
"""A table of two columns lacks half of a row."""
_LINKED = lazy(r"\]\(|<(?:a|img)[ ]")
_EMPTY_END = lazy(r"\|\|$")
"""A row that its author ends with two pipes: the rest is meant to be empty."""
_DASHES = lazy(r"\|?(?:[ ]*:?-{3,}:?[ ]*\|)+(?:[ ]*:?-{3,}:?[ ]*)?")
"""A line that separates rows elsewhere."""
_TOKEN = r"(?:\x00+|`+[^`]+`+|\[[^\[\]]+\]\([^()]+\))"
_NAME = lazy(rf"\|[ ]*{_TOKEN}[ ]*\|.*[^\s|]")
"""A row whose first cell is a name in code, or a link, and nothing else."""
_NAME_AND_TEXT = lazy(rf"\|[ ]*{_TOKEN}[ ]+[^\W_][^|]*\|$")
"""A row of one cell that begins so and goes on."""
_STATEMENT = lazy(rf"(?<=\|)[ ]*{HIDDEN}+$")
"""What a template reads behind the last cell of a row."""
_SPAN = lazy(r"\{:?[^{}|\n]*?\b(row|col)span[ ]*=[ ]*[\"']?(\d+)")


def check(page: Page) -> Iterator[Finding]:
    short: dict[str, list[tuple[str, Finding]]] = {}
    may_span = page.config.has("attr_list")
    for node in page.kinds.get("table", ()) if is_ours(page) else ():
        texts = [row.text.strip() for row in node.rows]
        if page.macros and any(text.endswith(HIDDEN) for text in texts):
            texts = [
                _STATEMENT.sub("", text) if _ends_with_statement(page, row.line) else text
                for row, text in zip(node.rows, texts, strict=True)
            ]
        header = texts[0]
        border = header.startswith("|") or header.endswith("|")
        width = len(split_row(header, border))
        covered = _covered(node) if may_span and any("span" in text for text in texts) else {}
        for row, text, following in zip(node.rows[2:], texts[2:], [*texts[3:], ""], strict=False):
            cells = len(split_row(_joined(text) if "[[" in text and own_syntax(page.config) else text, border))
            if cells == width and following[:1] in ("", "|") and "|" in text and "---" not in text:
                continue  # what most rows are
            finding = _no_row(page, header, row.line, text, following)
            least = width - covered.get(row.line, 0)
            finding = finding or _other_width(page, header, row.line, text, cells, least, width)
            if finding is None and cells == 1 < least and _lacks_first_pipe(text, texts[2:]):
                finding = RULE.at(
                    page.source.content_span(row.line),
                    "no pipe stands behind the first cell, so all of this row is in it",
                    help="write `|` between the cells",
                    severity=Severity.WARNING,
                )
            if finding is not None and finding.severity is Severity.WARNING:
                short.setdefault(header, []).append((text, finding))
            elif finding is not None:
                yield finding
    for header, rows in short.items():
        if len(rows) < _HABIT or not _leave_out_last(page, header, [text for text, _ in rows]):
            yield from (finding for _, finding in rows)


def _lacks_first_pipe(text: str, rows: list[str]) -> bool:
    """Whether the only cell of a row is a name and words, where the first cell of every other row is a name alone."""
    if not _NAME_AND_TEXT.match(text):
        return False
    others = [row for row in rows if row != text]
    return bool(others) and all(map(_NAME.match, others))


def _ends_with_statement(page: Page, line: int) -> bool:
    """Whether a template reads what stands behind the last cell of a row, and leaves nothing of it."""
    return page.lines[line].rstrip().endswith("%}")


def _no_row(page: Page, header: str, line: int, text: str, following: str) -> Finding | None:
    """What a line is that became a row by accident; `following` is the text of the next row."""
    if "---" in text and _DASHES.fullmatch(text):
        return RULE.at(
            page.source.content_span(line),
            "only the line under the header separates; the dashes of this one are shown",
            help="remove it",
        )
    if following[:1] not in ("", "|") and _goes_on(header, text, following):
        return RULE.at(
            page.source.content_span(line),
            "a line break inside a cell begins another row",
            help="write the row on one line, with `<br>` where the cell is to break",
        )
    if "|" not in text and (header.startswith("|") or _is_sentence(header, text)):
        return RULE.at(
            page.source.content_span(line),
            "this text becomes a row of the table above",
            help="put a blank line before it",
        )
    return None


def _is_sentence(header: str, text: str) -> bool:
    """Whether a row without a pipe is text, in a table of three columns or more without pipes at their ends."""
    return len(text.split()) > _HABIT and header[-1:] != "|" and len(split_row(header, False)) > _FEWEST


def _other_width(page: Page, header: str, line: int, text: str, cells: int, least: int, width: int) -> Finding | None:
    """A row with another number of cells than the header; one with fewer is a warning.

    It may have as few as `least` where cells of other rows reach over the rest.
    """
    if cells < width and "`" in text and len(_PIPE.split(text.strip("|"))) == width:
        return RULE.at(
            page.source.content_span(line),
            f"a pipe in code separates nothing, so this row has {cells} cell{'s' * (cells != 1)} instead of {width}",
            help="end the code before the pipe, or write the cell that is missing",
        )
    other = _OTHER_PIPES.search(text) if cells < width and not text.isascii() else None
    if other and cells + len(_OTHER_PIPES.findall(text)) == width:
        return RULE.at(
            page.source.find(line, other[0]),
            f"`{other[0]}` separates no cells, so this row has {cells} instead of {width}",
            help="write `|`",
        )
    if least <= cells <= width or (cells < width and not _lacks_some(header, text, cells)):
        return None
    if cells == width + 1 and text.endswith("|") and not text.startswith("|") and header[0] != "|" != header[-1]:
        return None  # the pipe that closes the row cuts off nothing but an empty cell
    what = "the last of them are lost" if cells > width else "the rest stay empty"
    return RULE.at(
        page.source.content_span(line),
        f"this row has {cells} cell{'s' * (cells != 1)} where the header has {width}: {what}",
        help="add or remove cells; a pipe inside a cell is written `\\|`",
        severity=Severity.ERROR if cells > width else Severity.WARNING,
    )


def _covered(table: Node) -> dict[int, int]:
    """How many cells a row may lack because others reach over them: `{: rowspan=2}`, by the row's line."""
    covered: dict[int, int] = {}
    below: list[int] = []
    for row in table.rows[2:]:
        wide = 0
        taller: list[int] = []
        for kind, number in _SPAN.findall(row.text) if "span" in row.text else ():
            if kind == "col":
                wide += int(number) - 1
            else:
                taller.append(int(number) - 1)
        if below or wide:
            covered[row.line] = len(below) + wide
        below = [left - 1 for left in below if left > 1] + [rows for rows in taller if rows > 0]
    return covered


def _leave_out_last(page: Page, header: str, short: list[str]) -> bool:
    """Whether rows leave cells out on purpose: most do; or all the same two or more of the last, and end with a pipe.

    Or they leave out one, and what they end with fits the last column but one: most of it stands there in whole rows
    under the same header, on this page, and none of it in the last column.
    """
    border = header.startswith("|") or header.endswith("|")
    width = len(split_row(header, border))
    widths = {len(split_row(text, border)) for text in short}
    if len(widths) == 1 and 1 < widths.pop() < width - 1 and all(text.endswith("|") for text in short):
        return True
    tables = [node for node in page.kinds["table"] if node.rows[0].text.strip() == header]
    rows = [_cells(row.text, border) for node in tables for row in node.rows[2:]]
    whole = [cells for cells in rows if len(cells) == width]
    ends = [cells[-1] for text in short if len(cells := _cells(text, border)) == width - 1]
    before_last, last = {cells[-2] for cells in whole if width > _FEWEST}, {cells[-1] for cells in whole}
    remarks = [cells[-1] for cells in whole if " " in cells[-1]]
    if len(ends) == len(short) >= max(_RULE, 2 * len(whole)) and whole and len(remarks) == len(whole):
        return True
    if len(ends) == len(short) and before_last and all(_LINKED.search(end) or end in before_last for end in ends):
        return True  # a link or a picture stands where it belongs, and the last one is there only for some
    fitting = sum(end in before_last for end in ends)
    return len(ends) == len(short) and fitting * 2 > len(ends) and last.isdisjoint(ends)


def _cells(text: str, border: bool) -> list[str]:
    return [cell.strip() for cell in split_row(text.strip(), border)]


def _joined(text: str) -> str:
    """A row without the pipes of links in double brackets, which a plugin reads."""
    return re.sub(r"\[\[[^\[\]]*\]\]", "x", text)


def _goes_on(header: str, text: str, following: str) -> bool:
    """Whether a row breaks off and the next line, without a pipe before it, ends it; the header has both pipes."""
    bordered = header[:1] == "|" and header[-1:] == "|"
    if not bordered or text[:1] != "|" or following[:1] == "|" or following[-1:] != "|":
        return False
    return text[-1:] != "|" or _width(text) + _width(following) == _width(header)


def _width(text: str) -> int:
    return len(split_row(text, True))


def _lacks_some(header: str, text: str, cells: int) -> bool:
    """Whether a row has too few cells by mistake: one that ends with two pipes, or of one cell, may be meant so.

    Where rows have no first pipe, a last one is that before an empty cell.
    """
    if header[:1] == "|" != text[:1] and text[-1:] == "|":
        return False
    return _breaks_off(header, text) if cells == 1 else not _EMPTY_END.search(text)


def _breaks_off(header: str, text: str) -> bool:
    """Whether a row begins with a pipe and lacks the last one, which the header has: a line break ended it."""
    return header[-1:] == "|" and text[:1] == "|" and text[-1:] != "|"
