"""A `/// block` that does not open, or is never ended."""

from __future__ import annotations

from collections.abc import Iterator

from docscheck.diagnostics import Edit, Finding, Rule, Severity
from docscheck.page import Page
from docscheck.page.opener import Opener
from docscheck.parse.blocks import Node
from docscheck.parse.html import BLOCK_TAGS, VOID_TAGS
from docscheck.patterns import lazy
from docscheck.proofs import prints
from docscheck.rules.boxes import shows_marks, until_then, with_fault
from docscheck.source import Span
from docscheck.words.distance import nearest

UNKNOWN = Rule("BOX401", "unknown-block", Severity.ERROR)
HEADER = Rule("BOX402", "broken-block-header", Severity.ERROR)
UNENDED = Rule("BOX403", "unended-block", Severity.ERROR)
RULES = (UNKNOWN, HEADER, UNENDED)
_OPTION = lazy(r"[ >]*([a-z]+):(?:[ ]|$)")
_NAME = lazy(r"[\w-]+")
_END = lazy(r"[ ]{0,3}/{3,}[ ]*$")
_SLASHES = lazy(r"[ >]*/{2,}[ ]*$")
_SLASHES_FIRST = lazy(r"[ >]*/[ ]?/")
_MEANT = lazy(
    r"(?:(?<=\S )(?P<marks>/{3})|^[ >]*(?P<other>[\\|!:;'\"?#.~-]{2,4}))[ ]?(?P<name>[a-z]\w*)(?:[ ]*\||[ ]*$)"
)
"""A header behind words, or with other marks than slashes."""
_LONGEST = 200
"""So many lines above an end its header is looked for."""
_BROKEN_HEADERS = {
    "no-bar": ("the title of a block is written after a bar, without quotes", "write `/// name | title`"),
    "no-title": ("this block needs a title", "write it after a bar: `/// name | title`"),
    "bad-options": (
        "the options under this header are not valid for this block",
        "check the names and values of the options",
    ),
}
"""What is wrong with a header, and what to do."""


def check(page: Page) -> Iterator[Finding]:
    for opener in with_fault(page, "unknown-name"):
        yield _unknown(page, opener)
    for opener in with_fault(page, "bad-argument"):
        is_element = page.source.text[opener.span.start : opener.part.start].strip("/ |").lower() == "html"
        yield HEADER.at(
            opener.part,
            "this block takes no such thing after its bar",
            help="write the element with its classes, such as `div.side`" if is_element else "write the text below it",
            proof=shows_marks(opener),
        )
    for fault, (message, help) in _BROKEN_HEADERS.items():
        for opener in with_fault(page, fault):
            span = _bad_option(page, opener) if fault == "bad-options" else None
            yield HEADER.at(
                span or opener.part, message, help=f"{help}; {until_then(opener)}", proof=shows_marks(opener)
            )
    if page.grammar.blocks and not page.grammar.any_block:
        yield from _strays(page)
    for node in page.kinds.get("block", ()):
        if node.title and node.title.startswith("|"):
            bars = page.source.find(node.line, "|" + page.lines[node.line].partition("|")[2].partition(node.title)[0])
            yield HEADER.at(bars, "the second bar is part of the title", help="write `/// name | title`")
        yield from _no_title(page, node)
        if _QUOTED.fullmatch(node.title or "") and node.name not in _QUOTES and not page.lines[node.line].endswith("|"):
            span = page.source.find(node.line, node.title or "")
            yield HEADER.at(span, "these quotes are part of the title", help="write the title without them")
        yield from _options(page, node)
        yield from _element(page, node)
        if not node.closed:
            yield from _unended(page, node)
    below = _header_below(page)
    if below is not None and page.rendered.failed == "endless":
        yield HEADER.at(
            below.span,
            "this header is read over and over: the page repeats itself, or its build never ends",
            help="put an empty line before it",
        )


_QUOTED = lazy(r"\"[^\"]{2,}\"")
_QUOTES = frozenset(("quote", "cite", "html", "definition"))
"""Blocks whose title may be what somebody said."""


def _no_title(page: Page, node: Node) -> Iterator[Finding]:
    """`/// tip |`: a bar without a title, so the block has none, or that of its type."""
    line = page.lines[node.line].rstrip()
    if not node.title and line.endswith("|"):
        bar = Span(page.source.starts[node.line] + len(line) - 1, page.source.starts[node.line] + len(line))
        yield HEADER.at(bar, "no title stands behind this bar", help="write the title, or remove the bar")


_ELEMENT = lazy(r"[a-z]{3,}(?![\w-])")
_INLINE_TEXT = """
abbr audio big button cite code data del dfn font ins kbd label map mark math object picture ruby samp select small slot
span strong sub sup svg template time var video
"""
_ELEMENTS = BLOCK_TAGS | VOID_TAGS | frozenset(_INLINE_TEXT.split())


def _element(page: Page, node: Node) -> Iterator[Finding]:
    """`/// html | dvi`: no browser knows such an element, so it takes it for a part of the line."""
    name = _ELEMENT.match(node.title or "") if node.name == "html" else None
    meant = nearest(name[0], _ELEMENTS) if name and name[0] not in _ELEMENTS else ""
    if name and meant:
        yield HEADER.at(
            page.source.find(node.line, name[0]),
            f"no element of HTML is called `{name[0]}`",
            help=f"did you mean `{meant}`?",
        )


def _header_below(page: Page) -> Opener | None:
    """A header with another one in the lines directly above it, which may be lost if that one is found first."""
    lines = {opener.line for opener in page.openers if opener.kind == "block"}
    for opener in page.openers if len(lines) > 1 else ():
        above = opener.line - 1 if opener.line in lines else 0
        while above > page.body and page.lines[above].strip(" >"):
            if above in lines:
                return opener
            above -= 1
    return None


def _unknown(page: Page, opener: Opener) -> Finding:
    name = page.source.text[opener.part.start : opener.part.end]
    dashed = name.lower().replace(" ", "-")
    meant = dashed if dashed in page.grammar.blocks else nearest(name.lower(), page.grammar.blocks)
    advice = "use a name that one defines, or add it to the `types` of `pymdownx.blocks.admonition`;"
    return UNKNOWN.at(
        opener.part,
        f"no extension of this site defines a block `{name}`",
        help=f"{f'did you mean `{meant}`?' if meant else advice} {until_then(opener)}",
        proof=shows_marks(opener),
        fix=Edit(opener.part, meant) if meant else None,
    )


def _strays(page: Page) -> Iterator[Finding]:
    """An end that ends nothing, where no header above it was said to be at fault: the first of the page."""
    if any(opener.kind == "block" and opener.fault for opener in page.openers):
        return
    if any(not node.closed for node in page.kinds.get("block", ())):
        return
    for node in page.nodes if "///" in page.signs else ():
        for row in node.rows if node.tag in ("p", "li", "dd") else ():
            if _END.match(row.text) and page.prose_lines[row.line].strip():
                yield _stray(page, row.line)
                return


def _stray(page: Page, line: int) -> Finding:
    """At the line that was meant as the header, where slashes stand above the end; else at the end."""
    above = range(line - 1, max(line - _LONGEST, -1), -1)
    header = next((number for number in above if _SLASHES_FIRST.match(page.lines[number])), None)
    if header is not None and page.lines[header].strip(" /"):
        return HEADER.at(
            page.source.content_span(header),
            f"this opens no block, so the end on line {line + 1} is plain text too",
            help="write `/// name | title`, without spaces before it",
            proof=prints(line, "///"),
        )
    for number in range(line - 1, max(line - _LONGEST, -1), -1):
        meant = _MEANT.search(page.prose_lines[number])
        if meant is None or meant["name"].lower() not in page.grammar.blocks:
            continue
        start = meant.start("marks") if meant["marks"] else meant.start("other")
        is_behind_words = page.lines[number][: meant.start()].strip(" >") != ""
        return HEADER.at(
            page.source.span(number, start, len(page.lines[number].rstrip())),
            "a block can only begin at the start of a line"
            if is_behind_words
            else f"this opens no block, so the end on line {line + 1} is plain text too",
            help="put `/// name | title` on a line of its own" if is_behind_words else "write `/// name | title`",
            proof=prints(line, "///"),
        )
    return UNENDED.at(
        page.source.content_span(line),
        "this closes no block: the line that was meant to open it is plain text",
        help="write `/// name | title` on a line of its own where the block begins",
        proof=prints(line, "///"),
    )


def _bad_option(page: Page, opener: Opener) -> Span | None:
    """The first line under a header that is no option of the block, or has a value the option cannot have."""
    name = _NAME.search(page.source.text[opener.span.start : opener.span.end])
    kind = page.grammar.blocks.get(name[0].lower()) if name else None
    number = opener.line + 1
    while kind is not None and number < len(page.lines) and page.lines[number].strip(" >"):
        line = page.lines[number].strip(" >")
        if not kind.opens("p" if kind.title else None, [line]) and not page.lines[number].startswith("///"):
            return page.source.content_span(number)
        number += 1
    return None


def _options(page: Page, node: Node) -> Iterator[Finding]:
    """Options that are text or code, because they are not indented by four spaces right under the header."""
    kind = page.grammar.blocks.get(node.name)
    known = {"attrs", *kind.options} if kind else set()
    first = node.children[0] if node.children else None
    row = first.rows[0] if first is not None and first.rows else None
    match = _OPTION.match(page.lines[row.line]) if row else None
    if row and match and match[1] in known and first is not None and first.kind in ("p", "code"):
        yield HEADER.at(
            page.source.content_span(row.line),
            "this line is not read as an option, so it is printed",
            help="put it directly under the header, indented by four spaces, with an empty line after it",
            proof=lambda rendered: rendered.is_code(row.line) is not False or rendered.prints(row.line, f"{match[1]}:"),
        )


def _slashes(page: Page, node: Node) -> int:
    text = page.lines[node.line].lstrip(" >")
    return len(text) - len(text.lstrip("/"))


def _unended(page: Page, node: Node) -> Iterator[Finding]:
    yield UNENDED.at(
        page.source.content_span(node.line),
        "this block is never closed, so it contains the rest of the page",
        help="close it with a line of as many `/` as its header has",
    )
    alike = [inner for inner in page.kinds["block"] if node in inner.ancestors() and inner.closed]
    taker = next((inner for inner in reversed(alike) if _slashes(page, inner) == _slashes(page, node)), None)
    if taker is not None:
        yield UNENDED.at(
            page.source.content_span(taker.line),
            f"the end that was meant for the block of line {node.line + 1} closes this one",
            help="close this one before it",
        )
    for number in range(node.line + 1, len(page.lines)):
        if _SLASHES.match(page.lines[number]) and page.leaf_by_line.get(number) is not None:
            yield UNENDED.at(
                page.source.content_span(number),
                f"this does not close the block of line {node.line + 1}",
                help="write as many `/` as its header has",
            )
            return
