"""Text that was meant for a box or tab and stands beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from docscheck.config import TRULY_SANE
from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.once import of_page
from docscheck.page import Page
from docscheck.page.opener import Opener
from docscheck.parse.blocks import Node
from docscheck.patterns import lazy
from docscheck.proofs import becomes_code
from docscheck.rules.boxes import NOUN
from docscheck.rules.boxes.bodies import (
    HEADER,
    INSERTED,
    OUTSIDE,
    boxes_around,
    indent_of,
    is_body_for,
    leaves_container,
    next_text,
    proof_outside,
    says_enough,
)
from docscheck.source import Span

RULE = OUTSIDE
EMPTY = Rule("BOX202", "empty-box", Severity.ERROR)
RULES = (RULE, EMPTY)
_ALERT = lazy(r"^([ \t]*>)[ ]?\[!\w+\][ ]*\n[ ]*\n(?=\1[ ]?(?!\[!)\S)([^\n]+)", re.M)
_MARKER = lazy(r"[ >]*(?:([-*+])|\d+\.)[ ]+\S")
_PLAIN_WORD = lazy(r"[(\"'*_]*[^\W\d_]+(?:['’-][^\W\d_]+)*[*_]*[)\"',.;:!?]*")
_LEAD_TO = r"(?:[-*+]|\d+\.)[ ]|```|~~~|\||\$\$|\\\[|!\["
_ANNOUNCED = lazy(_LEAD_TO)
"""What a colon announces: a list, code, a table, a formula, a picture."""
_ANNOUNCED_IN_TAB = lazy(rf"{_LEAD_TO}|(?:!!!|\?\?\?\+?)[ ]?[a-z]")
"""At the end of a tab, also a box: what the colon announces does not stand behind all tabs."""


def check(page: Page) -> Iterator[Finding]:
    if "\n>[!]\n\n>" in page.signs and page.config.option("pymdownx.quotes", "callouts"):
        yield from _after_alert(page)
    if page.config.has(TRULY_SANE):
        yield from _in_narrow_items(page)
    if "mkdocstrings" in page.config.plugins and page.may_document:
        yield from _options_beside(page)
    for opener in page.openers:
        if opener.node is None or opener.kind == "block":
            continue
        finding = _after_body(page, opener, opener.node) if opener.node.children else _without_body(page, opener)
        if finding:
            yield finding


_OBJECT = lazy(r"([ ]*):::[ ]?[\w.:/-]+[ ]*$")
_OPTIONS = lazy(r"([ ]*)(?:options|handler|selection|rendering):(?:[ ]+\w+)?[ ]*$")


def _options_beside(page: Page) -> Iterator[Finding]:
    """What `mkdocstrings` is told about an object, on the lines below but not indented, so that it is text."""
    for number in range(page.body, len(page.lines) - 1):
        line = page.lines[number]
        named = _OBJECT.match(line) if ":::" in line and number not in page.fenced_lines else None
        options = _OPTIONS.match(page.lines[number + 1]) if named else None
        if named and options and len(named[1]) <= len(options[1]) < len(named[1]) + 4:
            yield RULE.at(
                page.source.content_span(number + 1),
                f"these options are outside the block of line {number + 1}, so they are printed",
                help="indent them by four spaces more than `:::`",
            )


_INDENTED = lazy(r"[ ]{2,12}(?:!!!|\?\?\?\+?)[ ]?[a-z]+(?:[ ]+\"[^\"]*\")?[ ]*$")
_LONGEST_ITEM = 100
_NARROW_ITEM = lazy(r"[ ]*(?:[-*+]|\d+\.)[ ]+\S")


def _in_narrow_items(page: Page) -> Iterator[Finding]:
    """A box in an item whose text `mdx_truly_sane_lists` reads two spaces in: its own text stands four further in."""
    for number in range(page.body, len(page.lines)):
        line = page.lines[number]
        if not line.startswith("  ") or number in page.fenced_lines or not _INDENTED.match(line):
            continue
        margin = indent_of(page, number)
        beginnings = range(number - 1, max(number - _LONGEST_ITEM, -1), -1)
        above = next((n for n in beginnings if page.lines[n].strip() and indent_of(page, n) < margin), 0)
        below = next_text(page, number)
        is_own = _NARROW_ITEM.match(page.lines[above]) and page.lines[number - 1 : number] == [""]
        if is_own and below is not None and 0 < indent_of(page, below) - margin < 4:
            yield RULE.at(
                page.source.content_span(below),
                f"this is outside the box opened on line {number + 1}",
                help="indent it by four spaces more than the header, however narrow the items are",
            )


def _after_alert(page: Page) -> Iterator[Finding]:
    """`> [!NOTE]`, an empty line, and a quote that was meant to be in it."""
    for match in _ALERT.finditer(page.prose):
        number = page.source.line_of(match.start(2))
        yield RULE.at(
            Span(*match.span(2)),
            f"the empty line above ends the alert of line {number - 1}, so this is outside",
            help="write `>` on the empty line",
        )


def _without_body(page: Page, opener: Opener) -> Finding | None:
    if opener.kind == "tab" and _is_demonstration(page, opener):
        return None
    margin = indent_of(page, opener.line)
    number = next_text(page, opener.line)
    first = next((n for n in range(opener.line + 1, len(page.lines)) if page.lines[n].strip(" >\t")), number)
    if first is not None and first != number and INSERTED.match(page.lines[first]):
        return None  # a file that is taken in
    if number is None:
        return _empty(opener)
    if INSERTED.match(page.lines[number]):
        return None  # whatever is put in its place may bring its own indent
    if _is_behind_quote(page, opener, number):
        return _outside(page, opener, number)
    step = indent_of(page, number) - margin
    text = page.lines[number].lstrip(" >\t")
    if step < 0 or (step == 0 and HEADER.match(text)) or leaves_container(page, opener.line, number):
        return _empty(opener)
    directly = number == opener.line + 1 and not _is_told_in_title(opener)
    untitled = not (opener.node and opener.node.title)
    if step > 0 or directly or opener.kind == "tab" or (untitled and is_body_for(opener)):
        return _outside(page, opener, number)
    return _empty(opener)


def _is_behind_quote(page: Page, opener: Opener, number: int) -> bool:
    """Whether a header ends a quote but for an empty `>`, and a line without its mark follows directly: it goes on."""
    leaf = page.leaf_by_line.get(number)
    return (
        number > opener.line + 1
        and page.lines[number - 1].strip() == ">"
        and page.lines[opener.line].lstrip().startswith(">")
        and page.lines[number][:1].isalnum()
        and leaf is not None
        and any(node.tag == "blockquote" for node in leaf.ancestors())
    )


def _is_demonstration(page: Page, opener: Opener) -> bool:
    """Whether all tabs of a set are empty, beside text: a page that shows how tabs look."""
    assert opener.node is not None
    tabs = opener.node.parent.children if opener.node.parent else []
    if len(tabs) < 2 or any(tab.children for tab in tabs) or opener.node.parent is None:
        return False
    before, after = page.before(opener.node.parent), page.after(opener.node.parent)
    return not (before is not None and before.kind == "heading" and (after is None or after.kind == "heading"))


def _is_told_in_title(opener: Opener) -> bool:
    """Whether the title of a box is a whole sentence with its stop: then what follows at once may be the page's own."""
    title = (opener.node.title or "").strip() if opener.node and opener.kind == "box" else ""
    return title.endswith((".", "!", "。", "！")) and says_enough(title.rstrip(".!。！"))


def _empty(opener: Opener) -> Finding | None:
    """A box without text and without a title says nothing; one with a title only is a common style."""
    node = opener.node
    assert node is not None
    title = node.title or ""
    if (opener.kind == "box" and title) or (opener.kind == "details" and says_enough(title)):
        return None
    return EMPTY.at(
        opener.span,
        f"this {NOUN[opener.kind]} is empty",
        help="indent its text by four spaces, or remove the header",
        severity=Severity.WARNING if opener.kind == "tab" else None,
    )


def _after_body(page: Page, opener: Opener, node: Node) -> Finding | None:
    """A later paragraph indented by one to three spaces."""
    last = _last_line(node)
    last = _end_of_fence(page, last)
    number = next_text(page, last)
    if number is None or leaves_container(page, opener.line, number):
        return None
    if left := _left_behind(page, opener, number):
        return left
    if any(INSERTED.match(page.lines[between]) for between in range(last + 1, number)):
        return None  # what is taken in ends the box
    if page.macros and page.lines[number].strip() == "{{":
        return None  # a text of several lines, which bring their own indent
    step = indent_of(page, number) - indent_of(page, opener.line)
    if number == last + 1 and step == 0 and page.lines[number].lstrip(" >")[:1].islower():
        return _outside(page, opener, number)  # the sentence goes on at the margin
    if number == last + 1 and step == 0 and _goes_on(page, last, number):
        return _outside(page, opener, number)
    announced = _ANNOUNCED_IN_TAB if opener.kind == "tab" else _ANNOUNCED
    if step == 0 and number > last + 1 and _announces(page, last) and announced.match(page.lines[number].lstrip(" >")):
        return _outside(page, opener, number)
    if step == 0 and number > last + 1 and opener.kind == "tab" and _parts_tabs(page, node, number):
        return _outside(page, opener, number)
    if step == 0 and number > last + 1 and _is_before_code(page, number):
        return _outside(page, opener, number)
    if step == 0 and number > last + 1 and page.has_maths and _leads_to_formula(page, last, number):
        return _outside(page, opener, number)
    if step == 1 and (page.has_stray_margin or number > last + 2):
        return None  # one space is soon typed, and two blank lines part texts
    if not 1 <= step <= 3 or (number in page.fenced_lines and page.lines[number].lstrip()[:3] not in ("```", "~~~")):
        return None
    if _is_usual(page, number):
        return None
    return _outside(page, opener, number)


def _left_behind(page: Page, opener: Opener, number: int) -> Finding | None:
    """The header behind a box inside another, four spaces too far out: its body is where it belongs, and so is code."""
    inner, margin = opener.node, indent_of(page, opener.line)
    is_a_step_out = indent_of(page, number) + 4 == margin
    is_beside = "code" in page.kinds and opener.kind != "tab" and indent_of(page, number) == margin
    header = _headers(page).get(number) if is_a_step_out or is_beside or opener.kind == "tab" else None
    if header is not None and header.kind == opener.kind == "tab" and _is_of_step(page, opener, header):
        return RULE.at(
            header.span,
            f"this is outside of what holds the tab of line {opener.line + 1}, so it begins another set",
            help="indent it like the tabs above",
        )
    if is_beside and header is not None and header.node is not None and _is_for_code(page, header, margin + 8):
        if not _is_sentence(header.node.children[0]):
            return None
        return RULE.at(
            header.span,
            f"this is outside the box of line {opener.line + 1}, and its text becomes code",
            help="indent it by four spaces",
            proof=becomes_code(header.node.children[0].rows[0].line),
        )
    if header is None or header.node is None or not header.node.children or not is_a_step_out:
        return None
    around = inner.parent if inner and inner.kind != "tab" else inner.parent.parent if inner and inner.parent else None
    body = header.node.children[0]
    is_code = _is_for_code(page, header, margin + 4)
    if not is_code or around is None or around.kind not in ("admonition", "details", "tab"):
        return None
    return RULE.at(
        header.span,
        f"this is outside the box in which line {opener.line + 1} stands, and its text becomes code",
        help="indent it by four spaces more",
        proof=becomes_code(body.rows[0].line),
    )


def _is_for_code(page: Page, header: Opener, column: int) -> bool:
    """Whether all of a box is code whose text begins at a column: where it would stand one step further in."""
    body = header.node.children[0] if header.node is not None and header.node.children else None
    return body is not None and body.kind == "code" and bool(body.rows) and indent_of(page, body.rows[0].line) == column


_HOLDS = frozenset(("li", "admonition", "details"))


def _is_of_step(page: Page, opener: Opener, header: Opener) -> bool:
    """Whether a tab stands beside the item or box that ends with a set of tabs, and one of the two is of one tab."""
    tabs = opener.node.parent if opener.node is not None else None
    others = header.node.parent if header.node is not None else None
    item = tabs.parent if tabs is not None else None
    if tabs is None or others is None or item is None or item.kind not in _HOLDS or item.children[-1] is not tabs:
        return False
    is_one_alone = len(tabs.children) == 1 or len(others.children) == 1
    return is_one_alone and indent_of(page, header.line) == indent_of(page, item.line)


@of_page
def _headers(page: Page) -> dict[int, Opener]:
    return {opener.line: opener for opener in page.openers}


def _is_usual(page: Page, number: int) -> bool:
    """Whether a list or a fence begins there that is indented as another one, which follows no box."""
    if number in page.fenced_lines:
        alike = [fence.start for fence in page.fences]
    else:
        alike = [node.line for kind in ("ul", "ol") for node in page.kinds.get(kind, ()) if node.parent is page.tree]
    others = (line for line in alike if line != number and indent_of(page, line) == indent_of(page, number))
    return number in alike and any(not _follows_box(page, line) for line in others)


def _follows_box(page: Page, line: int) -> bool:
    """Whether the text above a line is in a box."""
    above = next((number for number in range(line - 1, -1, -1) if page.lines[number].strip(" >\t")), 0)
    leaf = page.leaf_by_line.get(above)
    if leaf is None:
        return any(opener.line == above for opener in page.openers)
    return any(node.kind in ("admonition", "details", "tab") for node in (leaf, *leaf.ancestors()))


def _goes_on(page: Page, last: int, number: int) -> bool:
    """Whether a line at the margin is an item directly under one of its kind in the box, or is between lines of it."""
    below = number + 1
    if below < len(page.lines) and page.lines[below].strip() and indent_of(page, below) == indent_of(page, last) > 0:
        return page.lines[number].lstrip(" >")[:1].isalnum()
    above, item = (_MARKER.match(page.lines[line]) for line in (last, number))
    return above is not None and item is not None and above[1] == item[1] and number not in page.fenced_lines


def _announces(page: Page, line: int) -> bool:
    """Whether the last line of a box ends with a colon: what it announces was meant to be in the box."""
    return page.lines[line].rstrip().endswith((":", "：")) and line not in page.fenced_lines


def _parts_tabs(page: Page, tab: Node, number: int) -> bool:
    """Whether one paragraph parts two sets of tabs, of which one has one tab, where no other tab of the page is alone.

    Tabs that hold nothing but code may be alone, so as to name a file.
    """
    alone = _single_tabs(page)
    leaf = page.leaf_by_line.get(number) if alone else None
    above, below = tab.parent, page.after(leaf) if leaf is not None and leaf.kind == "p" else None
    if leaf is None or above is None or below is None or below.kind != "tabs" or leaf.parent is not above.parent:
        return False
    if not all(tabs is above or tabs is below for tabs in alone) or above.children[-1] is not tab:
        return False
    if leaf.rows[-1].text.rstrip().endswith((":", "：")) or page.lines[number].startswith("**"):
        return False
    tabs = (*above.children, *below.children)
    if len({each.title for each in tabs}) < len(tabs):
        return False
    texts = [each.children[0] for each in tabs if each.children]
    return len(texts) == len(tabs) and all(
        text.kind == "p" and text.rows[0].line not in page.fenced_lines for text in texts
    )


@of_page
def _single_tabs(page: Page) -> list[Node]:
    """The sets of tabs that have one tab."""
    return [tabs for tabs in page.kinds.get("tabs", ()) if len(tabs.children) == 1]


def _is_before_code(page: Page, number: int) -> bool:
    """Whether a paragraph stands between a box and a sentence that is code, since only this one is indented for it."""
    leaf = page.leaf_by_line.get(number) if "code" in page.kinds else None
    code = page.after(leaf) if leaf is not None and leaf.kind == "p" else None
    if leaf is None or code is None or code.kind != "code" or not code.rows:
        return False
    if leaf.rows[-1].text.rstrip().endswith((":", "：")) or leaf.line != number:
        return False
    return _is_sentence(code) and indent_of(page, code.rows[0].line) == indent_of(page, number) + 4


def _is_sentence(code: Node) -> bool:
    """Whether what is code reads as a sentence."""
    words = " ".join(row.text for row in code.rows).split()
    plain = sum(_PLAIN_WORD.fullmatch(word) is not None for word in words)
    is_whole = len(words) > 2 and words[0][:1].isupper() and words[-1].endswith((".", "!", "?", ":"))
    return is_whole and plain * 4 >= len(words) * 3


def _leads_to_formula(page: Page, last: int, number: int) -> bool:
    """Whether the last sentence of a box has no end, and a formula follows outside."""
    begun = page.lines[last].rstrip()
    is_formula = page.lines[number].lstrip(" >").startswith(("$$", "\\["))
    return is_formula and last not in page.fenced_lines and begun[-1:].isalpha() and len(begun.split()) > 2


def _outside(page: Page, opener: Opener, number: int) -> Finding:
    span = page.source.content_span(number)
    return RULE.at(
        span,
        f"this is outside the {NOUN[opener.kind]} opened on line {opener.line + 1}",
        help="indent it by four spaces more than the header",
        proof=proof_outside(boxes_around(opener), number),
    )


def _last_line(node: Node) -> int:
    """The last line of text in a box; its header's where it holds none."""
    last = node.rows[-1].line if node.rows else node.line
    for child in node.children:
        line = _last_line(child) if child.children else child.rows[-1].line if child.rows else 0
        if line > last:
            last = line
    return last


def _end_of_fence(page: Page, line: int) -> int:
    if line not in page.fenced_lines:
        return line
    return next(fence.end for fence in page.fences if fence.start <= line <= fence.end)
