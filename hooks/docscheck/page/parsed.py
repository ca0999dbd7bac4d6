"""The blocks of a page: the tree that Python-Markdown makes of it, with what stands beside what."""

from __future__ import annotations

from collections import defaultdict
from itertools import count

from docscheck.once import cached_property
from docscheck.page.reading import read_blocks
from docscheck.page.written import WrittenPage
from docscheck.parse.blocks import BlockParser, Definitions, Node

_TEXTS = frozenset(("p", "li", "dt", "dd"))


class ParsedPage(WrittenPage):
    """A page with its block structure."""

    @cached_property
    def _parser(self) -> BlockParser:
        return read_blocks(self)

    @property
    def tree(self) -> Node:
        """The block structure; the root's children are what the reader sees in order."""
        return self._parser.root

    @property
    def notes(self) -> Node:
        """The footnotes' contents."""
        return self._parser.notes

    @cached_property
    def nodes(self) -> list[Node]:
        """Every node of the page and its footnotes, in order."""
        found: list[Node] = []
        for root in (self.tree, self.notes):
            _gather(root, found)
        return found

    @cached_property
    def kinds(self) -> dict[str, list[Node]]:
        """The nodes by kind, in order."""
        found: dict[str, list[Node]] = defaultdict(list)
        for node in self.nodes:
            found[node.kind].append(node)
        return dict(found)

    @cached_property
    def rough_texts(self) -> list[Node]:
        """Paragraphs, items, terms and definitions of which some line begins with another character than a letter."""
        return [node for node in self.nodes if node.rows and not node.is_plain and node.tag in _TEXTS]

    def before(self, node: Node) -> Node | None:
        """What stands before a node in the same container; comments do not count."""
        beside, place = self._place(node)
        return beside[place - 1] if place else None

    def after(self, node: Node) -> Node | None:
        """What stands after a node in the same container; comments do not count."""
        beside, place = self._place(node)
        return beside[place + 1] if place + 1 < len(beside) else None

    def _place(self, node: Node) -> tuple[list[Node], int]:
        """What stands in the same container as a node, but for comments, and its place there."""
        container = self.notes if node.kind == "footnote" else node.parent
        if container is None or node.kind == "comment":
            return [node], 0
        beside, places = container.children, self._places
        if "comment" in self.kinds:
            beside = self._shown_in(container)
        if id(node) not in places:
            places.update(zip(map(id, beside), count()))
        return beside, places[id(node)]

    def _shown_in(self, container: Node) -> list[Node]:
        """What a container holds but comments."""
        if id(container) not in self._shown:
            self._shown[id(container)] = [node for node in container.children if node.kind != "comment"]
        return self._shown[id(container)]

    def is_announced(self, node: Node) -> bool:
        """Whether the text before a node ends with a colon: what follows is shown as an example."""
        before = self.before(node)
        rows = (before.rows or [row for inner in before.walk() for row in inner.rows]) if before is not None else []
        return bool(rows) and rows[-1].text.rstrip().endswith((":", "："))

    @cached_property
    def _places(self) -> dict[int, int]:
        """The places of nodes in their containers, as far as somebody has asked for one."""
        return {}

    @cached_property
    def _shown(self) -> dict[int, list[Node]]:
        """What containers hold but comments, as far as somebody has asked for it."""
        return {}

    @property
    def definitions(self) -> Definitions:
        """Labels, footnotes and abbreviations as the parser takes them out."""
        self.tree  # noqa: B018 - parsing fills them
        return self._parser.definitions

    @cached_property
    def leaf_by_line(self) -> dict[int, Node]:
        """For each line that holds text, the innermost node it belongs to."""
        return {row.line: node for node in self.nodes for row in node.rows}

    def forget(self) -> None:
        """Cut the nodes from their parents, so that memory is given back at once."""
        for node in self.nodes:
            node.parent = None


def _gather(node: Node, found: list[Node]) -> None:
    """Append a node and all below it, in order."""
    found.append(node)
    for child in node.children:
        if child.children:
            _gather(child, found)
        else:
            found.append(child)
