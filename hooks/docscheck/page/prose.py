"""The text of a page without what is none: code, maths, comments, tags."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from docscheck.first_look import marks_of, signs_of
from docscheck.once import cached_property
from docscheck.page.parsed import ParsedPage
from docscheck.parse.code import hidden
from docscheck.parse.formulas import scan_formulas
from docscheck.parse.html import Tag, raw_spans, tags_in_drawings
from docscheck.source import Lines, Span


class ProsePage(ParsedPage):
    """A page with its text, in which what is no prose is hidden, so that places stay what they are."""

    @cached_property
    def _without_code(self) -> str:
        """The text with code, comments, macros and front matter hidden; maths stay."""
        code = [self._line(row.line) for node in self.kinds.get("code", ()) for row in node.rows]
        return hidden(self._without_fences, [*code, *(c.span for c in self.comments), *self.raw_texts])

    def _line(self, number: int) -> Span:
        start = self.source.starts[number]
        return Span(start, start + len(self.lines[number]))

    @cached_property
    def maths(self) -> list[Span]:
        """Formulas with their delimiters."""
        if not self.has_maths or not ("$" in self.source.text or "\\" in self.source.text):
            return []
        text = self._without_code
        first = min((place for sign in "$\\" if (place := text.find(sign)) >= 0), default=-1)
        if first < 0:
            return []
        last = self.source.line_of(max(map(text.rfind, "$\\")))  # a formula ends on the line of a sign
        return list(scan_formulas(text, first, self._end_of_line(last), self._is_parted))

    def _is_parted(self, start: int, end: int) -> bool:
        """Whether a list item begins on a line behind the first of a stretch of text."""
        lines = range(self.source.line_of(start) + 1, self.source.line_of(end) + 1)
        leaves = ((line, self.leaf_by_line.get(line)) for line in lines)
        return any(leaf is not None and leaf.kind == "li" and leaf.line == line for line, leaf in leaves)

    @cached_property
    def masked(self) -> str:
        """The text, same length, with code, comments, maths, macros and front matter hidden; tags stay."""
        lines = [row.line for node in self.kinds.get("maths", ()) for row in node.rows]
        return hidden(self._without_code, [*self.maths, *map(self.source.content_span, lines)])

    @property
    def has_maths(self) -> bool:
        """Whether `$…$` is set as maths on this site."""
        return self.grammar.maths or bool({"mdx_math", "markdown_katex"} & self.config.foreign_extensions)

    @cached_property
    def raw_texts(self) -> list[Span]:
        """The contents of `<pre>`, `<script>` and their like."""
        return list(raw_spans(self._html[0]))

    @cached_property
    def tags(self) -> list[Tag]:
        """Raw HTML tags outside code."""
        return [tag for tag in self._html[0] if self.masked[tag.span.start] == "<"]

    @property
    def drawn_tags(self) -> Iterator[Tag]:
        """The tags inside `<svg>` and `<math>`, which are no text and yet may hold a script."""
        if self.shows("<svg") or self.shows("<math"):
            yield from tags_in_drawings(self._html[0], lambda tag: self.masked[tag.span.start] == "<")

    @cached_property
    def prose(self) -> str:
        """`masked` with tags hidden as well."""
        return hidden(self.masked, [tag.span for tag in self.tags]) if self.tags else self.masked

    @cached_property
    def prose_lines(self) -> Sequence[str]:
        """`prose` by line."""
        return Lines(self.prose, self.source)

    @cached_property
    def masked_lines(self) -> Sequence[str]:
        """`masked` by line."""
        return Lines(self.masked, self.source)

    def lines_with(self, sign: str) -> Iterator[int]:
        """The lines on which a sign can be read in the prose, in order."""
        text = self.prose
        position = text.find(sign)
        while position >= 0:
            yield self.source.line_of(position)
            end = text.find("\n", position)
            position = text.find(sign, end) if end >= 0 else -1

    @cached_property
    def words(self) -> list[str]:
        """What stands between spaces in the prose, in lower case: for a first look."""
        return self.lowered.split()

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Each of the `words` once."""
        return frozenset(self.words)

    @cached_property
    def lowered(self) -> str:
        """The prose in small letters: for a first look."""
        return self.prose.lower()

    @cached_property
    def signs(self) -> str:
        """What is left of `masked` without letters, digits, blanks, commas and full stops, behind a line end.

        For a first look: it is a tenth of the page, so that a rule finds out cheaply that a page has nothing for it.
        """
        return signs_of(f"\n{self.marks}")

    @cached_property
    def marks(self) -> str:
        """The capitals and signs of `masked`, its lines closed up: for a first look at words in capitals."""
        return marks_of(self.masked)
