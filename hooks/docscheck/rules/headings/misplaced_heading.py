"""Headings that are none, because of their indent or their place; and text that is one by accident."""

from __future__ import annotations

from collections.abc import Iterator

from docscheck.diagnostics import Edit, Finding
from docscheck.page import Page
from docscheck.parse.blocks import Node
from docscheck.patterns import lazy
from docscheck.proofs import becomes_code, prints
from docscheck.rules.headings import is_accident
from docscheck.rules.headings.marks_in_text import at_sign
from docscheck.rules.headings.misplaced_rules import ACCIDENT, DEEP, INDENTED, INSIDE
from docscheck.rules.headings.underlines import lone_underlines, underline_apart, underline_below_text
from docscheck.source import Span

RULES = (INDENTED, INSIDE, DEEP, ACCIDENT)
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
_PRINTED = lazy(r"##[ ]+(?:\[\d+\][ ]|(?:Warning|Error|Loading required|Attaching|Registered)\b)")
"""What R prints, as knitr writes it."""
_HEADING = lazy(r"#{2,6}[ ]+(?=[^\n]*[^\W\d_])[^\s#][^\n]*$")
_SECOND = lazy(r"(?<=[^\s#])[ ]+(#{2,6})[ ]+(?=[^\W\d_])")
_ITEM = lazy(r"[ \t>]*(?:[-*+]|\d+\.)[ \t]")


def check(page: Page) -> Iterator[Finding]:
    """Find headings that are none, and lines that become one by accident."""
    for sign in ("#", "＃") if _has_other_marks(page) else ():
        for number in page.lines_with(sign):
            yield from at_sign(page, number)
    yield from lone_underlines(page)
    yield from _as_code(page)
    for node in page.kinds.get("heading", ()):
        finding = _of_heading(page, node)
        if finding is not None:
            yield finding
    yield from _accidents(page)
    if page.kinds.get("hr"):
        yield from underline_below_text(page)
        if page.kinds.get("setext"):
            yield from underline_apart(page)


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


def _of_heading(page: Page, node: Node) -> Finding | None:
    """What is wrong with a line that is a heading; of several faults the first."""
    looks = (_too_deep, _led_by, _with_second, _broken_off, _tag_as_title, _inside_holder, _under_item)
    return next((finding for look in looks if (finding := look(page, node)) is not None), None)


def _too_deep(page: Page, node: Node) -> Finding | None:
    """Seven marks or more."""
    if node.tag != "h6" or not page.lines[node.line].lstrip(" >").startswith("#######"):
        return None
    return DEEP.at(
        page.source.find(node.line, "#######"),
        "there are six levels of headings, so the rest is printed",
        help="use at most six marks",
    )


def _led_by(page: Page, node: Node) -> Finding | None:
    """Marks behind those of a heading, or a colon: `## : Title`."""
    led = _LED_BY.match(page.lines[node.line].lstrip(" >")) if node.rows[0].text[:1] in ("#", ":") else None
    if led is None:
        return None
    mark = led[1] or led[2]
    at = page.lines[node.line].index(mark, page.lines[node.line].index("#") + led.start(led.lastindex or 1))
    return INSIDE.at(
        page.source.span(node.line, at, at + len(mark)),
        "after the marks of a heading this is part of it, and printed",
        help="remove it",
        proof=prints(node.line, mark),
    )


def _with_second(page: Page, node: Node) -> Finding | None:
    """The marks of another heading in the text of one."""
    if " ##" not in node.rows[0].text:
        return None
    start = page.lines[node.line].find(node.rows[0].text)
    match = _SECOND.search(page.prose_lines[node.line], max(start, 0))
    return match and INSIDE.at(
        page.source.span(node.line, *match.span(1)),
        "a heading begins only at the start of a line",
        help="put it on a line of its own",
    )


def _broken_off(page: Page, node: Node) -> Finding | None:
    """A heading that goes on, in its writer's mind, on the next line."""
    if not _goes_on(page, node):
        return None
    return INSIDE.at(
        page.source.content_span(node.line),
        "this heading ends with its line: what follows is a paragraph",
        help="write the heading on one line, or put a blank line after it",
    )


def _tag_as_title(page: Page, node: Node) -> Finding | None:
    """`#channel …` in a box or a quote."""
    is_inside = node.parent is not None and node.parent is not page.tree and node.parent.tag != "li"
    if node.tag != "h1" or not is_inside or not _TAG.match(page.lines[node.line].lstrip(" >\t")):
        return None
    return ACCIDENT.at(
        page.source.find(node.line, "#"),
        "the `#` makes this line a title of the highest level",
        help="write `\\#`, or put the word in code",
    )


def _inside_holder(page: Page, node: Node) -> Finding | None:
    """The last line of a box or an item, whose text stands outside."""
    holder = _ended_holder(page, node) if node.parent is not page.tree else ""
    if not holder:
        return None
    return ACCIDENT.at(
        page.source.content_span(node.line),
        f"this heading is inside the {holder} above it, and its text is not",
        help="begin it at the left margin",
    )


def _under_item(page: Page, node: Node) -> Finding | None:
    """A heading directly under the first line of an item."""
    if not _touches_item(page, node):
        return None
    return ACCIDENT.at(
        page.source.content_span(node.line),
        "this heading is inside the list item above it",
        help="begin it at the left margin, after a blank line",
    )


def _has_other_marks(page: Page) -> bool:
    """Whether the page holds other marks than those of its headings."""
    ours = sum(int(heading.tag[1]) for heading in page.kinds.get("heading", ()))
    return page.signs.count("#") != ours or "＃" in page.signs


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
    """Whether a heading is part of the item whose line stands directly above it."""
    line = heading.line
    return (
        line > 0
        and heading.parent is not None
        and heading.parent.tag == "li"
        and _ITEM.match(page.lines[line - 1]) is not None
        and _ITEM.match(page.lines[line]) is None
    )
