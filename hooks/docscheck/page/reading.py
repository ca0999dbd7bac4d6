"""How a page comes before the block parser: line by line, with what is taken out first as Python-Markdown does.

Fences and comments are replaced before blocks are parsed, raw HTML ends what stands above it, and expressions are
hidden: the parser never sees the pipes and quotes in them.
"""

from __future__ import annotations

from bisect import bisect_left

from docscheck.page.written import WrittenPage
from docscheck.parse.blocks import BlockParser, Folded, Node, block_parser
from docscheck.parse.code import HIDDEN, blank
from docscheck.parse.fences import Fence
from docscheck.parse.html import HtmlBlock


def read_blocks(page: WrittenPage) -> BlockParser:
    """A parser that has read the whole page."""
    reader = _Reader(page)
    reader.read(reader.parser.root, page.body, len(page.lines), page.html_blocks)
    return reader.parser


class _Reader:
    """Hands the lines of a page to a block parser."""

    def __init__(self, page: WrittenPage) -> None:
        self._page = page
        self._source = page.source
        self._nested = page.config.has("pymdownx.superfences")
        self._lines = _shown_lines(page)
        self._fences = {fence.start: fence for fence in page.fences}
        self._special = sorted(page.fenced_lines | page.removed_lines)
        """Lines that are not parsed as they stand, in order."""
        self._comments = _comment_blocks(page)
        ends = {fence.start: fence.end for fence in page.fences} if self._nested else {}
        self.parser = block_parser(page.grammar, Folded(self._lines, ends))

    def read(self, parent: Node, start: int, end: int, blocks: list[HtmlBlock]) -> None:
        """Read the lines from `start` to before `end` into a node, raw HTML blocks among them."""
        line = start
        for block in blocks:
            first = self._source.line_of(block.span.start)
            last = self._source.line_of(max(block.span.end - 1, block.span.start))
            if first < line:
                continue
            numbers, texts = self._given(self._read_to_comments(parent, line, first), first)
            line = min(last + 1, end)
            joins = bool(texts) and block.tag.span.start > self._source.starts[first] and bool(texts[-1].strip())
            if joins:
                numbers.append(first)
                texts.append(HIDDEN)
            self.parser.parse_lines(parent, numbers, texts)
            if joins:  # indented, it belongs to the text above
                continue
            place = self.parser.place_for_html(parent)
            if not block.markdown:
                place.add("div", first, "raw", block.tag.name)
                continue
            node = place.add("div", first, "html", block.tag.name)
            inner_end = self._source.line_of(block.end_tag.span.start) if block.end_tag else end
            self.read(node, first + 1, max(inner_end, first + 1), block.children)
        self.parser.parse_lines(parent, *self._given(self._read_to_comments(parent, line, end), end))

    def _read_to_comments(self, parent: Node, start: int, end: int) -> int:
        """Read what stands above the last comment at the margin, which all end lists; return where it ends."""
        comments = self._comments
        for first, last in comments[bisect_left(comments, (start, 0)) : bisect_left(comments, (end, 0))]:
            self.parser.parse_lines(parent, *self._given(start, first))
            self.parser.place_for_html(parent).add("div", first, "comment")
            start = min(last + 1, end)
        return start

    def _given(self, start: int, end: int) -> tuple[list[int], list[str]]:
        """Lines as the block parser is to see them, with their numbers: a fence is one, a comment an empty one."""
        lines, special = self._lines, self._special
        numbers, texts, first = list[int](), list[str](), start
        for number in special[bisect_left(special, start) : bisect_left(special, end)]:
            if number >= first:  # else it lies inside the fence above
                fence = self._fences.get(number)
                shown = self._shown(fence) if fence else [] if number in self._page.fenced_lines else [""]
                numbers += [*range(first, number), *[number] * len(shown)]
                texts += [*lines[first:number], *shown]
                first = (fence.end if fence else number) + 1
        return [*numbers, *range(first, end)], [*texts, *lines[first:end]]

    def _shown(self, fence: Fence) -> list[str]:
        """What the block parser sees of a fence."""
        line = self._page.lines[fence.start]
        is_quoted = ">" in line[: fence.column]
        placeholder = line[: fence.column] + HIDDEN if is_quoted else f"{' ' * fence.indent}{HIDDEN}fence{HIDDEN}"
        return [placeholder] if self._nested else ["", placeholder, ""]


def _shown_lines(page: WrittenPage) -> list[str]:
    """The lines with expressions hidden and tabs expanded."""
    lines = page.lines
    if page.macros:
        lines = page.macros.sub(lambda match: blank(match[0]), page.source.text).split("\n")
    return [line.expandtabs(4) if "\t" in line else line for line in lines] if "\t" in page.source.text else lines


def _comment_blocks(page: WrittenPage) -> list[tuple[int, int]]:
    """First and last lines of the comments that Python-Markdown takes out as blocks of their own."""
    found = []
    for comment in page.comments:
        first = page.source.line_of(comment.span.start)
        margin = page.lines[first][: comment.span.start - page.source.starts[first]]
        joins = margin and page.lines[first - 1 : first] != [""]  # indented, it belongs to the text above
        is_alone = first in page.removed_lines and len(margin) < 4 and not margin.strip(" ")
        if is_alone and comment.closed and not joins:
            found.append((first, page.source.line_of(comment.span.end - 1)))
    return found
