"""A wording that is wrong in any English sentence: `it's own`, `can be use`, `this files`, `larger then`."""

from __future__ import annotations

from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.page import Page
from docscheck.words.places import places

RULE = Rule("PRO112", "confused-words", Severity.WARNING)


def check(page: Page) -> Iterator[Finding]:
    """Report each place; missing articles are another rule's."""
    for place in places(page):
        if not place.slip.is_article:
            yield RULE.at(place.span, f"`{place.wrong}` does not fit here", help=place.help)
