"""A second heading of the first level."""

from __future__ import annotations

from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.included import is_behind_snippet
from docscheck.page import Page
from docscheck.rules.headings import outline

RULE = Rule("HDG102", "several-titles", Severity.WARNING)


def check(page: Page) -> Iterator[Finding]:
    lowered = page.config.option("toc", "baselevel") not in (None, 1, "1")
    titles = [heading for heading in outline(page) if heading.level == 1 and not lowered]
    for heading in titles[1:]:
        yield RULE.at(
            page.source.content_span(heading.line),
            f"the page already has a title, on line {titles[0].line + 1}",
            help="begin a section with `##`; a second title is missing from the table of contents",
        )
    for heading in page.headings:
        is_in_item = heading.node.parent is not None and heading.node.parent.tag == "li"
        if heading.level == 1 and is_in_item and not is_behind_snippet(page, heading.line):
            yield RULE.at(
                page.source.content_span(heading.line),
                "this is a heading of the first level inside a list item",
                help="remove the `#`, or write a backslash before it",
            )
