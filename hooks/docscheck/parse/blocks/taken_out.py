"""What whole lines define, and what leaves the text: footnotes, abbreviations, addresses of labels."""

from __future__ import annotations

import re
from collections.abc import Iterator

from docscheck.parse.blocks.machine import BlockParser, Queue
from docscheck.parse.blocks.rows import TAB, joined, loose_detab, rows_of_match, split_blank
from docscheck.parse.blocks.tree import Node, Row, Rows, row_of
from docscheck.patterns import lazy

FOOTNOTE = lazy(r"[ ]{0,3}\[\^([^\]]*)\]:[ ]*(.*)$")
ABBREVIATION = lazy(r"^[*]\[([^\\\n]*?)\][ ]?:[ ]*\n?[ ]*(.*)$", re.MULTILINE)
REFERENCE = lazy(
    r"^[ ]{0,3}\[([^\[\]]*)\]:[ ]*(?:\n[ ]*)?([^\s]+)[ ]*(?:\n[ ]*)?(?:([\"'])(.*)\3[ ]*|\((.*)\)[ ]*)?$",
    re.MULTILINE,
)


def footnote(parser: BlockParser, parent: Node, blocks: Queue) -> bool:
    """`[^name]:`, as `FootnoteBlockProcessor` reads it, with the indented blocks that follow."""
    block = blocks[0]
    starts = [index for index, row in enumerate(block) if "[^" in row.text and FOOTNOTE.match(row.text)]
    if not starts:
        return False
    blocks.popleft()
    for start, end in zip(starts, [*starts[1:], len(block)], strict=True):
        match = FOOTNOTE.match(block[start].text)
        assert match is not None
        content = [[row_of(block[start].line, match[2]), *loose_detab(block[start + 1 : end])]]
        if end == len(block):
            content += _indented(parser, blocks, block[-1].line)
        _add_note(parser, match[1], block[start], content)
    if starts[0]:
        blocks.appendleft(block[: starts[0]])
    return True


def _indented(parser: BlockParser, blocks: Queue, line: int) -> Iterator[Rows]:
    """The following blocks that are indented, without that indent; two blank lines end them."""
    while blocks and blocks[0][0].text.startswith(" " * TAB):
        if blocks[0][0].line - parser.source.last_line(line) > 2:
            return
        block = blocks.popleft()
        line = block[-1].line
        next_note = next((index for index, row in enumerate(block) if FOOTNOTE.match(row.text)), None)
        yield loose_detab(block[:next_note])
        if next_note is not None:
            blocks.appendleft(block[next_note:])
            return


def _add_note(parser: BlockParser, name: str, row: Row, content: list[Rows]) -> None:
    """Parse a footnote, which stands in no list whatever is open."""
    parser.definitions.footnotes.append((name, row))
    note = Node("div", row.line, parser.root, "footnote", name=name)
    state, parser.state = parser.state, []
    parser.parse_blocks(note, [block for part in content for block in split_blank(part)])
    parser.state = state
    parser.notes.children.append(note)


def abbreviation(parser: BlockParser, parent: Node, blocks: Queue) -> bool:
    """`*[short]: long`, as `AbbrBlockprocessor` reads it."""
    block = blocks[0]
    match = ABBREVIATION.search(joined(block)) if any(row.text.startswith("*[") for row in block) else None
    if match is None or not match[1].strip() or not match[2].strip():
        return False
    blocks.popleft()
    first, after = rows_of_match(match)
    parser.definitions.abbreviations.append((match[1].strip(), block[first]))
    while after < len(block) and (following := ABBREVIATION.fullmatch(block[after].text)):  # one under the other
        if not following[1].strip() or not following[2].strip():
            break
        parser.definitions.abbreviations.append((following[1].strip(), block[after]))
        after += 1
    return _put_back(blocks, block[:first], block[after:])


def reference(parser: BlockParser, parent: Node, blocks: Queue) -> bool:
    """`[label]: address`, as `ReferenceProcessor` reads it."""
    block = blocks[0]
    match = REFERENCE.search(joined(block)) if any("]:" in row.text for row in block) else None
    if match is None:
        return False
    blocks.popleft()
    first, after = rows_of_match(match)
    parser.definitions.labels.append((match[1], block[first], match[2]))
    while after < len(block) and (following := REFERENCE.match(block[after].text)):  # one under the other
        parser.definitions.labels.append((following[1], block[after], following[2]))
        after += 1
    return _put_back(blocks, block[:first], block[after:])


def _put_back(blocks: Queue, before: Rows, after: Rows) -> bool:
    """Put back what stands around the rows that were taken, without blank rows."""
    blank = next((index for index, row in enumerate(after) if row.text), len(after))
    blocks.extendleft(part for part in (after[blank:], before) if part)
    return True
