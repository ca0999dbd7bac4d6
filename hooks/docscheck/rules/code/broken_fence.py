"""Fenced code that the parser does not see as such."""

from __future__ import annotations

import re
from collections.abc import Iterator

from docscheck.box_types import is_directive
from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.included import read, snippets
from docscheck.languages import LANGUAGES
from docscheck.mentions import is_raw
from docscheck.once import of_page
from docscheck.page import Page
from docscheck.parse.blocks import Node
from docscheck.parse.code import HIDDEN
from docscheck.parse.fences import Fence
from docscheck.patterns import at_signs, lazy
from docscheck.plugins import owns_fence, owns_fences
from docscheck.proofs import becomes_code, is_no_code
from docscheck.rules.lists import is_ours
from docscheck.source import Span

UNCLOSED = Rule("COD101", "unclosed-fence", Severity.ERROR)
BROKEN = Rule("COD102", "broken-fence", Severity.ERROR)
_REACH = 200
"""So many lines below its opening the end of a fence is looked for."""
_OTHER_MARKS = lazy(r"^[ ]*('{3}|´{3}|‘{3}|｀{3}|\"{3}(?=[a-z]))[a-z+]*[ ]*$", re.MULTILINE)
_OTHER_SIGNS = ("'''", "´´´", "‘‘‘", "｀｀｀", '"""')
_SHOWS_MARKDOWN = frozenset(("md", "markdown", "mdx", "rst", "text", "txt"))
_WRITTEN_OUT = frozenset(("md", "markdown", "mdx"))
_ROOM = 3
"""So many empty lines are left for the reader to fill in."""
_NOTHING = frozenset(("out", "output"))
"""What an empty fence may say on purpose: nothing was printed."""
_OTHER_LINES = lazy(r"\{(?:hl_lines=\[[^\]]*\]|[ ]*\d[\d, -]*)\}")
"""Lines to be marked, as Docusaurus and others write them."""
_IN_BRACES = lazy(r"[ ]*\{[ ]*([a-z]+)(?=[ },])")
_TAKES_IN = lazy(r"=\"[^\"]*[ ][a-z_]+=\"")
"""`title="a.py hl_lines="1"`: the value ends where the next was to begin."""
_NEVER_ENDS = lazy(r"^[^\n\"]*(?:\"[^\n\"\\]*\"[^\n\"]*)*=\"[^\n\"\\'=]*\}$")
"""`{.py title="a.py}`"""
_LANGUAGE = lazy(r"[ ]*([\w+#-]*|\{[\w-]+\}.*)(?:[ ]+(?:linenums|hl_lines|title)=(?:\"[^\"]*\"|'[^']*'))*[ ]*$")
"""The language of a fence, and options that say how the code in it looks."""
_OPENS_INSIDE = lazy(r"[ \t]*```[a-z+]+[ ]*$")
_ONE_LINE = lazy(r"(```)([a-z]{2,})[ ]+[^`\n]+```[ ]*$")
_SHORT_NAMES = frozenset(("cpp", "css", "ini", "js", "jsx", "sql", "ts", "tsx", "xml", "yml"))
"""Short names of languages that no command has."""
_OF_SHELL = lazy(r"```(?:sh|zsh)[ ]+(?:\$[ ]|[a-z][a-z0-9-]+[ ]+[^\s`])")
"""A shell and a whole command, where a shell takes the name of a script."""
_ODD_ENDS = lazy(r"``\n(?:(?<=[\n>]``\n)|(?<=[ ]``\n)|(?<=[^\s`]```\n))")
"""Two backticks alone on a line, or three at the end of one."""
_MARKS = lazy("```|~~~")
_TWO = lazy(r"``[a-z+#]*[ ]*$")
_SHOWN = lazy(r"(`{3,}|~{3,})[ ]*([\w+#.-]*)(?:[ ][^`]*)?$")
_WRITES = lazy(r"\b(?:markdown|fence[sd]?|backticks?|syntax|code blocks?|templates?|snippets?)\b", re.I)
"""Words of a text that shows how a fence is written."""
RULES = (UNCLOSED, BROKEN)


def check(page: Page) -> Iterator[Finding]:
    yield from _other_marks(page)
    yield from _around_all(page)
    if any(at_signs(_ODD_ENDS, "``\n", page.source.text)) or page.shows("\n`\n") or page.shows(" `\n"):
        yield from _in_text(page)
    if "code" in page.kinds and page.config.has("pymdownx.superfences") and is_ours(page):
        yield from _shown(page)
    yield from _runs_on(page)
    for fence in page.fences:
        marks = page.source.span(fence.start, fence.column, fence.column + len(fence.marks))
        if fence.problem == "unclosed":
            if _last_end(page) > fence.start:
                continue
            yield UNCLOSED.at(
                marks,
                "this fence is never closed",
                label="it opens here",
                help=f"close it with {_named(fence)}, indented like its opening line; until then it is read as text",
            )
            yield from _wrong_end(page, fence)
        elif fence.problem == "dedent":
            yield _dedent(page, fence, marks)
        elif fence.problem == "marker":
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
        elif fence.problem == "info" and not owns_fences(page.config) and not is_directive(page, fence.info):
            yield BROKEN.at(
                page.source.span(fence.start, fence.column + len(fence.marks)),
                "this is not allowed after the marks of a fence",
                help="lines are numbers with spaces between them, such as `2 4-6`"
                if "hl_lines" in fence.info or "linenums" in fence.info
                else 'options are written `name="value"`, or in braces',
            )
        elif not fence.problem:
            if "{" in fence.info and not owns_fences(page.config):
                yield from _other_lines(page, fence)
                yield from _without_dot(page, fence)
            if fence.info.lstrip().startswith("{=") and not owns_fences(page.config):
                message = "what Pandoc hands on as it is is shown as code here"
                yield BROKEN.at(page.source.content_span(fence.start), message, help="remove the lines of the fence")
            if (
                fence.info.strip() == "math"
                and not owns_fences(page.config)
                and "math" not in page.config.custom_fences
            ):
                message = "GitHub's block for a formula is shown as code here"
                yield BROKEN.at(page.source.content_span(fence.start), message, help="write it between lines of `$$`")
            if '="' in fence.info and (_TAKES_IN.search(fence.info) or _NEVER_ENDS.search(fence.info)):
                yield BROKEN.at(
                    page.source.span(fence.start, fence.column + len(fence.marks)),
                    "a quote is missing here, so that one option takes in the next"
                    if _TAKES_IN.search(fence.info)
                    else "a quote is missing here, so the one that opens is shown",
                    help='write `name="value"`',
                )
            yield from _wrong_content(page, fence, marks)


def _runs_on(page: Page) -> Iterator[Finding]:
    """The first fence that takes in a heading, or spoilt marks, where those of the page do not come out even."""
    last = next((fence for fence in page.fences if fence.problem == "unclosed"), None)
    for fence in page.fences if last is not None else ():
        if fence is last or fence.problem:
            continue
        said = _LANGUAGE.match(page.lines[fence.start], fence.column + len(fence.marks))
        if said is not None and said[1].lower() in _SHOWS_MARKDOWN:
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


def _around_all(page: Page) -> Iterator[Finding]:
    """A page in a fence, as a chat hands it out: its headings are among the code."""
    fence = page.fences[0] if len(page.fences) == 1 and not page.headings and not page.tree.children[1:] else None
    if fence is None or fence.problem or fence.info.strip() not in _WRITTEN_OUT:
        return
    first = next((line for line in range(page.body, len(page.lines)) if page.lines[line].strip()), 0)
    if fence.start == first and any(page.lines[row].startswith("# ") for row in range(fence.start + 1, fence.end)):
        marks = page.source.span(fence.start, fence.column, fence.column + len(fence.marks))
        yield BROKEN.at(marks, "the whole page is in this fence, so all of it is code", help="remove the fence")


def _in_text(page: Page) -> Iterator[Finding]:
    """Code with two backticks around it, or with three on one line: both are code within a paragraph."""
    for node in page.rough_texts:
        rows = node.rows
        one = _ONE_LINE.match(rows[0].text) if len(rows) == 1 else None
        if one and (one[2] in LANGUAGES or one[2] in _SHORT_NAMES or _OF_SHELL.match(one[0])):
            message = "a fence on one line is code in a paragraph, with its language in it"
            yield BROKEN.at(page.source.find(node.line, one[1]), message, help="put the code on lines of its own")
        elif len(rows) > 2 and rows[-1].text.strip() == "``" and _TWO.match(rows[0].text):
            message = "two backticks make code within a line, so the lines run together"
            yield BROKEN.at(page.source.find(rows[0].line, "``"), message, help="write three backticks")
        elif len(rows) > 2 and rows[-1].text.strip() == "`" and _is_language(rows[0].text.strip()):
            message = "one backtick makes code within a line, so the lines run together"
            yield BROKEN.at(page.source.find(rows[0].line, "`"), message, help="write three backticks")


def _is_language(text: str) -> bool:
    """Whether a line is one backtick and a language, or the backtick alone."""
    name = text[1:]
    return text[:1] == "`" and (not name or name in LANGUAGES or name in _SHORT_NAMES)


def _other_lines(page: Page, fence: Fence) -> Iterator[Finding]:
    """`js {1,4-6}`: lines that Docusaurus and others would mark."""
    lines = _OTHER_LINES.search(fence.info)
    if lines:
        yield BROKEN.at(
            page.source.find(fence.start, lines[0]),
            "lines are not marked in this way here, so these braces have no effect",
            help='write `hl_lines="2 4-6"`',
        )


def _without_dot(page: Page, fence: Fence) -> Iterator[Finding]:
    """`{python}`, as R Markdown writes it: what names a language in braces is a class, so the code has no colours."""
    name = _IN_BRACES.match(fence.info)
    if name and (name[1] in LANGUAGES or name[1] == "r") and not page.config.reading_extensions:
        yield BROKEN.at(
            page.source.find(fence.start, name[0].strip()),
            "in braces a language needs a dot before it, so this code has no colours",
            help=f"write `{{ .{name[1]} }}`, or `{name[1]}` without braces",
            severity=Severity.WARNING,
        )


def _follows_snippet(page: Page, number: int) -> bool:
    """Whether a snippet stands above, which may end with an item that the code belongs to."""
    above = next((line for line in reversed(page.lines[max(number - _FAR, 0) : number]) if line.strip()), "")
    return "8<-" in above and above.strip().endswith(('"', "'"))


_FAR = 5


def _shown(page: Page) -> Iterator[Finding]:
    """A whole fence indented so far that it is code with its marks."""
    for node in page.kinds["code"]:
        rows = [row for row in node.rows if row.text.strip()]
        opening = _SHOWN.match(rows[0].text.strip()) if len(rows) > 2 else None
        if opening is None or opening[2].lower() in _WRITTEN_OUT or rows[-1].text.strip() != opening[1]:
            continue
        if any(row.text.lstrip().startswith(opening[1]) for row in rows[1:-1]):
            continue
        if _is_lesson(page, node) or _is_tried_below(page, node) or _follows_snippet(page, rows[0].line):
            continue
        yield BROKEN.at(
            page.source.find(rows[0].line, opening[1]),
            "this fence is indented so far that it is shown as code, with its marks",
            help="remove the spaces before it",
            proof=becomes_code(rows[0].line),
        )


def _is_alone_so_deep(page: Page, fence: Fence) -> bool:
    """Whether the opening marks stand further in than every line below them, which are indented alike."""
    body = [line.expandtabs(4) for line in page.lines[fence.start + 1 : fence.end + 1] if line.strip()]
    indents = [len(line) - len(line.lstrip(" ")) for line in body]
    return len(indents) > 1 and indents[-1] == min(indents) and max(indents) < fence.indent


def _is_lesson(page: Page, node: Node) -> bool:
    """Whether the text or heading above speaks of how a fence is written, or is a header that went wrong."""
    before = page.before(node) or node.parent
    rows = before.rows if before is not None else []
    if {row.line for row in rows} & {opener.line for opener in page.openers if opener.fault}:
        return True  # a header that does not open, which is reported
    above = [heading.text for heading in page.headings if heading.line < node.line]
    said = [row.text for row in rows if HIDDEN not in row.text]
    return any(map(_WRITES.search, [*said, *above[:1], *above[-1:]]))


def _is_tried_below(page: Page, node: Node) -> bool:
    """Whether the same fence follows, which shows what becomes of it."""
    shown = next(row.text.strip() for row in node.rows if row.text.strip())
    return any(fence.start > node.line and page.lines[fence.start].strip() == shown for fence in page.fences)


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
    said = _LANGUAGE.match(page.lines[fence.start], fence.column + len(fence.marks))
    language = said[1].lower() if said else None
    rows = range(fence.start + 1, fence.end)
    if language is not None and language not in _NOTHING and not any(page.lines[row].strip(" \t>") for row in rows):
        if len(rows) < _ROOM and not any(tag.name == "script" for tag in page.tags):  # which may fill it
            yield BROKEN.at(marks, "this fence holds no code", help="put the code into it, or remove it")
        return
    if language in _SHOWS_MARKDOWN:
        return
    for row in rows:
        text = page.lines[row].rstrip()
        if not text.endswith(fence.marks):
            if language == "" and _OPENS_INSIDE.match(text) and fence.marks == "```":
                yield BROKEN.at(
                    marks,
                    f"the fence that opens here holds the one of line {row + 1}",
                    help="remove the marks, or close the fence before it",
                )
                return
            continue
        code = text[: -len(fence.marks)].strip(" \t>")
        if fence.marks[0] not in code and any(map(str.isalnum, code)):
            end = page.source.starts[row] + len(text)
            yield BROKEN.at(
                Span(end - len(fence.marks), end),
                "a fence does not end on a line of code",
                help="put the marks on a line of their own",
            )
            return


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


def _other_marks(page: Page) -> Iterator[Finding]:
    """Fences made of apostrophes or accents."""
    for match in _OTHER_MARKS.finditer(page.prose) if any(sign in page.signs for sign in _OTHER_SIGNS) else ():
        yield BROKEN.at(Span(*match.span(1)), "a fence is made of backticks or tildes", help="write three backticks")


def _is_text(page: Page, line: int) -> bool:
    """Whether a line is a paragraph of many words, with empty lines around it."""
    return not page.lines[line - 1].strip() and _PROSE.match(page.lines[line]) is not None


def _dedent(page: Page, fence: Fence, marks: Span) -> Finding:
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
