"""Where a fence ends: not at all, too early or too late, or at marks that do not close it."""

from __future__ import annotations

from collections.abc import Iterator

from docscheck.diagnostics import Finding
from docscheck.included import read, snippets
from docscheck.once import of_page
from docscheck.page import Page
from docscheck.parse.fences import Fence
from docscheck.patterns import lazy
from docscheck.rules.code.fence_rules import BROKEN, UNCLOSED
from docscheck.source import Span

_REACH = 200
"""So many lines below its opening the end of a fence is looked for."""
SHOWS_MARKDOWN = frozenset(("md", "markdown", "mdx", "rst", "text", "txt"))
LANGUAGE = lazy(r"[ ]*([\w+#-]*|\{[\w-]+\}.*)(?:[ ]+(?:linenums|hl_lines|title)=(?:\"[^\"]*\"|'[^']*'))*[ ]*$")
"""The language of a fence, and options that say how the code in it looks."""
_MARKS = lazy("```|~~~")


def unclosed(page: Page, fence: Fence, marks: Span) -> Iterator[Finding]:
    """A fence without an end, and the line that was to be it; a file that is taken in below may end it."""
    if _last_end(page) > fence.start:
        return
    yield UNCLOSED.at(
        marks,
        "this fence is never closed",
        label="it opens here",
        help=f"close it with {_named(fence)}, indented like its opening line; until then it is read as text",
    )
    yield from _wrong_end(page, fence)


def runs_on(page: Page) -> Iterator[Finding]:
    """The first fence that takes in a heading, or spoilt marks, where those of the page do not come out even."""
    last = next((fence for fence in page.fences if fence.problem == "unclosed"), None)
    for fence in page.fences if last is not None else ():
        if fence is last or fence.problem:
            continue
        said = LANGUAGE.match(page.lines[fence.start], fence.column + len(fence.marks))
        if said is not None and said[1].lower() in SHOWS_MARKDOWN:
            continue
        for row in range(fence.start + 1, fence.end):
            if _ends_badly(page.lines[row], fence) and not page.lines[row + 1].strip():
                yield _no_end(page, fence, row)
                return
            if page.lines[row - 1].strip():
                continue
            taken = "heading" if _TITLE.match(page.lines[row]) else ""
            if said is not None and said[1] and not page.lines[row + 1].strip() and _PROSE.match(page.lines[row]):
                taken = "text"
            if taken:
                yield BROKEN.at(
                    page.source.span(fence.start, fence.column, fence.column + len(fence.marks)),
                    f"this fence takes in the {taken} of line {row + 1}",
                    help=f"close it with `{fence.marks}` behind its code",
                )
                return


_PROSE = lazy(r"[ ]*[A-Z][a-z]+,?(?:[ ][^ {}=;<>|]+){10,}[.:]$")
"""A paragraph of many words on a line of its own, as no code has one."""
_TITLE = lazy(r"#{2,6}[ ]+[^\W\d_]")


def _is_alone_so_deep(page: Page, fence: Fence) -> bool:
    """Whether the opening marks stand further in than every line below them, which are indented alike."""
    body = [line.expandtabs(4) for line in page.lines[fence.start + 1 : fence.end + 1] if line.strip()]
    indents = [len(line) - len(line.lstrip(" ")) for line in body]
    return len(indents) > 1 and indents[-1] == min(indents) and max(indents) < fence.indent


@of_page
def _last_end(page: Page) -> int:
    """The line of the last file taken in that may close a fence, since it is not known or holds marks of one; or -1."""
    taken = [snippet for snippet in snippets(page) if snippet.file is None or _MARKS.search(read(snippet.file))]
    return max((page.source.line_of(snippet.span.start) for snippet in taken), default=-1)


def _wrong_end(page: Page, fence: Fence) -> Iterator[Finding]:
    """The line that was meant to close a fence, where there is one."""
    for number in range(fence.start + 1, min(fence.start + _REACH, len(page.lines))):
        text = page.lines[number].strip(" \t>")
        if number > fence.end and number in page.fenced_lines:
            return
        if len(text) > 1 and not text.strip("`~'´‘’") and number not in page.fenced_lines - _lines_of(fence):
            yield _no_end(page, fence, number)
            return


def _no_end(page: Page, fence: Fence, number: int) -> Finding:
    """A line of marks that does not close a fence."""
    return BROKEN.at(
        page.source.content_span(number),
        f"this does not close the fence of line {fence.start + 1}",
        help=f"write {_named(fence)}, indented like the opening marks",
    )


_NUMBERS = {3: "three", 4: "four", 5: "five", 6: "six"}


def _named(fence: Fence) -> str:
    """The marks of a fence in words: between the backticks of a message nobody could count them."""
    number = len(fence.marks)
    return f"{_NUMBERS.get(number, number)} {'backticks' if fence.marks[0] == '`' else 'tildes'}"


def _is_closed_below(page: Page, fence: Fence, line: int) -> bool:
    """Whether the next marks from a line on may be those that were to close a fence, and do not open another one."""
    reach = page.lines[line : line + _REACH]
    marked = next((text.strip(" \t>") for text in reach if text.lstrip(" \t>").startswith(fence.marks)), "")
    return marked == fence.marks


def _ends_badly(line: str, fence: Fence) -> bool:
    """Whether a line holds marks only, too many or too few of them, or at another place than the opening ones."""
    text = line.strip(" \t>")
    return len(text) > 1 and not text.strip(fence.marks[0]) and len(text) < len(fence.marks) + 2


def _lines_of(fence: Fence) -> frozenset[int]:
    return frozenset(range(fence.start, fence.end + 1))


def _is_text(page: Page, line: int) -> bool:
    """Whether a line is a paragraph of many words, with empty lines around it."""
    return not page.lines[line - 1].strip() and _PROSE.match(page.lines[line]) is not None


def dedent(page: Page, fence: Fence, marks: Span) -> Finding:
    """A line of the code that is indented less than the fence, which ends it, or the mark that was to end it before."""
    line = fence.culprit if fence.culprit >= 0 else fence.start
    wrong = next((number for number in range(fence.start + 1, line) if _ends_badly(page.lines[number], fence)), None)
    if wrong is not None:
        return _no_end(page, fence, wrong)
    if not _is_closed_below(page, fence, line) or _is_text(page, line):
        message = f"this fence is not closed before line {line + 1}, which is indented less"
        return UNCLOSED.at(marks, message, label="it opens here", help=f"close it with {_named(fence)}")
    if _is_alone_so_deep(page, fence):
        message = "this line is indented more than the code and its closing marks, so the fence does not open"
        return BROKEN.at(marks, message, help="indent it like its closing marks")
    return BROKEN.at(
        page.source.content_span(line),
        f"this line is indented less than the fence of line {fence.start + 1}, which breaks it",
        help="indent every line of the code, and the closing marks, like the opening marks",
    )
