"""Where the bodies of boxes are, and what stands beside a box and was meant as its body."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from docscheck.diagnostics import Rule, Severity
from docscheck.page import Page
from docscheck.page.opener import Opener
from docscheck.patterns import WIDE_LETTER, lazy

if TYPE_CHECKING:
    from docscheck.rendering import Rendered

OUTSIDE = Rule("BOX201", "body-outside", Severity.ERROR)
HEADER = lazy(r"(?:!!!|\?\?\?|===|///|#{1,6}\s|<)")
_DEFINITION = lazy(r"[ \t>]*(?:\[[^\]]+\]:|\*\[[^\]]+\]:)")
INSERTED = lazy(r"[ \t>]*(?:\{\{|\{%|\[=|--8<|:::)")
_RULE_LINE = lazy(r"[ \t>]*(?:-[ ]?){3,}$|[ \t>]*(?:\*[ ]?){3,}$|[ \t>]*(?:_[ ]?){3,}$")
_SENTENCE_END = (".", "!", "?", "…", ":", "。", "！", "？", "：", ")")
_SHORT_TITLE = 5
_STATUS = lazy(
    r"\d|\b(?:added|new|changed?|deprecated|removed|introduced|renamed|moved|replaced|available|unavailable"
    r"|experimental|alpha|beta|preview|stable|unstable|requires?|required|since|versions?|only|supported|unsupported"
    r"|obsolete|coming|planned|draft|outdated|archived|premium|pro|enterprise|insiders|sponsors?|optional|internal"
    r"|legacy|read-only|translated|untranslated|unreleased|nightly|advanced|work in progress|under construction)\b",
    re.I,
)
"""What a title says of a page or a part of it: "Added in version 2.1", "Experimental"."""
_ASKS = lazy(r"(?:How|What|Why|When|Where|Which|Who)\b")
"""A title that asks or promises: what it announces follows, however long it is."""
_LONG_WIDE_TITLE = 12


def body_beside(page: Page, opener: Opener) -> int | None:
    """The line behind a blank one that was probably meant as the body of a box which has a title only."""
    node = opener.node
    if node is None or node.children or opener.kind not in ("box", "details") or not node.title:
        return None
    number = next_text(page, opener.line)
    if number is None or number == opener.line + 1 or INSERTED.match(page.lines[number]):
        return None
    first = next(n for n in range(opener.line + 1, number + 1) if page.lines[n].strip(" >\t"))
    if INSERTED.match(page.lines[first]) or _RULE_LINE.match(page.lines[number]):
        return None  # what is put in there may be the body, and a line across the page is none
    beside = indent_of(page, number) == indent_of(page, opener.line) and not HEADER.match(
        page.lines[number].lstrip(" >\t")
    )
    if not beside or leaves_container(page, opener.line, number):
        return None
    return number if is_body_for(opener) and not _is_status(page, opener, number) else None


def is_body_for(opener: Opener) -> bool:
    """Whether an unindented block after a blank line was meant as the body: a short title announces something."""
    assert opener.node is not None
    title = (opener.node.title or "").strip()
    if opener.kind == "tab" or opener.node.title is None:
        return True
    if opener.kind == "details" and title.endswith("?") and "](" not in title:
        return True  # the answer is to be folded under the question
    return not says_enough(title)


def says_enough(title: str) -> bool:
    """Whether a title can stand without a body: it is a sentence, or a link."""
    is_long = (len(title.split()) > _SHORT_TITLE and not _ASKS.match(title)) or (
        len(WIDE_LETTER.findall(title)) > _LONG_WIDE_TITLE
    )
    return is_long or title.endswith(_SENTENCE_END) or "](" in title


def _is_status(page: Page, opener: Opener, number: int) -> bool:
    """Whether a box's title tells the state of what follows, which is the page's own next paragraph.

    Inside another box it does not: what stands there is no part of the page that may be new or optional.
    """
    assert opener.node is not None
    if sum(node.kind in ("admonition", "details") for node in opener.node.ancestors()) > 1:
        return False
    is_told = opener.kind == "box" and _STATUS.search(opener.node.title or "") is not None
    leaf = page.leaf_by_line.get(number)
    return is_told and leaf is not None and leaf.kind == "p" and leaf.tag == "p"


def boxes_around(opener: Opener) -> int:
    """How many boxes a box stands in."""
    assert opener.node is not None
    return sum(node.kind in ("admonition", "details", "tab") for node in opener.node.ancestors()) - 1


def proof_outside(around: int, number: int) -> Callable[[Rendered], bool]:
    """Whether a line stands in no more boxes than the box it was meant for."""

    def proof(rendered: Rendered) -> bool:
        boxes = rendered.boxes(number)
        return boxes is None or boxes <= around

    return proof


def next_text(page: Page, line: int) -> int | None:
    """The next line, counted from 0, that a reader sees something of; definitions are none."""
    lines = page.lines
    for number in range(line + 1, len(lines)):
        text = lines[number]
        if text.strip(" >\t") and number not in page.removed_lines and not _DEFINITION.match(text):
            return number
    return None


def indent_of(page: Page, line: int) -> int:
    """How many columns stand before a line's text, the marks of quotes included."""
    text = page.lines[line]
    if text[:1] not in ("", " ", "\t", ">"):
        return 0
    text = text.expandtabs(4)
    return len(text) - len(text.lstrip(" >"))


def leaves_container(page: Page, line: int, number: int) -> bool:
    """Whether a quote begins or ends between the header and the line."""
    header, text = page.lines[line], page.lines[number]
    if ">" not in header and ">" not in text:
        return False
    return header.count(">", 0, indent_of(page, line)) != text.count(">", 0, indent_of(page, number))
