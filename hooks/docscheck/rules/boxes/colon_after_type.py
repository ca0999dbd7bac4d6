"""A colon or a comma behind the type of a box."""

from __future__ import annotations

from collections.abc import Iterator

from docscheck.diagnostics import Edit, Finding, Rule, Severity
from docscheck.page import Page
from docscheck.rules.boxes import shows_marks, until_then, with_fault

RULE = Rule("BOX107", "colon-after-type", Severity.ERROR)


def check(page: Page) -> Iterator[Finding]:
    for opener in with_fault(page, "colon", "comma"):
        sign = "colon" if opener.fault == "colon" else "comma"
        where = "after the marks of a tab" if opener.kind == "tab" else "after the type of a box"
        yield RULE.at(
            opener.part,
            f"no {sign} is allowed {where}",
            help=f"remove the {sign}; {until_then(opener)}",
            proof=shows_marks(opener),
            fix=Edit(opener.part, ""),
        )
