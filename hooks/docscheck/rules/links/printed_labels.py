"""Links with a label that are printed although the label is defined."""

from __future__ import annotations

import re
from collections.abc import Iterator

from docscheck.diagnostics import Finding
from docscheck.page import Page
from docscheck.parse.inline import bracket_pairs
from docscheck.patterns import at_signs, lazy
from docscheck.rules.links.printed_forms import PRINTED, is_text
from docscheck.source import Span

_APART = lazy(r"(\[(?<![\\\])]\[)[^\[\]\n]{2,200}\])[ ]{2,}\[([^\[\]\n]+)\](?![(\[:])")
_OPEN_LABEL = lazy(r"\[(?<!\\\[)[^\[\]\n]+\]\[(?P<label>[^\[\]\n]+)(?=$|\[)", re.M)
_OPEN_TEXT = lazy(r"\[(?<![\\\]!]\[)(?=[^\W\d_])[^\[\]()\n|]{1,80}(?P<label>\[[^\[\]\n]+\])(?![(\[:\]])")
_LOST_OPENING = lazy(r"\](?<=[^\W_]\])\[(?P<label>[^\[\]\n]+)\](?![(\[:\]])")
_PADDED = lazy(r"\[(?<!\\\[)[^\[\]\n]+\]\[(?:[ ]+(?P<label>[^\[\]\n]+?)[ ]*|(?P<padded>[^\[\]\n]+?)[ ]+)\]")
_TWO_PAIRS = lazy(r"\[[^\[\]\n]+\]\[\[(?P<label>[^\[\]\n|#]+)\]\]")


def printed_labels(page: Page) -> Iterator[Finding]:
    """Look for a text and a label between which too much stands, or a bracket too few."""
    defined = {" ".join(label.split()).casefold() for label, _, _ in page.definitions.labels}
    if not defined:
        return
    yield from _unpaired(page, defined)
    if "][" in page.signs:
        yield from _apart(page, defined)
        yield from _open_label(page, defined)
        yield from _padded(page, defined)
    for match in _TWO_PAIRS.finditer(page.prose) if "][[" in page.signs else ():
        if match["label"].casefold() in defined and is_text(page, match):
            message = "the label stands in two pairs of brackets, so the link is printed"
            yield PRINTED.at(Span(*match.span()), message, help=f"write `[{match['label']}]`")


def _apart(page: Page, defined: set[str]) -> Iterator[Finding]:
    """`[text]  [label]`: Python-Markdown lets one space stand between them."""
    for match in _APART.finditer(page.prose):
        if match[2].casefold() in defined and match[1][1:-1].casefold() not in defined and is_text(page, match):
            message = "there are two spaces between the text and its label, so the text is printed in its brackets"
            yield PRINTED.at(Span(*match.span()), message, help="remove the spaces")


def _open_label(page: Page, defined: set[str]) -> Iterator[Finding]:
    """`[text][label`: the bracket of the label is never closed."""
    for match in _OPEN_LABEL.finditer(page.prose):
        rest = " ".join(match["label"].split()).casefold()
        begun = max((label for label in defined if rest.startswith(label)), key=len, default="")
        if begun and not rest[len(begun) :][:1].isalnum() and is_text(page, match):
            message = "the bracket of the label is never closed, so the link is printed"
            span = Span(match.start(), match.start("label") + len(begun))
            yield PRINTED.at(span, message, help="write `]` after the label")


def _padded(page: Page, defined: set[str]) -> Iterator[Finding]:
    """`[text][ label]`: a space belongs to the label, which is not defined with it."""
    for match in _PADDED.finditer(page.prose):
        label = match["label"] or match["padded"]
        if label.casefold() in defined and is_text(page, match):
            message = "there is a space inside the brackets of the label, so the link is printed"
            yield PRINTED.at(Span(*match.span()), message, help=f"write `[{label}]`")


def _unpaired(page: Page, defined: set[str]) -> Iterator[Finding]:
    """`[text[label]` and `text][label]`: the text lacks one of its brackets."""
    opens = [match for match in _OPEN_TEXT.finditer(page.prose) if match["label"][1:-1].casefold() in defined]
    closes = [m for m in at_signs(_LOST_OPENING, "][", page.prose) if m["label"].casefold() in defined]
    pairs = bracket_pairs(page.prose) if opens or closes else ()
    starts, ends = {start for start, _ in pairs}, {end for _, end in pairs}
    for match in opens:
        if match.start() not in starts and is_text(page, match):
            message = "the bracket of the text is never closed, so it is printed"
            yield PRINTED.at(Span(*match.span()), message, help="write `]` before the label")
    for match in closes:
        if match.start() not in ends and is_text(page, match):
            message = "no bracket opens this text, so the one at its end is printed"
            yield PRINTED.at(Span(*match.span()), message, help="write `[` before the text")
