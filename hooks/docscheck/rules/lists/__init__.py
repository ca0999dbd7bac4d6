"""Lists that the parser sees otherwise than their author."""

from __future__ import annotations

from docscheck.page import Page

_OWNERS = ("list", "newline", "breakless", "gfm", "commonmark", "indent")


def is_ours(page: Page) -> bool:
    """Whether lists on this site follow Python-Markdown's rules, not those of an extension we do not run."""
    return not any(part in name for name in page.config.foreign_extensions for part in _OWNERS)
