"""Markdown inside raw HTML that nobody asked to parse, and raw blocks that are never closed."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from docscheck.diagnostics import Edit, Finding, Rule, Severity
from docscheck.page import Page
from docscheck.parse.code import HIDDEN
from docscheck.parse.html import OPTIONAL_END, READ, HtmlBlock
from docscheck.patterns import lazy
from docscheck.proofs import prints
from docscheck.rules.maths.scripts import drawn, may_load_scripts
from docscheck.source import Span, holds

MARKDOWN = Rule("BOX302", "markdown-in-raw-html", Severity.ERROR)
UNCLOSED = Rule("BOX303", "unclosed-html-block", Severity.ERROR)
RULES = (MARKDOWN, UNCLOSED)
_SYNTAX = lazy(
    r"(?<!!)\[[^\]\n\x00]+\]\([^)\s]+[^)\n]*\)|!\[[^\]\n]*\]\([^)\n]+\)|(?<![*\w\\])\*\*[^\s*\x00][^*\n\x00]*[^\s*\x00]\*\*(?!\*)"
    r"|(?m:^[ ]{0,3}(?:[-*+]|\d+\.)[ ]+\S.*\n[ ]{0,8}(?:[-*+]|\d+\.)[ ]+\S)"
    r"|(?m:^[ ]{0,3}#{1,6}[ ]+\S)|(?m:^[ ]{0,3}(?:```|~~~)\w*[ ]*$)"
    r"|\[\^[\w-]+\](?!:)|(?m:^[ ]{0,3}(?:!!!|\?\?\?\+?|===)[ ]+[\w\"][^\n]*$)"
    r"|(?<!!)\[[^\[\]\n\x00]+\]\[[^\[\]\n]+\]|(?<!\w)__(?=[^\W_])[^_\n\x00]+(?<=[^\W_])__(?!\w)"
    r"|(?m:^[ ]{0,3}[-*+][ ]{1,3}\S[^\n]*\n\n(?:[ ]{4}|[-*+][ ]{1,3}\S))"
    r"|(?<![\w:]):(?:material|octicons|fontawesome|simple)-[a-z0-9-]+:"
    r"|(?<![*\w\\(])\*(?=[^\W\d_][^* \n]*[ ])[^*\n]*[^\s*(]\*(?![*\w])"
    r"|(?m:(?<![^\s(\"'])\*[^\W\d_]{2,}\*(?=[\s.,;:!?)\"']|$))"
    r"|(?m:^[ ]{0,3}\|[^\n]*\|[ ]*\n[ ]{0,3}\|[ ]*:?-+:?[ ]*(?:\|[ ]*:?-+:?[ ]*)*\|[ ]*$)"
)
_HIDDEN = lazy(r"\x00+")
_CODE = lazy(r"<[^<>\n]*>|(`{1,2}[^`\n]+`{1,2}(?!`))")
_TEX = lazy(r"\\[a-zA-Z]{2,}|[_^]\{|(?<![A-Za-z])[A-Za-z][_^]\w")
_QUIET = frozenset(
    ("pre", "script", "style", "textarea", "svg", "math", "iframe", "canvas", "video", "object", "template")
)


def check(page: Page) -> Iterator[Finding]:
    for block in _all(page.html_blocks):
        if page.masked[block.tag.span.start] != "<":
            continue
        if block.end_tag is None and not block.tag.is_void:
            if block.tag.name not in OPTIONAL_END:
                yield UNCLOSED.at(
                    block.tag.span,
                    f"`<{block.tag.name}>` is never closed, so everything after it is raw HTML"
                    if not block.markdown
                    else f"`<{block.tag.name}>` is never closed, so everything after it is inside it",
                    help=f"add `</{block.tag.name}>` where it should end",
                )
                yield from _self_closed(page, block)
            elif not block.markdown:
                yield from _open_end(page, block)
        elif not block.markdown and block.tag.name not in _QUIET:
            found = list(_raw(page, block))
            yield from found or _odd_value(page, block)
        if block.markdown and block.lost is not None:
            line = page.source.line_of(block.tag.span.start) + 1
            yield UNCLOSED.at(
                block.lost.span,
                f"this is not recognised as a tag, so its end tag closes the `<{block.tag.name}>` of line {line}",
                help="put the tag at the start of a line, indented by three spaces at most, or use another tag",
            )


def _self_closed(page: Page, block: HtmlBlock) -> Iterator[Finding]:
    """The `<div/>` that was meant as the end of an open block: a slash behind the name opens another."""
    name = block.tag.name
    for tag in page.tags:
        if tag.name == name and tag.self_closing and not tag.attributes and tag.span.start >= block.tag.span.end:
            yield UNCLOSED.at(tag.span, "this tag closes nothing", help=f"write `</{name}>`")
            return


_OFF = frozenset(("0", "off", "false", "no"))
"""What says that nothing is to be read."""


def _odd_value(page: Page, block: HtmlBlock) -> Iterator[Finding]:
    """`markdown="true"`: the extension reads nothing in it."""
    attribute = block.tag.get("markdown") if page.config.has("md_in_html") else None
    if attribute is not None and attribute.value not in READ and attribute.value.lower() not in _OFF:
        message = f'with `markdown="{attribute.value}"` the Markdown inside is not read'
        yield MARKDOWN.at(block.tag.span, message, help="write `markdown` alone")


def _open_end(page: Page, block: HtmlBlock) -> Iterator[Finding]:
    """A paragraph or a cell whose end HTML lets an author leave out, though Markdown waits for it."""
    shown = list(_typed(page, block.span, page.prose[block.span.start : block.span.end]))
    if shown:
        yield UNCLOSED.at(
            block.tag.span,
            f"Markdown waits for the end of this `<{block.tag.name}>`, so everything after it is raw HTML",
            help=f"add `</{block.tag.name}>` where it should end",
            proof=lambda rendered: any(rendered.prints(line, literal) for line, literal in shown),
        )


def _all(blocks: list[HtmlBlock]) -> Iterator[HtmlBlock]:
    for block in blocks:
        yield block
        yield from _all(block.children)


def _raw(page: Page, block: HtmlBlock) -> Iterator[Finding]:
    inner = Span(block.tag.span.end, block.end_tag.span.start if block.end_tag else block.span.end)
    text = page.prose[inner.start : inner.end]
    within = tuple(child.span for child in block.children)  # each is judged by itself
    shown = [
        (line, literal)
        for line, literal in _typed(page, inner, text)
        if not holds(within, page.source.find(line, literal).start)
    ]
    if not shown:
        return
    can = page.config.has("md_in_html")
    insert = block.tag.span.end - 1
    name = block.tag.name
    yield MARKDOWN.at(
        block.tag.span,
        f"Markdown inside this `<{name}>` is not read: the reader sees it as typed",
        help=_help(page, block),
        proof=lambda rendered: any(rendered.prints(line, literal) for line, literal in shown),
        fix=Edit(Span(insert, insert), " markdown") if can and _is_plain(page, block) else None,
    )
    first = page.source.line_of(block.tag.span.start)
    for line, literal in shown:
        if line != first:
            yield MARKDOWN.at(
                page.source.find(line, literal),
                f"this is shown as typed, inside the `<{name}>` of line {first + 1}",
                help=f"see the finding on line {first + 1}",
                proof=prints(line, literal),
            )


def _help(page: Page, block: HtmlBlock) -> str:
    if not page.config.has("md_in_html"):
        return "add `md_in_html` to `markdown_extensions` and `markdown` to the tag, or use HTML inside"
    attribute = block.tag.get("markdown")
    if attribute is not None and attribute.value in ("0", "off", "false"):
        return f'`markdown="{attribute.value}"` prevents it from being read: write `markdown`'
    if attribute is not None:
        return "begin the tag at the left margin: if it is indented, `markdown` has no effect"
    return f"write `<{block.tag.name} … markdown>`, or use HTML inside"


def _typed(page: Page, inner: Span, text: str) -> Iterator[tuple[int, str]]:
    """Lines that hold Markdown, one entry a line, each with the beginning of it."""
    seen: set[int] = set()
    for match in _SYNTAX.finditer(text):
        start = inner.start + match.start() + len(match[0]) - len(match[0].lstrip("\n "))
        line = page.source.line_of(start)
        if line not in seen:
            seen.add(line)
            yield line, match[0].strip().split("\n")[0].split("\x00")[0][:3].strip()
    for match in _HIDDEN.finditer(text) if HIDDEN in text else ():
        for code in _CODE.finditer(page.source.text, inner.start + match.start(), inner.start + match.end()):
            if not code[1] or holds(page.raw_texts, code.start()):
                continue  # the text of `<pre>` and `<code>` is code already
            line = page.source.line_of(code.start())
            if line not in seen:
                seen.add(line)
                yield line, "`"
    if HIDDEN in text and not may_load_scripts(page.config):
        for span in page.maths[bisect_left(page.maths, inner) :]:
            if span.end > inner.end:
                break
            line, sign = page.source.line_of(span.start), _sign(page.source.text, span)
            if line not in seen and sign not in drawn(page.config) and _TEX.search(page.source.text, *span):
                seen.add(line)
                yield line, sign


def _sign(text: str, span: Span) -> str:
    """With what a formula begins."""
    return text[span.start : span.start + 2] if text[span.start + 1] in "$([" else text[span.start]


def _is_plain(page: Page, block: HtmlBlock) -> bool:
    """Whether the block holds no other raw tags that parsing could upset, and its tag no attribute like `markdown`."""
    if "markd" in page.source.text[block.tag.span.start : block.tag.span.end].lower():
        return False
    return not any(block.tag.span.end <= tag.span.start < block.span.end - 8 for tag in page.tags)
