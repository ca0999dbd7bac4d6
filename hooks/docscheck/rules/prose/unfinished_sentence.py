"""A paragraph, a heading, an item or a cell that breaks off, and a colon that announces nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.page import Page
from docscheck.parse.blocks import Node
from docscheck.patterns import lazy
from docscheck.rules.prose.unfinished_cells import cut_cells, has_cut_cell
from docscheck.rules.prose.unfinished_colons import announces_nothing
from docscheck.rules.prose.unfinished_elsewhere import ELSEWHERE, STOPPED, breaks_off_at_pause, breaks_off_elsewhere
from docscheck.rules.prose.unfinished_english import breaks_off_in_english
from docscheck.rules.prose.unfinished_forms import CUT_BY_STOP, PAUSES, is_code
from docscheck.rules.prose.unfinished_items import cut_items, empty_labels
from docscheck.source import Span

RULE = Rule("PRO102", "unfinished-sentence", Severity.WARNING)
_BRACKETED = frozenset(("(e.g.", "(i.e."))
_ENDS = CUT_BY_STOP.union(("e.g.", "i.e.", ".", "-", "–", "—"))
"""What a row that breaks off may end with, behind a space."""
_OPEN_SIGNS = frozenset((",", ";", *PAUSES))


def check(page: Page) -> Iterator[Finding]:
    """Find what breaks off: paragraphs in the language of the site; cells, headings and items in English."""
    language = page.language[:2]
    if language == "en":
        breaks_off = breaks_off_in_english
    elif language in ELSEWHERE:
        breaks_off = breaks_off_elsewhere
    elif language in ("zh", "ja"):
        breaks_off = breaks_off_at_pause
    else:
        return
    yield from _paragraphs(page, language, breaks_off)
    for item in empty_labels(page):
        yield RULE.at(_last(page, item), "nothing follows this label", help="write what belongs to it")
    if language == "en":
        for table in page.kinds.get("table", ()):
            if has_cut_cell(table):
                for span in cut_cells(page, table):
                    yield RULE.at(span, "the sentence breaks off here", help="finish it")
        yield from _headings(page)
        for item in cut_items(page):
            yield _finding(page, item)


BreaksOff = Callable[[Page, Node, Node | None], bool]
"""Whether a paragraph breaks off, with what follows it."""


def _paragraphs(page: Page, language: str, breaks_off: BreaksOff) -> Iterator[Finding]:
    """Paragraphs that end with a colon or with a word that wants another one, and nothing follows that they lead to."""
    for node in page.kinds.get("p", ()):
        row = node.rows[-1].text
        if row[-1:] == "." and language == "en" and _is_whole(row):
            continue  # what most are
        if row.rstrip().endswith((":", "：")) and announces_nothing(page, node):
            message = "this announces something, and nothing follows"
            yield RULE.at(_last(page, node), message, help="add it, or end the sentence")
        may_be_open = _is_open(row) or (language in STOPPED and row.endswith("."))
        if may_be_open and breaks_off(page, node, page.after(node) or _code_behind(page, node)):
            yield _finding(page, node)


def _headings(page: Page) -> Iterator[Finding]:
    """Headings that end with a preposition or an article, if they are no question that may."""
    for heading in page.headings:
        if not heading.text.endswith(_CUT_TITLES):
            continue
        is_asked = _ASKING.match(heading.text) is not None and not heading.text.endswith(_NEVER_CUT)
        if not (heading.markup.endswith("`") or is_asked):
            yield RULE.at(page.source.content_span(heading.line), "the heading breaks off here", help="finish it")


_CUT_TITLES = (" of", " of the", " and the", " for the", " and", " in the", " to the", " with the", " a", " an", " the")
_ASKING = lazy(r"\W*(?:what|which|who|whom|how|where|why|things?|the \w+ (?:you|we|they|to))\b", re.I)
_NEVER_CUT = (" of the", " and the", " for the", " in the", " to the", " with the", " the", " an")
"""Not even a question ends so."""


def _finding(page: Page, node: Node) -> Finding:
    return RULE.at(_last(page, node), "the sentence breaks off here", help="finish it")


def _last(page: Page, node: Node) -> Span:
    """The last word of a text, with what is glued to it."""
    line = node.rows[-1].line
    text = page.lines[line].rstrip()
    return page.source.span(line, len(text) - len(text.split()[-1]), len(text))


def _code_behind(page: Page, node: Node) -> Node | None:
    """The block of code behind the quotation or the list that a paragraph ends."""
    around = node.parent
    if around is None or around.tag not in ("blockquote", "li") or around.children[-1] is not node:
        return None
    if around.tag == "li" and (around.parent is None or around.parent.children[-1] is not around):
        return None
    following = page.after(around if around.tag != "li" or around.parent is None else around.parent)
    return following if is_code(following) else None


def _is_open(row: str) -> bool:
    """Whether a paragraph's last row may break off: most end with a stop."""
    text = row.rstrip().rstrip("*_")
    last = text[-1:]
    if last in ".-–—":
        word = text.rpartition(" ")[2]
        return (word in _ENDS and word != text) or word[-5:] in _BRACKETED
    return last in _OPEN_SIGNS or last.isalpha()


def _is_whole(row: str) -> bool:
    """Whether what stands before the full stop of a row may end a sentence."""
    word = row[row.rfind(" ") + 1 :]
    return word not in _ENDS and word[-5:] not in _BRACKETED
