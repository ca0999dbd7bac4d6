"""Cells of tables that break off."""

from __future__ import annotations

from collections.abc import Iterator

from docscheck.page import Page
from docscheck.parse.blocks import Node
from docscheck.rules.prose.unfinished_forms import PREPOSITIONS
from docscheck.source import Span

_ARTICLES = frozenset(("the", "an", "their", "your", "our", "its"))
_CUT_ENDS_OF_CELLS = tuple(sorted(_ARTICLES))
_CUT_CELLS = tuple(f" {article}{space}|" for article in sorted(_ARTICLES) for space in ("", " "))
_SHORTEST_CELL = 4


def has_cut_cell(table: Node) -> bool:
    """Whether a cell may end with an article, for a first look at all of them at once, but for most of the spaces."""
    text = "".join(row.text for row in table.rows).replace("  ", "")
    return any(cut in text for cut in _CUT_CELLS)


def cut_cells(page: Page, table: Node) -> Iterator[Span]:
    """The last words of cells of several words that end with an article."""
    for row in table.rows[2:]:
        shown = page.prose_lines[row.line]
        end = 0
        for cell in shown.split("|")[:-1]:
            end += len(cell) + 1
            if not cell.rstrip().endswith(_CUT_ENDS_OF_CELLS):
                continue
            words = cell.split()
            least = _SHORTEST_CELL - (len(words) > 1 and words[-2] in PREPOSITIONS)
            if len(words) >= least and words[-1] in _ARTICLES and words[-2].islower():
                last = end - 1 - len(cell) + len(cell.rstrip())
                yield page.source.span(row.line, last - len(words[-1]), last)
