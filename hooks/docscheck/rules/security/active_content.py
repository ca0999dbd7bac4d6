"""What runs in the reader's browser: scripts, event handlers, frames and addresses that are programs."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.mentions import mentions
from docscheck.page import Page
from docscheck.parse.html import Tag
from docscheck.patterns import lazy
from docscheck.source import Span

SCRIPT = Rule("SEC101", "script")
HANDLER = Rule("SEC102", "event-handler")
FRAME = Rule("SEC103", "frame", Severity.WARNING)
ADDRESS = Rule("SEC104", "script-address")
PAGE_WIDE = Rule("SEC106", "page-wide-tag")
RULES = (SCRIPT, HANDLER, FRAME, ADDRESS, PAGE_WIDE)

_HANDLER = lazy(r"on[a-z]{3,}")
_ATTRIBUTE_LIST = lazy(
    r"\{:?[^{}\n]*?(?<![\w-])(on[a-z]{3,}\s*=\s*[\"'][^\"'\n]*[\"']"
    r"|on(?:click|load|error|focus|blur|change|submit|input|mouse[a-z]+|key[a-z]+)=[^\s\"'{}]+)[^{}\n]*\}",
    re.I,
)
_ATTRIBUTE_ADDRESS = lazy(
    r"\{:?[^{}\n]*?(?<![\w-])(?:href|src|action|formaction)\s*=\s*[\"']?\s*((?:javascript|vbscript)\s*:[^\s\"'{}]*)[^{}\n]*\}",
    re.I,
)
_PROGRAM = lazy(r"\s*(?:javascript|vbscript|livescript)\s*:", re.I)
_IN_STYLE = lazy(r"url\(\s*[\"']?\s*(?:javascript|vbscript|livescript)\s*:|expression\s*\(", re.I)
_SCHEME = lazy(r"[a-z][a-z0-9+.-]*\s*:|[\\/]{2}|&", re.I)
_DATA = lazy(r"\s*data\s*:", re.I)
_IN_ANGLES = lazy(r"<(?:javascript|vbscript|livescript):[^<>\n]{1,400}>", re.I)
_INLINE = lazy(r"\]\([ ]*((?:javascript|vbscript|data):[^\n()<]*<[^\n()]*)\)", re.I)
_IMAGE_DATA = lazy(r"\s*data:image/(?:png|jpe?g|gif|webp|avif|svg\+xml)[;,]", re.I)
_FRAMES = frozenset(["iframe", "frame", "frameset", "object", "embed", "applet"])
_ADDRESSES = frozenset(["action", "formaction", "xlink:href", "data", "poster", "background", "srcset", "cite"])
"""Attributes that hold an address, besides those that `mentions` knows."""
_OF_DRAWING = _ADDRESSES | {"href"}
"""The same inside a drawing, of which `mentions` knows none."""
_DATA_TYPES = ("application/ld+json", "application/json", "math/", "text/x-", "text/template")
"""Types of script that no browser runs."""


def check(page: Page) -> Iterator[Finding]:
    """Look at raw tags, at attribute lists and at addresses."""
    yield from _tags(page)
    for match in _ATTRIBUTE_LIST.finditer(page.masked) if page.config.has("attr_list") else ():
        name = match[1].partition("=")[0].strip()
        yield HANDLER.at(Span(*match.span(1)), f"`{name}` runs a program in the reader's browser", help="remove it")
    has_program = page.shows("script:") and page.config.has("attr_list")
    for match in _ATTRIBUTE_ADDRESS.finditer(page.masked) if has_program else ():
        yield ADDRESS.at(Span(*match.span(1)), "the address is a program", help="link to a page")
    yield from _with_tags(page)
    for match in _IN_ANGLES.finditer(page.source.text) if page.shows("script:") else ():
        if page.masked[match.start()] == "<":
            message = "the address is a program, and no link: the reader sees nothing of it"
            yield ADDRESS.at(Span(*match.span()), message, help="link to a page")
    for mention in mentions(page):
        if _PROGRAM.match(mention.address):
            yield ADDRESS.at(mention.span, "the link runs a program in the reader's browser", help="link to a page")
        elif _DATA.match(mention.address) and not _IMAGE_DATA.match(mention.address):
            yield ADDRESS.at(
                mention.span, "the address contains a document of its own", help="link to a file of the site"
            )


def _with_tags(page: Page) -> Iterator[Finding]:
    """Addresses with tags in them, which are no mentions."""
    for match in _INLINE.finditer(page.masked) if "](" in page.signs and ":" in page.signs else ():
        if "<" in match[0]:
            yield ADDRESS.at(Span(*match.span(1)), "the address contains a document of its own", help="link to a page")


def _refreshes(tag: Tag) -> bool:
    """Whether a tag sends the reader to another site; to another page of this one it may."""
    kind = tag.get("http-equiv")
    target = tag.get("content")
    leads_out = target is not None and "://" in target.value
    return kind is not None and kind.value.strip().casefold() == "refresh" and leads_out


def _shows_own_file(page: Page, tag: Tag) -> bool:
    """Whether a frame shows a file of the site itself."""
    source = tag.get("src") or tag.get("data")
    address = source.value.strip() if source is not None else ""
    if not address or tag.get("srcdoc") is not None:
        return False
    own = page.config.site_url
    return (bool(own) and address.startswith(own)) or not (address.startswith("//") or _SCHEME.match(address))


def _tags(page: Page) -> Iterator[Finding]:
    for tag in page.tags:
        yield from _tag(page, tag, _ADDRESSES)
    for tag in page.drawn_tags:
        yield from _tag(page, tag, _OF_DRAWING)


def _tag(page: Page, tag: Tag, with_addresses: frozenset[str]) -> Iterator[Finding]:
    if tag.closing:
        return
    kind = tag.get("type")
    if tag.name == "script" and not (kind and kind.value.casefold().startswith(_DATA_TYPES)):
        yield SCRIPT.at(
            tag.span,
            "the page contains a script of its own",
            help="move it into a file that `extra_javascript` names",
        )
    elif tag.name == "base" or (tag.name == "meta" and _refreshes(tag)):
        does = (
            "changes where every link of the page leads" if tag.name == "base" else "sends the reader to another site"
        )
        yield PAGE_WIDE.at(tag.span, f"`<{tag.name}>` {does}", help="remove it")
    elif tag.name in _FRAMES and not _shows_own_file(page, tag):
        yield FRAME.at(tag.span, f"`<{tag.name}>` shows another site inside the page", help="link to it instead")
    for attribute in tag.attributes:
        if attribute.name in with_addresses and _PROGRAM.match(html.unescape(attribute.value)):
            yield ADDRESS.at(attribute.value_span, "the address is a program", help="link to a page")
        if attribute.name == "style" and _IN_STYLE.search(html.unescape(attribute.value)):
            yield ADDRESS.at(attribute.value_span, "an address in this style is a program", help="remove it")
        if _HANDLER.fullmatch(attribute.name) and attribute.value:
            message = f"`{attribute.name}` runs a program in the reader's browser"
            yield HANDLER.at(attribute.span, message, help="remove it")
