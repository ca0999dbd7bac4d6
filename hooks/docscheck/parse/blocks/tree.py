"""What a page is made of: rows of text, and the elements that hold them."""

from __future__ import annotations

from collections.abc import Iterator

LISTS = ("ul", "ol")
ALL_LISTS = ("dl", "ol", "ul")


class Row:
    """A line, or what is left of it inside its containers: each takes its indent or its marker from the text.

    No tuple, and so with slots of its own: a page has hundreds, and their texts are asked for again and again. Made
    without arguments, which would double its price.
    """

    __slots__ = ("line", "text")
    line: int
    text: str


def row_of(line: int, text: str) -> Row:
    """A row with this text."""
    row = Row()
    row.line, row.text = line, text
    return row


Rows = list[Row]


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
        `raw` (HTML), `html` (HTML with Markdown in it) or `comment`; else the tag."""
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

    def take(self, node: Node) -> None:
        """Append an element that stood elsewhere."""
        node.parent = self
        self.children.append(node)

    def loosen(self) -> None:
        """Turn the text of a tight item into a paragraph, as a blank line after it does."""
        if self.rows:
            paragraph = Node("p", self.rows[0].line, self, "p")
            paragraph.rows, paragraph.is_plain = self.rows, self.is_plain
            self.children.insert(0, paragraph)
            self.rows = []

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


class Definitions:
    """What is defined by whole lines and leaves the text: labels, footnotes, abbreviations."""

    def __init__(self) -> None:
        self.labels: list[tuple[str, Row, str]] = []
        self.footnotes: list[tuple[str, Row]] = []
        self.abbreviations: list[tuple[str, Row]] = []
