"""A source text with its line index: the one place where offsets become lines and columns."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple, overload

from docscheck.once import cached_property

_start = attrgetter("start")


class Span(NamedTuple):
    """A stretch of a source: indices into its text, `end` excluded."""

    start: int
    end: int


NOWHERE = Span(0, 0)
"""The span of something that is not there."""


def holds(spans: Sequence[Span], offset: int) -> bool:
    """Whether one of some spans, which stand in order and do not overlap, holds a place."""
    at = bisect_right(spans, offset, key=_start) - 1
    return at >= 0 and offset < spans[at].end


class Source:
    """A Markdown file as written. Lines are counted from 0 here and from 1 in a report."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        """How a report names the file."""
        self.text = text

    @classmethod
    def read(cls, file: str | Path, path: str) -> Source:
        """Read a file; bytes that are no UTF-8 become replacement characters, a byte-order mark is dropped."""
        with open(file, "rb", buffering=0) as opened:
            text = opened.read().decode("utf-8", errors="replace").removeprefix("\ufeff")
        return cls(path, text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text)

    @cached_property
    def lines(self) -> list[str]:
        """The lines without their ends; the text after the last line end is a line only if it is not empty."""
        lines = self.text.split("\n")
        return lines[:-1] if len(lines) > 1 and not lines[-1] else lines

    @cached_property
    def starts(self) -> list[int]:
        """The offset of each line."""
        return list(accumulate([len(line) + 1 for line in self.lines[:-1]], initial=0))

    def line_of(self, offset: int) -> int:
        """The line, from 0, that holds the character at `offset`."""
        return bisect_right(self.starts, offset) - 1

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of a character, both from 1, the column in characters."""
        line = self.line_of(offset)
        return line + 1, offset - self.starts[line] + 1

    def span(self, line: int, start: int = 0, end: int | None = None) -> Span:
        """The span of columns `start` to `end` (from 0, `end` excluded) of a line; the whole line by default."""
        length = len(self.lines[line])
        begin = self.starts[line]
        return Span(begin + min(start, length), begin + min(length if end is None else end, length))

    def content_span(self, line: int) -> Span:
        """The span of a line without the white space around it."""
        text, begin = self.lines[line], self.starts[line]
        start = len(text) - len(text.lstrip())
        return Span(begin + start, begin + max(len(text.rstrip()), start))

    def find(self, line: int, part: str) -> Span:
        """The span of the first occurrence of `part` on a line, or the line's content where it does not occur."""
        column = self.lines[line].find(part)
        if column < 0:
            return self.content_span(line)
        begin = self.starts[line] + column
        return Span(begin, begin + len(part))


class Lines(Sequence[str]):
    """The lines of a text that is as long as a source, each cut out when it is asked for: few are."""

    def __init__(self, text: str, source: Source) -> None:
        self._text = text
        self._starts, self._lines = source.starts, source.lines

    def __len__(self) -> int:
        return len(self._lines)

    @overload
    def __getitem__(self, number: int) -> str: ...

    @overload
    def __getitem__(self, number: slice) -> list[str]: ...

    def __getitem__(self, number: int | slice) -> str | list[str]:
        if isinstance(number, slice):
            return [self[one] for one in range(*number.indices(len(self)))]
        start = self._starts[number]
        return self._text[start : start + len(self._lines[number])]
