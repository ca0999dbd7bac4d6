"""Text that stands for text still to be written."""

from __future__ import annotations

import re
from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.page import Page

RULE = Rule("PRO101", "placeholder-text", Severity.WARNING)
_PLACEHOLDER = re.compile(
    r"(?<![\w/#.-])(?:TODO|FIXME|TBD|TBA|XXX)(?=\s*:|\s*$|\s*\()|^[ \t>*+-]*(?:TODO|FIXME|TBD)\b"
    r"|\b[Ll]orem ipsum\b|\[(?:insert|add|your|fill in|TODO)\b[^\]\n]{0,40}\](?![(\[:])"
    r"|^[ \t>*_-]*(?i:coming soon|under construction|work in progress|to be (?:written|added|completed|announced|done))[.!…]*[*_ ]*$",
    re.MULTILINE,
)


def check(page: Page) -> Iterator[Finding]:
    for number in range(page.body, len(page.lines)):
        match = _PLACEHOLDER.search(page.prose_lines[number])
        if match and match[0].strip():
            text = match[0].lstrip(" \t>*+-_")
            start = match.end() - len(text)
            yield RULE.at(
                page.source.span(number, start, match.end()), f"`{text.strip()}` stands for something that is missing",
                help="write it, or leave the part out",
            )
