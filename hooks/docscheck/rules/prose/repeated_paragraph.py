"""A paragraph or an item that stands twice, one below the other."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.page import Page
from docscheck.parse.blocks import Node
from docscheck.parse.code import HIDDEN

RULE = Rule("PRO109", "repeated-paragraph", Severity.WARNING)
_STOPS = (".", "!", "?", ":", "。", "！", "？")
_FEWEST_ON_LINE = 5
_FEWEST = 8
"""Shorter texts are repeated on purpose, as in a table of contents or a poem."""


def check(page: Page) -> Iterator[Finding]:
    """Compare each with its neighbour; notes on code, which are numbered, may say the same of several lines."""
    yield from _lines(page)
    for kind in ("p", "li"):
        before, last = page.tree, ""
        for node in page.kinds.get(kind, ()):
            text = node.rows[-1].text if node.rows else ""
            if text == last and text:
                is_next = page.before(node) is before and (node.parent is None or node.parent.tag != "ol")
                if is_next and _is_again(page, before, node):
                    yield RULE.at(
                        page.source.content_span(node.rows[0].line),
                        f"this is said on line {before.rows[0].line + 1} in the same words",
                        help="remove one of them",
                    )
            before, last = node, text


def _lines(page: Page) -> Iterator[Finding]:
    """A line of a paragraph that is written again right below it, where lines are only a matter of the source."""
    for node in page.kinds.get("p", ()) if not page.config.has("nl2br") else ():
        if len({row.text for row in node.rows}) == len(node.rows):
            continue  # as nearly all are
        for above, row in pairwise(node.rows):
            text = row.text.strip()
            if text != above.text.strip() or not text.endswith(_STOPS) or HIDDEN in text:
                continue
            if len(text.split()) >= _FEWEST_ON_LINE and not above.text.endswith(("  ", "\\")):
                message = f"this is said on line {above.line + 1} in the same words"
                yield RULE.at(page.source.content_span(row.line), message, help="remove one of them")


def _is_again(page: Page, before: Node, after: Node) -> bool:
    if len(before.rows) != len(after.rows) or before.children or after.children or not after.rows:
        return False
    texts = [row.text.strip() for row in after.rows]
    if texts != [row.text.strip() for row in before.rows]:
        return False
    between = page.lines[before.rows[-1].line + 1 : after.rows[0].line]
    if any(line.strip(" >\t") for line in between):
        return False  # a definition or a statement of a template
    is_sentence = texts[-1].rstrip('*_)"').endswith(_STOPS)  # a line of a program's output has no stop
    return is_sentence and len(" ".join(texts).split()) >= _FEWEST and HIDDEN not in texts[0]
