"""Tables: which rows are one, and where their cells end."""

from __future__ import annotations

import re

from docscheck.parse.blocks.machine import BlockParser, Queue
from docscheck.parse.blocks.tree import Node, Rows


def table(parser: BlockParser, parent: Node, blocks: Queue) -> bool:
    """Rows with pipes, as `TableProcessor` reads them."""
    block = blocks[0]
    if len(block) == 1 or not table_width(block):
        return False
    blocks.popleft()
    parent.add("table", block[0].line).rows = block
    return True


def table_width(block: Rows) -> int:
    """How many columns the table of these rows has; 0 where they are no table for the parser."""
    header, separator = block[0].text.strip(" "), block[1].text.strip(" ")
    border = header.startswith("|") or _ends_with_pipe(header)
    cells = split_row(header, border)
    if len(cells) < 2 and not (
        border and all(row.text.strip(" ").startswith("|") or _ends_with_pipe(row.text.strip(" ")) for row in block[1:])
    ):
        return 0
    marks = split_row(separator, border)
    return len(cells) if len(marks) == len(cells) and set("".join(marks)) <= set("|:- ") else 0


def split_row(row: str, border: bool) -> list[str]:
    """The cells of a table row; pipes in code spans and escaped ones do not count."""
    if border:
        row = row.removeprefix("|")
        if _ends_with_pipe(row):
            row = row[:-1]
    if "\\" not in row and "``" not in row:
        pieces = row.split("`")
        if len(pieces) % 2 and "|" not in "".join(pieces[1::2]):
            return row.split("|")
    shown = re.sub(r"(?<!\\)(`+)(?!`).*?(?<!`)\1(?!`)", lambda match: "\x00" * len(match[0]), row)
    cuts = [match.start() for match in re.finditer(r"\\.|\|", shown) if match[0] == "|"]
    return [row[start + 1 : end] for start, end in zip([-1, *cuts], [*cuts, len(row)], strict=True)]


def _ends_with_pipe(row: str) -> bool:
    """Whether the last pipe is a border, and not an escaped one."""
    if not row.endswith("\\|"):
        return row.endswith("|")
    bare = row[:-1].rstrip("\\")
    return (len(row) - 1 - len(bare)) % 2 == 0
