"""Words, a stop or attributes behind the closing quote of a title."""

from __future__ import annotations

from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.rules.boxes import shows_marks, until_then, with_fault

_ID = lazy(r"[\w-]+")
RULE = Rule("BOX103", "text-after-title", Severity.ERROR)


def check(page: Page) -> Iterator[Finding]:
    for opener in with_fault(page, "text-after-title"):
        if _may_have_ids(page) and _ID.fullmatch(page.source.text[opener.part.start : opener.part.end]):
            continue  # an id for sharing, read by another extension
        yield RULE.at(
            opener.part,
            "nothing may follow the closing quote of the title",
            help=f"move it into the title or into the body on the next line; {until_then(opener)}",
            proof=shows_marks(opener),
        )


def _may_have_ids(page: Page) -> bool:
    return bool(page.config.foreign_extensions) or any("admonition" in name for name in page.config.plugins)
