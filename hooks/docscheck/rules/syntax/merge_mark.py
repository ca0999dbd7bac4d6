"""What a merge or a patch left in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.page import Page
from docscheck.parse.blocks import Node
from docscheck.patterns import lazy
from docscheck.source import Span

RULE = Rule("SYN107", "merge-mark", Severity.ERROR)
_MERGE = lazy(r"\n(?:[ \t]+(?=[<>|]{7} \S)|(?:>[ ])+(?=[<|]{7} \S))?(<{7}|>{7}|\|{7})(?= |$)", re.MULTILINE)
_HUNK = lazy(r"^@@ -\d+(?:,\d+)? \+\d+(?:,\d+)? @@", re.MULTILINE)
_PATCH = lazy(r"^(?:diff --git a/\S+ b/\S+|\\ No newline at end of file)$", re.MULTILINE)
_RULED = lazy(r"\n\n(?:={4,6}|={8,})[ ]*(?=\n)")
"""A row of equal signs for decoration, of any other length."""
_MERGE_MARKS = ("<<<<<<<", ">>>>>>>", "|||||||")


def check(page: Page) -> Iterator[Finding]:
    if any(mark in page.signs and page.shows(mark) for mark in _MERGE_MARKS):
        yield from _outer_marks(page)
    if page.fences and (page.shows("<<<<<<< ") or page.shows(">>>>>>> ")) and not _SPOKEN_OF.search(page.source.text):
        yield from _marks_in_code(page)
    if "=======" in page.signs and not _RULED.search(page.source.text):
        yield from _dividing_marks(page)
    for match in _HUNK.finditer(page.prose) if "@@" in page.signs else ():
        leaf = page.leaf_by_line.get(page.source.line_of(match.start()))
        if leaf is not None and leaf.kind != "code":
            yield RULE.at(Span(*match.span()), "a patch left the mark of its lines", help="remove it")
    for match in _PATCH.finditer(page.prose) if page.shows("diff --git ") or page.shows("\\ No newline") else ():
        leaf = page.leaf_by_line.get(page.source.line_of(match.start()))
        if leaf is not None and leaf.kind != "code":
            yield RULE.at(Span(*match.span()), "a patch left this line", help="remove it")


def _marks_in_code(page: Page) -> Iterator[Finding]:
    """The first marks in fences of a language, on a page that says nothing of merging: nobody shows them there."""
    for fence in page.fences:
        language = fence.info.strip(" {.")
        if not language[:1].isalpha() or _SHOWS.match(language):
            continue
        margin = len(page.lines[fence.start]) - len(page.lines[fence.start].lstrip(" "))
        for number in range(fence.start + 1, fence.end):
            line = page.lines[number][margin:]
            if line.startswith("<<<<<<< ") or _END.match(line):
                help = "keep one of the two versions, and remove the marks"
                yield RULE.at(page.source.content_span(number), "a merge left this conflict mark in code", help=help)


_END = lazy(r">{7} (?:[0-9a-f]{7,40}\b|main$|master$|HEAD$|origin/)")
"""The mark behind the two versions; signs like these stand in code of other kinds as well."""
_SHOWS = lazy(r"(?:te?xt|plain|none|diff|patch|udiff|git|console|output|conflict|markdown|md)\b", re.I)
"""Languages in which a file with such marks is shown as it is."""
_SPOKEN_OF = lazy(r"\bmerg(?:e[ds]?|ing)\b|\bconflict", re.I)


def _outer_marks(page: Page) -> Iterator[Finding]:
    """The marks before and behind the two versions, and before their ancestor; shown in a block of code, they stay."""
    for match in _MERGE.finditer(f"\n{page.source.text}"):
        span = Span(match.start(1) - 1, match.end(1) - 1)
        number = page.source.line_of(span.start)
        leaf = page.leaf_by_line.get(number)
        is_shown = match[0][1] in " \t" and leaf is not None and leaf.kind == "code"
        if number >= page.body and number not in page.fenced_lines and not is_shown:
            help = "keep one of the two versions, and remove the marks"
            yield RULE.at(span, "a merge left this conflict mark", help=help)


def _text_at(page: Page, number: int) -> Node | None:
    """The text that a line belongs to, or underlines."""
    above = page.leaf_by_line.get(number - 1)
    return page.leaf_by_line.get(number) or (above if above is not None and above.kind == "setext" else None)


def _is_no_title(page: Page, leaf: Node, number: int) -> bool:
    """Whether a sentence stands over the seven signs, under the page's title: no second title is so long."""
    above = page.lines[number - 1].rstrip()
    titles = [heading.line for heading in page.headings if heading.level == 1]
    return bool(titles) and titles[0] < leaf.line and above.endswith(".") and above.count(" ") > 2


def _dividing_marks(page: Page) -> Iterator[Finding]:
    """The mark between the two versions of a merge, where it underlines nothing."""
    for number, line in enumerate(page.lines):
        leaf = _text_at(page, number) if line == "=======" else None
        if leaf is None:
            continue
        is_row = leaf.kind == "p" and leaf.rows[0].line == number
        if is_row or (leaf.kind == "setext" and _is_no_title(page, leaf, number)):
            yield RULE.at(page.source.content_span(number), "a merge left this conflict mark", help="remove it")
