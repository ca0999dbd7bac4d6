"""A path with backslashes is no path on the web."""

from __future__ import annotations

from collections.abc import Iterator

from docscheck.diagnostics import Edit, Finding, Rule
from docscheck.mentions import mentions
from docscheck.page import Page
from docscheck.patterns import lazy

RULE = Rule("LNK111", "backslash-path")
_BETWEEN_NAMES = lazy(r"(?<=[\w.])\\(?=[\w.])|^\\\\?(?=\w)")


def check(page: Page) -> Iterator[Finding]:
    """Find backslashes between the names of a relative path."""
    for mention in mentions(page):
        is_path = mention.kind in ("link", "image", "definition", "raw") and not mention.is_external
        if is_path and _BETWEEN_NAMES.search(mention.path):
            fix = Edit(mention.span, mention.address.replace("\\", "/"))
            yield RULE.at(mention.span, "the path is written with backslashes", help="use `/`", fix=fix)
