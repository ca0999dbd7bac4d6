"""The block structure of a page: Python-Markdown's own algorithm, on rows that remember their line.

`BlockParser` follows `markdown.blockprocessors` and the block processors of the extensions step by step, because what
counts is what they make of a page: how far a list item reaches, which line ends a box, what becomes code. The
differential tests compare its tree with the one Python-Markdown builds.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import repeat, takewhile
from types import MappingProxyType
from typing import NamedTuple

from docscheck.parse.block_types import BlockType
from docscheck.parse.code import HIDDEN
from docscheck.patterns import lazy

TAB = 4

ADMONITION = lazy(r'!!! ?([\w\-]+(?: +[\w\-]+)*)(?: +"(.*?)")? *$')
DETAILS = lazy(r'\?{3}(\+)? ?(?:([\w\-]+(?: +[\w\-]+)*?)?(?: +"(.*?)")|([\w\-]+(?: +[\w\-]+)*?)) *$')
TAB_HEADER = lazy(r'={3}(\+|\+!|!\+|!)? +"(.*?)" *$')
BLOCK_START = lazy(r"[ ]{0,3}(/{3,})[ ]*([\w-]+)[ ]*(?:\|[ ]*(.*?)[ ]*)?$")
BLOCK_END = lazy(r"[ ]{0,3}(/{3,})[ ]*$")
HEADING = lazy(r"(#{1,6})(.*)$")
SPACED_HEADING = lazy(r"(#{1,6})(?=[ ])(.*)$")
SETEXT = lazy(r"(?:=+|-+)[ ]*$")
ITEM = lazy(r"[ ]{0,3}((\d+)\.|[*+-])[ ]+(.*)")
INDENTED_ITEM = lazy(r"[ ]{4,7}((\d+\.)|[*+-])[ ]+.*")
MATHS_BLOCK = lazy(
    r"(?:\$\$(?:\\.|[^\\])+?\$\$|\\\[(?:\\[^\]]|[^\\])+?\\\]"
    r"|\\begin\{(?P<env>[a-z]+\*?)\}(?:\\.|[^\\])+?\\end\{(?P=env)\})[ ]*$",
    re.DOTALL,
)
QUOTE = lazy(r"[ ]{0,3}>[ ]?(.*)")
DEFINITION = lazy(r"[ ]{0,3}:[ ]{1,3}(.*)$")
FOOTNOTE = lazy(r"[ ]{0,3}\[\^([^\]]*)\]:[ ]*(.*)$")
ABBREVIATION = lazy(r"^[*]\[([^\\\n]*?)\][ ]?:[ ]*\n?[ ]*(.*)$", re.MULTILINE)
REFERENCE = lazy(
    r"^[ ]{0,3}\[([^\[\]]*)\]:[ ]*(?:\n[ ]*)?([^\s]+)[ ]*(?:\n[ ]*)?(?:([\"'])(.*)\3[ ]*|\((.*)\)[ ]*)?$",
    re.MULTILINE,
)
LISTS = ("ul", "ol")
ALL_LISTS = ("dl", "ol", "ul")


class Row(NamedTuple):
    """A line, or what is left of it inside its containers."""

    line: int
    text: str


class Node:
    """An element of the page."""

    __slots__ = ("children", "closed", "is_plain", "kind", "line", "name", "parent", "rows", "tag", "title")

    def __init__(
        self, tag: str, line: int, parent: Node | None = None, kind: str = "", name: str = "", title: str | None = None
    ) -> None:
        self.tag = tag
        """As rendered."""
        self.line = line
        self.parent = parent
        self.kind = kind
        """`admonition`, `details`, `tab`, `tabs`, `block`, `heading`, `setext`, `code`, `maths`, `footnote`,
        `raw` (HTML) or `html` (HTML with Markdown in it); else the tag."""
        self.rows: list[Row] = []
        """The text of a leaf or a tight item."""
        self.children: list[Node] = []
        self.name = name
        """A box's types, a block's name, a footnote's label, an item's marker."""
        self.title = title
        self.closed = True
        """False for a `/// block` that is not ended."""
        self.is_plain = False
        """Whether every row of the text begins with a letter: then none can be meant as anything but text."""

    def add(self, tag: str, line: int, kind: str = "", name: str = "", title: str | None = None) -> Node:
        """Append a child."""
        child = Node(tag, line, self, kind or tag, name, title)
        self.children.append(child)
        return child

    @property
    def last(self) -> Node | None:
        """The last child."""
        return self.children[-1] if self.children else None

    def walk(self) -> Iterator[Node]:
        """This node and all below it, in order of the page."""
        stack = [self]
        while stack:
            node = stack.pop()
            yield node
            stack.extend(reversed(node.children))

    def ancestors(self) -> Iterator[Node]:
        """The node and what it stands in, from the inside out."""
        node: Node | None = self
        while node is not None:
            yield node
            node = node.parent


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


Rows = list[Row]
Queue = deque[Rows]
Processor = Callable[["BlockParser", Node, Queue], bool]
"""Takes what it wants from the front of the queue and says so, or leaves the queue as it is."""

_new: Callable[[type[Row], tuple[int, str]], Row] = tuple.__new__
"""Makes a row without the detour through its class: most of a page's time is making rows.

They are read by index here: to take a named tuple apart costs as much as making a plain one.
"""

# What a block shows of itself before anything is tried on it: the first characters of its rows, each a bit, …
_HEADS = {head: 1 << bit for bit, head in enumerate("!?=/#-_*:>[")}
_BANG, _QUERY, _EQUALS, _SLASH, _HASH, _DASH, _LOW_LINE, _STAR, _COLON, _ANGLE, _BRACKET = _HEADS.values()
# … whether one is neither of these nor a letter, what its first row and the open blocks say, and, where that row is
# indented, which kind of box stands above.
_ODD, _INDENTED, _TEX, _PIPE, _MARKER, _OPEN, _SPACE, _BELOW_ADMONITION, _BELOW_DETAILS, _BELOW_TABS = (
    1 << bit for bit in range(len(_HEADS), len(_HEADS) + 10)
)
_FIRST = {**dict.fromkeys("-+*0123456789", _MARKER), "$": _TEX, "\\": _TEX}
_BELOW = {"admonition": _BELOW_ADMONITION, "details": _BELOW_DETAILS, "tabs": _BELOW_TABS}
_LONGEST = 5000
"""A block of more rows that is neither list nor table is read as text: nobody writes one."""


class _Bits(dict[str, int]):
    """The bit of each first character; none for a letter."""

    def __missing__(self, head: str) -> int:
        self[head] = 0 if head.isalpha() else _ODD
        return self[head]


_BITS = _Bits({**_HEADS, " ": _SPACE})


class Definitions:
    """What is defined by whole lines and leaves the text: labels, footnotes, abbreviations."""

    def __init__(self) -> None:
        self.labels: list[tuple[str, Row, str]] = []
        self.footnotes: list[tuple[str, Row]] = []
        self.abbreviations: list[tuple[str, Row]] = []


def rows_of(lines: Sequence[str], start: int, end: int) -> Rows:
    """Rows of these lines."""
    return list(map(_new, repeat(Row), zip(range(start, end), lines[start:end], strict=True)))


def split_blank(rows: Rows) -> list[Rows]:
    """Rows grouped into blocks at blank lines."""
    blocks: list[Rows] = []
    start = 0
    for index, row in enumerate(rows):
        text = row[1]
        if not text or (text[0] == " " and not text.strip(" ")):
            if start < index:
                blocks.append(rows[start:index])
            start = index + 1
    return [*blocks, rows[start:]] if start < len(rows) else blocks


def detab(rows: Rows, length: int = TAB) -> tuple[Rows, Rows]:
    """The leading rows that are indented by `length`, without it, and the rest."""
    margin = " " * length
    inside: Rows = []
    for index, row in enumerate(rows):
        text = row[1]
        if text.startswith(margin):
            inside.append(_new(Row, (row[0], text[length:])))
        elif not text.strip():
            inside.append(_new(Row, (row[0], "")))
        else:
            return inside, rows[index:]
    return inside, []


def loose_detab(rows: Rows, level: int = 1) -> Rows:
    """Take `level` tabs from the rows that have them; leave the others."""
    width = TAB * level
    margin = " " * width
    return [_new(Row, (row[0], row[1][width:])) if row[1].startswith(margin) else row for row in rows]


class Folded:
    """Rows that stand for several lines: fences, which extensions take out before blocks are read."""

    def __init__(self, lines: Sequence[str] = (), ends: Mapping[int, int] = MappingProxyType({})) -> None:
        self._lines = lines
        self._ends = ends
        """The last lines of fences that stay in one piece, by the first."""

    def last_line(self, line: int) -> int:
        """The last line of what a row with this line stands for."""
        return self._ends.get(line, line)

    def unfolded(self, row: Row) -> Rows:
        """The lines of a fence that stands behind indented code: there it is put back, and read as text."""
        end = self._ends.get(row.line) if HIDDEN in row.text else None
        if end is None:
            return [row]
        fence = rows_of(self._lines, row.line, end + 1)
        indent = len(row.text) - len(row.text.lstrip(" >"))
        lost = len(fence[0].text) - len(fence[0].text.lstrip(" >")) - indent
        rows = [_new(Row, (line, text[max(lost, 0) :])) for line, text in fence]
        if len(rows) == 2:  # what holds no code is put back with an empty line
            rows.insert(1, _new(Row, (rows[0][0], "")))
        return rows


class _OpenBlock:
    """A `/// block` that is not ended yet."""

    def __init__(self, node: Node, length: int, parent: Node) -> None:
        self.node = node
        self.length = length
        """How many slashes it has."""
        self.parent = parent
        self.is_waiting = False
        """Whether the text it had was used up before its end."""

    def ends_with(self, row: str) -> bool:
        """Whether a row ends the block."""
        end = BLOCK_END.match(row)
        return end is not None and len(end[1]) == self.length


class BlockParser:
    """Builds the tree of a page from its rows."""

    def __init__(self, grammar: Grammar, folded: Folded | None = None) -> None:
        self.grammar = grammar
        self.source = folded or Folded()
        self.definitions = Definitions()
        self.root = Node("div", 0, kind="page")
        self.notes = Node("div", 0, kind="footnotes")
        """The footnotes, which are rendered at the end of the page."""
        self._state: list[str] = []
        self._open_blocks: list[_OpenBlock] = []
        self._depth = 0
        self._heading_pattern = SPACED_HEADING if grammar.spaced_headings else HEADING
        self._chains = _chains_of(*map(bool, grammar))

    # The machine

    def parse_chunk(self, parent: Node, rows: Rows) -> None:
        """Parse rows that may hold blank lines."""
        self.parse_blocks(parent, split_blank(rows))

    def parse_blocks(self, parent: Node, blocks: Iterable[Rows]) -> None:
        """Parse blocks into `parent`; processors take blocks from the front and may put some back."""
        queue = deque(blocks)
        self._depth += 1
        if self._depth > 60:  # deeper than any page; the rest is read as text
            while queue:
                self._add_text(parent, queue.popleft(), False)
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
                    heads |= _BITS[row[1][:1]]
                if heads & _SPACE:
                    for row in block:
                        heads |= _BITS[row[1].lstrip(" ")[:1]]
                    heads &= ~_SPACE
            first = block[0][1]
            signs = heads & ~_ODD | (_OPEN if self._open_blocks else 0) | (_PIPE if "|" in first else 0)
            if first[:1] in _FIRST:
                signs |= _FIRST[first[0]]
            elif first[:1] == " ":
                signs |= self._signs_of_indented(parent, first)
            if not signs:
                self._add_text(parent, queue.popleft(), not heads)
                continue
            for process in self._chains[signs] if len(block) <= _LONGEST or signs & (_PIPE | _MARKER) else ():
                if process(self, parent, queue):
                    break
            else:
                self._add_text(parent, queue.popleft(), not heads)
        self._depth -= 1

    def _signs_of_indented(self, parent: Node, text: str) -> int:
        """What the first row of a block shows that begins with a space, and what it stands below."""
        signs = _FIRST.get(text.lstrip(" ")[:1], 0)
        if text.startswith("    "):
            signs |= _INDENTED
            if parent.children:
                above = parent.children[-1]
                signs |= _BELOW.get(self._box_of(above) if above.kind == "block" else above.kind, 0)
        return signs

    def _in_state(self, state: str) -> bool:
        return bool(self._state) and self._state[-1] == state

    # Boxes and tabs

    def _inside(self, parent: Node, block: Rows, kind: str) -> tuple[Node, int] | None:
        """The box after whose content this indented block goes, and how much indent it loses."""
        sibling = parent.last
        if sibling is None or (sibling.kind != kind and self._box_of(sibling) != kind):
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

    def _box_of(self, node: Node) -> str:
        """Which kind of box a block is rendered as."""
        kind = self.grammar.blocks.get(node.name) if node.kind == "block" else None
        return kind.box if kind is not None else ""

    def _admonition(self, parent: Node, blocks: Queue) -> bool:
        return self._box(parent, blocks, "!!!", ADMONITION, "admonition", _new_admonition)

    def _details(self, parent: Node, blocks: Queue) -> bool:
        return self._box(parent, blocks, "???", DETAILS, "details", _new_details)

    def _tab(self, parent: Node, blocks: Queue) -> bool:
        return self._box(parent, blocks, "===", TAB_HEADER, "tabs", _new_tab)

    def _box(
        self,
        parent: Node,
        blocks: Queue,
        marks: str,
        header: re.Pattern[str],
        kind: str,
        make: Callable[[Node, int, re.Match[str]], Node],
    ) -> bool:
        block = blocks[0]
        found = _search(header, block, marks)
        if found:
            blocks.popleft()
            index, match = found
            if index:
                self.parse_blocks(parent, [block[:index]])
            content, rest = detab(block[index + 1 :])
            box = make(parent, block[index][0], match)
        else:
            inside = self._inside(parent, block, kind)
            if inside is None:
                return False
            blocks.popleft()
            box, indent = inside
            content, rest = detab(block, indent)
            if box.tag in ("li", "dd"):
                _loosen(box)
        if content:
            self.parse_chunk(box, content)
        if rest:
            blocks.appendleft(rest)
        return True

    # Blocks of the `/// name` kind

    def _waiting_parent(self, parent: Node) -> Node | None:
        """Where, at `parent` or in what it ends with, the innermost open block waits for more."""
        if not self._open_blocks or not self._open_blocks[-1].is_waiting:
            return None
        node: Node | None = parent
        while node is not None and node is not self._open_blocks[-1].parent:
            node = node.last
        return node

    def place_for_html(self, parent: Node) -> Node:
        """Where raw HTML that comes next in `parent` belongs: in the innermost block that is still open there."""
        return parent if self._waiting_parent(parent) is None else self._open_blocks[-1].node

    def _block_start(self, block: Rows) -> tuple[int, re.Match[str]] | None:
        found = _search(BLOCK_START, block)
        if not found:
            return None
        if self.grammar.any_block:
            return found
        index, match = found
        kind = self.grammar.blocks.get(match[2].lower())
        options = [row.text for row in option_rows(block[index + 1 :])]
        return found if kind is not None and kind.opens(match[3], options) else None

    def _block(self, parent: Node, blocks: Queue) -> bool:
        waiting = self._waiting_parent(parent)
        if waiting is not None:
            opened = next(o for o in self._open_blocks if o.is_waiting and o.parent is waiting)
            if waiting.last is not None and waiting.last is not opened.node:
                _move(waiting.children.pop(), opened.node)  # a box that was put beside the block
            opened.is_waiting = False
            self._fill(blocks, waiting)
            return True
        found = self._block_start(blocks[0])
        if found is None:
            return False
        block = blocks.popleft()
        index, match = found
        options = option_rows(block[index + 1 :])
        if index:
            self.parse_blocks(parent, [block[:index]])
        if parent.tag in ("li", "dd"):
            _loosen(parent)
        name = match[2].lower()
        kind = self.grammar.blocks.get(name)
        tag = "details" if kind is not None and kind.box == "details" else "div"
        node = parent.add(tag, block[index].line, "block", name, match[3])
        node.closed = False
        self._open_blocks.append(_OpenBlock(node, len(match[1]), parent))
        rest = block[index + 1 + len(options) :]
        if rest:
            blocks.appendleft(rest)
        self._fill(blocks, parent)
        return True

    def _fill(self, blocks: Queue, parent: Node) -> None:
        """Give blocks to the innermost open block, until its end or theirs."""
        while blocks and self._open_blocks:
            opened = self._open_blocks[-1]
            inside = blocks.popleft()
            if len(self._open_blocks) > 1:
                inside, outside = detab(inside, TAB * _items_between(opened.node, parent))
                if not inside:
                    inside, outside = outside, inside
                if outside:
                    blocks.appendleft(outside)
            end = next((index for index, row in enumerate(inside) if opened.ends_with(row.text)), None)
            if end is not None and inside[end + 1 :]:
                blocks.appendleft(inside[end + 1 :])
            if inside[:end]:
                self._state.append("blocks")
                self.parse_blocks(opened.node, [inside[:end]])
                self._state.pop()
            if end is not None:
                last = self._open_blocks.pop()  # perhaps one that was opened inside meanwhile
                last.node.closed = last.ends_with(inside[end].text)
        if self._open_blocks:
            self._open_blocks[-1].is_waiting = True

    # Lists

    def _list_indent(self, parent: Node, blocks: Queue) -> bool:
        return self._indented_block(parent, blocks, ("li",), LISTS)

    def _definition_indent(self, parent: Node, blocks: Queue) -> bool:
        return self._indented_block(parent, blocks, ("dd", "li"), ALL_LISTS)

    def _indented_block(self, parent: Node, blocks: Queue, items: tuple[str, ...], lists: tuple[str, ...]) -> bool:
        block = blocks[0]
        if not block[0][1].startswith(" " * TAB) or self._in_state("detabbed"):
            return False
        if parent.tag not in items and (parent.last is None or parent.last.tag not in lists):
            return False
        blocks.popleft()
        level, sibling = self._level(parent, block, items, lists)
        block = loose_detab(block, level)
        self._state.append("detabbed")
        if parent.tag in items:
            target = parent.last if parent.last is not None and parent.last.tag in lists else parent
            self.parse_blocks(target, [block])
        elif sibling.tag in items:
            self.parse_blocks(sibling, [block])
        elif sibling.last is not None and sibling.last.tag in items:
            _loosen(sibling.last)
            self.parse_chunk(sibling.last, block)
        else:
            self.parse_blocks(sibling.add("dd" if "dd" in items else "li", block[0].line), [block])
        self._state.pop()
        return True

    def _level(self, parent: Node, block: Rows, items: tuple[str, ...], lists: tuple[str, ...]) -> tuple[int, Node]:
        text = block[0].text
        depth = (len(text) - len(text.lstrip(" "))) // TAB
        level = 1 if self._in_state("list") else 0
        node = parent
        while depth > level:
            child = node.last
            if child is None or (child.tag not in lists and child.tag not in items):
                break
            if child.tag in lists:
                level += 1
            node = child
        return level, node

    def _list(self, parent: Node, blocks: Queue) -> bool:
        items = self._items(blocks[0])
        if not items:
            return False
        blocks.popleft()
        tag = "ol" if items[0][1][:1].isdigit() else "ul"
        sibling = parent.last
        same = (tag,) if self.grammar.sane_lists else LISTS
        if sibling is not None and sibling.tag in same:
            target = sibling
            if target.last is not None:
                _loosen(target.last)
            rows, marker = items.pop(0)
            item = target.add("li", rows[0].line, name=marker)
            self._state.append("looselist")
            self.parse_blocks(item, [rows])
            self._state.pop()
        elif parent.tag in LISTS:
            target = parent
        else:
            target = parent.add(tag, items[0][0][0].line)
        self._state.append("list")
        for rows, marker in items:
            line, first = rows[0]
            if first.startswith(" " * TAB) and target.last is not None:
                self.parse_blocks(target.last, [rows])
                continue
            item = target.add("li", line, name=marker)
            if len(rows) == 1 and first[:1].isalpha() and "|" not in first and not self._open_blocks:
                item.rows, item.is_plain = rows, True  # what most items are
            else:
                self.parse_blocks(item, [rows])
        self._state.pop()
        return True

    def _items(self, block: Rows) -> list[tuple[Rows, str]]:
        """The items of a list with their markers; none where the first row is no item."""
        items: list[tuple[Rows, str]] = []
        ordered = block[0][1].lstrip()[:1].isdigit()
        for row in block:
            match = ITEM.match(row[1])
            if not match and not items:
                break
            if match and (not items or not self.grammar.sane_lists or match[1][:1].isdigit() == ordered):
                items.append(([_new(Row, (row[0], match[3]))], match[1]))
            elif INDENTED_ITEM.match(row[1]) and not items[-1][0][0].text.startswith(" " * TAB):
                items.append(([row], ""))
            else:
                items[-1][0].append(row)
        return items

    # Leaves

    def _code(self, parent: Node, blocks: Queue) -> bool:
        if not blocks[0][0][1].startswith(" " * TAB):
            return False
        block = [row for old in blocks.popleft() for row in self.source.unfolded(old)]
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

    def _maths(self, parent: Node, blocks: Queue) -> bool:
        if not MATHS_BLOCK.match(_joined(blocks[0])):
            return False
        block = blocks.popleft()
        parent.add("div", block[0].line, "maths").rows = block
        return True

    def _heading(self, parent: Node, blocks: Queue) -> bool:
        found = _search(self._heading_pattern, blocks[0], "#")
        if found is None:
            return False
        block = blocks.popleft()
        index, match = found
        if index:
            self.parse_blocks(parent, [block[:index]])
        following: re.Match[str] | None = match
        while following:  # one heading after the other, where the parser would come back for each
            marks, title = following.groups()
            heading = parent.add(f"h{len(marks)}", block[index][0], "heading")
            heading.rows = [_new(Row, (block[index][0], title.rstrip("#").strip()))]
            index += 1
            if index == len(block):
                return True
            is_next = "|" not in block[index].text and not self._in_state("looselist")
            following = self._heading_pattern.match(block[index].text) if is_next else None
        rest = block[index:]
        blocks.appendleft(loose_detab(rest) if self._in_state("looselist") else rest)
        return True

    def _setext(self, parent: Node, blocks: Queue) -> bool:
        block = blocks[0]
        if len(block) == 1 or not SETEXT.match(block[1][1]):
            return False
        blocks.popleft()
        heading = parent.add("h1" if block[1].text.startswith("=") else "h2", block[0].line, "setext")
        heading.rows = [Row(block[0].line, block[0].text.strip())]
        if block[2:]:
            blocks.appendleft(block[2:])
        return True

    def _rule(self, parent: Node, blocks: Queue) -> bool:
        block = blocks[0]
        for index, row in enumerate(block):  # noqa: B007 - the row that ends the search is the rule
            if not row[1].strip(" -_*") and _is_rule_text(row[1]):
                break
        else:
            return False
        blocks.popleft()
        if index:
            self.parse_blocks(parent, [block[:index]])
        parent.add("hr", block[index].line)
        if block[index + 1 :]:
            blocks.appendleft(block[index + 1 :])
        return True

    def _quote(self, parent: Node, blocks: Queue) -> bool:
        found = _search(QUOTE, blocks[0])
        if found is None:
            return False
        block, index = blocks.popleft(), found[0]
        if index:
            self.parse_blocks(parent, [block[:index]])
        quote = parent.last
        if quote is None or quote.tag != "blockquote":
            quote = parent.add("blockquote", block[index].line)
        self._state.append("blockquote")
        self.parse_chunk(quote, [Row(row.line, _unquoted(row.text)) for row in block[index:]])
        self._state.pop()
        return True

    def _table(self, parent: Node, blocks: Queue) -> bool:
        block = blocks[0]
        if len(block) == 1 or not table_width(block):
            return False
        blocks.popleft()
        parent.add("table", block[0].line).rows = block
        return True

    def _definition(self, parent: Node, blocks: Queue) -> bool:
        block = blocks[0]
        found = _search(DEFINITION, block)
        if found is None:
            return False
        index, terms = found[0], block[: found[0]]
        if not terms and parent.last is None and not self._has_title(parent):
            return False
        blocks.popleft()
        while True:  # one definition after the other, where the parser would come back for each
            inside, after = _definition_body(block, index)
            self._add_definition(parent, terms, block[index], inside)
            if after >= len(block) or not DEFINITION.match(block[after].text):
                break
            index, terms = after, []
        if after < len(block):
            blocks.appendleft(block[after:])
        return True

    def _has_title(self, node: Node) -> bool:
        """Whether a box begins with its title, which a definition right below then takes for its term."""
        kind = self._box_of(node) if node.name != "admonition" else ""
        return (node.kind in ("admonition", "details") or kind != "") and node.title != ""

    def _add_definition(self, parent: Node, terms: Rows, row: Row, inside: Rows) -> None:
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
        self._state.append(state)
        self.parse_blocks(target.add("dd", row.line), [[Row(row.line, match[1]), *inside]])
        self._state.pop()

    def _footnote(self, parent: Node, blocks: Queue) -> bool:
        block = blocks[0]
        starts = [index for index, row in enumerate(block) if "[^" in row[1] and FOOTNOTE.match(row[1])]
        if not starts:
            return False
        blocks.popleft()
        for start, end in zip(starts, [*starts[1:], len(block)], strict=True):
            match = FOOTNOTE.match(block[start].text)
            assert match is not None
            content = [[Row(block[start].line, match[2]), *loose_detab(block[start + 1 : end])]]
            if end == len(block):
                content += self._indented(blocks, block[-1].line)
            self._add_note(match[1], block[start], content)
        if starts[0]:
            blocks.appendleft(block[: starts[0]])
        return True

    def _indented(self, blocks: Queue, line: int) -> Iterator[Rows]:
        """The following blocks that are indented, without that indent; two blank lines end them."""
        while blocks and blocks[0][0].text.startswith(" " * TAB):
            if blocks[0][0].line - self.source.last_line(line) > 2:
                return
            block = blocks.popleft()
            line = block[-1].line
            next_note = next((index for index, row in enumerate(block) if FOOTNOTE.match(row.text)), None)
            yield loose_detab(block[:next_note])
            if next_note is not None:
                blocks.appendleft(block[next_note:])
                return

    def _add_note(self, name: str, row: Row, content: list[Rows]) -> None:
        self.definitions.footnotes.append((name, row))
        note = Node("div", row.line, self.root, "footnote", name=name)
        state, self._state = self._state, []
        self.parse_blocks(note, [block for part in content for block in split_blank(part)])
        self._state = state
        self.notes.children.append(note)

    def _abbreviation(self, parent: Node, blocks: Queue) -> bool:
        block = blocks[0]
        match = ABBREVIATION.search(_joined(block)) if any(row[1].startswith("*[") for row in block) else None
        if match is None or not match[1].strip() or not match[2].strip():
            return False
        blocks.popleft()
        first, after = _rows_of_match(match)
        self.definitions.abbreviations.append((match[1].strip(), block[first]))
        while after < len(block) and (following := ABBREVIATION.fullmatch(block[after].text)):  # one under the other
            if not following[1].strip() or not following[2].strip():
                break
            self.definitions.abbreviations.append((following[1].strip(), block[after]))
            after += 1
        return self._put_back(blocks, block[:first], block[after:])

    def _reference(self, parent: Node, blocks: Queue) -> bool:
        block = blocks[0]
        match = REFERENCE.search(_joined(block)) if any("]:" in row[1] for row in block) else None
        if match is None:
            return False
        blocks.popleft()
        first, after = _rows_of_match(match)
        self.definitions.labels.append((match[1], block[first], match[2]))
        while after < len(block) and (following := REFERENCE.match(block[after].text)):  # one under the other
            self.definitions.labels.append((following[1], block[after], following[2]))
            after += 1
        return self._put_back(blocks, block[:first], block[after:])

    def _put_back(self, blocks: Queue, before: Rows, after: Rows) -> bool:
        blank = next((index for index, row in enumerate(after) if row.text), len(after))
        blocks.extendleft(part for part in (after[blank:], before) if part)
        return True

    def _add_text(self, parent: Node, block: Rows, is_plain: bool) -> None:
        """What no processor wants: the text of a tight item, or a paragraph."""
        if parent.tag in ("li", "dd") and self._in_state("list"):
            parent.is_plain = is_plain and (parent.is_plain or not parent.rows)
            parent.rows += block
        else:
            paragraph = Node("p", block[0][0], parent, "p")
            paragraph.rows = block
            paragraph.is_plain = is_plain
            parent.children.append(paragraph)


def _new_admonition(parent: Node, line: int, header: re.Match[str]) -> Node:
    return parent.add("div", line, "admonition", header[1], header[2])


def _new_details(parent: Node, line: int, header: re.Match[str]) -> Node:
    return parent.add("details", line, "details", header[2] or header[4] or "", header[3])


def _new_tab(parent: Node, line: int, header: re.Match[str]) -> Node:
    tabs = parent.last
    if tabs is None or tabs.kind != "tabs" or "!" in (header[1] or ""):
        tabs = parent.add("div", line, "tabs")
    return tabs.add("div", line, "tab", title=header[2])


class _Chains(dict[int, tuple[Processor, ...]]):
    """The processors, in their order, that may want a block, by the signs it shows."""

    def __init__(self, processors: list[tuple[int, Processor]]) -> None:
        super().__init__()
        self._processors = processors

    def __missing__(self, signs: int) -> tuple[Processor, ...]:
        self[signs] = tuple(processor for wanted, processor in self._processors if wanted & signs)
        return self[signs]


@lru_cache(maxsize=8)
def _chains_of(*settings: bool) -> _Chains:
    """The processors of a grammar, given what is on, each with the signs without one of which it wants no block."""
    on, parser = dict(zip(Grammar._fields, settings, strict=True)), BlockParser
    chain: list[tuple[bool, int, Processor]] = [
        (on["admonition"], _BANG | _BELOW_ADMONITION, parser._admonition),
        (on["details"], _QUERY | _BELOW_DETAILS, parser._details),
        (on["tabbed"], _EQUALS | _BELOW_TABS, parser._tab),
        (True, _INDENTED, parser._list_indent),
        (on["blocks"] or on["any_block"], _SLASH | _OPEN, parser._block),
        (on["def_list"], _INDENTED, parser._definition_indent),
        (on["indented_code"], _INDENTED, parser._code),
        (on["maths"], _TEX, parser._maths),
        (on["tables"], _PIPE, parser._table),
        (True, _HASH, parser._heading),
        (True, _EQUALS | _DASH, parser._setext),
        (True, _DASH | _LOW_LINE | _STAR, parser._rule),
        (True, _MARKER, parser._list),
        (on["def_list"], _COLON, parser._definition),
        (True, _ANGLE, parser._quote),
        (on["footnotes"], _BRACKET, parser._footnote),
        (on["abbr"], _STAR, parser._abbreviation),
        (True, _BRACKET, parser._reference),
    ]
    return _Chains([(signs, processor) for wanted, signs, processor in chain if wanted])


def table_width(block: Rows) -> int:
    """How many columns the table of these rows has; 0 where they are no table for the parser."""
    header, separator = block[0].text.strip(" "), block[1].text.strip(" ")
    border = header.startswith("|") or _ends_with_pipe(header)
    cells = split_row(header, border)
    if len(cells) < 2 and not (
        border and all(row.text.strip(" ").startswith("|") or _ends_with_pipe(row.text.strip(" ")) for row in block[1:])
    ):
        return 0
    marks = split_row(separator, border)
    return len(cells) if len(marks) == len(cells) and set("".join(marks)) <= set("|:- ") else 0


def split_row(row: str, border: bool) -> list[str]:
    """The cells of a table row; pipes in code spans and escaped ones do not count."""
    if border:
        row = row.removeprefix("|")
        if _ends_with_pipe(row):
            row = row[:-1]
    if "\\" not in row and "``" not in row:
        pieces = row.split("`")
        if len(pieces) % 2 and not any("|" in code for code in pieces[1::2]):
            return row.split("|")
    shown = re.sub(r"(?<!\\)(`+)(?!`).*?(?<!`)\1(?!`)", lambda match: "\x00" * len(match[0]), row)
    cuts = [match.start() for match in re.finditer(r"\\.|\|", shown) if match[0] == "|"]
    return [row[start + 1 : end] for start, end in zip([-1, *cuts], [*cuts, len(row)], strict=True)]


def _ends_with_pipe(row: str) -> bool:
    if not row.endswith("\\|"):
        return row.endswith("|")
    bare = row[:-1].rstrip("\\")
    return (len(row) - 1 - len(bare)) % 2 == 0


def _definition_body(block: Rows, index: int) -> tuple[Rows, int]:
    """The rows that belong to the definition on row `index`, and where the next row after them is."""
    after = index + 1
    if after < len(block) and re.match(r"[ ]{0,3}[^ :]", block[after].text):
        return block[after:], len(block)
    while after < len(block) and (block[after].text.startswith(" " * TAB) or not block[after].text.strip()):
        after += 1
    return [Row(row.line, row.text[TAB:]) for row in block[index + 1 : after]], after


def _search(pattern: re.Pattern[str], block: Rows, marks: str = "") -> tuple[int, re.Match[str]] | None:
    """The first row that a pattern matches, with the match; `marks` are what the pattern begins with."""
    for index, row in enumerate(block):
        match = pattern.match(row[1]) if row[1].startswith(marks) else None
        if match:
            return index, match
    return None


def option_rows(rows: Rows) -> Rows:
    """The option lines directly under a block's header."""
    return list(takewhile(lambda row: row.text.startswith(" " * TAB) and bool(row.text.strip()), rows))


def _is_rule_text(text: str) -> bool:
    marks = text.strip(" ")
    if marks[:1] not in ("-", "_", "*") or marks.strip(f"{marks[0]} ") or len(text) - len(text.lstrip(" ")) > 3:
        return False
    return marks.count(marks[0]) >= 3 and "   " not in marks


def _unquoted(text: str) -> str:
    if text.strip() == ">":
        return ""
    match = QUOTE.match(text)
    return match[1] if match else text


def _joined(block: Rows) -> str:
    return "\n".join(row.text for row in block)


def _rows_of_match(match: re.Match[str]) -> tuple[int, int]:
    """The first row of a match in the joined text of a block, and the one after its last."""
    first = match.string.count("\n", 0, match.start())
    return first, first + match[0].rstrip("\n").count("\n") + 1


def _items_between(node: Node, top: Node) -> int:
    """In how many list items a node stands, below and including `top`."""
    count, above = 0, node.parent if node is not top else None
    while above is not None:
        count += above.tag in ("li", "dd")
        above = above.parent if above is not top else None
    return count


def _move(node: Node, target: Node) -> None:
    node.parent = target
    target.children.append(node)


def _loosen(item: Node) -> None:
    """Turn the text of a tight item into a paragraph, as a blank line after it does."""
    if item.rows:
        paragraph = Node("p", item.rows[0].line, item, "p")
        paragraph.rows, paragraph.is_plain = item.rows, item.is_plain
        item.children.insert(0, paragraph)
        item.rows = []
