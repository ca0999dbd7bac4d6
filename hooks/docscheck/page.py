"""A parsed page: what rules read."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import count
from operator import attrgetter
from typing import TYPE_CHECKING

from docscheck.config import Config
from docscheck.first_look import kept_signs_of, marks_of, signs_of
from docscheck.headings import Heading, PageIds, ids_in, without_attributes
from docscheck.once import cached_property
from docscheck.parse.blocks import BlockParser, Definitions, Grammar, Node, grammar_of
from docscheck.parse.code import blank, hidden, hide_code_spans
from docscheck.parse.fences import Fence, scan_fences
from docscheck.parse.formulas import scan_formulas
from docscheck.parse.front_matter import FrontMatter, parse_front_matter
from docscheck.parse.html import Comment, HtmlBlock, Tag, raw_spans, scan_blocks, scan_tags, tags_in_drawings
from docscheck.parse.inline import Link, scan_links
from docscheck.parse.openers import Opener, find_openers
from docscheck.parse.reading import read_blocks
from docscheck.parse.slugs import plain_text
from docscheck.patterns import at_signs, lazy
from docscheck.source import Lines, Source, Span
from docscheck.templating import macro_pattern
from docscheck.translations import translations

if TYPE_CHECKING:
    from docscheck.rendering import Rendered
    from docscheck.site import Site

_SNIPPET_MARK = lazy(r"8(?:(?:[<>]|&[lg]t;)?[-–—]|<)")
_SNIPPET = lazy(r"^[ \t>]*-{1,}8<-{1,}(?:[ \t]|$)")
_DOCUMENTED = lazy(r":::[ ]+[A-Za-z_][\w.]*(?:[.:/][\w.]+)+[ ]*$")
_BLOCK_MARK = lazy(r"(?m)^[ >]*///")
_TEXTS = frozenset(("p", "li", "dt", "dd"))
_SLIPS = 4
"""So many lines may begin with a space by mistake."""


class Page:
    """One Markdown file. Everything is computed when it is first asked for; lines are counted from 0."""

    def __init__(self, source: Source, config: Config, uri: str = "", site: Site | None = None) -> None:
        self.source = source
        self.config = config
        self.uri = uri or source.path
        """The path under docs_dir, with slashes."""
        self.site = site

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

    def forget(self) -> None:
        """Cut the nodes from their parents, so that memory is given back at once."""
        for node in self.nodes:
            node.parent = None

    # What is no Markdown

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

    # Structure

    @cached_property
    def grammar(self) -> Grammar:
        """The block syntax of the site."""
        foreign = bool(self.config.foreign_extensions) and _BLOCK_MARK.search(self.source.text) is not None
        return grammar_of(self.config, foreign)

    @cached_property
    def _parser(self) -> BlockParser:
        return read_blocks(self)

    @property
    def tree(self) -> Node:
        """The block structure; the root's children are what the reader sees in order."""
        return self._parser.root

    @property
    def notes(self) -> Node:
        """The footnotes' contents."""
        return self._parser.notes

    @cached_property
    def nodes(self) -> list[Node]:
        """Every node of the page and its footnotes, in order."""
        found: list[Node] = []
        for root in (self.tree, self.notes):
            _gather(root, found)
        return found

    @cached_property
    def kinds(self) -> dict[str, list[Node]]:
        """The nodes by kind, in order."""
        found: dict[str, list[Node]] = defaultdict(list)
        for node in self.nodes:
            found[node.kind].append(node)
        return dict(found)

    @cached_property
    def rough_texts(self) -> list[Node]:
        """Paragraphs, items, terms and definitions of which some line begins with another character than a letter."""
        return [node for node in self.nodes if node.rows and not node.is_plain and node.tag in _TEXTS]

    def before(self, node: Node) -> Node | None:
        """What stands before a node in the same container; comments do not count."""
        beside, place = self._place(node)
        return beside[place - 1] if place else None

    def after(self, node: Node) -> Node | None:
        """What stands after a node in the same container; comments do not count."""
        beside, place = self._place(node)
        return beside[place + 1] if place + 1 < len(beside) else None

    def _place(self, node: Node) -> tuple[list[Node], int]:
        """What stands in the same container as a node, but for comments, and its place there."""
        container = self.notes if node.kind == "footnote" else node.parent
        if container is None or node.kind == "comment":
            return [node], 0
        beside, places = container.children, self._places
        if "comment" in self.kinds:
            beside = self._shown_in(container)
        if id(node) not in places:
            places.update(zip(map(id, beside), count()))
        return beside, places[id(node)]

    def _shown_in(self, container: Node) -> list[Node]:
        """What a container holds but comments."""
        if id(container) not in self._shown:
            self._shown[id(container)] = [node for node in container.children if node.kind != "comment"]
        return self._shown[id(container)]

    def is_announced(self, node: Node) -> bool:
        """Whether the text before a node ends with a colon: what follows is shown as an example."""
        before = self.before(node)
        rows = (before.rows or [row for inner in before.walk() for row in inner.rows]) if before is not None else []
        return bool(rows) and rows[-1].text.rstrip().endswith((":", "："))

    @cached_property
    def _places(self) -> dict[int, int]:
        """The places of nodes in their containers, as far as somebody has asked for one."""
        return {}

    @cached_property
    def _shown(self) -> dict[int, list[Node]]:
        """What containers hold but comments, as far as somebody has asked for it."""
        return {}

    @property
    def definitions(self) -> Definitions:
        """Labels, footnotes and abbreviations as the parser takes them out."""
        self.tree  # noqa: B018 - parsing fills them
        return self._parser.definitions

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
    def leaf_by_line(self) -> dict[int, Node]:
        """For each line that holds text, the innermost node it belongs to."""
        return {row.line: node for node in self.nodes for row in node.rows}

    @cached_property
    def headings(self) -> list[Heading]:
        """Headings in order, those in boxes and lists included."""
        nodes = [*self.kinds.get("heading", ()), *self.kinds.get("setext", ())]
        if self.notes.children:
            nodes = [node for node in nodes if all(above is not self.notes for above in node.ancestors())]
        nodes.sort(key=attrgetter("line"))
        found = []
        for number, node in enumerate(nodes):
            row = node.rows[0]
            markup, own_id = row.text, ""
            if "{" in markup and self.config.has("attr_list"):
                markup, own_id = without_attributes(markup)
            text = plain_text(markup)
            self._ids.titles.append((own_id, text))
            level = int(node.tag[1])
            found.append(Heading(level, row.line, markup, text, own_id, node, number, self._ids, self.source))
        return found

    @cached_property
    def attribute_ids(self) -> list[str]:
        """Ids set with attr_list (`{ #id }`), wherever."""
        if "{" not in self.masked or not self.config.has("attr_list"):
            return []
        lists = re.findall(r"\{:?[ ]*([^{}\n]*#[^{}\n]*)\}", self.masked)
        return [one for attributes in lists for one in ids_in(attributes)]

    @cached_property
    def _ids(self) -> PageIds:
        raw = [a.value for tag in self.tags for a in tag.attributes if a.name in ("id", "name")]
        notes = [f"fn:{name}" for name, _ in self.definitions.footnotes]
        return PageIds(self.config, self.attribute_ids, raw + notes)

    @property
    def shown_ids(self) -> PageIds:
        """Every id the source shows: headings, attr_list, raw HTML, footnotes. Rendering may know more."""
        self.headings  # noqa: B018 - they tell their titles
        return self._ids

    @property
    def ids(self) -> frozenset[str]:
        """All of the ids that the source shows."""
        return self.shown_ids.all

    # Text

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
    def prose(self) -> str:
        """`masked` with tags hidden as well."""
        return hidden(self.masked, [tag.span for tag in self.tags]) if self.tags else self.masked

    @cached_property
    def words(self) -> list[str]:
        """What stands between spaces in the prose, in lower case: for a first look."""
        return self.lowered.split()

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Each of the `words` once."""
        return frozenset(self.words)

    @cached_property
    def signs(self) -> str:
        """What is left of `masked` without letters, digits, blanks, commas and full stops, behind a line end.

        For a first look: it is a tenth of the page, so that a rule finds out cheaply that a page has nothing for it.
        """
        return signs_of(f"\n{self.marks}")

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
    def marks(self) -> str:
        """The capitals and signs of `masked`, its lines closed up: for a first look at words in capitals."""
        return marks_of(self.masked)

    @cached_property
    def lowered(self) -> str:
        """The prose in small letters: for a first look."""
        return self.prose.lower()

    @cached_property
    def has_snippet_marks(self) -> bool:
        """Whether the source holds anything like `--8<--`."""
        return any(at_signs(_SNIPPET_MARK, "8", self.source.text))

    def lines_with(self, sign: str) -> Iterator[int]:
        """The lines on which a sign can be read in the prose, in order."""
        text = self.prose
        position = text.find(sign)
        while position >= 0:
            yield self.source.line_of(position)
            end = text.find("\n", position)
            position = text.find(sign, end) if end >= 0 else -1

    @cached_property
    def prose_lines(self) -> Sequence[str]:
        """`prose` by line."""
        return Lines(self.prose, self.source)

    @cached_property
    def masked_lines(self) -> Sequence[str]:
        """`masked` by line."""
        return Lines(self.masked, self.source)

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
    def openers(self) -> list[Opener]:
        """Headers of boxes, tabs and blocks, those that were only meant as such included."""
        return sorted(find_openers(self), key=lambda opener: opener.line)

    @cached_property
    def faults(self) -> frozenset[str]:
        """What is wrong with headers of the page."""
        return frozenset(opener.fault for opener in self.openers if opener.fault)

    @cached_property
    def links(self) -> list[Link]:
        """Links and images of the Markdown text; raw HTML has its own in `tags`."""
        return scan_links(self.prose, self.source.text)

    @property
    def is_rendered(self) -> bool:
        """Whether somebody has asked for the rendered page yet."""
        return "rendered" in self.__dict__

    @cached_property
    def rendered(self) -> Rendered:
        """The page as its reader sees it: the second witness."""
        from docscheck.rendering import render  # rendering is asked for on few pages, and costs an import

        return render(self)


def _gather(node: Node, found: list[Node]) -> None:
    """Append a node and all below it, in order."""
    found.append(node)
    for child in node.children:
        if child.children:
            _gather(child, found)
        else:
            found.append(child)
