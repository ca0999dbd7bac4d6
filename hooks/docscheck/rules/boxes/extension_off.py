"""A header whose syntax the site has not turned on."""

from __future__ import annotations

from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.page import Page
from docscheck.rules.boxes import shows_marks, until_then, with_fault

RULE = Rule("BOX112", "extension-off", Severity.ERROR)
_EXTENSION = {
    "box": "admonition",
    "details": "pymdownx.details",
    "tab": "pymdownx.tabbed",
    "block": "pymdownx.blocks.admonition",
}


def check(page: Page) -> Iterator[Finding]:
    for opener in with_fault(page, "off"):
        extension = _EXTENSION[opener.kind]
        if page.config.reading_extensions or page.config.has(extension):
            continue  # another extension may own the syntax
        yield RULE.at(
            opener.part,
            f"`{opener.marks}` is plain text on this site",
            help=f"add `{extension}` to `markdown_extensions`; {until_then(opener)}",
            proof=shows_marks(opener),
        )
