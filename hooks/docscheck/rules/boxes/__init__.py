"""Boxes, tabs and blocks: headers that do not open, titles that are lost, bodies that are elsewhere."""

from __future__ import annotations

from docscheck.diagnostics import Proof
from docscheck.page import Page
from docscheck.page.opener import Opener
from docscheck.proofs import prints

NOUN = {"box": "box", "details": "folded box", "tab": "tab", "block": "block"}
"""What a header opens, in a reader's words."""


def with_fault(page: Page, *faults: str) -> list[Opener]:
    """Headers of the page that suffer from one of these."""
    return [] if page.faults.isdisjoint(faults) else [opener for opener in page.openers if opener.fault in faults]


def shows_marks(opener: Opener) -> Proof:
    """The proof that a header is printed instead of opening its box."""
    return prints(opener.line, opener.marks)


def until_then(opener: Opener) -> str:
    """What the reader sees meanwhile."""
    return f"until then the {NOUN[opener.kind]} shows as plain text"
