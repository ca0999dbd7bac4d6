"""A heading without text."""

from __future__ import annotations

from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.page import Page
from docscheck.patterns import lazy

_MARKS = lazy(r"[ ]{0,3}#{2,6}[ ]*")
_NOTHING = lazy(r"\[\]\([^()]*\)")
"""A link without text."""
RULE = Rule("HDG103", "empty-heading", Severity.ERROR)


def check(page: Page) -> Iterator[Finding]:
    # An empty first title is a known way to show none: themes take the page's title for it.
    for heading in page.headings:
        if not _NOTHING.sub("", heading.markup).strip() and not (heading.level == 1 and heading is page.headings[0]):
            yield RULE.at(
                page.source.content_span(heading.line), "this heading is empty", help="write its text, or remove it"
            )
    for node in page.rough_texts if page.grammar.spaced_headings else ():
        if node.kind == "p" and len(node.rows) == 1 and _MARKS.fullmatch(node.rows[0].text):
            yield RULE.at(
                page.source.content_span(node.line),
                "these marks have no text after them",
                help="write the text, or remove the marks",
            )
