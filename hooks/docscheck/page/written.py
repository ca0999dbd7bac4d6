"""A page as it is written: its lines, its settings, and what in it is no Markdown."""

from __future__ import annotations

import re

from docscheck.config import Config
from docscheck.first_look import kept_signs_of, signs_of
from docscheck.once import cached_property
from docscheck.parse.blocks import Grammar, grammar_of
from docscheck.parse.code import blank, hidden, hide_code_spans
from docscheck.parse.fences import Fence, scan_fences
from docscheck.parse.front_matter import FrontMatter, parse_front_matter
from docscheck.parse.html import Comment, HtmlBlock, Tag, scan_blocks, scan_tags
from docscheck.patterns import at_signs, lazy
from docscheck.source import Source, Span
from docscheck.templating import macro_pattern
from docscheck.translations import translations

_SNIPPET_MARK = lazy(r"8(?:(?:[<>]|&[lg]t;)?[-–—]|<)")
_MISTYPED_SNIPPET = lazy(r"--[BbSs&%9]<--")
_SNIPPET = lazy(r"^[ \t>]*-{1,}8<-{1,}(?:[ \t]|$)")
_DOCUMENTED = lazy(r":::[ ]+[A-Za-z_][\w.]*(?:[.:/][\w.]+)+[ ]*$")
_BLOCK_MARK = lazy(r"(?m)^[ >]*///")
_SLIPS = 4
"""So many lines may begin with a space by mistake."""


class WrittenPage:
    """The text of one Markdown file, in the terms of its site's settings."""

    def __init__(self, source: Source, config: Config, uri: str = "") -> None:
        self.source = source
        self.config = config
        self.uri = uri or source.path
        """The path under docs_dir, with slashes."""

    @property
    def path(self) -> str:
        """How reports name the page."""
        return self.source.path

    @cached_property
    def lines(self) -> list[str]:
        """The lines as written."""
        return self.source.lines

    @cached_property
    def language(self) -> str:
        """The language it is written in: the theme's, unless a plugin for translations tells another."""
        languages = translations(self.config)
        return (languages.language(self.uri) if languages else "") or self.config.language

    @cached_property
    def has_stray_margin(self) -> bool:
        """Whether its lines begin with a single space throughout, as some programs leave what they translate.

        Where only items do, they are meant as nested.
        """
        body = self.lines[self.body :]
        spaced = [line[1:3] for line in body if line[:1] == " " and line[1:2] not in ("", " ")]
        if sum(mark not in ("- ", "* ", "+ ") for mark in spaced) <= _SLIPS:
            return False
        return len(spaced) * 2 > sum(line[:1] not in ("", " ", "\t") for line in body)

    @cached_property
    def front_matter(self) -> FrontMatter:
        """The YAML at the top."""
        return parse_front_matter(self.source.text)

    @property
    def body(self) -> int:
        """The first line after the front matter."""
        return self.front_matter.end

    def shows(self, sign: str) -> bool:
        """Whether the source holds a sign of several characters; what is left of it is looked for first."""
        return kept_signs_of(sign) in self.source_signs and sign in self.source.text

    @cached_property
    def source_signs(self) -> str:
        """What is left of the source without letters, digits, blanks, commas and full stops: for a first look."""
        return signs_of(self.source.text)

    @cached_property
    def may_document(self) -> bool:
        """Whether the source holds anything like `::: package.module`."""
        return self.shows(":::")

    @cached_property
    def has_snippet_marks(self) -> bool:
        """Whether the source holds anything like `--8<--`."""
        if any(at_signs(_SNIPPET_MARK, "8", self.source.text)):
            return True
        return self.shows("<--") and _MISTYPED_SNIPPET.search(self.source.text) is not None

    @cached_property
    def fences(self) -> list[Fence]:
        """Fenced code, also what the parser does not see as such."""
        fences = list(
            scan_fences(self.source, self.body, self.config.has("pymdownx.superfences"), self.config.custom_fences)
        )
        if self.macros is None or not self.shows("{#"):
            return fences
        removed = [match.span() for match in self.macros.finditer(self.source.text) if match[0].startswith("{#")]
        starts = self.source.starts
        return [fence for fence in fences if not any(first <= starts[fence.start] < end for first, end in removed)]

    @cached_property
    def fenced_lines(self) -> frozenset[int]:
        """Lines of fences, their marks included."""
        return frozenset().union(*[range(fence.start, fence.end + 1) for fence in self.fences])

    @cached_property
    def macros(self) -> re.Pattern[str] | None:
        """What the site's macros plugin (or its like) replaces before Markdown is read; None without one."""
        return macro_pattern(self.config)

    @cached_property
    def _without_fences(self) -> str:
        """The text without front matter, fences, macros and (approximately) code spans."""
        source = self.source
        blocks = [Span(source.starts[fence.start], self._end_of_line(fence.end)) for fence in self.fences]
        if self.body:
            blocks.append(Span(0, self._end_of_line(self.body - 1)))
        blocks += [source.span(number) for number in self.documented_lines]
        text = hidden(source.text, blocks)
        if self.macros:
            text = self.macros.sub(lambda match: blank(match[0]), text)
        return hide_code_spans(text)

    def _end_of_line(self, number: int) -> int:
        return self.source.starts[number] + len(self.lines[number])

    @cached_property
    def _html(self) -> tuple[list[Tag], list[Comment]]:
        return scan_tags(self._without_fences) if "<" in self._without_fences else ([], [])

    @property
    def comments(self) -> list[Comment]:
        """HTML comments."""
        return self._html[1]

    @cached_property
    def html_blocks(self) -> list[HtmlBlock]:
        """Raw HTML blocks of the top level, `md_in_html` blocks with those inside them."""
        return scan_blocks(self._without_fences, self._html[0], self.config.has("md_in_html"))

    @cached_property
    def removed_lines(self) -> frozenset[int]:
        """Lines that hold nothing but a comment, a macro statement or a snippet: they stand alone or vanish."""
        removed = set(self.documented_lines)
        if self.shows("8<"):
            removed |= {number for number, line in enumerate(self.lines) if "8<" in line and _SNIPPET.match(line)}
        for comment in self.comments:
            if comment.closed:
                first, last = self.source.line_of(comment.span.start), self.source.line_of(comment.span.end - 1)
                before = self.lines[first][: comment.span.start - self.source.starts[first]]
                after = self.lines[last][comment.span.end - self.source.starts[last] :]
                if not before.strip() and not after.strip():
                    removed.update(range(first, last + 1))
        if self.macros:
            for match in self.macros.finditer(self.source.text):
                first, last = self.source.line_of(match.start()), self.source.line_of(match.end() - 1)
                alone = self.source.text[self.source.starts[first] : match.start()].strip() == ""
                if alone and (match[0].startswith(("{%", "{#", "[%", "[~#"))):
                    removed.update(range(first, last + 1))
        return frozenset(removed)

    @cached_property
    def documented_lines(self) -> list[int]:
        """`::: package.module` and the settings under it, which belong to a documentation plugin."""
        found: list[int] = []
        inside = False
        for number, line in enumerate(self.lines) if self.may_document else ():
            if not (inside and (line.startswith("    ") or not line.strip())):
                inside = line.startswith(":::") and _DOCUMENTED.match(line) is not None
            if inside:
                found.append(number)
        return found

    @cached_property
    def grammar(self) -> Grammar:
        """The block syntax of the site."""
        foreign = bool(self.config.foreign_extensions) and _BLOCK_MARK.search(self.source.text) is not None
        return grammar_of(self.config, foreign)
