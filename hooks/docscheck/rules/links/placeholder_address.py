"""An address that was to be filled in later."""

from __future__ import annotations

import re
from collections.abc import Iterator

from docscheck.addresses import PLACEHOLDERS
from docscheck.diagnostics import Finding, Rule
from docscheck.mentions import Mention, mentions
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
_YOURS = lazy(
    r"(?:https?://(?:[\w-]+\.)*|/@?)[<\[{]?your[-_]?(?:git(?:hub|lab)[-_]?)?"
    r"(?:user(?:[-_]?name)?|name|handle|org(?:ani[sz]ation)?(?:[-_]?name)?|repo(?:sitory)?(?:[-_]?name)?|project(?:[-_]?name)?"
    r"|account(?:[-_]?name)?|company|domain|site|website|channel|invite(?:[-_]?code)?)[>\]}]?(?=[/.?#:]|$)"
    r"|github\.com/(?:user(?:name)?|org(?:ani[sz]ation)?|owner)/(?:repo(?:sitory)?|project)(?=[/?#.]|$)"
    r"|youtube\.com/(?:watch\?v=|embed/)(?:(?:YOUR_)?VIDEO_ID|x{5,})(?=[?&#]|$)",
    re.I,
)
"""What stands for a name of the reader's: an account, a host."""
_NEAR = 300
_HOSTS = ("https://todo", "http://todo", "https://xxx", "https://...", "http://...", "https://link", "https://url")


def check(page: Page) -> Iterator[Finding]:
    """Find addresses that are words such as TODO."""
    for mention in mentions(page):
        if mention.kind in ("bare", "autolink"):
            continue
        is_meant = _is_placeholder(mention.address) or _is_of_reader(page, mention)
        if is_meant and not _is_file(page, mention.path):
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


def _is_of_reader(page: Page, mention: Mention) -> bool:
    """Whether the address names something of the reader's, and the text of the link does not say so."""
    match = _YOURS.search(mention.address) if "//" in mention.address else None
    if match is None:
        return False
    start = mention.span.start
    shown = page.source.text[max(page.source.starts[page.source.line_of(start)], start - _NEAR) : start]
    text = shown.rpartition("[")[2].casefold()
    return not any(word in text for word in ("your", "://", "/", ".com", "user", "video_id"))


def _is_file(page: Page, path: str) -> bool:
    if page.site is None:
        return False
    return files_of(page.site).judge(page.uri, path).verdict in (Verdict.FILE, Verdict.PAGE_ADDRESS, Verdict.ASTRAY)
