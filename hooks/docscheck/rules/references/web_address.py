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
            is_wanted = not _FOR_SHARES.isdisjoint(trackers) or _is_of_one_owner(mention.address, page.config.site_url)
            fix = Edit(mention.span, clean) if as_written and not is_wanted else None
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


def _is_of_one_owner(address: str, site: str) -> bool:
    """Whether an address stands under the domain of the site: who counts there where readers come from, wants to."""
    ours, theirs = addresses.host(site).split("."), addresses.host(address).split(".")
    owner = ours[-3:] if len(ours) > 2 and (len(ours[-2]) < _SHORTEST_NAME or ours[-2] in _HOSTERS) else ours[-2:]
    return len(owner) > 1 and theirs[-len(owner) :] == owner


_SHORTEST_NAME = 4
"""What is shorter stands between a name and its country, as in `co.uk`."""
_HOSTERS = frozenset(("github", "gitlab", "readthedocs", "netlify", "pages", "vercel", "azurewebsites", "herokuapp"))
_FOR_SHARES = frozenset(("tag", "linkCode", "linkId"))
"""With these a shop is told with whom it shares what is sold."""


def _without(address: str, names: list[str]) -> str:
    before, _, fragment = address.partition("#")
    path, _, query = before.partition("?")
    kept = [part for part in re.split(r"[&;]", query) if part.partition("=")[0] not in names]
    return path + ("?" + "&".join(kept) if kept else "") + (f"#{fragment}" if fragment else "")
