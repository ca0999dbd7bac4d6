"""A link leads to a file that the site leaves out."""

from __future__ import annotations

from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule
from docscheck.mentions import internal
from docscheck.page import Page
from docscheck.targets import Verdict, files_of

RULE = Rule("LNK105", "excluded-target")


def check(page: Page) -> Iterator[Finding]:
    """Find links to excluded files."""
    if page.site is None:
        return
    for mention in internal(page):
        target = files_of(page.site).judge(page.uri, mention.path)
        if target.verdict is Verdict.EXCLUDED:
            message = f"`{target.file}` exists, but the site leaves it out"
            yield RULE.at(mention.span, message, help="remove the link, or take the file out of `exclude_docs`")
