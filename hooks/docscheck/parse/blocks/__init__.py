"""The block structure of a page: Python-Markdown's own algorithm, on rows that remember their line.

A *block* is a run of rows between blank ones. `machine` offers each to the processors, which turn it into the elements
of `tree`; `processors` is the table of them. They follow `markdown.blockprocessors` and those of the extensions step by
step, because what counts is what these make of a page: how far a list item reaches, which line ends a box, what becomes
code. The differential tests compare the tree with the one Python-Markdown builds.
"""

from docscheck.parse.blocks.boxes import ADMONITION, DETAILS, TAB_HEADER
from docscheck.parse.blocks.grammar import Grammar, grammar_of
from docscheck.parse.blocks.machine import BlockParser
from docscheck.parse.blocks.processors import block_parser
from docscheck.parse.blocks.rows import Folded
from docscheck.parse.blocks.slashed import BLOCK_START, option_rows
from docscheck.parse.blocks.tables import split_row, table_width
from docscheck.parse.blocks.taken_out import ABBREVIATION, FOOTNOTE, REFERENCE
from docscheck.parse.blocks.tree import ALL_LISTS, LISTS, Definitions, Node, Row

__all__ = [
    "ABBREVIATION",
    "ADMONITION",
    "ALL_LISTS",
    "BLOCK_START",
    "DETAILS",
    "FOOTNOTE",
    "LISTS",
    "REFERENCE",
    "TAB_HEADER",
    "BlockParser",
    "Definitions",
    "Folded",
    "Grammar",
    "Node",
    "Row",
    "block_parser",
    "grammar_of",
    "option_rows",
    "split_row",
    "table_width",
]
