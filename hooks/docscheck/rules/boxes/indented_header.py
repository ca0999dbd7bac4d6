"""A header that is indented by one to three spaces, or so far that it becomes code."""

from __future__ import annotations

from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.page import Page
from docscheck.proofs import becomes_code
from docscheck.rules.boxes import NOUN, shows_marks, until_then, with_fault

RULE = Rule("BOX110", "indented-header", Severity.ERROR)


def check(page: Page) -> Iterator[Finding]:
    for opener in with_fault(page, "indented"):
        yield RULE.at(
            opener.part,
            f"the header of this {NOUN[opener.kind]} is indented by a number of spaces that is not a multiple of four",
            help="begin it at the left margin, or indent it by four spaces for each list or box around it; "
            f"{until_then(opener)}",
            proof=shows_marks(opener),
        )
    for opener in with_fault(page, "code"):
        line = opener.line
        yield RULE.at(
            opener.part,
            f"this {NOUN[opener.kind]} is indented so far that it becomes a block of code",
            help="remove four spaces",
            proof=becomes_code(line),
        )
