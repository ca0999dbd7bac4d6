"""A link differs from the name of the file in capitals only: it works on some disks, and on no web server."""

from __future__ import annotations

from collections.abc import Iterator

from docscheck.diagnostics import Edit, Finding, Rule
from docscheck.page import Page
from docscheck.rules.links import judged
from docscheck.source import Span
from docscheck.targets import Verdict, relative

RULE = Rule("LNK102", "wrong-case")


def check(page: Page) -> Iterator[Finding]:
    """Compare each path with the files' names, capitals ignored."""
    for mention, target in judged(page):
        if target.verdict is Verdict.WRONG_CASE:
            span = Span(mention.span.start, mention.span.start + len(mention.path))
            right = relative(target.file, page.uri)
            fix = Edit(span, right) if right.casefold() == mention.path.casefold() else None
            yield RULE.at(
                span,
                f"the file is called `{right}`",
                help="write the name exactly so, with the same capital letters",
                fix=fix,
            )
