"""Blocks of the `/// name` kind, which reach to a line of as many slashes."""

from __future__ import annotations

import re
from itertools import takewhile

from docscheck.parse.blocks.machine import BlockParser, OpenBlock, Queue
from docscheck.parse.blocks.rows import TAB, detab, first_match
from docscheck.parse.blocks.tree import Node, Rows
from docscheck.patterns import lazy

BLOCK_START = lazy(r"[ ]{0,3}(/{3,})[ ]*([\w-]+)[ ]*(?:\|[ ]*(.*?)[ ]*)?$")
BLOCK_END = lazy(r"[ ]{0,3}(/{3,})[ ]*$")


def slashed_block(parser: BlockParser, parent: Node, blocks: Queue) -> bool:
    """`///`, as `BlocksProcessor` of PyMdown reads it."""
    waiting = parser.waiting_parent(parent)
    if waiting is not None:
        opened = next(o for o in parser.open_blocks if o.is_waiting and o.parent is waiting)
        if waiting.last is not None and waiting.last is not opened.node:
            opened.node.take(waiting.children.pop())  # a box that was put beside the block
        opened.is_waiting = False
        _fill(parser, blocks, waiting)
        return True
    found = _block_start(parser, blocks[0])
    if found is None:
        return False
    block = blocks.popleft()
    index, match = found
    options = option_rows(block[index + 1 :])
    if index:
        parser.parse_blocks(parent, [block[:index]])
    if parent.tag in ("li", "dd"):
        parent.loosen()
    name = match[2].lower()
    kind = parser.grammar.blocks.get(name)
    tag = "details" if kind is not None and kind.box == "details" else "div"
    node = parent.add(tag, block[index].line, "block", name, match[3])
    node.closed = False
    parser.open_blocks.append(OpenBlock(node, len(match[1]), parent))
    rest = block[index + 1 + len(options) :]
    if rest:
        blocks.appendleft(rest)
    _fill(parser, blocks, parent)
    return True


def _block_start(parser: BlockParser, block: Rows) -> tuple[int, re.Match[str]] | None:
    """The first row that opens a block, with its match."""
    found = first_match(BLOCK_START, block)
    if not found:
        return None
    if parser.grammar.any_block:
        return found
    index, match = found
    kind = parser.grammar.blocks.get(match[2].lower())
    options = [row.text for row in option_rows(block[index + 1 :])]
    return found if kind is not None and kind.opens(match[3], options) else None


def _fill(parser: BlockParser, blocks: Queue, parent: Node) -> None:
    """Give blocks to the innermost open block, until its end or theirs."""
    while blocks and parser.open_blocks:
        opened = parser.open_blocks[-1]
        inside = blocks.popleft()
        if len(parser.open_blocks) > 1:
            inside, outside = detab(inside, TAB * _items_between(opened.node, parent))
            if not inside:
                inside, outside = outside, inside
            if outside:
                blocks.appendleft(outside)
        end = next((index for index, row in enumerate(inside) if _is_end(row.text, opened)), None)
        if end is not None and inside[end + 1 :]:
            blocks.appendleft(inside[end + 1 :])
        if inside[:end]:
            parser.state.append("blocks")
            parser.parse_blocks(opened.node, [inside[:end]])
            parser.state.pop()
        if end is not None:
            last = parser.open_blocks.pop()  # perhaps one that was opened inside meanwhile
            last.node.closed = _is_end(inside[end].text, last)
    if parser.open_blocks:
        parser.open_blocks[-1].is_waiting = True


def option_rows(rows: Rows) -> Rows:
    """The option lines directly under a block's header."""
    return list(takewhile(lambda row: row.text.startswith(" " * TAB) and bool(row.text.strip()), rows))


def _items_between(node: Node, top: Node) -> int:
    """In how many list items a node stands, below and including `top`."""
    count, above = 0, node.parent if node is not top else None
    while above is not None:
        count += above.tag in ("li", "dd")
        above = above.parent if above is not top else None
    return count


def _is_end(row: str, opened: OpenBlock) -> bool:
    """Whether a row ends the block."""
    end = BLOCK_END.match(row)
    return end is not None and len(end[1]) == opened.length
