"""A double quotation mark that opens a quotation which nothing closes, or closes one which nothing opened."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from docscheck.diagnostics import Edit, Finding, Rule, Severity
from docscheck.mentions import mentions
from docscheck.page import Page
from docscheck.parse.blocks import Node
from docscheck.parse.code import HIDDEN, places
from docscheck.patterns import lazy
from docscheck.source import Span

RULE = Rule("PRO114", "unpaired-quote", Severity.WARNING)
_MARKS = '"“”„'
_GLYPHS = {"„": True, "“": True, "”": False}
"""Whether a mark opens by its looks, where the signs around it do not tell."""
_OTHERS = bytes(byte for byte in range(128) if byte not in b'\n"')
_NO_TEXTS = frozenset(("table", "code", "maths"))
_PAIR = 2
_BEFORE = frozenset(" \t\n([{/–—-‐‑>")
"""What may stand before a quotation."""
_AFTER = frozenset(" \t\n)]}/–—-‐‑.,;:!?…、。，；：！？）’'")
"""What may stand behind one."""
_FORMATS = "*_~=^"
_CUT_SHORT = lazy(r"…|\.\.\.")
_OTHERWISE = lazy(r"&(?:quot|[lrb]dquo);|\\[\"“”„]|“[ ]*“|”[ ]*”")
"""Marks that are written in another way."""
_TURNED = lazy(r"‘(?<=[a-z\x00)\]]‘)(?=(?:s|t|re|ve|ll|d|m)(?![\w’\x00]))")
_QUOTE = lazy(r"[ ]*[*_]*[\"“„]")


class _Left(NamedTuple):
    """A mark without a partner in its text."""

    at: int
    opens: bool
    node: Node


def check(page: Page) -> Iterator[Finding]:
    """Look at the texts with an odd number of marks; a quotation may go on from one into another."""
    if "‘" in page.signs and page.language.startswith("en"):
        yield from _turned(page)
    if '"' in page.signs and ("“" in page.signs or "”" in page.signs):
        yield from _mixed(page)
    if not _has_odd_line(page.signs):
        return
    held: dict[int, list[int]] = defaultdict(list)
    for mark in _MARKS:
        for at in places(page.prose, mark):
            leaf = page.leaf_by_line.get(page.source.line_of(at))
            if leaf is not None and leaf.kind not in _NO_TEXTS:
                held[id(leaf)].append(at)
    odd = {leaf: sorted(marks) for leaf, marks in held.items() if len(marks) % 2}
    if not odd:
        return
    left = [_unpaired(page, node, odd[id(node)]) for node in page.nodes if id(node) in odd]
    taken = {index for index, pair in enumerate(pairwise(left)) if _ends_in(*pair)}
    headers = {opener.line for opener in page.openers if opener.fault}
    for index, one in enumerate(left):
        if one is None or index in taken or index - 1 in taken or page.source.line_of(one.at) in headers:
            continue
        if one.opens and _goes_on(page, one.node):
            continue
        if any(mention.span.start <= one.at <= mention.span.end for mention in mentions(page)):
            continue  # a part of an address
        message = "no quotation mark closes this one" if one.opens else "no quotation mark opens what this one closes"
        yield RULE.at(Span(one.at, one.at + 1), message, help="put the other one where it belongs, or remove this one")


_MIXED = lazy(
    r"“(?<!\w“)(?=[^\W_])[^“”\"„\n]{1,80}(?<=[\w.,!?])(\")(?!\w)|(?<![\w=])\"(?=[^\W_])[^“”\"„\n]{1,80}(?<=[\w.,!?])(”)(?!\w)"
)
"""A quotation that opens with one kind of mark and ends with the other."""


def _mixed(page: Page) -> Iterator[Finding]:
    """Only where the line has no other mark: with three, two of them may belong together."""
    for match in _MIXED.finditer(page.prose):
        line = page.source.line_of(match.start())
        shown, leaf = page.prose_lines[line], page.leaf_by_line.get(line)
        if leaf is None or leaf.kind in _NO_TEXTS or sum(map(shown.count, _MARKS)) != _PAIR:
            continue
        span = Span(*match.span(1 if match[1] else 2))
        meant = "”" if match[1] else '"'
        yield RULE.at(span, "this mark is not of the kind that opens the quotation", help=f"write `{meant}`")


def _turned(page: Page) -> Iterator[Finding]:
    """`the lid‘s`: an opening mark where an apostrophe belongs."""
    for match in _TURNED.finditer(page.prose):
        message = "this quotation mark opens, and an apostrophe belongs here"
        yield RULE.at(Span(*match.span()), message, help="write `’`", fix=Edit(Span(*match.span()), "’"))


def _has_odd_line(signs: str) -> bool:
    """Whether some line holds an odd number of marks: on most pages each quotation ends on its line."""
    if not signs.isascii():
        signs = signs.replace("“", '"').replace("”", '"').replace("„", '"')
    marks = signs.encode("ascii", "ignore").translate(None, _OTHERS)
    return b'"' in marks.replace(b'""', b"")


def _ends_in(first: _Left | None, second: _Left | None) -> bool:
    """Whether a quotation that one text opens may end in another, the next of those with an odd number of marks."""
    if first is None or second is None:
        return first is not second
    return first.opens and not second.opens


def _goes_on(page: Page, node: Node) -> bool:
    """Whether the next paragraph begins with a mark too, as it does where a quotation goes on in it."""
    below = page.after(node)
    return below is not None and below.kind == node.kind == "p" and _QUOTE.match(below.rows[0].text) is not None


def _unpaired(page: Page, node: Node, marks: Sequence[int]) -> _Left | None:
    """The one mark of a text that has no partner; None where it is none, or several, or where marks are doubtful."""
    prose = page.prose
    start, end = page.source.starts[node.rows[0].line], page.source.span(node.rows[-1].line).end
    if _OTHERWISE.search(page.source.text, start, end):
        return None
    opened: int | None = None
    left: list[_Left] = []
    for at in marks:
        before = prose[start:at].rstrip(_FORMATS)[-1:] or " "
        after = prose[at + 1 : end].lstrip(_FORMATS)[:1] or " "
        opens = _role(prose[at], before, after)
        if opens is None or (before.isnumeric() and opened is None):
            return None  # a sign for itself, or inches
        if opens:
            if opened is not None:
                left.append(_Left(opened, True, node))
            opened = at
        elif opened is None:
            left.append(_Left(at, False, node))
        else:
            opened = None
    if opened is not None:
        left.append(_Left(opened, True, node))
    if len(left) != 1 or _CUT_SHORT.search(prose, left[0].at, end):
        return None
    return left[0]


def _role(mark: str, before: str, after: str) -> bool | None:
    """Whether a mark opens or closes a quotation, by the signs around it; None where they do not tell."""
    may_open = before in _BEFORE and after not in _AFTER
    may_close = after in _AFTER and before not in _BEFORE
    if HIDDEN in (before, after):
        may_open = (before in _BEFORE or before == HIDDEN) and after not in _AFTER and after != before
        may_close = (after in _AFTER or after == HIDDEN) and before not in _BEFORE and after != before
    if may_open != may_close:
        return may_open
    return _GLYPHS.get(mark)
