"""A space inside the dollar signs, which makes a formula plain text: `$ x^2 $`."""

from __future__ import annotations

from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.page import Page
from docscheck.proofs import prints
from docscheck.rules.maths.formulas import DOUBLE, is_drawn, with_inner_space

RULE = Rule("MTH102", "space-inside-maths", Severity.ERROR)


def check(page: Page) -> Iterator[Finding]:
    """Look at the lines with dollar signs outside formulas."""
    for number in page.lines_with("$") if page.has_maths else ():
        shown = page.prose_lines[number]
        spaced = with_inner_space(shown) if not DOUBLE.search(shown) else None
        if spaced is None:
            continue
        span = page.source.span(number, spaced.start(), spaced.end())
        if not is_drawn(page, span, "$"):
            yield RULE.at(
                span,
                "a space inside the dollar signs makes this plain text",
                help="remove the spaces after the first and before the last `$`",
                proof=prints(number, "$"),
            )
