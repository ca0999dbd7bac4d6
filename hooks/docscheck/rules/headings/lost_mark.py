"""A heading that loses its last mark: `C#`."""

from __future__ import annotations

from collections.abc import Iterator

from docscheck.diagnostics import Edit, Finding, Rule, Severity
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.source import Span

RULE = Rule("HDG113", "lost-heading-mark", Severity.ERROR)
_LANGUAGE = lazy(r"#{1,6}[ ](?:[^\n#]*[\s/(])?[A-Z]#[ ]*$")


def check(page: Page) -> Iterator[Finding]:
    """Look for a letter with one `#` behind it, which the parser takes for the end of the heading."""
    for heading in page.headings:
        line = page.lines[heading.line]
        if line.rstrip()[-1:] == "#" and heading.node.kind == "heading" and _LANGUAGE.match(line.lstrip(" >")):
            at = page.source.starts[heading.line] + line.rindex("#")
            yield RULE.at(
                Span(at, at + 1),
                "a `#` at the end of a heading is not shown",
                help="write `\\#`",
                fix=Edit(Span(at, at), "\\"),
            )
