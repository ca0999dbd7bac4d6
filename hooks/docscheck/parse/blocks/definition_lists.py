"""Definition lists: terms, and what a colon says of them."""

from __future__ import annotations

import re

from docscheck.parse.blocks.machine import BlockParser, Queue
from docscheck.parse.blocks.rows import TAB, first_match, loose_detab
from docscheck.parse.blocks.tree import Node, Row, Rows, row_of
from docscheck.patterns import lazy

DEFINITION = lazy(r"[ ]{0,3}:[ ]{1,3}(.*)$")


def definition(parser: BlockParser, parent: Node, blocks: Queue) -> bool:
    """`: words` below a term, as `DefListProcessor` reads it."""
    block = blocks[0]
    found = first_match(DEFINITION, block)
    if found is None:
        return False
    index, terms = found[0], block[: found[0]]
    if not terms and parent.last is None and not _has_title(parser, parent):
        return False
    blocks.popleft()
    while True:  # one definition after the other, where the parser would come back for each
        inside, after = _definition_body(block, index)
        _add_definition(parser, parent, terms, block[index], inside)
        if after >= len(block) or not DEFINITION.match(block[after].text):
            break
        index, terms = after, []
    if after < len(block):
        blocks.appendleft(block[after:])
    return True


def _has_title(parser: BlockParser, node: Node) -> bool:
    """Whether a box begins with its title, which a definition right below then takes for its term."""
    kind = parser.grammar.box_of(node) if node.name != "admonition" else ""
    return (node.kind in ("admonition", "details") or kind != "") and node.title != ""


def _add_definition(parser: BlockParser, parent: Node, terms: Rows, row: Row, inside: Rows) -> None:
    """Add terms and one definition of them, to the list above if there is one."""
    state, sibling = "list", parent.last
    if not terms and sibling is None and parent.tag == "div":  # a title that is a paragraph, no `<summary>`
        state = "looselist"
    if not terms and sibling is not None and sibling.tag == "p":
        state, terms = "looselist", sibling.rows
        parent.children.pop()
        sibling = parent.last
    if sibling is not None and sibling.tag == "dl":
        target = sibling
        if not terms and target.last is not None and target.last.tag == "dd" and target.last.children:
            state = "looselist"
    else:
        target = parent.add("dl", terms[0].line if terms else row.line)
    for term in terms:
        target.add("dt", term.line).rows = [term]
    match = DEFINITION.match(row.text)
    assert match is not None
    parser.state.append(state)
    parser.parse_blocks(target.add("dd", row.line), [[row_of(row.line, match[1]), *inside]])
    parser.state.pop()


def _definition_body(block: Rows, index: int) -> tuple[Rows, int]:
    """The rows that belong to the definition on row `index`, and where the next row after them is."""
    after = index + 1
    if after < len(block) and re.match(r"[ ]{0,3}[^ :]", block[after].text):
        return block[after:], len(block)
    while after < len(block) and (block[after].text.startswith(" " * TAB) or not block[after].text.strip()):
        after += 1
    return loose_detab(block[index + 1 : after]), after
