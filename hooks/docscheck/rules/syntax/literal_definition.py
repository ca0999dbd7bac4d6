"""Definitions that are printed with their colon."""

from __future__ import annotations

from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.proofs import prints

RULE = Rule("SYN105", "literal-definition", Severity.ERROR)
_DEFINITION = lazy(r"[ \t>]*:(?=[^\W\d_a-z][^:\s]*(?:\s|$))")


def check(page: Page) -> Iterator[Finding]:
    for number in page.lines_with(":") if page.grammar.def_list else ():
        if page.prose_lines[number].lstrip()[0] == ":":
            yield from _definition(page, number, page.prose_lines[number])


def _definition(page: Page, number: int, shown: str) -> Iterator[Finding]:
    match = _DEFINITION.match(shown)
    leaf = page.leaf_by_line.get(number)
    if match and leaf is not None and leaf.tag in ("p", "dd") and leaf.rows[0].line < number:
        yield RULE.at(
            page.source.span(number, match.end() - 1, match.end()),
            "a definition needs a space after its colon",
            help="write `:   text`",
            proof=prints(number, ":"),
        )
