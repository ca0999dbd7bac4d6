"""An address that was to be filled in later."""

from __future__ import annotations

import re
from collections.abc import Iterator

from docscheck.addresses import PLACEHOLDERS
from docscheck.diagnostics import Finding, Rule
from docscheck.mentions import mentions
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.targets import Verdict, files_of

RULE = Rule("LNK113", "placeholder-address")
_PICTURES = lazy(
    r"https?://(?:via\.placeholder|(?:www\.)?placeholder|dummyimage|placehold|(?:www\.)?placekitten|(?:www\.)?fpoimg|loremflickr"
    r"|picsum\.photos|(?:www\.)?lorempixel)(?:\.\w+)?/(?!\w+/([0-9a-f]{3,6})/\1\b)",
    re.I,
)
"""Hosts that draw a picture of any size, to be replaced by the real one; one colour on itself shows that colour."""
_TO_REPLACE = lazy(
    r"(?<![A-Za-z])(?:(?:REPLACE|CHANGE|FILL)[-_]?ME|(?:INSERT|PUT)[-_]\w*[-_]?HERE"
    r"|(?:URL|LINK|ADDRESS)[-_](?:GOES[-_])?HERE|YOUR[-_](?:URL|LINK|ADDRESS))(?![A-Za-z])"
)
_NUMBERLESS = lazy(
    r"https?://[^/\s]+/(?:[^?#\s]*/)?(?:issues|pulls?|merge_requests|discussions|browse)/(?:[A-Z]+-)?(?:XX+|NN+|TODO|TBD|\?+|#+)/?$"
)
"""An issue or a change without its number."""
_HOSTS = ("https://todo", "http://todo", "https://xxx", "https://...", "http://...", "https://link", "https://url")


def check(page: Page) -> Iterator[Finding]:
    """Find addresses that are words such as TODO."""
    for mention in mentions(page):
        if mention.kind in ("bare", "autolink"):
            continue
        if _is_placeholder(mention.address) and not _is_file(page, mention.path):
            yield RULE.at(
                mention.span, f"`{mention.address}` is a placeholder for an address", help="write the address"
            )


def _is_placeholder(address: str) -> bool:
    if _PICTURES.match(address):
        return True
    if ("ME" in address or "HERE" in address or "YOUR" in address) and _TO_REPLACE.search(address):
        return True
    if _NUMBERLESS.match(address):
        return True
    plain = address.strip("<>{}[]() ").casefold()
    return plain in PLACEHOLDERS or plain.rstrip("/") in _HOSTS


def _is_file(page: Page, path: str) -> bool:
    if page.site is None:
        return False
    return files_of(page.site).judge(page.uri, path).verdict in (Verdict.FILE, Verdict.PAGE_ADDRESS, Verdict.ASTRAY)
