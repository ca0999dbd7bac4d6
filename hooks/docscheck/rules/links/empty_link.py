"""A link without an address, or without a text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule
from docscheck.mentions import is_raw
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.plugins import own_syntax
from docscheck.source import Span

RULE = Rule("LNK112", "empty-link")
_NOWHERE = ("", "http://", "https://", "mailto:", "tel:")
_ATTRIBUTES = lazy(r"[ ]?\{[^}\n]*\}")
_MARKS_A_PLACE = lazy(r"[ ]?\{[^}\n]*(?:#|\b(?:id|name|on[a-z]+|data-[\w-]+)[ ]*=)[^}\n]*\}")
"""Attributes that name a place, or that hand the link to a script."""
_PLAIN = frozenset(("src", "alt", "title", "width", "height", "align", "border", "style"))
"""Attributes of a picture that no script has to fill in."""
_TO_TOP = lazy(
    r"\b(?:top|oben|haut|arriba|in[ií]cio|topo|inizio|boven)\W*$|↑|⬆|вверх|наверх|начал|顶部|頂部|先頭|トップ|맨 위",
    re.I,
)
"""What a link to the beginning of the page says."""


def check(page: Page) -> Iterator[Finding]:
    """Find links that lead nowhere or cannot be seen; anchors and icons made with attributes are meant so."""
    for link in page.links:
        if link.kind != "inline" or is_raw(page, link.span.start):
            continue
        text = page.source.text[link.text_span.start : link.text_span.end]
        if _ATTRIBUTES.match(page.source.text, link.span.end) and not _says_where(page, link.address, text, link.span):
            continue
        if link.address.strip("<> ") in _NOWHERE or (link.address == "#" and not link.title):
            if link.address == "#" and _TO_TOP.search(text):
                continue
            if text or link.address:
                message = "the image has no address" if link.image else "the link leads nowhere"
                yield RULE.at(link.span, message, help="give it an address, or remove it")
        elif link.address.startswith("#") and own_syntax(page.config):
            continue  # a plugin that numbers figures puts their numbers there
        elif not text.strip() and not link.image:
            yield RULE.at(
                link.span,
                "the link has no text, so nobody can see or follow it",
                help="add a text that says where it leads",
            )
    for tag in page.tags:
        source = tag.get("src") if tag.name == "img" else None
        if source is not None and not source.value.strip() and all(a.name in _PLAIN for a in tag.attributes):
            yield RULE.at(tag.span, "the image has no address", help="give it an address, or remove it")
        href = tag.get("href") if tag.name == "a" and not tag.closing else None
        if href is not None and not href.value.strip() and len(tag.attributes) == 1:
            yield RULE.at(tag.span, "the link leads nowhere", help="give it an address, or remove it")
        if tag.name == "a" and not tag.closing and not tag.attributes and _has_words(page, tag.span.end):
            yield RULE.at(tag.span, "the link leads nowhere", help='give it an `href="…"`, or remove it')


_WORDED = lazy(r"[^\W\d_][^<>\n]{0,200}</a>", re.I)


def _has_words(page: Page, place: int) -> bool:
    """Whether words and the end of a link stand there, in the text."""
    return _WORDED.match(page.source.text, place) is not None and page.prose[place].strip("\x00 ") != ""


def _says_where(page: Page, address: str, text: str, span: Span) -> bool:
    """Whether a link with attributes was to lead somewhere: it has a text and no address, and names no place itself."""
    is_worded = any(map(str.isalnum, text)) and not text.startswith(":")
    return not address and is_worded and not _MARKS_A_PLACE.match(page.source.text, span.end)
