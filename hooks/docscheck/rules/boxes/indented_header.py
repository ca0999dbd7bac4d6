"""A header that is indented by one to three spaces, or so far that it becomes code or part of a tab."""

from __future__ import annotations

from collections.abc import Iterator

from docscheck.config import TRULY_SANE
from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.page import Page
from docscheck.parse.blocks import Node
from docscheck.patterns import lazy
from docscheck.proofs import becomes_code
from docscheck.rules.boxes import NOUN, shows_marks, until_then, with_fault
from docscheck.rules.boxes.bodies import indent_of

RULE = Rule("BOX110", "indented-header", Severity.ERROR)
_ITEM = lazy(r"[ ]*(?:[-*+]|\d+\.)[ ]")


def check(page: Page) -> Iterator[Finding]:
    for opener in with_fault(page, "indented"):
        if page.config.has(TRULY_SANE) and _is_in_item(page, opener.line):
            continue
        yield RULE.at(
            opener.part,
            f"the header of this {NOUN[opener.kind]} is indented by a number of spaces that is not a multiple of four",
            help="begin it at the left margin, or indent it by four spaces for each list or box around it; "
            f"{until_then(opener)}",
            proof=shows_marks(opener),
        )
    for opener in with_fault(page, "code"):
        line = opener.line
        yield RULE.at(
            opener.part,
            f"this {NOUN[opener.kind]} is indented so far that it becomes a block of code",
            help="remove four spaces",
            proof=becomes_code(line),
        )
    for tabs in page.kinds.get("tabs", ()):
        if len(tabs.children) == 1:
            yield from _alone(page, tabs)


def _is_in_item(page: Page, line: int) -> bool:
    """Whether the first text further left above a line is an item, whose content the extension indents as it likes."""
    indent = indent_of(page, line)
    above = next((n for n in range(line - 1, -1, -1) if page.lines[n].strip() and indent_of(page, n) < indent), None)
    return above is not None and _ITEM.match(page.lines[above]) is not None


def _alone(page: Page, tabs: Node) -> Iterator[Finding]:
    """A tab at the end of another, neither with one beside it: they were meant as one set."""
    tab = tabs.parent
    if tab is None or tab.kind != "tab" or tab.last is not tabs or page.before(tabs) is None:
        return
    if tab.parent is not None and len(tab.parent.children) == 1:
        yield RULE.at(
            page.source.content_span(tabs.line),
            f"this tab stands inside the tab of line {tab.line + 1}, and neither has another beside it",
            help="remove four spaces, also before its body, if both are of one set",
        )
