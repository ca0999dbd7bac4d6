"""Fenced code that the parser does not see as such, or sees elsewhere than its writer."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from docscheck.diagnostics import Finding
from docscheck.mentions import is_raw
from docscheck.page import Page
from docscheck.parse.fences import Fence
from docscheck.patterns import at_signs, lazy
from docscheck.plugins import owns_fence
from docscheck.proofs import is_no_code
from docscheck.rules.code.fence_ends import LANGUAGE, SHOWS_MARKDOWN, dedent, runs_on, unclosed
from docscheck.rules.code.fence_options import not_allowed, wrong_options
from docscheck.rules.code.fence_rules import BROKEN, UNCLOSED
from docscheck.rules.code.no_fence import ODD_ENDS, WRITTEN_OUT, diagrams, in_text, other_marks, shown
from docscheck.rules.lists import is_ours
from docscheck.source import Span

_ROOM = 3
"""So many empty lines are left for the reader to fill in."""
_NOTHING = frozenset(("out", "output"))
"""What an empty fence may say on purpose: nothing was printed."""
_OPENS_INSIDE = lazy(r"[ \t]*```[a-z+]+[ ]*$")
RULES = (UNCLOSED, BROKEN)


def check(page: Page) -> Iterator[Finding]:
    """Look for what was meant as a fence, then at each fence: whether it opens, what it says, its end and its code."""
    yield from other_marks(page)
    yield from _around_all(page)
    if any(at_signs(ODD_ENDS, "``\n", page.source.text)) or page.shows("\n`\n") or page.shows(" `\n"):
        yield from in_text(page)
    if "code" in page.kinds and page.config.has("pymdownx.superfences") and is_ours(page):
        yield from shown(page)
    yield from runs_on(page)
    if page.shows("-->") or page.shows("->>"):
        yield from diagrams(page)
    for fence in page.fences:
        marks = page.source.span(fence.start, fence.column, fence.column + len(fence.marks))
        if fence.problem == "unclosed":
            yield from unclosed(page, fence, marks)
        elif fence.problem == "dedent":
            yield dedent(page, fence, marks)
        elif fence.problem == "info":
            yield from not_allowed(page, fence)
        elif fence.problem:
            yield from _not_opened(page, fence, marks)
        else:
            if fence.info:
                yield from wrong_options(page, fence)
            yield from _wrong_content(page, fence, marks)


def _not_opened(page: Page, fence: Fence, marks: Span) -> Iterator[Finding]:
    """A fence at a place where the parser does not look for one."""
    if fence.problem == "marker":
        yield BROKEN.at(
            marks,
            "a fence cannot begin on the line of a list marker",
            help="put it on a line of its own, indented by four spaces",
        )
    elif fence.problem == "indented" and not owns_fence(page.config, fence.info):
        yield BROKEN.at(
            marks,
            "an indented fence does not make code on this site",
            help="turn on `pymdownx.superfences`, or begin the fence at the left margin",
            proof=is_no_code(fence.start + 1),
        )


def _around_all(page: Page) -> Iterator[Finding]:
    """A page in a fence, as a chat hands it out: its headings are among the code."""
    fence = page.fences[0] if len(page.fences) == 1 and not page.headings and not page.tree.children[1:] else None
    if fence is None or fence.problem or fence.info.strip() not in WRITTEN_OUT:
        return
    first = next((line for line in range(page.body, len(page.lines)) if page.lines[line].strip()), 0)
    if fence.start == first and any(page.lines[row].startswith("# ") for row in range(fence.start + 1, fence.end)):
        marks = page.source.span(fence.start, fence.column, fence.column + len(fence.marks))
        yield BROKEN.at(marks, "the whole page is in this fence, so all of it is code", help="remove the fence")


def _is_in_comment(page: Page, offset: int) -> bool:
    return any(comment.span.start <= offset < comment.span.end for comment in page.comments)


def _wrong_content(page: Page, fence: Fence, marks: Span) -> Iterator[Finding]:
    """A fence that ends too early or too late: with nothing in it, or with its end among the code."""
    first = fence.start + 1
    if first < fence.end and page.lines[first].strip(" \t>"):
        starts = page.source.starts
        if page.source.text.find(fence.marks, starts[first], starts[fence.end]) < 0:
            return  # what most are
    if is_raw(page, marks.start) or _is_in_comment(page, marks.start):
        return
    said = LANGUAGE.match(page.lines[fence.start], fence.column + len(fence.marks))
    language = said[1].lower() if said else None
    rows = range(fence.start + 1, fence.end)
    if language is not None and language not in _NOTHING and not any(page.lines[row].strip(" \t>") for row in rows):
        if len(rows) < _ROOM and not any(tag.name == "script" for tag in page.tags):  # which may fill it
            yield BROKEN.at(marks, "this fence holds no code", help="put the code into it, or remove it")
        return
    if language in SHOWS_MARKDOWN:
        return
    yield from islice(_ends_among_code(page, fence, rows, opens=language == ""), 1)


def _ends_among_code(page: Page, fence: Fence, rows: range, *, opens: bool) -> Iterator[Finding]:
    """Marks in the code of a fence: those of another one, where it may itself hold one, or its own behind code."""
    for row in rows:
        text = page.lines[row].rstrip()
        if not text.endswith(fence.marks):
            if opens and fence.marks == "```" and _OPENS_INSIDE.match(text):
                yield BROKEN.at(
                    page.source.span(fence.start, fence.column, fence.column + len(fence.marks)),
                    f"the fence that opens here holds the one of line {row + 1}",
                    help="remove the marks, or close the fence before it",
                )
            continue
        code = text[: -len(fence.marks)].strip(" \t>")
        if fence.marks[0] not in code and any(map(str.isalnum, code)):
            end = page.source.starts[row] + len(text)
            yield BROKEN.at(
                Span(end - len(fence.marks), end),
                "a fence does not end on a line of code",
                help="put the marks on a line of their own",
            )
