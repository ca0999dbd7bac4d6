"""A header that fails for a reason no other rule names."""

from __future__ import annotations

from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.page import Page
from docscheck.rules.boxes import shows_marks, until_then, with_fault

RULE = Rule("BOX113", "unreadable-header", Severity.ERROR)


def check(page: Page) -> Iterator[Finding]:
    for opener in with_fault(page, "unreadable"):
        yield RULE.at(
            opener.part,
            "this is not allowed in the header of a box",
            help=f'a header is `{opener.marks} type "title"`; {until_then(opener)}',
            proof=shows_marks(opener),
        )
