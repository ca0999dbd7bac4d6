"""The headers of a page's boxes, tabs and blocks, with those that were only meant as such."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

from docscheck.box_types import MATERIAL
from docscheck.page.opener import UNSEEN, Opener, kind_of, next_is_deeper
from docscheck.page.prose import ProsePage
from docscheck.parse.blocks import Node, Row
from docscheck.patterns import at_signs, lazy
from docscheck.source import Span

_BLOCK = lazy(r"(/{2,})[ ]*([\w-]+)")
_FIRST = frozenset("!！¡‼❗❕?？؟=＝/／-+\\" + UNSEEN)
"""With what a row begins that may have been meant as a header."""
_QUOTED = ('"!!!', '"???', '"===')
_INSIDE = {
    marks: lazy(f"{mark}(?:(?<=\\S {mark})|(?<=[*_`]{mark}))")
    for marks, mark in (("!!!", "!!!"), ("???", r"\?\?\?"), ("===", "==="))
}
"""Marks in the middle of a line."""
_MID_LINE = lazy(
    r'(?:(?<=\S)[ ]|^[ ]*(?:\*\*|__|\*|_|`))(?P<header>(?:!!!|\?\?\?\+?)[ ]?(?P<type>[a-z]+)(?:[ ]+"[^"]*")?)[*_`]*\s*$'
)
_TAB_MID_LINE = lazy(r'(?<=[^\s=] )(?P<header>===[+!]{0,2}[ ]"[^"]+")[ ]*$')
_CELL = lazy(r'(?:^|\|)[ ]*(?P<header>(?:!!!|\?\?\?\+?)[ ]?(?P<type>[a-z]+)[ ]+"[^"|]*")')


def find_openers(page: ProsePage) -> Iterator[Opener]:
    """The openers of a page in order of the tree."""
    for kind, name in (("admonition", "box"), ("details", "details"), ("tab", "tab"), ("block", "block")):
        for node in page.kinds.get(kind, ()):
            yield Opener(name, node.line, page.source.content_span(node.line), node=node)
    for node in page.kinds.get("code", ()):
        yield from _in_code(page, node)
    for node in page.rough_texts:
        for row, below in zip_longest(node.rows, node.rows[1:]):
            text = row.text.lstrip()
            if text[:1] in _FIRST or text.startswith(_QUOTED):
                yield from _as_meant(page, row, below)
    if any(marks in page.signs and any(at_signs(inside, marks[0], page.prose)) for marks, inside in _INSIDE.items()):
        for node in page.nodes:
            if node.rows and node.kind in ("p", "li", "dt", "dd", "footnote"):
                yield from _mid_line(page, node)
            elif node.rows and node.kind == "table":
                yield from _in_cell(page, node)


def _as_meant(page: ProsePage, row: Row, below: Row | None) -> Iterator[Opener]:
    """The header as which a row was meant, if it was."""
    from docscheck.page.headers import read_header  # imported where a page holds what looks like one

    opener = read_header(page, row, below)
    if opener is not None:
        yield opener


def _mid_line(page: ProsePage, node: Node) -> Iterator[Opener]:
    """Headers behind other words of their line, or inside marks of emphasis."""
    for row in node.rows:
        match = _MID_LINE.search(page.prose_lines[row.line]) if "!!! " in row.text or "???" in row.text else None
        meant = match and ('"' in match["header"] or next_is_deeper(page, row))
        if match and meant and match["type"] in MATERIAL:
            start = page.source.starts[row.line] + match.start("header")
            span = Span(start, start + len(match["header"]))
            yield Opener("box", row.line, span, "inside-paragraph", span, marks=match["header"][:3])
        tab = _TAB_MID_LINE.search(page.prose_lines[row.line]) if '=== "' in row.text else None
        if tab and page.config.has("pymdownx.tabbed") and next_is_deeper(page, row):
            span = page.source.span(row.line, tab.start("header"), tab.end("header"))
            yield Opener("tab", row.line, span, "inside-paragraph", span, marks="===")


def _in_cell(page: ProsePage, node: Node) -> Iterator[Opener]:
    """Headers in the cells of a table."""
    for row in node.rows:
        for match in _CELL.finditer(page.prose_lines[row.line]) if "!!!" in row.text or "???" in row.text else ():
            if match["type"] in MATERIAL:
                span = page.source.span(row.line, match.start("header"), match.end("header"))
                yield Opener("box", row.line, span, "inside-paragraph", span, marks=match["header"][:3])


def _in_code(page: ProsePage, node: Node) -> Iterator[Opener]:
    """A header with its body that stands four spaces too deep, where nothing announces an example."""
    row = node.rows[0]
    text = row.text
    kind = kind_of(text)
    if not kind and _is_whole_block(page, node) and not page.config.has("pymdownx.fancylists"):
        kind = "block"
    elif not kind or not (next_is_deeper(page, row) or _has_text_below(node)):
        return
    if page.is_announced(node):
        return
    span = page.source.content_span(row.line)
    yield Opener(kind, row.line, span, "code", span, marks=text[:3])


_TITLED = lazy(r'(?:!!!|\?\?\?\+?)[ ]?(?P<type>[a-z]+)[ ]+"[^"]+"[ ]*$')
_SENTENCE = lazy(r"[A-ZÀ-Þ][^;{}=<>]*[ ][^;{}=<>]*[.!?]$")


def _has_text_below(node: Node) -> bool:
    """Whether all that stands below a header with a title is a sentence, at the same margin: both stand too deep."""
    header, *rows = node.rows
    match = _TITLED.match(header.text)
    below = [row.text for row in rows if row.text.strip()]
    if match is None or match["type"] not in MATERIAL or not below:
        return False
    return _SENTENCE.match(" ".join(below)) is not None


def _is_whole_block(page: ProsePage, node: Node) -> bool:
    """Whether code is a `/// block` of the site, from its header to its end."""
    match = _BLOCK.match(node.rows[0].text)
    return match is not None and match[2] in page.grammar.blocks and node.rows[-1].text.strip() == match[1]
