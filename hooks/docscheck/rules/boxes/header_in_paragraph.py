"""A header in the middle of a line of text."""

from __future__ import annotations

from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.page import Page
from docscheck.rules.boxes import NOUN, shows_marks, until_then, with_fault

RULE = Rule("BOX111", "header-in-paragraph", Severity.ERROR)


def check(page: Page) -> Iterator[Finding]:
    for opener in with_fault(page, "inside-paragraph"):
        yield RULE.at(
            opener.part,
            f"a {NOUN[opener.kind]} can only begin at the start of a line",
            help=f"put it on a line of its own; {until_then(opener)}",
            proof=shows_marks(opener),
        )
