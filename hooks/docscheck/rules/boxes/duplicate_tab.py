"""Two tabs of a set with one title: one was copied and never renamed, or two sets have run together."""

from __future__ import annotations

from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.page import Page

RULE = Rule("BOX115", "duplicate-tab", Severity.WARNING)


def check(page: Page) -> Iterator[Finding]:
    """Compare the titles of each set; the first that occurs again speaks for the others."""
    for tabs in page.kinds.get("tabs", ()):
        lines: dict[str, int] = {}
        for tab in tabs.children:
            title = (tab.title or "").strip()
            first = lines.setdefault(title, tab.line)
            if title and first != tab.line:
                yield RULE.at(
                    page.source.content_span(tab.line),
                    f"the tab of line {first + 1}, in the same set, has this title",
                    help='rename one of them; a set of its own begins with `===! "…"`',
                )
                break
