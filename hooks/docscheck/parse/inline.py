"""Links, images, labels and footnote references, read from text in which code is hidden."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from docscheck.source import NOWHERE, Span

_AUTOLINK = re.compile(r"<((?:[Ff]|[Hh][Tt])[Tt][Pp][Ss]?://[^<>\s]*|(?:mailto:)?[^<>\s!:,]+@[^<>\s:,]+)>")
_BARE = re.compile(r"(?<![\w(\[\"'=<@/-])(?:https?://|www\.)[^\s<>\"'`\x00]+")
_TITLE = re.compile(r"""(?:^|\s+)("(?:[^"]|"(?!\s*$))*"|'(?:[^']|'(?!\s*$))*'|\((?:[^()])*\))\s*$""", re.DOTALL)
_BRACKET = re.compile(r"\\.|\[|\]|\n[> \t]*\n", re.DOTALL)


@dataclass(frozen=True)
class Link:
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
    label_span: Span = NOWHERE


def scan_links(masked: str, text: str) -> list[Link]:
    """Every link of a page. `masked` is `text` with all that is no Markdown hidden."""
    links = list(_bracketed(masked, text))
    taken = [link.span for link in links if link.kind != "shortcut"]
    links += [link for link in _automatic(masked) if not _overlaps(link.span, taken)]
    return sorted(links, key=lambda link: link.span.start)


def _bracketed(masked: str, text: str) -> Iterator[Link]:
    for start, end in bracket_pairs(masked):
        image = start > 0 and masked[start - 1] == "!" and (start < 2 or masked[start - 2] != "\\")
        whole = start - 1 if image else start
        inner = Span(start + 1, end)
        after = masked[end + 1 : end + 2]
        if after == "(":
            target = _target(masked, end + 1)
            if target is not None:
                address_span, title, stop = target
                address = text[address_span.start : address_span.end]
                yield Link("inline", image, Span(whole, stop), inner, address, address_span, title)
                continue
        label = re.compile(r"[ \n]?\[([^\[\]]*)\]").match(masked, end + 1)
        content = text[start + 1 : end]
        if content.startswith(("^", "@")) or (label and label[1].startswith(("^", "@"))):
            label = None
        if label:
            span = Span(label.start(1), label.end(1))
            kind = "full" if label[1].strip() else "collapsed"
            name = text[span.start : span.end] if label[1].strip() else content
            yield Link(kind, image, Span(whole, label.end()), inner, label=name, label_span=span)
        elif after not in ("[", "(", ":") and content and "[" not in content:
            yield Link("shortcut", image, Span(whole, end + 1), inner, label=content, label_span=inner)


def bracket_pairs(masked: str) -> list[tuple[int, int]]:
    """Matching square brackets, in order of the opening ones; none reaches over a blank line."""
    pairs: list[tuple[int, int]] = []
    stack: list[int] = []
    for match in _BRACKET.finditer(masked):
        if match[0] == "[":
            stack.append(match.start())
        elif match[0] == "]":
            if stack:
                pairs.append((stack.pop(), match.start()))
        elif match[0][0] != "\\":
            stack.clear()
    return sorted(pairs)


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
    title = _TITLE.search(body)
    if title and title.start() > 0:
        stop = title.start()
        return Span(start + lead, start + len(body[:stop].rstrip())), _unquoted(title[1]), end + 1
    return Span(start + lead, start + len(body.rstrip())), "", end + 1


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
    stop = masked.find("\n\n", position)
    return re.compile(re.escape(quote) + r"\s*\)").search(masked, position + 1, limit if stop < 0 else stop) is not None


def _unquoted(title: str) -> str:
    title = title.strip()
    return title[1:-1] if len(title) > 1 else ""


def _automatic(masked: str) -> Iterator[Link]:
    for match in _AUTOLINK.finditer(masked) if "<" in masked else ():
        span = Span(match.start(1), match.end(1))
        yield Link("autolink", False, Span(match.start(), match.end()), span, match[1], span)
    for match in _BARE.finditer(masked) if "://" in masked or "www." in masked else ():
        address = match[0].rstrip(".,;:!?*_~)\\]|}")
        span = Span(match.start(), match.start() + len(address))
        yield Link("bare", False, span, span, address, span)


def _overlaps(span: Span, taken: list[Span]) -> bool:
    return any(other.start <= span.start < other.end for other in taken)
