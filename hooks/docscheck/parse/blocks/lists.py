"""Lists, and what is indented below their items."""

from __future__ import annotations

from docscheck.parse.blocks.machine import BlockParser, Queue
from docscheck.parse.blocks.rows import TAB, loose_detab
from docscheck.parse.blocks.tree import ALL_LISTS, LISTS, Node, Rows
from docscheck.patterns import lazy

ITEM = lazy(r"[ ]{0,3}((\d+)\.|[*+-])[ ]+(.*)")
INDENTED_ITEM = lazy(r"[ ]{4,7}((\d+\.)|[*+-])[ ]+.*")


def list_items(parser: BlockParser, parent: Node, blocks: Queue) -> bool:
    """Items of a list, as `OListProcessor` and `UListProcessor` read them."""
    items = _items(parser, blocks[0])
    if not items:
        return False
    blocks.popleft()
    tag = "ol" if items[0][1][:1].isdigit() else "ul"
    sibling = parent.last
    same = (tag,) if parser.grammar.sane_lists else LISTS
    if sibling is not None and sibling.tag in same:
        target = sibling
        if target.last is not None:
            target.last.loosen()
        rows, marker = items.pop(0)
        item = target.add("li", rows[0].line, name=marker)
        parser.state.append("looselist")
        parser.parse_blocks(item, [rows])
        parser.state.pop()
    elif parent.tag in LISTS:
        target = parent
    else:
        target = parent.add(tag, items[0][0][0].line)
    parser.state.append("list")
    for rows, marker in items:
        first = rows[0].text
        if not marker and target.children:
            parser.parse_blocks(target.children[-1], [rows])
            continue
        item = target.add("li", rows[0].line, name=marker)
        if len(rows) == 1 and first[:1].isalpha() and "|" not in first and not parser.open_blocks:
            item.rows, item.is_plain = rows, True  # what most items are
        else:
            parser.parse_blocks(item, [rows])
    parser.state.pop()
    return True


def _items(parser: BlockParser, block: Rows) -> list[tuple[Rows, str]]:
    """The items of a list with their markers, those indented below one without; none where the first row is no item."""
    items: list[tuple[Rows, str]] = []
    ordered = block[0].text.lstrip()[:1].isdigit()
    for row in block:
        text = row.text
        if text[:TAB] == _INDENT:
            if items and items[-1][1] and INDENTED_ITEM.match(text):
                items.append(([row], ""))
                continue
            marker = ""
        elif text[:2] in _BULLETS:  # what most are, without the pattern, which takes five times as long
            marker, text = text[0], text[2:].lstrip(" ")
        else:
            match = ITEM.match(text)
            marker, text = (match[1], match[3]) if match else ("", "")
        if marker and (not items or not parser.grammar.sane_lists or marker[0].isdigit() == ordered):
            row.text = text
            items.append(([row], marker))
        elif items:
            items[-1][0].append(row)
        else:
            break
    return items


_INDENT = " " * TAB
_BULLETS = frozenset(("- ", "* ", "+ "))


def list_indent(parser: BlockParser, parent: Node, blocks: Queue) -> bool:
    """What is indented below a list or in an item, as `ListIndentProcessor` reads it."""
    return _indented_block(parser, parent, blocks, ("li",), LISTS)


def definition_indent(parser: BlockParser, parent: Node, blocks: Queue) -> bool:
    """The same below a definition list, as `DefListIndentProcessor` reads it."""
    return _indented_block(parser, parent, blocks, ("dd", "li"), ALL_LISTS)


def _indented_block(
    parser: BlockParser, parent: Node, blocks: Queue, items: tuple[str, ...], lists: tuple[str, ...]
) -> bool:
    """Give an indented block to the item in which it stands by its indent."""
    block = blocks[0]
    if not block[0].text.startswith(" " * TAB) or parser.in_state("detabbed"):
        return False
    if parent.tag not in items and (parent.last is None or parent.last.tag not in lists):
        return False
    blocks.popleft()
    level, sibling = _level(parser, parent, block, items, lists)
    block = loose_detab(block, level)
    parser.state.append("detabbed")
    if parent.tag in items:
        target = parent.last if parent.last is not None and parent.last.tag in lists else parent
        parser.parse_blocks(target, [block])
    elif sibling.tag in items:
        parser.parse_blocks(sibling, [block])
    elif sibling.last is not None and sibling.last.tag in items:
        sibling.last.loosen()
        parser.parse_chunk(sibling.last, block)
    else:
        parser.parse_blocks(sibling.add("dd" if "dd" in items else "li", block[0].line), [block])
    parser.state.pop()
    return True


def _level(
    parser: BlockParser, parent: Node, block: Rows, items: tuple[str, ...], lists: tuple[str, ...]
) -> tuple[int, Node]:
    """How many tabs deep an indented block stands, and the item or list there."""
    text = block[0].text
    depth = (len(text) - len(text.lstrip(" "))) // TAB
    level = 1 if parser.in_state("list") else 0
    node = parent
    while depth > level:
        child = node.last
        if child is None or (child.tag not in lists and child.tag not in items):
            break
        if child.tag in lists:
            level += 1
        node = child
    return level, node
