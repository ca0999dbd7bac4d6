"""A `/// block` that does not open, or is never ended."""

from __future__ import annotations

from collections.abc import Iterator

from docscheck.diagnostics import Edit, Finding, Rule, Severity
from docscheck.page import Page
from docscheck.rules.boxes import shows_marks, until_then, with_fault
from docscheck.spelling_distance import nearest

UNKNOWN = Rule("BOX401", "unknown-block", Severity.ERROR)
HEADER = Rule("BOX402", "broken-block-header", Severity.ERROR)
UNENDED = Rule("BOX403", "unended-block", Severity.ERROR)
RULES = (UNKNOWN, HEADER, UNENDED)


def check(page: Page) -> Iterator[Finding]:
    for opener in with_fault(page, "unknown-name"):
        name = page.source.text[opener.part.start : opener.part.end]
        meant = nearest(name.lower(), page.grammar.blocks)
        yield UNKNOWN.at(
            opener.part,
            f"no extension of this site defines a block `{name}`",
            help=f"did you mean `{meant}`? {until_then(opener)}",
            proof=shows_marks(opener),
            fix=Edit(opener.part, meant),
        )
    for opener in with_fault(page, "no-bar"):
        yield HEADER.at(
            opener.part,
            "the title of a block stands behind a bar, without quotes",
            help=f"write `/// name | title`; {until_then(opener)}",
            proof=shows_marks(opener),
        )
    for opener in with_fault(page, "bad-options"):
        yield HEADER.at(
            opener.part,
            "the options under this header are not those of the block",
            help=f"look up the options of this block; {until_then(opener)}",
            proof=shows_marks(opener),
        )
    for opener in page.openers:
        if opener.node is not None and opener.kind == "block" and not opener.node.closed:
            yield UNENDED.at(
                opener.span,
                "this block is never ended, so it holds the rest of the page",
                help="end it with a line of as many `/` as its header has",
            )
