"""The header of a box, a tab or a block, whether it opens one or was only meant to."""

from __future__ import annotations

from itertools import islice
from typing import NamedTuple

from docscheck.page.prose import ProsePage
from docscheck.parse.blocks import ADMONITION, DETAILS, TAB_HEADER, Node, Row
from docscheck.source import NOWHERE, Span

_HEADERS = (("box", ADMONITION), ("details", DETAILS), ("tab", TAB_HEADER))
UNSEEN = "\u200b\u200c\u200d\u200e\u2060\ufeff"
"""Characters that have no width."""


class Opener(NamedTuple):
    """A header. `fault` is empty where the parser opens the box as meant."""

    kind: str
    """`box` (`!!!`), `details` (`???`), `tab` (`===`) or `block` (`///`)."""
    line: int
    span: Span
    """The whole header."""
    fault: str = ""
    part: Span = NOWHERE
    """What is at fault."""
    node: Node | None = None
    """The box, where one is opened."""
    marks: str = ""


def kind_of(text: str) -> str:
    """What a text would open as a header of its own; empty for none."""
    return next((kind for kind, header in _HEADERS if header.match(text)), "")


def next_is_deeper(page: ProsePage, row: Row) -> bool:
    """Whether the next line that holds text is indented more than this one."""
    own = _indent(page.lines[row.line])
    below = (line for line in page.lines[row.line + 1 : row.line + 4] if line.strip(" >\t"))
    return any(_indent(line) >= own + 2 for line in islice(below, 1))


def _indent(line: str) -> int:
    """How far a line is indented, marks of quotes included."""
    expanded = line.expandtabs(4)
    return len(expanded) - len(expanded.lstrip(" >"))
