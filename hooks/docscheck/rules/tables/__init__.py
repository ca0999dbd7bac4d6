"""Tables that are none for the parser, or lose cells."""

from __future__ import annotations

from docscheck.page import Page


def is_ours(page: Page) -> bool:
    """Whether rows are read on this site as they are elsewhere, and not by an extension that we do not run."""
    return not any("table" in name for name in page.config.foreign_extensions)
