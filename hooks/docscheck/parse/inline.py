"""Links, images, labels and footnote references, read from text in which code is hidden."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate
from typing import NamedTuple

from docscheck.parse.code import places
from docscheck.patterns import lazy
from docscheck.source import NOWHERE, Span

_AUTOLINK = lazy(r"<((?:[Ff]|[Hh][Tt])[Tt][Pp][Ss]?://[^<>\n]*|(?:mailto:)?[^<>\s!:,]+@[^<>\s:,]+)>")
_BARE = lazy(r"(?:h(?<![\w(\[\"'=<@/-]h)ttps?://|w(?<![\w(\[\"'=<@/-]w)ww\.)[^\s<>\"'`\x00]+")
_TITLE = lazy(r"(?:^|\s+)(\((?:[^()])*\))\s*$", re.DOTALL)
_PLAIN_TARGET = lazy(r"\(([\w./#:%-]{1,500})\)")
"""An address without spaces, quotes and brackets, and nothing else."""
_LABEL = lazy(r"[ \n]?\[([^\[\]]*)\]")
_BLANK_LINE = lazy(r"\n[> \t]*\n")


class Link(NamedTuple):
    """A link or image as written.

    `kind`: inline, autolink, bare, full, collapsed or shortcut; the last three by label.
    """

    kind: str
    image: bool
    span: Span
    """All of it, an image's `!` included."""
    text_span: Span
    address: str = ""
    """The address as written, without angle brackets; empty for links by label."""
    address_span: Span = NOWHERE
    title: str = ""
    label: str = ""
    """The label of a link by label, as written."""


def scan_links(masked: str, text: str) -> list[Link]:
    """Every link of a page. `masked` is `text` with all that is no Markdown hidden."""
    links = list(_bracketed(masked, text))
    automatic = list(_automatic(masked))
    if automatic:
        taken = sorted(link.span for link in links if link.kind != "shortcut")
        starts, reach = [span.start for span in taken], list(accumulate((span.end for span in taken), max))
        for link in automatic:
            index = bisect_right(starts, link.span.start)
            if not index or reach[index - 1] <= link.span.start:  # it lies in no other
                links.append(link)
    return sorted(links, key=lambda link: link.span.start)


def _bracketed(masked: str, text: str) -> Iterator[Link]:
    """Links that begin with a bracket."""
    label_start = -1
    for start, end in bracket_pairs(masked):
        if start == label_start:
            continue
        image = start > 0 and masked[start - 1] == "!" and (start < 2 or masked[start - 2] != "\\")
        whole = start - 1 if image else start
        inner = Span(start + 1, end)
        after = masked[end + 1 : end + 2]
        if after == "(":
            plain = _PLAIN_TARGET.match(masked, end + 1)
            if plain:
                span = Span(*plain.span(1))
                yield Link("inline", image, Span(whole, plain.end()), inner, text[span.start : span.end], span)
                continue
            target = _target(masked, end + 1)
            if target is not None:
                address_span, title, stop = target
                address = text[address_span.start : address_span.end]
                yield Link("inline", image, Span(whole, stop), inner, address, address_span, title)
                continue
        label = _LABEL.match(masked, end + 1)
        content = text[start + 1 : end]
        if content.startswith(("^", "@")) or (label and label[1].startswith(("^", "@"))):
            label = None
        if label and masked[label.end() : label.end() + 1] == "(" and _target(masked, label.end()) is not None:
            label = None  # what looks like a label is the text of the next link, as in `[ ] [text](address)`
        if label:
            span = Span(label.start(1), label.end(1))
            kind = "full" if label[1].strip() else "collapsed"
            name = text[span.start : span.end] if label[1].strip() else content
            label_start = span.start - 1
            yield Link(kind, image, Span(whole, label.end()), inner, label=name)
        elif after not in ("[", "(", ":") and content and "[" not in content:
            yield Link("shortcut", image, Span(whole, end + 1), inner, label=content)


def bracket_pairs(masked: str) -> list[tuple[int, int]]:
    """Matching square brackets, in order of the opening ones; none reaches over a blank line."""
    if "[" not in masked or "]" not in masked:
        return []
    pairs: list[tuple[int, int]] = []
    stack: list[int] = []
    last = 0
    for at in sorted([*places(masked, "["), *places(masked, "]")]):
        if masked[at - 1 : at] == "\\" and _is_escaped(masked, at):
            continue
        if stack and _BLANK_LINE.search(masked, last, at):
            stack.clear()
        if masked[at] == "[":
            stack.append(at)
        elif stack:
            pairs.append((stack.pop(), at))
        last = at
    return sorted(pairs)


def _is_escaped(masked: str, at: int) -> bool:
    """Whether an odd number of backslashes stands before a character."""
    start = at
    while start and masked[start - 1] == "\\":
        start -= 1
    return (at - start) % 2 == 1


def _target(masked: str, paren: int) -> tuple[Span, str, int] | None:
    """Address, title and end of `(address "title")`, or None where the parenthesis is never closed."""
    end = _closing(masked, paren)
    if end is None:
        return None
    start = paren + 1
    body = masked[start:end]
    lead = len(body) - len(body.lstrip())
    if body.lstrip().startswith("<") and ">" in body:
        close = body.index(">")
        return Span(start + lead + 1, start + close), _unquoted(body[close + 1 :]), end + 1
    trimmed = body.rstrip()
    if trimmed[-1:] in ('"', "'"):
        quote = trimmed.find(trimmed[-1])  # where the title begins, glued to the address or not
        if lead < quote < len(trimmed) - 1:
            stop = len(trimmed[:quote].rstrip())
            return Span(start + lead, start + stop), trimmed[quote + 1 : -1], end + 1
    title = _TITLE.search(body)
    if title and title.start() > 0:
        stop = title.start()
        return Span(start + lead, start + len(body[:stop].rstrip())), _unquoted(title[1]), end + 1
    return Span(start + lead, start + len(trimmed)), "", end + 1


def _closing(masked: str, paren: int) -> int | None:
    """The parenthesis that closes the one at `paren`; quotes hide parentheses in titles."""
    depth = 0
    quote = ""
    limit = min(len(masked), paren + 3000)
    if masked.find(")", paren, limit) < 0:
        return None
    position = paren
    while position < limit:
        char = masked[position]
        if char == "\\":
            position += 2
            continue
        if char == "\n" and not masked[position + 1 : masked.find("\n", position + 1)].strip(" >\t"):
            return None
        if quote:
            if char == quote and masked[position + 1 : position + 2] in (")", " ", "\n", ""):
                quote = ""
        elif char in "\"'" and masked[position - 1] in " \n" and depth == 1:
            if _closes_later(masked, position, char, limit):
                quote = char
        elif char == "(":
            depth += 1
        elif char == ")":
            depth -= 1
            if not depth:
                return position
        position += 1
    return None


def _closes_later(masked: str, position: int, quote: str, limit: int) -> bool:
    """Whether the quote is the beginning of a title, which ends before the parenthesis does."""
    stop = masked.find("\n\n", position)
    return re.compile(re.escape(quote) + r"\s*\)").search(masked, position + 1, limit if stop < 0 else stop) is not None


def _unquoted(title: str) -> str:
    """A title without its quotes or parentheses."""
    title = title.strip()
    return title[1:-1] if len(title) > 1 else ""


def _automatic(masked: str) -> Iterator[Link]:
    """Addresses that are links by themselves."""
    for match in _AUTOLINK.finditer(masked) if "<" in masked else ():
        span = Span(match.start(1), match.end(1))
        yield Link("autolink", False, Span(match.start(), match.end()), span, match[1], span)
    for match in _BARE.finditer(masked) if ("/" in masked and "://" in masked) or "www." in masked else ():
        address = match[0].rstrip(".,;:!?*_~)\\]|}")
        span = Span(match.start(), match.start() + len(address))
        yield Link("bare", False, span, span, address, span)
