"""Too few or too many marks before the type, spaces between them, full-width ones."""

from __future__ import annotations

from collections.abc import Iterator

from docscheck.diagnostics import Edit, Finding, Rule, Severity
from docscheck.page import Page
from docscheck.proofs import prints
from docscheck.rules.boxes import NOUN, shows_marks, until_then, with_fault

RULE = Rule("BOX105", "wrong-marks", Severity.ERROR)
MARKS = {"box": "!!!", "details": "???", "tab": "===", "block": "///"}


def check(page: Page) -> Iterator[Finding]:
    for opener in with_fault(page, "wrong-marks"):
        wanted = MARKS[opener.kind]
        yield RULE.at(
            opener.part,
            f"a {NOUN[opener.kind]} opens with `{wanted}`, not with `{opener.marks.strip()}`",
            help=f"write `{wanted}`; {until_then(opener)}",
            proof=shows_marks(opener),
            fix=Edit(opener.part, wanted),
        )
    for opener in with_fault(page, "wrong-space", "no-space"):
        yield RULE.at(
            opener.part,
            "there has to be an ordinary space here" if opener.fault == "no-space" else "this is not an ordinary space",
            help=f"put one space here; {until_then(opener)}",
            proof=shows_marks(opener),
            fix=Edit(opener.part, ' "' if opener.fault == "no-space" else " "),
        )
    for opener in with_fault(page, "escaped"):
        yield RULE.at(
            opener.part,
            f"the backslash prevents this from being a {NOUN[opener.kind]}, and what follows is code",
            help=f"remove it; {until_then(opener)}",
            proof=prints(opener.line, opener.marks[0]),
        )
    for opener in with_fault(page, "unseen"):
        yield RULE.at(
            opener.part,
            "there is an invisible character before the marks",
            help=f"remove it; {until_then(opener)}",
            proof=shows_marks(opener),
            fix=Edit(opener.part, ""),
        )
