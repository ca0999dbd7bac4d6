"""Words, a stop or attributes behind the closing quote of a title."""

from __future__ import annotations

from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.page import Page
from docscheck.rules.boxes import shows_marks, until_then, with_fault

RULE = Rule("BOX103", "text-after-title", Severity.ERROR)


def check(page: Page) -> Iterator[Finding]:
    for opener in with_fault(page, "text-after-title"):
        yield RULE.at(
            opener.part, "nothing may follow the closing quote of the title",
            help=f"move it into the title or into the body on the next line; {until_then(opener)}",
            proof=shows_marks(opener),
        )
