"""A link leads to a file that the site leaves out."""

from __future__ import annotations

from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule
from docscheck.page import Page
from docscheck.rules.links import judged
from docscheck.targets import Verdict

RULE = Rule("LNK105", "excluded-target")


def check(page: Page) -> Iterator[Finding]:
    """Find links to excluded files."""
    for mention, target in judged(page):
        if target.verdict is Verdict.EXCLUDED:
            message = f"`{target.file}` exists, but it is excluded from the site"
            yield RULE.at(mention.span, message, help="remove the link, or take the file out of `exclude_docs`")
