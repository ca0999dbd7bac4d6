"""Code, formulas, headings and rules, which hold text alone, and quotes."""

from __future__ import annotations

import re

from docscheck.parse.blocks.machine import BlockParser, Queue
from docscheck.parse.blocks.rows import TAB, detab, first_match, joined, loose_detab
from docscheck.parse.blocks.tree import Node
from docscheck.patterns import lazy

HEADING = lazy(r"(#{1,6})(.*)$")
SPACED_HEADING = lazy(r"(#{1,6})(?=[ ])(.*)$")
SETEXT = lazy(r"(?:=+|-+)[ ]*$")
MATHS_BLOCK = lazy(
    r"(?:\$\$(?:\\.|[^\\])+?\$\$|\\\[(?:\\[^\]]|[^\\])+?\\\]"
    r"|\\begin\{(?P<env>[a-z]+\*?)\}(?:\\.|[^\\])+?\\end\{(?P=env)\})[ ]*$",
    re.DOTALL,
)
QUOTE = lazy(r"[ ]{0,3}>[ ]?(.*)")


def code(parser: BlockParser, parent: Node, blocks: Queue) -> bool:
    """Indented code, as `CodeBlockProcessor` reads it."""
    if not blocks[0][0].text.startswith(" " * TAB):
        return False
    block = [row for old in blocks.popleft() for row in parser.source.unfolded(old)]
    content, rest = detab(block)
    if not content:  # a fence that stood where it cannot stand, and is less indented than the code it is read as
        content, rest = block[:1], block[1:]
    sibling = parent.last
    if sibling is None or sibling.tag != "pre":
        sibling = parent.add("pre", content[0].line, "code")
    sibling.rows += content
    if rest:
        blocks.appendleft(rest)
    return True


def maths(parser: BlockParser, parent: Node, blocks: Queue) -> bool:
    """A paragraph that is a formula, as `BlockArithmatexProcessor` of PyMdown reads it."""
    if not MATHS_BLOCK.match(joined(blocks[0])):
        return False
    block = blocks.popleft()
    parent.add("div", block[0].line, "maths").rows = block
    return True


def heading(parser: BlockParser, parent: Node, blocks: Queue) -> bool:
    """`#`, as `HashHeaderProcessor` reads it."""
    pattern = SPACED_HEADING if parser.grammar.spaced_headings else HEADING
    found = first_match(pattern, blocks[0], "#")
    if found is None:
        return False
    block = blocks.popleft()
    index, match = found
    if index:
        parser.parse_blocks(parent, [block[:index]])
    following: re.Match[str] | None = match
    while following:  # one heading after the other, where the parser would come back for each
        marks, title = following.groups()
        heading = parent.add(f"h{len(marks)}", block[index].line, "heading")
        heading.rows = block[index : index + 1]
        heading.rows[0].text = title.rstrip("#").strip()
        index += 1
        if index == len(block):
            return True
        is_next = "|" not in block[index].text and not parser.in_state("looselist")
        following = pattern.match(block[index].text) if is_next else None
    rest = block[index:]
    blocks.appendleft(loose_detab(rest) if parser.in_state("looselist") else rest)
    return True


def setext(parser: BlockParser, parent: Node, blocks: Queue) -> bool:
    """A heading with a line below it, as `SetextHeaderProcessor` reads it."""
    block = blocks[0]
    if len(block) == 1 or block[1].text.strip("=- ") or not SETEXT.match(block[1].text):
        return False
    blocks.popleft()
    heading = parent.add("h1" if block[1].text.startswith("=") else "h2", block[0].line, "setext")
    heading.rows = block[:1]
    heading.rows[0].text = block[0].text.strip()
    if block[2:]:
        blocks.appendleft(block[2:])
    return True


def rule(parser: BlockParser, parent: Node, blocks: Queue) -> bool:
    """`---` and its like, as `HRProcessor` reads it."""
    block = blocks[0]
    for index, row in enumerate(block):  # noqa: B007 - the row that ends the search is the rule
        if not row.text.strip(" -_*") and _is_rule_text(row.text):
            break
    else:
        return False
    blocks.popleft()
    if index:
        parser.parse_blocks(parent, [block[:index]])
    parent.add("hr", block[index].line)
    if block[index + 1 :]:
        blocks.appendleft(block[index + 1 :])
    return True


def _is_rule_text(text: str) -> bool:
    """Whether a row is three marks of one kind or more."""
    marks = text.strip(" ")
    if marks[:1] not in ("-", "_", "*") or marks.strip(f"{marks[0]} ") or len(text) - len(text.lstrip(" ")) > 3:
        return False
    return marks.count(marks[0]) >= 3 and "   " not in marks


def quote(parser: BlockParser, parent: Node, blocks: Queue) -> bool:
    """`>`, as `BlockQuoteProcessor` reads it."""
    found = first_match(QUOTE, blocks[0])
    if found is None:
        return False
    block, index = blocks.popleft(), found[0]
    if index:
        parser.parse_blocks(parent, [block[:index]])
    quote = parent.last
    if quote is None or quote.tag != "blockquote":
        quote = parent.add("blockquote", block[index].line)
    parser.state.append("blockquote")
    quoted = block[index:]
    for row in quoted:
        row.text = _unquoted(row.text)
    parser.parse_chunk(quote, quoted)
    parser.state.pop()
    return True


def _unquoted(text: str) -> str:
    """A row without its `>`."""
    if text.strip() == ">":
        return ""
    match = QUOTE.match(text)
    return match[1] if match else text
