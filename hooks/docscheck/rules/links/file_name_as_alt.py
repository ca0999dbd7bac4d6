"""The name of the file stands where an image's words belong."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from urllib.parse import unquote

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.mentions import Mention, mentions
from docscheck.page import Page

RULE = Rule("LNK303", "file-name-as-alt", Severity.WARNING)
_SUFFIXES = (".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".avif", ".bmp", ".tiff")


def check(page: Page) -> Iterator[Finding]:
    """Compare alternative texts with the files they stand for."""
    for mention in mentions(page):
        if _is_image(mention) and _is_file_name(mention):
            message = "the alternative text is the name of the file"
            yield RULE.at(mention.text_span, message, help="say what the image shows")


def _is_image(mention: Mention) -> bool:
    return mention.kind == "image" or (mention.tag is not None and mention.tag.name == "img")


def _is_file_name(mention: Mention) -> bool:
    text = mention.text.strip().casefold()
    return text.endswith(_SUFFIXES) and text == posixpath.basename(unquote(mention.path)).casefold()
