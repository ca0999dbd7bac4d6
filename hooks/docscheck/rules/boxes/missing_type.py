"""A box header without a type."""

from __future__ import annotations

from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.page import Page
from docscheck.rules.boxes import shows_marks, until_then, with_fault

RULE = Rule("BOX108", "missing-type", Severity.ERROR)


def check(page: Page) -> Iterator[Finding]:
    for opener in with_fault(page, "no-type"):
        yield RULE.at(
            opener.part,
            "the header names no type",
            help=f"write for instance `{opener.marks} note`; {until_then(opener)}",
            proof=shows_marks(opener),
        )
