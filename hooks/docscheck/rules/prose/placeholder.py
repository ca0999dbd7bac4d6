"""Text that stands for text still to be written."""

from __future__ import annotations

import re
from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.page import Page

RULE = Rule("PRO101", "placeholder-text", Severity.WARNING)
_PLACEHOLDER = re.compile(
    r"(?<![\w/#.-])(?:TODO|FIXME|TBD|TBA|XXX)(?=\s*:|[.!]?\s*$|\s*\()|^[ \t>*+-]*(?:TODO|FIXME|TBD)\b"
    r"|(?<=[ (])XXX+(?=[ ,.)])"
    r"|\b[Ll]orem ipsum\b|\[(?:insert|add|your|fill in|TODO)\b[^\]\n]{0,40}\](?![(\[:])"
    r"|^[ \t>*_-]*(?i:coming soon|under construction|work in progress"
    r"|to be (?:written|added|completed|announced|done))[.!…]*[*_ ]*$",
    re.MULTILINE,
)

_SIGNS = ("todo", "fixme", "tbd", "tba", "xxx", "orem ipsum", "[insert", "[add", "[your", "[fill in")
_PHRASES = ("coming soon", "under construction", "in progress", "to be ")
"""Without one of these there is nothing to find; a page is searched for them at once."""


def check(page: Page) -> Iterator[Finding]:
    text = page.prose.lower()
    if not any(sign in text for sign in (*_SIGNS, *_PHRASES)):
        return
    labels = {label.casefold() for label, _, _ in page.definitions.labels}
    lorem = False
    for number in range(page.body, len(page.lines)):
        match = _PLACEHOLDER.search(page.prose_lines[number])
        if match and "orem" in match[0]:
            if lorem or _is_shown_on_purpose(page, number):
                continue
            lorem = True
        if match and match[0].strip() and match[0].strip("[]").casefold() not in labels:
            text = match[0].lstrip(" \t>*+-_")
            start = match.end() - len(text)
            yield RULE.at(
                page.source.span(number, start, match.end()),
                f"`{text.strip()}` stands for something that is missing",
                help="write it, or leave the part out",
            )


def _is_shown_on_purpose(page: Page, number: int) -> bool:
    """Whether the text is in a box, a tab or a `<div markdown>`: pages that show a layout fill it so."""
    leaf = page.leaf_by_line.get(number)
    kinds = ("html", "admonition", "details", "tab", "block")
    return leaf is not None and any(node.kind in kinds for node in leaf.ancestors())
