"""Boxes, tabs and blocks: headers that do not open, titles that are lost, bodies that are elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from docscheck.page import Page
from docscheck.parse.openers import Opener

if TYPE_CHECKING:
    from docscheck.rendering import Rendered

NOUN = {"box": "box", "details": "folded box", "tab": "tab", "block": "block"}
"""What a header opens, in a reader's words."""


def with_fault(page: Page, *faults: str) -> Iterator[Opener]:
    """Headers of the page that suffer from one of these."""
    return (opener for opener in page.openers if opener.fault in faults)


def shows_marks(opener: Opener) -> Callable[[Rendered], bool]:
    """The proof that a header is printed instead of opening its box."""

    def proof(rendered: Rendered) -> bool:
        return rendered.prints(opener.line, opener.marks)

    return proof


def until_then(opener: Opener) -> str:
    """What the reader sees meanwhile."""
    return f"until then the {NOUN[opener.kind]} shows as plain text"
