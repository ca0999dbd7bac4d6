"""The name of the file stands where an image's words belong."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from urllib.parse import unquote

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.mentions import Mention, mentions
from docscheck.page import Page
from docscheck.patterns import lazy

RULE = Rule("LNK303", "file-name-as-alt", Severity.WARNING)
_NAME = lazy(r"[\w()@%.-]*[\w)]\.[a-z]+")
"""A file's name without spaces, whichever file it is."""
_SUFFIXES = (".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".avif", ".bmp", ".tiff")


def check(page: Page) -> Iterator[Finding]:
    """Compare alternative texts with the files they stand for."""
    for mention in mentions(page):
        named = _named(mention) if mention.is_image else ""
        if named:
            message = f"the alternative text is the name of {named} file"
            yield RULE.at(mention.text_span, message, help="say what the image shows")


def _named(mention: Mention) -> str:
    """Of which file the text is the name: of the image's, or of any; empty where it is none."""
    text = mention.text.strip().casefold()
    if not text.endswith(_SUFFIXES):
        stem = posixpath.splitext(posixpath.basename(unquote(mention.path)))[0]
        return "the" if "_" in text and text == stem.casefold() else ""
    if text == posixpath.basename(unquote(mention.path)).casefold():
        return "the"
    return "a" if _NAME.fullmatch(text) else ""
