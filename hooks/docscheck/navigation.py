"""Pages that are read as the navigation of a site: their links name folders, and no reader sees them."""

from __future__ import annotations

import posixpath

from docscheck.page import Page


def names_folders(page: Page, path: str) -> bool:
    """Whether a path of this page is an entry of the navigation that takes in a folder, as `literate-nav` reads it."""
    settings = page.config.plugins.get("literate-nav")
    if settings is None or not path.endswith("/"):
        return False
    return posixpath.basename(page.uri) == str(settings.get("nav_file") or "SUMMARY.md")
