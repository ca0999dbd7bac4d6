"""Lines with the marks of a heading that are text, or the last row of a table."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from docscheck.diagnostics import Edit, Finding
from docscheck.page import Page
from docscheck.parse.blocks import Node
from docscheck.patterns import lazy
from docscheck.proofs import prints
from docscheck.rules.headings.misplaced_rules import INDENTED, INSIDE
from docscheck.source import Span

if TYPE_CHECKING:
    from docscheck.rendering import Rendered

_INDENTED = lazy(r"[ \u00a0\u3000]+(#{1,6})[ ]+\S")
_GLUED = lazy(r"(#{2,6})[^\W\d_]")
_GLUED_TITLE = lazy(r"(#)[^\W\da-z_][^\n#]*[ ][^\n#]*$")
_PROMPT = lazy(r"[ ]{1,}#[ ][a-z][a-z-]+[ ][a-z][a-z-]+")
"""A command behind the prompt of the superuser."""
_COMMAND = lazy(r"[ ]*(?:sudo|wget|curl|tar|export|mkdir|apt|apt-get|dnf|yum|pip|git|docker|cd|cp|mv|rm)[ ]")
_NEAR = 8
"""So many lines before a remark are looked at."""
_ESCAPED = lazy(r"[ ]{0,3}(\\#{2,6}|(?:\\#){2,6})[ ]+[^\W\d_]")
_FULL_WIDTH = lazy(r"[ ]{0,3}(＃{1,6})[ \u3000]*\S")
_UNSEEN = lazy(r"([\u200b-\u200e\u2060\ufeff]+)#{1,6}[ ]")
_ROW = lazy(r"#{1,6}[ ]+[^|]+$")
_BEHIND = lazy(r"[^\W\d_][^#`\n]{2,80}[ ](#{2,6})[ ]*")
_INSIDE = lazy(r"(?<=[.!?:;>)])[ ]+(#{2,6})[ ]+(?=[A-Z])")


def at_sign(page: Page, number: int) -> Iterator[Finding]:
    """What the marks on a line are that is no heading: text, or the last row of a table."""
    leaf = page.leaf_by_line.get(number)
    if leaf is None:
        return
    if leaf.kind == "p" or leaf.tag in ("li", "dd"):
        yield from _in_text(page, number, next(row.text for row in leaf.rows if row.line == number))
    elif leaf.tag == "table" and _ROW.match(page.lines[number]):
        yield from _in_table(page, number, leaf)


def _in_table(page: Page, number: int, table: Node) -> Iterator[Finding]:
    """A heading directly under a table is its last row; where rows begin with a bar, it is reported as a short one."""
    if not table.rows[0].text.lstrip().startswith("|") and number > table.rows[1].line:
        start = page.source.starts[number]
        yield INSIDE.at(
            page.source.content_span(number),
            "the table above swallows this heading",
            help="put a blank line before it",
            fix=Edit(Span(start, start), "\n"),
        )


def _in_text(page: Page, line: int, text: str) -> Iterator[Finding]:
    """Why a line with marks is text; of several reasons the first."""
    if "＃" in text:
        yield from _full_width(page, line, text)
    if "#" in text:
        looks = (_glued, _behind_unseen, _behind_backslash, _indented, _mid_line, _at_end)
        found = (look(page, line, text) for look in looks)
        yield from islice((finding for finding in found if finding is not None), 1)


def _full_width(page: Page, line: int, text: str) -> Iterator[Finding]:
    """`＃ Title`, as an input method writes it."""
    wide = _FULL_WIDTH.match(text)
    if wide:
        yield INDENTED.at(
            page.source.find(line, wide[1]),
            "full-width marks do not make a heading",
            help=f"write `{'#' * len(wide[1])} `",
            fix=Edit(page.source.find(line, wide[1]), "#" * len(wide[1])),
        )


def _glued(page: Page, line: int, text: str) -> Finding | None:
    """`##Title`, where a heading needs a space."""
    if not page.grammar.spaced_headings:
        return None
    glued = _GLUED.match(text) or (_GLUED_TITLE.match(text) if _may_be_title(page, line) else None)
    return glued and INDENTED.at(
        page.source.find(line, glued[1]),
        "on this site a heading needs a space after its marks",
        help=f"write `{glued[1]} `",
        fix=Edit(Span(*[page.source.starts[line] + glued.end(1)] * 2), " "),
    )


def _behind_unseen(page: Page, line: int, text: str) -> Finding | None:
    """Marks behind a character of no width."""
    unseen = _UNSEEN.match(text)
    return unseen and INDENTED.at(
        page.source.find(line, unseen[1]),
        "an invisible character prevents this from being a heading",
        help="remove it",
        fix=Edit(page.source.find(line, unseen[1]), ""),
    )


def _behind_backslash(page: Page, line: int, text: str) -> Finding | None:
    """`\\## Title` as a paragraph of its own; among other lines the author may want to show it."""
    leaf = page.leaf_by_line[line]
    escaped = _ESCAPED.match(page.prose_lines[line]) if leaf.kind == "p" and len(leaf.rows) == 1 else None
    return escaped and INDENTED.at(
        page.source.span(line, escaped.start(1), escaped.end(1)),
        "after a backslash the marks of a heading are text",
        help="remove the backslash",
        proof=prints(line, "#"),
    )


def _indented(page: Page, line: int, text: str) -> Finding | None:
    """Marks behind spaces."""
    match = _INDENTED.match(text)
    if match is None or _PROMPT.match(text) or _is_among_commands(page, line):
        return None
    return INDENTED.at(
        page.source.find(line, match[1]),
        "an indented heading is plain text",
        help="begin it at the left margin",
        proof=lambda rendered: _is_running_text(rendered, line) and rendered.prints(line, match[1]),
    )


def _is_among_commands(page: Page, line: int) -> bool:
    """Whether the lines of a paragraph before this one are commands, so that it is a remark on them."""
    rows = page.leaf_by_line[line].rows
    number = line - rows[0].line
    return any(_COMMAND.match(row.text) for row in rows[max(number - _NEAR, 0) : number])


def _mid_line(page: Page, line: int, text: str) -> Finding | None:
    """Marks behind the end of a sentence."""
    inside = _INSIDE.search(page.prose_lines[line]) if "##" in text else None
    return inside and INSIDE.at(
        page.source.span(line, inside.start(1), inside.end(1)),
        "a heading can only begin at the start of a line",
        help="put it on a line of its own",
        proof=prints(line, inside[1]),
    )


def _at_end(page: Page, line: int, text: str) -> Finding | None:
    """`Title ###` as a paragraph of its own, where a heading needs its marks in front."""
    behind = _BEHIND.fullmatch(text) if "##" in text and len(page.leaf_by_line[line].rows) == 1 else None
    return behind and INDENTED.at(
        page.source.find(line, behind[1]),
        "the marks of a heading stand before its text, so this is plain text",
        help=f"begin the line with `{behind[1]} `",
        proof=prints(line, "#"),
    )


def _may_be_title(page: Page, line: int) -> bool:
    """Whether a line is the first of a page that has no title yet."""
    rows = page.leaf_by_line[line].rows
    return len(rows) == 1 and line == min(page.leaf_by_line) and all(heading.level > 1 for heading in page.headings)


def _is_running_text(rendered: Rendered, line: int) -> bool:
    """Whether a line's text stands in a paragraph or an item, not bare in a raw `<div>` that a snippet opened."""
    place = rendered.places.get(line)
    return place is None or place.tag not in ("div", "section", "article", "main")
