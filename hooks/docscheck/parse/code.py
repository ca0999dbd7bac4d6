"""Text in which code is hidden: stretches of it, and code spans."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from docscheck.patterns import lazy
from docscheck.source import Span

HIDDEN = "\x00"
"""Stands for a character that is code or otherwise no Markdown; never blank, never a mark."""

_RUN = lazy("`+")
_SEGMENT_BREAK = lazy(r"[> \t]*(?:[-*+][ \t]|\d+[.)][ \t]|#{1,6}|\||!!!|\?\?\?|===|///|:[ \t])|\s*?(?:\n|$)")
"""A line that begins another paragraph, item or cell."""
_DELIMITERS = lazy(r"^[> \t]*:?-+:?[ \t]*\|[-:| \t]*$", re.M)
"""The second row of a table whose rows do not begin with a pipe: code does not go on in the next row."""


def places(text: str, sign: str, start: int = 0) -> Iterator[int]:
    """Where a sign stands in a text, from an offset on."""
    place = text.find(sign, start)
    while place >= 0:
        yield place
        place = text.find(sign, place + len(sign))


def hidden(text: str, spans: Iterable[Span]) -> str:
    """The text with these stretches made invisible; line ends stay."""
    parts: list[str] = []
    position = 0
    for span in sorted(spans):
        if span.end > position:
            start = max(span.start, position)
            parts += [text[position:start], blank(text[start : span.end])]
            position = span.end
    return "".join([*parts, text[position:]]) if parts else text


def blank(text: str) -> str:
    """As much that is invisible; line ends stay."""
    return "\n".join([HIDDEN * len(line) for line in text.split("\n")]) if "\n" in text else HIDDEN * len(text)


def hide_code_spans(text: str) -> str:
    """The text with every code span hidden; spans do not reach beyond their paragraph, item or cell."""
    pieces = text.split("`")
    if len(pieces) == 1:
        return text
    are_single = "" not in pieces[1:-1] and "\\" not in [piece[-1:] for piece in pieces[::2]]
    if are_single and len(pieces) % 2 and "\n" not in "".join(pieces[1::2]):  # each ends on the line it begins on
        pieces[1::2] = [HIDDEN * (len(code) + 2) for code in pieces[1::2]]
        return "".join(pieces)
    position, parts = 0, list[str]()
    while (tick := text.find("`", position)) >= 0:
        begin = text.rfind("\n", 0, tick) + 1
        end = _segment_end(text, begin)
        while begin > position and not _SEGMENT_BREAK.match(text, begin):
            begin = text.rfind("\n", 0, begin - 1) + 1
        begin = max(begin, position)
        segment = text[begin:end]
        rows = segment.split("\n") if "|" in segment and _DELIMITERS.search(segment) else [segment]
        parts += [text[position:begin], "\n".join(map(_without_spans, rows))]
        position = end
    return "".join([*parts, text[position:]]) if parts else text


def _segment_end(text: str, line: int) -> int:
    """Where the paragraph, item or cell ends that holds the line beginning at this offset: the end of a line."""
    end = text.find("\n", line)
    while end >= 0 and not _SEGMENT_BREAK.match(text, end + 1):
        end = text.find("\n", end + 1)
    return len(text) if end < 0 else end


def _without_spans(segment: str) -> str:
    """The segment with code spans hidden: each run of backticks pairs with the next one of its length."""
    if "``" not in segment and "\\" not in segment:
        parts = segment.split("`")
        paired = len(parts) - 1 + len(parts) % 2  # without partner, the last one is a character like others
        parts[1:paired:2] = [HIDDEN + blank(part) + HIDDEN for part in parts[1:paired:2]]
        return "".join(parts[:paired]) + "`".join(["", *parts[paired:]])
    runs = [(match.start(), match.end()) for match in _RUN.finditer(segment)]
    following = _next_alike(runs)
    parts, position, index = list[str](), 0, 0
    while index < len(runs):
        start, partner = runs[index][0], following[index]
        if partner and segment[start - 1 : start] != "\\":
            end = runs[partner][1]
            parts += [segment[position:start], blank(segment[start:end])]
            position, index = end, partner
        index += 1
    return "".join([*parts, segment[position:]]) if parts else segment


def _next_alike(runs: Sequence[tuple[int, int]]) -> list[int]:
    """For each run the index of the next one of the same length; 0 where there is none."""
    following, seen = [0] * len(runs), dict[int, int]()
    for index in range(len(runs) - 1, -1, -1):
        length = runs[index][1] - runs[index][0]
        following[index] = seen.get(length, 0)
        seen[length] = index
    return following
