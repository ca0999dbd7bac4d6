"""What no other rule foresaw: syntax that can be read in the rendered page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.page import Page
from docscheck.parse.inline import bracket_pairs
from docscheck.patterns import lazy
from docscheck.source import Span

if TYPE_CHECKING:
    from docscheck.rendering import Printed

RULE = Rule("SYN901", "printed-syntax", Severity.ERROR)
_LEFTOVER = lazy(
    r"(?P<box>^\s*(?:!!!|\?\?\?\+?)[ ]?[a-z][\w -]*(?=[\"“”«]|$))|(?P<tab>^\s*===[+!]?\s+[\"'])"
    r"|(?P<link>\w\]\((?=[\w./#<]))"
    r"|(?P<bold>(?<![\w*/\\])\*\*(?=[^\W_])(?=[^*\n]*\*\*)|(?<=[^\W_])(?<![\d+][Gg])\*\*(?![\w*/]))|(?P<fence>^\s*(?:```|~~~))|(?P<note>(?<=\w)\[\^[\w-]+\])"
    r"|(?P<image>!\[[^\]\n]+\][({])"
)
_SIGNS = ("!!!", "???", "===", "](", "**", "```", "~~~", "[^", "![")
"""One of these is in whatever is left over."""
_MARKS = lazy(r"\n[ \t>]*(?:[-*+][ ]|\d+\.[ ]|#{1,6}[ ])*(?:!!!|\?\?\?|===[+! ]|```|~~~)")
_REACH = 2000
"""So many characters before a link an open parenthesis is looked for."""
_PARENTHESES = lazy(r"[()]")
_LINK = lazy(r"\]\(")
_CROSSED = lazy(r"\]([*_~]{1,2})\((?=[\w./#])")
_EXTENSIONS = {"note": "footnotes"}
_NAMES = {
    "image": "an image",
    "box": "a box header",
    "tab": "a tab header",
    "link": "a link or image",
    "bold": "bold text",
    "fence": "a fence",
    "note": "a footnote",
}


def second_witness(page: Page, found: list[Finding]) -> list[Finding]:
    """Findings for leftovers on lines where no rule reported anything."""
    may_cross = any(mark in page.signs for mark in ("]*", "]_", "]~"))
    crossed = [_crossing(page, match) for match in _CROSSED.finditer(page.prose)] if may_cross else []
    crossed += _strays(page)
    if not page.is_rendered and not _wants_a_look(page, found):
        return crossed
    rendered = page.rendered
    spoken = {opener.line for opener in page.openers if opener.fault} | {
        page.source.line_of(finding.span.start) for finding in found
    }
    more: dict[int, Finding] = {}
    for printed in rendered.printed if not rendered.failed else ():
        finding = _finding(page, printed)
        if finding is not None:
            line = page.source.line_of(finding.span.start)
            if line not in spoken and line not in more:
                more[line] = finding
    return [*crossed, *more.values()]


def _strays(page: Page) -> Iterator[Finding]:
    """A bracket or parenthesis too many beside a link."""
    prose = page.prose
    paired: set[int] = set()
    if "[[" in page.signs or "[![" in page.signs:
        paired = {position for pair in bracket_pairs(prose) for position in pair}
    for link in page.links:
        start, end = link.span.start, link.span.end
        if link.kind != "inline":
            continue
        if prose[end : end + 1] == ")" and not _opens_before(page, start):
            yield RULE.at(Span(end, end + 1), "this parenthesis closes nothing", help="remove it")
        is_alone = prose[start - 1 : start] == "[" and prose[start - 2 : start - 1] != "\\" and start - 1 not in paired
        if is_alone and "\\]" not in prose[start:end]:
            yield RULE.at(Span(start - 1, start), "this bracket is never closed", help="remove it, or close it")


def _opens_before(page: Page, offset: int) -> bool:
    """Whether a parenthesis is open where the link begins; links before it in the paragraph do not count."""
    start = max(page.prose.rfind("\n\n", 0, offset) + 1, offset - _REACH)
    before = re.sub(r"\]\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)", "", page.prose[start:offset])
    depth = 0
    for sign in _PARENTHESES.findall(before):
        depth = depth + 1 if sign == "(" else max(depth - 1, 0)
    return depth > 0 or "\\(" in before


def _crossing(page: Page, match: re.Match[str]) -> Finding:
    return RULE.at(
        Span(*match.span(1)),
        "this mark is between a link's text and its address",
        help="end the emphasis inside the brackets, or after the parentheses",
    )


def _wants_a_look(page: Page, found: list[Finding]) -> bool:
    """Whether the source holds marks that the parse does not account for."""
    text, signs = page.prose, page.signs
    links = sum(link.kind == "inline" for link in page.links)
    if signs.count("](") > links and text.count("](") > links:
        return True
    marks = sum(map(signs.count, ("!!!", "???", "===", "```", "~~~")))
    if marks > sum(opener.kind != "block" for opener in page.openers):
        accounted = {opener.line for opener in page.openers}
        accounted |= {page.source.line_of(finding.span.start) for finding in found}
        for match in _MARKS.finditer(f"\n{text}"):
            line = page.source.line_of(match.end() - 2)
            if line not in accounted and page.leaf_by_line.get(line) is not None:
                return True
    return any(
        block.tag.name not in ("script", "style")
        and not block.markdown
        and _LINK.search(page.masked, block.span.start, block.span.end)
        for block in page.html_blocks
    )


def _finding(page: Page, printed: Printed) -> Finding | None:
    text = printed.text
    match = _LEFTOVER.search(text) if any(map(text.__contains__, _SIGNS)) else None
    if not match or printed.line is None or match.lastgroup is None:
        return None
    literal = match[0].strip()
    line = page.lines[printed.line]
    column = line.find(literal)
    if column < 0 or "\\" in line[max(0, column - 2) : column + len(literal)] or "{{" in line:
        return None
    if match.lastgroup == "bold" and "\\*" in line:
        return None
    if page.masked_lines[printed.line][column] == "\x00" or printed.line in page.fenced_lines:
        return None
    extension = _EXTENSIONS.get(match.lastgroup)
    if extension and not page.config.has(extension):
        return None
    return RULE.at(
        page.source.span(printed.line, column, column + len(literal)),
        f"the reader sees {_NAMES[match.lastgroup]} as typed",
        help="look at the rendered page: something near this line prevents it from being read as Markdown",
    )
