"""What a site knows that docscheck does not, brought into the editor: citations, data, figures.

An installed package offers a provider by an entry point of the group `docscheck.providers`, which names a callable
that takes a site's `Config` and returns a `Provider`, or None for a site that is not its own. What a site's own
settings name is never imported: to open a page must not run code that came with it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from docscheck.diagnostics import Finding
from docscheck.page import Page
from docscheck.source import Span

log = logging.getLogger("docscheck.lsp")


class Completion(NamedTuple):
    """Something that can be written at a place."""

    label: str
    """What is shown, and what the letters typed so far are compared with."""
    span: Span
    """What it replaces: as a rule, what was typed of it."""
    kind: str = "value"
    """One of `value`, `reference`, `file`, `class`, `function`."""
    detail: str = ""
    """A few words beside the label."""
    documentation: str = ""
    """More, in Markdown."""
    insert: str = ""
    """What is written, where that is not the label."""


class Hover(NamedTuple):
    """What is shown when the pointer rests on a place."""

    span: Span
    markdown: str


class Target(NamedTuple):
    """Where something is defined."""

    file: Path
    line: int = 0
    """From 0."""


class Provider:
    """Answers for the places of a page that belong to it, and for no others. A fault in it ends no session."""

    def completions(self, page: Page, offset: int) -> Iterable[Completion]:
        """What can be written at a place."""
        return ()

    def hover(self, page: Page, offset: int) -> Hover | None:
        """What is to be said of a place."""
        return None

    def definition(self, page: Page, offset: int) -> Target | None:
        """Where that is defined on which a place rests."""
        return None

    def findings(self, page: Page) -> Iterable[Finding]:
        """What is wrong with a page, besides what docscheck finds."""
        return ()
