"""The number of a note in a comment, and no note in the list below the code."""

from __future__ import annotations

from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule
from docscheck.page import Page
from docscheck.parse.fences import Fence
from docscheck.patterns import lazy

RULE = Rule("COD113", "missing-note")
_NUMBER = lazy(r"(?:#|//|--|/\*|<!--|;|%|\"|'|REM\b)[^\n]*?\((?P<number>\d{1,2})\)![ ]*(?:-->|\*/)?[ ]*$")
"""What the theme looks for at the end of a comment: with `!` nothing else can be meant."""
_WITHOUT_COMMENTS = lazy(r"[ ]*(?:\{[ ]*\.)?(?:markdown|md|text|txt)\b")
_FEATURE = "content.code.annotate"


def check(page: Page) -> Iterator[Finding]:
    """Count the items of the list behind each fence whose comments end with a number."""
    if not page.config.is_material:
        return
    everywhere = _FEATURE in (page.config.theme.get("features") or ())
    for fence in page.fences:
        read = everywhere or "annotate" in fence.info
        if read and fence.opens and not _WITHOUT_COMMENTS.match(fence.info):
            yield from _in_fence(page, fence)


def _in_fence(page: Page, fence: Fence) -> Iterator[Finding]:
    if page.source.text.find(")!", page.source.starts[fence.start], page.source.starts[fence.end]) < 0:
        return
    lines = [number for number in range(fence.start + 1, fence.end) if ")!" in page.lines[number]]
    marks = [(number, match) for number in lines if (match := _NUMBER.search(page.lines[number]))]
    items = _notes_behind(page, fence) if marks else None
    if items is None:
        return
    for line, match in marks if items else marks[:1]:
        if int(match["number"]) > items:
            message = f"the list after the code has no note {match['number']}" if items else "no notes follow the code"
            yield RULE.at(
                page.source.span(line, match.start("number") - 1, match.end("number") + 2),
                message,
                help="write each note as an item of a numbered list directly after the code",
            )


def _notes_behind(page: Page, fence: Fence) -> int | None:
    """How many items the list behind a fence has, 0 where none follows; None where that cannot be told."""
    node = page.leaf_by_line.get(fence.start)
    if node is None or node.kind != "p" or node.rows[-1].line > fence.end:
        return None
    after = page.after(node)
    if after is not None and after.kind in ("raw", "html", "block"):
        return None
    return len(after.children) if after is not None and after.tag == "ol" else 0
