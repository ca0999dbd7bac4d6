"""What was meant as a fence and is none: with other marks, on one line, or indented as code."""

from __future__ import annotations

import re
from collections.abc import Iterator

from docscheck.diagnostics import Finding
from docscheck.languages import LANGUAGES
from docscheck.mentions import is_raw
from docscheck.page import Page
from docscheck.parse.blocks import Node
from docscheck.parse.code import HIDDEN
from docscheck.patterns import lazy
from docscheck.proofs import becomes_code
from docscheck.rules.code.fence_rules import BROKEN
from docscheck.source import Span

_OTHER_MARKS = lazy(r"^[ ]*('{3}|´{3}|‘{3}|｀{3}|\"{3}(?=[a-z]))[a-z+]*[ ]*$", re.MULTILINE)
_OTHER_SIGNS = ("'''", "´´´", "‘‘‘", "｀｀｀", '"""')
WRITTEN_OUT = frozenset(("md", "markdown", "mdx"))
_ONE_LINE = lazy(r"(```)([a-z]{2,})[ ]+[^`\n]+```[ ]*$")
_SHORT_NAMES = frozenset(("cpp", "css", "ini", "js", "jsx", "sql", "ts", "tsx", "xml", "yml"))
"""Short names of languages that no command has."""
_OF_SHELL = lazy(r"```(?:sh|zsh)[ ]+(?:\$[ ]|[a-z][a-z0-9-]+[ ]+[^\s`])")
"""A shell and a whole command, where a shell takes the name of a script."""
ODD_ENDS = lazy(r"``\n(?:(?<=[\n>]``\n)|(?<=[ ]``\n)|(?<=[^\s`]```\n))")
"""Two backticks alone on a line, or three at the end of one."""
_TWO = lazy(r"``[a-z+#]*[ ]*$")
_SHOWN = lazy(r"(`{3,}|~{3,})[ ]*([\w+#.-]*)(?:[ ][^`]*)?$")
_WRITES = lazy(r"\b(?:markdown|fence[sd]?|backticks?|syntax|code blocks?|templates?|snippets?)\b", re.I)
"""Words of a text that shows how a fence is written."""


def in_text(page: Page) -> Iterator[Finding]:
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


_DIAGRAM = lazy(
    r"[ ]*(?:(?:graph|flowchart)[ ]+(?:TB|TD|BT|RL|LR)(?=[ ;]|$)|(?:sequence|class|er|state)Diagram(?:-v2)?[ ]*$)"
)
_ARROW = lazy(r"--[->|x)o]|-[>.)]>|==>|-\.-|\|[o{|]--|<\|")


def diagrams(page: Page) -> Iterator[Finding]:
    """The first line of a diagram, which nothing draws outside a fence."""
    for node in page.kinds.get("p", ()):
        if not _DIAGRAM.match(node.rows[0].text) or is_raw(page, page.source.starts[node.rows[0].line]):
            continue
        following = page.after(node)
        rows = [*node.rows, *(following.rows if following is not None and following.kind == "code" else ())]
        if any(_ARROW.search(row.text) for row in rows):
            span = page.source.content_span(node.rows[0].line)
            yield BROKEN.at(
                span, "nothing draws this diagram, which is printed", help="put it into a fence ```` ```mermaid ````"
            )


def _is_language(text: str) -> bool:
    """Whether a line is one backtick and a language, or the backtick alone."""
    name = text[1:]
    return text[:1] == "`" and (not name or name in LANGUAGES or name in _SHORT_NAMES)


def _follows_snippet(page: Page, number: int) -> bool:
    """Whether a snippet stands above, which may end with an item that the code belongs to."""
    above = next((line for line in reversed(page.lines[max(number - _FAR, 0) : number]) if line.strip()), "")
    return "8<-" in above and above.strip().endswith(('"', "'"))


_FAR = 5


def shown(page: Page) -> Iterator[Finding]:
    """A whole fence indented so far that it is code with its marks."""
    for node in page.kinds["code"]:
        rows = [row for row in node.rows if row.text.strip()]
        opening = _SHOWN.match(rows[0].text.strip()) if len(rows) > 2 else None
        if opening is None or opening[2].lower() in WRITTEN_OUT or rows[-1].text.strip() != opening[1]:
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


def other_marks(page: Page) -> Iterator[Finding]:
    """Fences made of apostrophes or accents."""
    for match in _OTHER_MARKS.finditer(page.prose) if any(sign in page.signs for sign in _OTHER_SIGNS) else ():
        yield BROKEN.at(Span(*match.span(1)), "a fence is made of backticks or tildes", help="write three backticks")
