"""A line between two items that has lost its marker, so that it goes on with the item above."""

from __future__ import annotations

import re
from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.page import Page
from docscheck.parse.blocks import Node
from docscheck.patterns import lazy
from docscheck.rules.lists import is_ours

RULE = Rule("LST109", "lost-marker", Severity.WARNING)

_ITEM = lazy(r"([ ]*(?:[-*+]|\d+\.)[ ]+)(\S.*)$")
_ALIKE = (lazy(r"[A-Z][a-z]*[ ][a-z]+"), lazy(r"\["), lazy(r"`"), lazy(r"\*\*"))
"""What two items and the line between them may all begin with: words, a link, code, words in bold."""
_GOES_ON = lazy(
    r"[^\w)`\]]$|\b(?:and|or|the|an?|of|in|to|for|with|on|by|is|are|as|at|from|that|which|via|per|its?|your|our|this|if"
    r"|when|de|la|le|les|des|du|et|der|die|das|und|von|mit)$",
    re.I,
)
"""What an item ends with that goes on below, or that is a sentence."""
_SHORT = 90
_FEWEST = 3


def check(page: Page) -> Iterator[Finding]:
    if not is_ours(page):
        return
    for kind in ("ul", "ol"):
        for items in page.kinds.get(kind, ()):
            yield from _in_list(page, items)


def _in_list(page: Page, items: Node) -> Iterator[Finding]:
    """Report a line only among items of one line each, so that going on below is no habit of the list."""
    nodes = [node for node in items.children if node.tag == "li"]
    if len(nodes) < _FEWEST:
        return
    longer = [node for node in nodes[:-1] if len(node.rows) > 1 or node.children]
    last = nodes[-1]
    if len(longer) != 1 or len(longer[0].rows) != 2 or longer[0].children or len(last.rows) > 1 or last.children:
        return
    (first, second), number = longer[0].rows, longer[0].rows[1].line
    own, following = _ITEM.match(page.lines[first.line]), _ITEM.match(page.lines[number + 1])
    if own is None or following is None or page.lines[number][:1].isspace():
        return
    marker = own[1].strip()
    if marker in "-*+" and own[1] != following[1]:
        return
    if len(own[2]) > _SHORT or _GOES_ON.search(own[2]):
        return
    if any(all(map(alike.match, (own[2], second.text, following[2]))) for alike in _ALIKE):
        yield RULE.at(
            page.source.content_span(number),
            "this line has no marker, so it goes on with the item above",
            help="begin it with `1. `" if marker[0].isdigit() else f"begin it with `{marker} `",
        )
