"""Text that stands for text still to be written."""

from __future__ import annotations

import re
from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.page import Page
from docscheck.patterns import lazy

RULE = Rule("PRO101", "placeholder-text", Severity.WARNING)
_PLACEHOLDER = lazy(
    r"(?<![\w/#.-])(?:TODO|FIXME|TBD|TBA|XXX)(?=\s*:|[.!]?\s*$|\s*\()|^[ \t>*+-]*(?:TODO|FIXME|TBD)\b"
    r"|(?<=[ (])XXX+(?=[ ,.)])|(?<=[|])[ ]*(?:TODO|FIXME)(?=[ ]*[|])"
    r"|(?<=[^\]\n]\()(?:TODO|FIXME|TBD|TBA)(?=\))"
    r"|(?<=[a-z,] )(?<!\b[Aa] )(?<!\b[Tt]he )(?:FIXME|TBD|TBA)(?= [a-z]|[.,;])"
    r"|\b[Ll]orem ipsum dolor\b|^[ \t>*_-]*[Ll]orem ipsum\b"
    r"|(?<![/=\w])\[(?:insert|INSERT(?=[A-Z ]* (?:LINK|HERE|NAME|TEXT|IMAGE|URL|DATE)\b)"
    r"|add|your|Your|YOUR|fill in|TODO)\b[^\]\n]{0,40}\](?![(\[:])"
    r"|\[(?:citation|clarification|source|reference) needed\](?![(\[:])"
    r"|^[ \t>*_-]*(?i:coming soon|under construction|work in progress|tbd|write me"
    r"|to be (?:written|added|completed|announced|done))[.!…]*[*_ ]*$"
    r"|^[ \t>*_-]*@todo\b",
    re.MULTILINE,
)

_SPOKEN_OF = lazy(r"\b(?:comments?|tags?|markers?|keywords?|labels?)\b", re.I)
"""Where such words are the subject."""
_COMMENT = lazy(r"[ \t>]*\[(?://|comment|#)\]:", re.I)
"""A definition that nothing uses: a comment."""
_TO_FILL_IN = lazy(r"\[(?:Your|YOUR|[A-Z])[^\]\n]{0,40}\](?![(\[:])")
_WORDS = ("TODO", "FIXME", "TBD", "TBA", "XXX")
_BRACKETS = lazy(r"\[(?:[Ii]nsert|INSERT|add|[Yy]our|YOUR|fill in|citation|clarification|source|reference)\b")
_PHRASES = lazy(r"\n[ \t>*_-]*(?=[cuwt@])(?:coming|under|work|to be |tbd|write me|@todo)", re.I)
"""Without one of these there is nothing to find; a page is searched for them at once."""


def check(page: Page) -> Iterator[Finding]:
    if not _may_hold_any(page):
        return
    labels = {label.casefold() for label, _, _ in page.definitions.labels}
    lorem = False
    for number in sorted({page.source.line_of(match.end() - 1) for match in _PLACEHOLDER.finditer(page.prose)}):
        match = _PLACEHOLDER.search(page.prose_lines[number])
        if match and (_SPOKEN_OF.search(page.prose_lines[number]) or _COMMENT.match(page.lines[number])):
            continue
        if match and match[0].startswith("XXX") and _stands_for_any(page.lines[number], match[0]):
            continue
        if match and match[0][:3] in ("[Yo", "[YO") and len(_TO_FILL_IN.findall(page.prose)) > 1:
            continue  # a letter or a form for the reader to fill in
        if match and "orem" in match[0]:
            if lorem or _is_shown_on_purpose(page, number):
                continue
            lorem = True
        if match and match[0].strip() and match[0].strip("[]").casefold() not in labels:
            text = match[0].lstrip(" \t>*+-_")
            start = match.end() - len(text)
            yield RULE.at(
                page.source.span(number, start, match.end()),
                f"`{text.strip()}` is a placeholder for text that is missing",
                help="write the text, or leave the part out",
            )


_ANY = lazy(r"\bwhere XXX|#{1,6} .*\bXXX\b.*\?[ ]*$|\b(?:any|every|each|some|game|called|named|of|Of) XXX\b|XXX+\.\w")


def _stands_for_any(line: str, found: str) -> bool:
    """Whether the line says what the letters stand for, or asks about whatever they stand for."""
    return _ANY.search(line) is not None or (len(found) > 3 and line.count(found) > 1)


def _may_hold_any(page: Page) -> bool:
    if any(word in page.capitals for word in _WORDS) or "orem ipsum" in page.prose:
        return True
    if "[" in page.signs and _BRACKETS.search(page.prose):
        return True
    return _PHRASES.search(f"\n{page.prose}") is not None


def _is_shown_on_purpose(page: Page, number: int) -> bool:
    """Whether the text is in a box, a tab or a `<div markdown>`: pages that show a layout fill it so."""
    leaf = page.leaf_by_line.get(number)
    kinds = ("html", "admonition", "details", "tab", "block")
    return leaf is not None and any(node.kind in kinds for node in leaf.ancestors())
