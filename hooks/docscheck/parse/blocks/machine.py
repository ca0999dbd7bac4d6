"""The machine: blocks in a queue, each offered to the processors that may want it, in their order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable

from docscheck.parse.blocks.grammar import Grammar
from docscheck.parse.blocks.rows import TAB, Folded, blocks_of, split_blank
from docscheck.parse.blocks.signs import BRACKET, INDENTED, MARKER, ODD, OF_BOX, OF_FIRST, OF_HEAD, OPEN, PIPE, SPACE
from docscheck.parse.blocks.tree import Definitions, Node, Row, Rows

Queue = deque[Rows]
Processor = Callable[["BlockParser", Node, Queue], bool]
"""Takes what it wants from the front of the queue and says so, or leaves the queue as it is."""
_LONGEST = 5000
"""A block of more rows that is neither list nor table is read as text: nobody writes one."""
_DEEPEST = 60
"""What stands in more containers than any page has is read as text."""


class Chains(dict[int, tuple[Processor, ...]]):
    """The processors, in their order, that may want a block, by the signs it shows."""

    def __init__(self, processors: list[tuple[int, Processor]]) -> None:
        super().__init__()
        self._processors = processors

    def __missing__(self, signs: int) -> tuple[Processor, ...]:
        self[signs] = tuple(processor for wanted, processor in self._processors if wanted & signs)
        return self[signs]


class OpenBlock:
    """A `/// block` that is not ended yet."""

    def __init__(self, node: Node, length: int, parent: Node) -> None:
        self.node = node
        self.length = length
        """How many slashes it has."""
        self.parent = parent
        self.is_waiting = False
        """Whether the text it had was used up before its end."""


class BlockParser:
    """Builds the tree of a page from its rows."""

    def __init__(self, grammar: Grammar, chains: Chains, folded: Folded | None = None) -> None:
        self.grammar = grammar
        self._chains = chains
        self.source = folded or Folded()
        self.definitions = Definitions()
        self.root = Node("div", 0, kind="page")
        self.notes = Node("div", 0, kind="footnotes")
        """The footnotes, which are rendered at the end of the page."""
        self.state: list[str] = []
        """What is being read, the innermost last, as Python-Markdown calls it: in a `list` text stays tight, in a
        `looselist` it becomes paragraphs; in `detabbed` the indent of a list is gone already.
        """
        self.open_blocks: list[OpenBlock] = []
        """The `/// blocks` that are not ended yet."""
        self._depth = 0

    def parse_lines(self, parent: Node, numbers: Iterable[int], texts: Iterable[str]) -> None:
        """Parse lines of the page, given by their numbers and texts."""
        self.parse_blocks(parent, blocks_of(numbers, texts))

    def parse_chunk(self, parent: Node, rows: Rows) -> None:
        """Parse rows that may hold blank lines."""
        self.parse_blocks(parent, split_blank(rows))

    def parse_blocks(self, parent: Node, blocks: Iterable[Rows]) -> None:
        """Parse blocks into `parent`; processors take blocks from the front and may put some back."""
        queue = deque(blocks)
        is_tight = parent.tag in ("li", "dd") and self.in_state("list")
        self._depth += 1
        if self._depth > _DEEPEST:
            while queue:
                _add_text(parent, queue.popleft(), False, is_tight)
        last: Row | None = None
        heads = 0
        while queue:
            block = queue[0]
            if not block:
                queue.popleft()
                continue
            if block[-1] is not last:  # else what a processor has put back, which shows no more than before
                last, heads = block[-1], 0
                for row in block:
                    heads |= OF_HEAD[row.text[0]] if row.text else ODD
                if heads & SPACE:
                    for row in block:
                        heads |= OF_HEAD[row.text.lstrip(" ")[:1]]
                    heads &= ~SPACE
                if heads & BRACKET and not any("]:" in row.text for row in block):  # a link, and no definition
                    heads = heads & ~BRACKET | ODD
            first = block[0].text
            signs = PIPE if "|" in first else 0
            if self.open_blocks:
                signs |= OPEN
            if first[:1] == " ":
                bare = first.lstrip(" ")
                signs |= heads & ~ODD | OF_FIRST.get(bare[:1], 0)
                if len(first) - len(bare) >= TAB:
                    signs |= INDENTED | self._box_above(parent)
            elif heads:
                signs |= heads & ~ODD | OF_FIRST.get(first[:1], 0)
            if not signs:
                _add_text(parent, queue.popleft(), not heads, is_tight)
                continue
            for process in self._chains[signs] if len(block) <= _LONGEST or signs & (PIPE | MARKER) else ():
                if process(self, parent, queue):
                    break
            else:
                _add_text(parent, queue.popleft(), not heads, is_tight)
        self._depth -= 1

    def _box_above(self, parent: Node) -> int:
        """Which kind of box an indented block stands below."""
        if not parent.children:
            return 0
        above = parent.children[-1]
        return OF_BOX.get(self.grammar.box_of(above) if above.kind == "block" else above.kind, 0)

    def in_state(self, state: str) -> bool:
        """Whether this is the innermost state."""
        return bool(self.state) and self.state[-1] == state

    def place_for_html(self, parent: Node) -> Node:
        """Where raw HTML that comes next in `parent` belongs: in the innermost block that is still open there."""
        return parent if self.waiting_parent(parent) is None else self.open_blocks[-1].node

    def waiting_parent(self, parent: Node) -> Node | None:
        """Where, at `parent` or in what it ends with, the innermost open block waits for more."""
        if not self.open_blocks or not self.open_blocks[-1].is_waiting:
            return None
        node: Node | None = parent
        while node is not None and node is not self.open_blocks[-1].parent:
            node = node.last
        return node


def _add_text(parent: Node, block: Rows, is_plain: bool, is_tight: bool) -> None:
    """What no processor wants: the text of a tight item, or a paragraph."""
    if is_tight:
        parent.is_plain = is_plain and (parent.is_plain or not parent.rows)
        parent.rows += block
    else:
        paragraph = Node("p", block[0].line, parent, "p")
        paragraph.rows = block
        paragraph.is_plain = is_plain
        parent.children.append(paragraph)
