"""Addresses on the net that are better written otherwise: plain http, trackers, searches, and what soon expires."""

from __future__ import annotations

import re
from collections.abc import Iterator

from docscheck import addresses
from docscheck.diagnostics import Edit, Finding, Rule, Severity
from docscheck.mentions import external
from docscheck.page import Page
from docscheck.source import Span

HTTP = Rule("REF121", "plain-http", Severity.WARNING)
TRACKING = Rule("REF122", "tracking-parameters", Severity.WARNING)
SEARCH = Rule("REF123", "search-results", Severity.WARNING)
EXPIRES = Rule("REF125", "expiring-address", Severity.WARNING)
RULES = (HTTP, TRACKING, SEARCH, EXPIRES)


def check(page: Page) -> Iterator[Finding]:
    """Judge each address on the net; what stands in the text unlinked may be an example."""
    for mention in external(page):
        if mention.kind == "bare":
            continue
        if addresses.is_plain_http(mention.address):
            span = Span(mention.span.start, mention.span.start + len("http"))
            yield HTTP.at(span, "the address is not encrypted", help="write `https:` if the host supports it")
        trackers = addresses.trackers(mention.address)
        if trackers:
            named = " and ".join(f"`{name}`" for name in trackers)
            clean = _without(mention.address, trackers)
            as_written = page.source.text[mention.span.start : mention.span.end] == mention.address
            fix = Edit(mention.span, clean) if as_written else None
            tells = (
                "who shared the address" if addresses.SHARERS.issuperset(trackers) else "where the reader comes from"
            )
            message = f"{named} only tell{'s' * (len(trackers) == 1)} the host {tells}"
            yield TRACKING.at(mention.span, message, help=f"write `{clean}`", fix=fix)
        if addresses.expires(mention.address):
            message = "this address is signed for a short time, and then leads nowhere"
            yield EXPIRES.at(mention.span, message, help="link to the page from which it was copied")
        if addresses.is_gate(mention.address):
            message = "the link takes the way through another site, from which it was copied"
            yield SEARCH.at(mention.span, message, help="link to the page that was meant")
        if addresses.is_search_page(mention.address):
            message = "the results of a search change from day to day"
            if addresses.is_led_on(mention.address):
                message = "the link takes the way through a search engine, which was copied from its results"
            yield SEARCH.at(mention.span, message, help="link to the page that was meant")


def _without(address: str, names: list[str]) -> str:
    before, _, fragment = address.partition("#")
    path, _, query = before.partition("?")
    kept = [part for part in re.split(r"[&;]", query) if part.partition("=")[0] not in names]
    return path + ("?" + "&".join(kept) if kept else "") + (f"#{fragment}" if fragment else "")
