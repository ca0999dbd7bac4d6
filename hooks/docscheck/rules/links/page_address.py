"""A link names the address of a page where the name of its source file belongs."""

from __future__ import annotations

from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.included import may_be_part
from docscheck.navigation import names_folders
from docscheck.page import Page
from docscheck.rules.links import judged
from docscheck.targets import Verdict, relative, validation

RULE = Rule("LNK103", "page-address")


def check(page: Page) -> Iterator[Finding]:
    """An address that leads astray is an error; one that works is reported where the site wants such links checked."""
    wants_warnings = validation(page.config, "unrecognized_links") == "warn"
    for mention, target in judged(page):
        if target.verdict is Verdict.ASTRAY and not may_be_part(page) and not names_folders(page, mention.path):
            message = f"from this page's address, `{mention.path}` does not lead to `{target.file}`"
            yield RULE.at(mention.span, message, help=f"link to the file: `{relative(target.file, page.uri)}`")
        elif target.verdict is Verdict.PAGE_ADDRESS and wants_warnings and target.file != page.uri:
            help = f"link to the file: `{relative(target.file, page.uri)}`"
            yield RULE.at(
                mention.span,
                "the link names an address instead of a file, so it cannot be checked",
                help=help,
                severity=Severity.WARNING,
            )
