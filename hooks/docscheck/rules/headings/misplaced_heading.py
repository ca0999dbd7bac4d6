"""Headings that are none, because of their indent or their place; and text that is one by accident."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from docscheck.diagnostics import Edit, Finding, Rule, Severity
from docscheck.page import Page
from docscheck.parse.blocks import Node, Row
from docscheck.patterns import lazy
from docscheck.proofs import becomes_code, prints
from docscheck.rules.headings import is_accident
from docscheck.source import Span

if TYPE_CHECKING:
    from docscheck.rendering import Rendered

INDENTED = Rule("HDG106", "indented-heading", Severity.ERROR)
INSIDE = Rule("HDG107", "heading-in-paragraph", Severity.ERROR)
DEEP = Rule("HDG108", "heading-too-deep", Severity.ERROR)
ACCIDENT = Rule("HDG109", "accidental-heading", Severity.ERROR)
RULES = (INDENTED, INSIDE, DEEP, ACCIDENT)
_INDENTED = lazy(r"[ \u00a0\u3000]+(#{1,6})[ ]+\S")
_UNDERLINE = lazy(r"={3,}[ ]*")
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
_BROKEN_OFF = lazy(
    r"[ ](?:an?|the|of|and|or|without|into|than|whose|der|das|den|dem|des|ein|eine[mnrs]?|und|oder|ohne|von|vom|zum|zur"
    r"|el|las?|los|del?|una?|y|le|les|du|et|ou|os|uma?|dos|das|em)[ ]*$"
)
"""A word that no title ends with."""
_GOING_ON = frozenset(("and", "or", "und", "oder", "et", "ou"))
"""Words that no paragraph begins with in small letters."""
_LED_BY = lazy(r"#{1,6}(?:[ ]+(#{2,6})[ ]+|[ ]*(:)[ ]+)\S")
"""Other marks behind those of a heading, or a colon."""
_TAG = lazy(r"#[^\W_][\w-]*[ ]+\S")
"""A word with `#` before it, such as a channel or a number, that begins a sentence."""
_DASHES = lazy(r"-{3,}[ ]*")
_TITLE = lazy(r"[^\W\d_a-zà-ÿ][\w'’-]*(?:[ ][\w'’/&-]+){0,4}[ ]*")
_STOPS = (".", "!", "?", ":", "。")
_SLACK = 3
"""An underline is about as long as its title."""
_ROW = lazy(r"#{1,6}[ ]+[^|]+$")
_PRINTED = lazy(r"##[ ]+(?:\[\d+\][ ]|(?:Warning|Error|Loading required|Attaching|Registered)\b)")
"""What R prints, as knitr writes it."""
_HEADING = lazy(r"#{2,6}[ ]+(?=[^\n]*[^\W\d_])[^\s#][^\n]*$")
_DRAWN = lazy(r"[ ]*(?:[—–―]+|[＝]{2,}|－{2,})[ ]*")
"""What a word processor makes of an underline."""
_SECOND = lazy(r"(?<=[^\s#])[ ]+(#{2,6})[ ]+(?=[^\W\d_])")
_BEHIND = lazy(r"[^\W\d_][^#`\n]{2,80}[ ](#{2,6})[ ]*")
_INSIDE = lazy(r"(?<=[.!?:;>)])[ ]+(#{2,6})[ ]+(?=[A-Z])")


def check(page: Page) -> Iterator[Finding]:
    """Find headings that are none, and lines that become one by accident."""
    for sign in ("#", "＃") if _has_other_marks(page) else ():
        for number in page.lines_with(sign):
            yield from _at_sign(page, number)
    yield from _lone_underlines(page)
    yield from _as_code(page)
    for node in page.kinds.get("heading", ()):
        finding = _of_heading(page, node)
        if finding is not None:
            yield finding
    yield from _accidents(page)
    if page.kinds.get("hr"):
        yield from _underline_below_text(page)
        if page.kinds.get("setext"):
            yield from _underline_apart(page)


def _lone_underlines(page: Page) -> Iterator[Finding]:
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


def _as_code(page: Page) -> Iterator[Finding]:
    """A heading indented by four spaces, where no text announces an example."""
    for node in page.kinds.get("code", ()):
        text = node.rows[0].text if len(node.rows) == 1 else ""
        if _HEADING.match(text) and not _PRINTED.match(text) and not page.is_announced(node):
            yield INDENTED.at(
                page.source.content_span(node.rows[0].line),
                "this heading is indented so far that it becomes code",
                help="begin it at the left margin",
                proof=becomes_code(node.rows[0].line),
            )


def _accidents(page: Page) -> Iterator[Finding]:
    """Text over what was meant as a horizontal line."""
    for node in page.kinds.get("setext", ()):
        if is_accident(page, node.line):
            yield ACCIDENT.at(
                page.source.content_span(node.line + 1),
                "this line turns the text above it into a heading",
                help="put a blank line before it if a horizontal line is meant",
                fix=Edit(Span(*[page.source.starts[node.line + 1]] * 2), "\n"),
            )


def _at_sign(page: Page, number: int) -> Iterator[Finding]:
    """What the marks on a line are that is no heading: text, or the last row of a table."""
    leaf = page.leaf_by_line.get(number)
    if leaf is None:
        return
    if leaf.kind == "p" or leaf.tag in ("li", "dd"):
        yield from _in_text(page, number, next(row.text for row in leaf.rows if row.line == number))
    elif leaf.tag == "table" and _ROW.match(page.lines[number]):
        yield from _in_table(page, number, leaf)


def _of_heading(page: Page, node: Node) -> Finding | None:
    """What is wrong with a line that is a heading."""
    if node.tag == "h6" and page.lines[node.line].lstrip(" >").startswith("#######"):
        return DEEP.at(
            page.source.find(node.line, "#######"),
            "there are six levels of headings, so the rest is printed",
            help="use at most six marks",
        )
    led = _LED_BY.match(page.lines[node.line].lstrip(" >")) if node.rows[0].text[:1] in ("#", ":") else None
    if led:
        mark = led[1] or led[2]
        at = page.lines[node.line].index(mark, page.lines[node.line].index("#") + led.start(led.lastindex or 1))
        return INSIDE.at(
            page.source.span(node.line, at, at + len(mark)),
            "after the marks of a heading this is part of it, and printed",
            help="remove it",
            proof=prints(node.line, mark),
        )
    second = _second(page, node) if " ##" in node.rows[0].text else None
    if second:
        return INSIDE.at(
            page.source.span(node.line, *second),
            "a heading begins only at the start of a line",
            help="put it on a line of its own",
        )
    if _goes_on(page, node):
        return INSIDE.at(
            page.source.content_span(node.line),
            "this heading ends with its line: what follows is a paragraph",
            help="write the heading on one line, or put a blank line after it",
        )
    is_inside = node.parent is not None and node.parent is not page.tree and node.parent.tag != "li"
    if node.tag == "h1" and is_inside and _TAG.match(page.lines[node.line].lstrip(" >\t")):
        return ACCIDENT.at(
            page.source.find(node.line, "#"),
            "the `#` makes this line a title of the highest level",
            help="write `\\#`, or put the word in code",
        )
    holder = _ended_holder(page, node) if node.parent is not page.tree else ""
    if holder:
        return ACCIDENT.at(
            page.source.content_span(node.line),
            f"this heading is inside the {holder} above it, and its text is not",
            help="begin it at the left margin",
        )
    if _touches_item(page, node):
        return ACCIDENT.at(
            page.source.content_span(node.line),
            "this heading is inside the list item above it",
            help="begin it at the left margin, after a blank line",
        )
    return None


def _is_drawn_under(text: Row, line: Row) -> bool:
    """Whether a dash that is no `-` was to underline a title."""
    return _DRAWN.fullmatch(line.text) is not None and _TITLE.fullmatch(text.text) is not None


def _second(page: Page, heading: Node) -> tuple[int, int] | None:
    """Where the marks of another heading stand in the text of one."""
    start = page.lines[heading.line].find(heading.rows[0].text)
    match = _SECOND.search(page.prose_lines[heading.line], max(start, 0))
    return match.span(1) if match else None


def _has_other_marks(page: Page) -> bool:
    """Whether the page holds other marks than those of its headings."""
    ours = sum(int(heading.tag[1]) for heading in page.kinds.get("heading", ()))
    return page.signs.count("#") != ours or "＃" in page.signs


def _underline_apart(page: Page) -> Iterator[Finding]:
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


def _underline_below_text(page: Page) -> Iterator[Finding]:
    """A title and its dashes directly under other text: Python-Markdown underlines only the first line of a block."""
    for line in page.kinds["hr"]:
        text = _last_text(page.before(line))
        if text is None or text.kind not in ("p", "li") or len(text.rows) < 2 or text.rows[-1].line != line.line - 1:
            continue
        above, title = text.rows[-2].text.rstrip(), text.rows[-1].text.strip()
        shown = page.lines[line.line].strip(" >")
        is_drawn = _DASHES.fullmatch(shown) and abs(len(shown) - len(title)) <= _SLACK
        is_apart = above[-1:] in _STOPS if text.kind == "p" else not text.rows[-1].text.startswith(" ")
        if is_drawn and is_apart and _TITLE.fullmatch(title):
            yield INSIDE.at(
                page.source.content_span(text.rows[-1].line),
                f"the {_HOLDERS.get(text.kind, 'paragraph')} above swallows this heading, and its underline "
                "becomes a horizontal line",
                help="put a blank line before it",
            )


def _last_text(node: Node | None) -> Node | None:
    """The last item of a list, which a text without an empty line before it goes on; else the element itself."""
    while node is not None and node.tag in ("ul", "ol", "li") and node.children:
        node = node.children[-1]
    return node


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


def _goes_on(page: Page, heading: Node) -> bool:
    """Whether a heading breaks off, and the next line goes on in small letters."""
    following = page.lines[heading.line + 1 : heading.line + 2]
    if following in ([], [""]):
        return False  # without a look at any text: so it is with most
    below = page.leaf_by_line.get(heading.line + 1)
    if below is None or below.kind != "p" or below.rows[0].line != heading.line + 1:
        return False
    word = below.rows[0].text.strip().partition(" ")[0]
    if word in _GOING_ON:
        return True
    return word.isalpha() and word.islower() and _BROKEN_OFF.search(page.lines[heading.line]) is not None


_NO_TEXT = ("heading", "setext", "hr", "admonition", "details", "tabs")
"""What belongs to no heading above it that is already in another box."""
_HOLDERS = {"li": "list item", "admonition": "box", "details": "box"}


def _ended_holder(page: Page, heading: Node) -> str:
    """The box or item that ends with a heading although text follows outside; empty where there is none."""
    holder = heading.parent
    if holder is None or holder.kind not in _HOLDERS or holder.children[-1] is not heading or holder.rows:
        return ""
    if len(holder.children) < 2 or (holder.tag == "li" and page.after(holder) is not None):
        return ""
    outer = holder.parent if holder.tag == "li" else holder
    following = page.after(outer) if outer is not None else None
    is_text = following is not None and following.kind not in _NO_TEXT
    return _HOLDERS[holder.kind] if is_text else ""


def _touches_item(page: Page, heading: Node) -> bool:
    line = heading.line
    return (
        line > 0
        and heading.parent is not None
        and heading.parent.tag == "li"
        and re.match(r"[ \t>]*(?:[-*+]|\d+\.)[ \t]", page.lines[line - 1]) is not None
        and not re.match(r"[ \t>]*(?:[-*+]|\d+\.)[ \t]", page.lines[line])
    )
