"""DOIs: shapes that cannot exist, addresses of the old resolver, and texts that name another."""

from __future__ import annotations

import re
from collections.abc import Iterator

from docscheck import doi
from docscheck.diagnostics import Edit, Finding, Rule, Severity
from docscheck.mentions import Mention, external
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.rules.references import names
from docscheck.source import Span
from docscheck.words.distance import distance

SHAPE = Rule("REF111", "impossible-doi")
ADDRESS = Rule("REF112", "old-doi-address", Severity.WARNING)
MISMATCH = Rule("REF113", "doi-mismatch")
RULES = (SHAPE, ADDRESS, MISMATCH)
_WHOLE = lazy(r"[\s`]*(?:https?://(?:dx\.)?doi\.org/)?(?P<name>10\.\d{4,9}/[^\s`]+)[\s`]*", re.I)
"""A link's text that is a DOI and nothing else."""
_PROXY = lazy(r"https?://(?:dx[.-])?doi[.-]org\.[\w.-]+/(?=10\.\d{4,9}/)", re.I)
"""The resolver behind a library's proxy: `doi-org.proxy.example.edu`."""
_OTHER_HOST = lazy(r"https?://(?:dx\.)?(?P<host>[a-z]{2,4}\.[a-z]{2,4})/(?=10\.\d{4,9}/)", re.I)
_NO_RESOLVERS = frozenset(("doi.com", "doi.net"))
_NAMED = lazy(r"\bdoi:[ ]*(10(?:\.|[,;:]?\d{4,9}/)(?:\([^\s()\x00]*\)|[^\s\]()>\x00])+)", re.I)


_PARTED = lazy(
    r"\bdoi:[ ]?(10\.(?:[ ]\d{4,9}/|\d{4,9}(?:[ ]/[ ]?|/[ ](?=[\w.()-]{0,40}\d[\w.()-]{0,40}\d)))[^\s,;\]()>\x00]+)",
    re.I,
)
"""One with a space in it."""


def check(page: Page) -> Iterator[Finding]:
    """Judge each address at doi.org."""
    for mention in external(page):
        address = doi.read(mention.address)
        if address is not None:
            yield from _judge(mention, address)
        other = _OTHER_HOST.match(mention.address) if address is None else None
        if other and (other["host"] in _NO_RESOLVERS or distance(other["host"].lower(), "doi.org", 2) == 1):
            message = f"`{other['host']}` is not the resolver of DOIs"
            help = f"write `https://doi.org/{mention.address[other.end() :]}`"
            yield ADDRESS.at(mention.span, message, help=help, severity=Severity.ERROR)
        proxied = _PROXY.match(mention.address)
        if proxied:
            name = mention.address[proxied.end() :]
            message = "this is the address of a library's proxy, which lets in only its own users"
            fix = Edit(mention.span, f"https://doi.org/{name}")
            yield ADDRESS.at(mention.span, message, help="write `https://doi.org/…`", fix=fix)
    for match in _PARTED.finditer(page.prose) if names(page, "doi:") else ():
        message = "no work has this DOI: there is a space in it"
        yield SHAPE.at(Span(*match.span(1)), message, help=f"did you mean `{match[1].replace(' ', '').rstrip('.')}`?")
    for match in _NAMED.finditer(page.prose) if names(page, "doi:") else ():
        fault = doi.fault(match[1].rstrip(".,;:"))
        if fault:
            yield SHAPE.at(Span(*match.span(1)), f"no work has this DOI: {fault}", help="look up the work's DOI")


def _judge(mention: Mention, address: doi.Address) -> Iterator[Finding]:
    fault = doi.fault(address.name)
    if fault:
        yield SHAPE.at(mention.span, f"no work has this DOI: {fault}", help="look up the work's DOI")
        return
    if address.host != "doi.org":
        fix = Edit(mention.span, mention.address.replace(address.host, "doi.org", 1).replace("http:", "https:", 1))
        message = f"`{address.host}` is the old resolver"
        yield ADDRESS.at(mention.span, message, help="write `https://doi.org/…`", fix=fix)
    named = _WHOLE.fullmatch(mention.text) or doi.MENTION.search(mention.text)
    if mention.kind in ("autolink", "bare"):
        return
    if named and named["name"].rstrip(".,;").casefold() != address.name.casefold():
        message = f"the text says {named['name']}, the address {address.name}"
        yield MISMATCH.at(mention.text_span, message, help="find out which is right, and correct the other")
