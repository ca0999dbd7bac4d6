"""Lines that were to underline a title and do not."""

from __future__ import annotations

from collections.abc import Iterator

from docscheck.diagnostics import Finding
from docscheck.page import Page
from docscheck.parse.blocks import Node, Row
from docscheck.patterns import lazy
from docscheck.rules.headings.misplaced_rules import INDENTED, INSIDE

_UNDERLINE = lazy(r"={3,}[ ]*")
_DASHES = lazy(r"-{3,}[ ]*")
_TITLE = lazy(r"[^\W\d_a-zà-ÿ][\w'’-]*(?:[ ][\w'’/&-]+){0,4}[ ]*")
_STOPS = (".", "!", "?", ":", "。")
_SLACK = 3
"""An underline is about as long as its title."""
_DRAWN = lazy(r"[ ]*(?:[—–―]+|[＝]{2,}|－{2,})[ ]*")
"""What a word processor makes of an underline."""
_NAMES = {"p": "paragraph", "li": "list item"}
"""What a text that goes on without an empty line is called."""


def lone_underlines(page: Page) -> Iterator[Finding]:
    """Lines of dashes that underline nothing, or are drawn with other signs."""
    for node in page.rough_texts:
        if node.kind == "p" and len(node.rows) == 1 and _UNDERLINE.fullmatch(node.rows[0].text):
            yield INDENTED.at(
                page.source.content_span(node.line),
                "this line underlines nothing, so it is printed",
                help="put it directly under the text of the heading, or write `# ` before that text instead",
            )
        elif node.kind == "p" and len(node.rows) == 2 and _is_drawn_under(*node.rows):
            yield INDENTED.at(
                page.source.content_span(node.rows[1].line),
                "this does not underline a heading, so it is printed",
                help="write `---` or `===`, or `## ` before the text instead",
            )


def _is_drawn_under(text: Row, line: Row) -> bool:
    """Whether a dash that is no `-` was to underline a title."""
    return _DRAWN.fullmatch(line.text) is not None and _TITLE.fullmatch(text.text) is not None


def underline_apart(page: Page) -> Iterator[Finding]:
    """A short line, a blank one and dashes, on a page that underlines its headings."""
    parts = page.tree.children
    for part, line, following in zip(parts, parts[1:], parts[2:], strict=False):
        if line.kind != "hr" or part.kind != "p" or len(part.rows) != 1 or following.kind in ("heading", "setext"):
            continue
        shown = page.lines[line.line]
        if line.line == part.line + 2 and _DASHES.fullmatch(shown) and _TITLE.fullmatch(part.rows[0].text):
            yield INDENTED.at(
                page.source.content_span(line.line),
                "because of the blank line before it, this underlines nothing",
                help="put it directly under the text of the heading",
            )


def underline_below_text(page: Page) -> Iterator[Finding]:
    """A title and its dashes directly under other text: Python-Markdown underlines only the first line of a block."""
    for line in page.kinds["hr"]:
        text = _last_text(page.before(line))
        if text is None or text.kind not in _NAMES or len(text.rows) < 2 or text.rows[-1].line != line.line - 1:
            continue
        above, title = text.rows[-2].text.rstrip(), text.rows[-1].text.strip()
        shown = page.lines[line.line].strip(" >")
        is_drawn = _DASHES.fullmatch(shown) and abs(len(shown) - len(title)) <= _SLACK
        is_apart = above[-1:] in _STOPS if text.kind == "p" else not text.rows[-1].text.startswith(" ")
        if is_drawn and is_apart and _TITLE.fullmatch(title):
            yield INSIDE.at(
                page.source.content_span(text.rows[-1].line),
                f"the {_NAMES[text.kind]} above swallows this heading, and its underline becomes a horizontal line",
                help="put a blank line before it",
            )


def _last_text(node: Node | None) -> Node | None:
    """The last item of a list, which a text without an empty line before it goes on; else the element itself."""
    while node is not None and node.tag in ("ul", "ol", "li") and node.children:
        node = node.children[-1]
    return node
