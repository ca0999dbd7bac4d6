"""Which block syntax a site has."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from docscheck.config import Config
from docscheck.parse.block_types import BlockType, block_types
from docscheck.parse.blocks.tree import Node


class Grammar(NamedTuple):
    """Which block extensions are on."""

    admonition: bool = False
    details: bool = False
    tabbed: bool = False
    blocks: Mapping[str, BlockType] = MappingProxyType({})
    """Names of blocks that open with `/// name`; empty where no block extension is on."""
    any_block: bool = False
    """Whether blocks of any name may open, because an extension we do not know may define them."""
    tables: bool = False
    def_list: bool = False
    footnotes: bool = False
    abbr: bool = False
    maths: bool = False
    sane_lists: bool = False
    indented_code: bool = True
    spaced_headings: bool = False
    """Whether a heading needs a space behind its marks."""

    def box_of(self, node: Node) -> str:
        """Which kind of box a block is rendered as."""
        kind = self.blocks.get(node.name) if node.kind == "block" else None
        return kind.box if kind is not None else ""


@lru_cache(maxsize=8)
def grammar_of(config: Config, any_block: bool) -> Grammar:
    """The syntax of a site; blocks of any name where an extension that we do not know may read what a page holds."""
    has = config.has
    return Grammar(
        admonition=has("admonition"),
        details=has("pymdownx.details"),
        tabbed=has("pymdownx.tabbed"),
        blocks=block_types(config),
        any_block=any_block,
        tables=has("tables"),
        def_list=has("def_list"),
        footnotes=has("footnotes"),
        abbr=has("abbr"),
        maths=has("pymdownx.arithmatex"),
        sane_lists=has("sane_lists"),
        indented_code=not config.option("pymdownx.superfences", "disable_indented_code_blocks"),
        spaced_headings=has("pymdownx.saneheaders"),
    )
