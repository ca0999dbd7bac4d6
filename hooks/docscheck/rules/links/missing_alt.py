"""An image without words for those who cannot see it."""

from __future__ import annotations

from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.mentions import is_raw
from docscheck.page import Page
from docscheck.parse.inline import Link
from docscheck.patterns import lazy

RULE = Rule("LNK302", "missing-alt", Severity.WARNING)
_EXPLAINS = lazy(r"\{[^}\n]*(?:alt=|aria-|role=|title=)")


def check(page: Page) -> Iterator[Finding]:
    """Find images without alternative text. An empty `alt` in raw HTML says that an image is decoration."""
    for link in page.links:
        if link.image and link.kind in ("inline", "full") and _is_mute(page, link):
            yield RULE.at(link.span, "the image has no alternative text", help="say between `[` and `]` what it shows")
    for tag in page.tags:
        if tag.name == "img" and not tag.closing and tag.get("alt") is None and tag.get("aria-hidden") is None:
            yield RULE.at(tag.span, "the image has no alternative text", help='add `alt="…"`; `alt=""` for decoration')


def _is_mute(page: Page, link: Link) -> bool:
    if page.source.text[link.text_span.start : link.text_span.end].strip() or is_raw(page, link.span.start):
        return False
    return _EXPLAINS.match(page.source.text, link.span.end) is None
