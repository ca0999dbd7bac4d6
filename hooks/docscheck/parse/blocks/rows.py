"""Rows as the parser takes them apart: at blank lines, by their indent, at the first that begins something."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from docscheck.parse.blocks.tree import Row, Rows, row_of
from docscheck.parse.code import HIDDEN

TAB = 4


def blocks_of(numbers: Iterable[int], texts: Iterable[str]) -> list[Rows]:
    """The blocks that lines make, given by their numbers and texts."""
    blocks: list[Rows] = []
    block: Rows = []
    for number, text in zip(numbers, texts, strict=True):
        if text and (text[0] != " " or text.strip(" ")):
            row = Row()
            row.line, row.text = number, text
            block.append(row)
        elif block:
            blocks.append(block)
            block = []
    return [*blocks, block] if block else blocks


def split_blank(rows: Rows) -> list[Rows]:
    """Rows grouped into blocks at blank lines."""
    blocks: list[Rows] = []
    block: Rows = []
    for row in rows:
        text = row.text
        if text and (text[0] != " " or text.strip(" ")):
            block.append(row)
        elif block:
            blocks.append(block)
            block = []
    return [*blocks, block] if block else blocks


def detab(rows: Rows, length: int = TAB) -> tuple[Rows, Rows]:
    """Take an indent of `length` from the leading rows that have it; return them and the rest."""
    margin = " " * length
    for index, row in enumerate(rows):
        text = row.text
        if text[:length] == margin:
            row.text = text[length:]
        elif not text.strip():
            row.text = ""
        else:
            return rows[:index], rows[index:]
    return rows, []


def loose_detab(rows: Rows, level: int = 1) -> Rows:
    """Take `level` tabs from the rows that have them; leave the others."""
    width = TAB * level
    margin = " " * width
    for row in rows:
        if row.text[:width] == margin:
            row.text = row.text[width:]
    return rows


def first_match(pattern: re.Pattern[str], block: Rows, marks: str = "") -> tuple[int, re.Match[str]] | None:
    """The first row that a pattern matches, with the match; `marks` stand in each that it does."""
    for index, row in enumerate(block):
        match = pattern.match(row.text) if marks in row.text else None
        if match:
            return index, match
    return None


def joined(block: Rows) -> str:
    """The text of a block."""
    return "\n".join(row.text for row in block)


def rows_of_match(match: re.Match[str]) -> tuple[int, int]:
    """The first row of a match in the joined text of a block, and the one after its last."""
    first = match.string.count("\n", 0, match.start())
    return first, first + match[0].rstrip("\n").count("\n") + 1


class Folded:
    """Rows that stand for several lines: fences, which extensions take out before blocks are read."""

    def __init__(self, lines: Sequence[str] = (), ends: Mapping[int, int] = MappingProxyType({})) -> None:
        self._lines = lines
        self._ends = ends
        """The last lines of fences that stay in one piece, by the first."""

    def last_line(self, line: int) -> int:
        """The last line of what a row with this line stands for."""
        return self._ends.get(line, line)

    def unfolded(self, row: Row) -> Rows:
        """The lines of a fence that stands behind indented code: there it is put back, and read as text."""
        end = self._ends.get(row.line) if HIDDEN in row.text else None
        if end is None:
            return [row]
        fence = [row_of(line, self._lines[line]) for line in range(row.line, end + 1)]
        indent = len(row.text) - len(row.text.lstrip(" >"))
        lost = len(fence[0].text) - len(fence[0].text.lstrip(" >")) - indent
        rows = [row_of(row.line, row.text[max(lost, 0) :]) for row in fence]
        if len(rows) == 2:  # what holds no code is put back with an empty line
            rows.insert(1, row_of(rows[0].line, ""))
        return rows
