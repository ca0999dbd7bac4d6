"""Words, a stop or attributes behind the closing quote of a title."""

from __future__ import annotations

from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.proofs import prints
from docscheck.rules.boxes import shows_marks, until_then, with_fault

_ID = lazy(r"[\w-]+")
_TWO = lazy(r"[^\"]*[^\s\"](\"[ ]+(?:(?:===|(?:!!!|\?\?\?\+?)[ ]+[a-z]+)[ ]+)?\")[^\s\"]")
RULE = Rule("BOX103", "text-after-title", Severity.ERROR)


def check(page: Page) -> Iterator[Finding]:
    if '""' in page.signs:
        yield from _doubled(page)
    for opener in with_fault(page, "text-after-title"):
        if _may_have_ids(page) and _ID.fullmatch(page.source.text[opener.part.start : opener.part.end]):
            continue  # an id for sharing, read by another extension
        yield RULE.at(
            opener.part,
            "nothing may follow the closing quote of the title",
            help=f"move it into the title or into the body on the next line; {until_then(opener)}",
            proof=shows_marks(opener),
        )


def _doubled(page: Page) -> Iterator[Finding]:
    """`!!! note "one" "two"`: a title may hold quotes, but not begin and end with words that stand in them."""
    for opener in page.openers:
        title = opener.node.title if opener.node is not None and opener.kind != "block" else None
        match = _TWO.match(title) if title and '"' in title else None
        if match:
            yield RULE.at(
                page.source.find(opener.line, match[1]),
                "a title is one text in quotes: the marks inside it are printed",
                help="put it all into one pair of quotes",
                proof=prints(opener.line, match[1]),
            )


def _may_have_ids(page: Page) -> bool:
    return bool(page.config.foreign_extensions) or any("admonition" in name for name in page.config.plugins)
