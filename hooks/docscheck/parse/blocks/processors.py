"""The one table of processors: their order, when each is on, and what a block has to show for it to be tried."""

from __future__ import annotations

from functools import lru_cache

from docscheck.parse.blocks import boxes, definition_lists, leaves, lists, signs, slashed, tables, taken_out
from docscheck.parse.blocks.grammar import Grammar
from docscheck.parse.blocks.machine import BlockParser, Chains, Processor
from docscheck.parse.blocks.rows import Folded


def block_parser(grammar: Grammar, folded: Folded | None = None) -> BlockParser:
    """A parser for one page of a site with this syntax."""
    return BlockParser(grammar, _chains_of(*map(bool, grammar)), folded)


@lru_cache(maxsize=8)
def _chains_of(*settings: bool) -> Chains:
    """The processors of a grammar, given what is on, each with the signs without one of which it wants no block."""
    on = dict(zip(Grammar._fields, settings, strict=True))
    chain: list[tuple[bool, int, Processor]] = [
        (on["admonition"], signs.BANG | signs.BELOW_ADMONITION, boxes.admonition),
        (on["details"], signs.QUERY | signs.BELOW_DETAILS, boxes.details),
        (on["tabbed"], signs.EQUALS | signs.BELOW_TABS, boxes.tab),
        (True, signs.INDENTED, lists.list_indent),
        (on["blocks"] or on["any_block"], signs.SLASH | signs.OPEN, slashed.slashed_block),
        (on["def_list"], signs.INDENTED, lists.definition_indent),
        (on["indented_code"], signs.INDENTED, leaves.code),
        (on["maths"], signs.TEX, leaves.maths),
        (on["tables"], signs.PIPE, tables.table),
        (True, signs.HASH, leaves.heading),
        (True, signs.EQUALS | signs.DASH, leaves.setext),
        (True, signs.DASH | signs.LOW_LINE | signs.STAR, leaves.rule),
        (True, signs.MARKER, lists.list_items),
        (on["def_list"], signs.COLON, definition_lists.definition),
        (True, signs.ANGLE, leaves.quote),
        (on["footnotes"], signs.BRACKET, taken_out.footnote),
        (on["abbr"], signs.STAR, taken_out.abbreviation),
        (True, signs.BRACKET, taken_out.reference),
    ]
    return Chains([(shown, processor) for wanted, shown, processor in chain if wanted])
