"""Whether two pairs of brackets in a row are a link, and not indices, remarks or what a command takes."""

from __future__ import annotations

import re

from docscheck.labels import labels
from docscheck.page import Page
from docscheck.parse.inline import Link
from docscheck.patterns import WIDE_LETTER, lazy


def is_meant(page: Page, link: Link) -> bool:
    """Whether two brackets in a row are a link, and not indices, citations or a type."""
    text = page.source.text
    is_spaced = text[link.text_span.end + 1 : link.text_span.end + 2] == " "
    if (is_spaced and _are_two(text, link)) or _is_written_for(page, link) or _is_part(page, link):
        return False
    content = text[link.text_span.start : link.text_span.end]
    words = re.findall(r"[^\W\d_]{2,}", content)
    if link.kind == "collapsed":
        return len(words) > 1 or any(heading.text == content for heading in page.headings)
    if len(words) > 1 or (bool(words) and len(link.label) > 2 and not re.fullmatch(r"[\d\W]+", link.label)):
        return True
    if not link.label.isdigit():
        return False
    is_text = any(letter.isalpha() for letter in content) or (content[:1] == "[" and content[-1:] == "]")
    is_numbered = is_text and any(map(str.isdigit, labels(page)))
    return is_numbered or _A_NAME.fullmatch(content) is not None


def _are_two(text: str, link: Link) -> bool:
    """Whether two pairs of brackets with a space between them stand for themselves."""
    return (
        text[link.span.start - 2 : link.span.start] == ": "  # labels before the title of a bug
        or link.label.count(" ") > 2  # more than a label
        or _TAKEN.fullmatch(text, link.text_span.start - 1, link.span.end) is not None
        or _REMARK.search(text, max(link.span.start - 4, 0), link.span.start) is not None
    )


def _is_written_for(page: Page, link: Link) -> bool:
    """Whether the brackets hold what a command takes, or who made a change."""
    content = page.source.text[link.text_span.start : link.text_span.end]
    if any(sign in link.label for sign in ("...", "…", "+")) or (content.isupper() and link.label.isupper()):
        return True
    return _CHANGE.match(page.source.text, link.text_span.start, link.text_span.end) is not None


def _is_part(page: Page, link: Link) -> bool:
    """Whether the brackets go on what stands before them, or others go on with them: `[batch][patch][width]`."""
    text = page.source.text
    before, behind = text[link.span.start - 1 : link.span.start], text[link.span.end : link.span.end + 2]
    if behind[:1] == "[" and behind != "[^":
        return True
    if (before.isalnum() and not WIDE_LETTER.match(before)) or (before in "_])" and before):
        return True
    return "\x00" in page.prose[link.span.start : link.span.end]


_CHANGE = lazy(r"(?:(?:PR|MR|[Ii]ssue|[Pp]ull request)[ ]?[#!]?|[#!])\d+$")
"""The number of a change, which in a list of changes is followed by the name of its author."""
_TAKEN = lazy(r"\[[a-z-]+\][ ]\[[a-z-]+\]")
"""Two words in brackets, each of which stands for something: `cp [old] [new]`."""
_REMARK = lazy(r"(?:\)|\w\]) \Z(?<!\[x\] )")
"""The end of a link, or of a word in brackets that is no box to tick."""
_A_NAME = lazy(r"[A-Z]?[a-z]{3,}")
"""A word that a number behind it, in brackets of its own, was to make a link."""
