"""Admonitions, details and tabs: a header, and what is indented below it."""

from __future__ import annotations

import re
from collections.abc import Callable

from docscheck.parse.blocks.machine import BlockParser, Queue
from docscheck.parse.blocks.rows import TAB, detab, first_match
from docscheck.parse.blocks.tree import ALL_LISTS, Node, Rows
from docscheck.patterns import lazy

ADMONITION = lazy(r'!!! ?([\w\-]+(?: +[\w\-]+)*)(?: +"(.*?)")? *$')
DETAILS = lazy(r'\?{3}(\+)? ?(?:([\w\-]+(?: +[\w\-]+)*?)?(?: +"(.*?)")|([\w\-]+(?: +[\w\-]+)*?)) *$')
TAB_HEADER = lazy(r'={3}(\+|\+!|!\+|!)? +"(.*?)" *$')


def admonition(parser: BlockParser, parent: Node, blocks: Queue) -> bool:
    """`!!!`, as `AdmonitionProcessor` reads it."""
    return _box(parser, parent, blocks, "!!!", ADMONITION, "admonition", _new_admonition)


def details(parser: BlockParser, parent: Node, blocks: Queue) -> bool:
    """`???`, as `DetailsProcessor` of PyMdown reads it."""
    return _box(parser, parent, blocks, "???", DETAILS, "details", _new_details)


def tab(parser: BlockParser, parent: Node, blocks: Queue) -> bool:
    """`===`, as `TabbedProcessor` of PyMdown reads it."""
    return _box(parser, parent, blocks, "===", TAB_HEADER, "tabs", _new_tab)


def _box(
    parser: BlockParser,
    parent: Node,
    blocks: Queue,
    marks: str,
    header: re.Pattern[str],
    kind: str,
    make: Callable[[Node, int, re.Match[str]], Node],
) -> bool:
    """Open a box where a header stands, or go on with the one above where the block is indented."""
    block = blocks[0]
    found = first_match(header, block, marks)
    if found:
        blocks.popleft()
        index, match = found
        if index:
            parser.parse_blocks(parent, [block[:index]])
        content, rest = detab(block[index + 1 :])
        box = make(parent, block[index].line, match)
    else:
        inside = _inside(parser, parent, block, kind)
        if inside is None:
            return False
        blocks.popleft()
        box, indent = inside
        content, rest = detab(block, indent)
        if box.tag in ("li", "dd"):
            box.loosen()
    if content:
        parser.parse_chunk(box, content)
    if rest:
        blocks.appendleft(rest)
    return True


def _inside(parser: BlockParser, parent: Node, block: Rows, kind: str) -> tuple[Node, int] | None:
    """The box after whose content this indented block goes, and how much indent it loses."""
    sibling = parent.last
    if sibling is None or (sibling.kind != kind and parser.grammar.box_of(sibling) != kind):
        return None
    if kind == "tabs":
        sibling = sibling.last
        if sibling is None:
            return None
    text = block[0].text
    last, indent = sibling.last, 0
    while last is not None and text.startswith(" " * TAB * 2) and last.tag in ALL_LISTS:
        if last.last is None:
            break
        sibling = last.last
        last = sibling.last
        text = text[TAB:]
        indent += TAB
    return (sibling, indent + TAB) if text.startswith(" " * TAB) else None


def _new_admonition(parent: Node, line: int, header: re.Match[str]) -> Node:
    return parent.add("div", line, "admonition", header[1], header[2])


def _new_details(parent: Node, line: int, header: re.Match[str]) -> Node:
    return parent.add("details", line, "details", header[2] or header[4] or "", header[3])


def _new_tab(parent: Node, line: int, header: re.Match[str]) -> Node:
    tabs = parent.last
    if tabs is None or tabs.kind != "tabs" or "!" in (header[1] or ""):
        tabs = parent.add("div", line, "tabs")
    return tabs.add("div", line, "tab", title=header[2])
