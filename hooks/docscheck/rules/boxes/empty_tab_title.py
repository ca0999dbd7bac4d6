"""A tab whose title is empty."""

from __future__ import annotations

from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.page import Page

RULE = Rule("BOX114", "empty-tab-title", Severity.ERROR)


def check(page: Page) -> Iterator[Finding]:
    for opener in page.openers:
        if opener.kind == "tab" and opener.node is not None and not (opener.node.title or "").strip():
            yield RULE.at(opener.span, "the tab has no title", help="give it a title; without one nobody can choose it")
