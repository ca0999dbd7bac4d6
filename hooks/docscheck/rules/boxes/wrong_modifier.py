"""A `+` or `-` where the header takes none."""

from __future__ import annotations

from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.page import Page
from docscheck.rules.boxes import shows_marks, until_then, with_fault

RULE = Rule("BOX106", "wrong-modifier", Severity.ERROR)
_HELP = {
    "box": "`!!!` takes no sign; a box that folds is `???`, one that is open at first `???+`",
    "details": "an open folded box is `???+ type`, the `+` directly behind the marks; a closed one is `??? type`",
    "tab": "the selected tab is `===+`, a new set `===!`, the sign directly behind the marks",
}


def check(page: Page) -> Iterator[Finding]:
    for opener in with_fault(page, "wrong-modifier"):
        sign = page.source.text[opener.part.start : opener.part.end]
        yield RULE.at(
            opener.part,
            f"`{sign}` cannot stand here",
            help=f"{_HELP[opener.kind]}; {until_then(opener)}",
            proof=shows_marks(opener),
        )
    for opener in page.openers:
        if opener.node is not None and opener.kind in ("box", "details") and "-" in opener.node.name.split():
            yield RULE.at(
                page.source.find(opener.line, "-"),
                "`-` cannot stand here: it becomes a CSS class",
                help=_HELP[opener.kind],
            )
