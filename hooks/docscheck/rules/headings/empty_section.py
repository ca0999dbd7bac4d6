"""A heading with nothing under it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.rules.headings import outline

_STANDS_ALONE = lazy(r"\]\(|\]\[|^\[?unreleased\b", re.I)
"""A heading that leads elsewhere, or waits for a release."""
RULE = Rule("HDG111", "empty-section", Severity.WARNING)


def check(page: Page) -> Iterator[Finding]:
    headings = [heading for heading in outline(page) if heading.markup.strip()]
    for index, heading in enumerate(headings):
        following = headings[index + 1] if index + 1 < len(headings) else None
        if following is not None and following.level > heading.level:
            continue
        end = following.line if following else len(page.lines)
        first = heading.line + (2 if heading.node.kind == "setext" else 1)
        if any(map(str.strip, page.lines[first:end])) or _STANDS_ALONE.search(heading.markup):
            continue
        if (index > 0 or heading.level > 1) and not heading.markup.startswith(":::"):  # templates and plugins fill it
            yield RULE.at(heading.span, "this section is empty", help="write the section, or remove its heading")
