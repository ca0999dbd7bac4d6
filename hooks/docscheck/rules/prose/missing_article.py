"""A noun without an article behind its name in code or in a link: `with `pour` command`."""

from __future__ import annotations

from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.page import Page
from docscheck.words.places import places

RULE = Rule("PRO116", "missing-article", Severity.WARNING)
_TERSE = frozenset(("heading", "setext", "table"))
"""Texts that leave articles out on purpose."""


def check(page: Page) -> Iterator[Finding]:
    """Report each place, but in texts that are terse on purpose."""
    for place in places(page):
        if place.slip.is_article and place.kind not in _TERSE:
            yield RULE.at(place.span, f"an article is missing after `{place.wrong}`", help=place.help)
