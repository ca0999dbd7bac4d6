"""An HTML comment that is never closed, or is printed because of where it stands."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from operator import attrgetter

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.once import of_page
from docscheck.page import Page
from docscheck.parse.blocks import Node
from docscheck.patterns import lazy
from docscheck.source import Span

_WRONG_END = lazy(r"--[ ]+>|-[ ]+->|(?<!-)->|[—–]>|--$", re.MULTILINE)
_REACH = 1000
"""So many characters behind its opening the end of a comment is looked for."""
_LONGEST_END = 100
"""No wrong end is longer: one that is cut off where a search ends is found by the next."""
_STRAY = lazy(r"^[ \t]*(-->)", re.MULTILINE)
_BEHIND = lazy(r"^[ \t>]*[^\W\d_][^\n<>|=\x00-]* (-->)[ ]*$(?=\n[ >]*\n|\n?\Z)", re.MULTILINE)
_MARK_LOST = lazy(
    r"(?:^[ \t>]*(?=<--)|(?<=[.!?:;][ ]))(<--?)[ ](?=[^\n]*[^\W\d_])[^\n<>|=\[\]\x00-]*[ ]-->[ ]*$", re.MULTILINE
)
"""A whole line between `<--` and `-->`; with a link or a bar in it, it may lead back and forth."""
_ENTITIES = lazy(r"&lt;!--(?=[^\n]*(?:--&gt;|-->))")
"""A comment that went through a program which protects angle brackets."""
_ALMOST = lazy(r"<!(?:-(?!-)|[—–]-?|-[—–])(?=[\s\w])|<[ ]+!--(?=[\s\w])|<![ ]+--(?=[\s\w])")
_LABEL = lazy(r"^[ ]{0,3}(\[(?://|comment|_|\^_\^)\]:[ ]#)[ ]+(?=[^\s\"'(])", re.M | re.I)
"""A definition that nothing names, which hides its title; only a title has quotes or parentheses."""
RULE = Rule("COD104", "unclosed-comment", Severity.ERROR)


def check(page: Page) -> Iterator[Finding]:
    yield from _unclosed(page)
    yield from _overrun(page)
    yield from _indented(page)
    for comment in page.comments:
        if comment.closed and page.masked.startswith("->", comment.span.end):
            span = Span(comment.span.end, comment.span.end + 2)
            yield RULE.at(span, "the comment has ended, so this is printed", help="remove it")
    for match in _LABEL.finditer(page.prose) if "]:#" in page.signs and "]: #" in page.prose else ():
        message = "without quotes around its text this is no definition, so it is printed"
        yield RULE.at(Span(*match.span(1)), message, help="comments are written `<!-- … -->`, or `[//]: # (…)`")
    if "-->" in page.masked:
        yield from _nested(page)
        yield from _stray_ends(page)
    for match in _ENTITIES.finditer(page.prose) if "&" in page.signs and "&lt;!--" in page.prose else ():
        yield RULE.at(Span(*match.span()), "with `&lt;` this is no comment, so it is printed", help="write `<!--`")
    for pattern, text, sign in ((_MARK_LOST, page.prose, "<-"), (_ALMOST, page.masked, "!")):
        for match in pattern.finditer(text) if sign in text and "<" in text else ():
            span = Span(*match.span(match.lastindex or 0))
            yield RULE.at(span, "this does not open a comment", help="comments are written `<!-- … -->`")


def _unclosed(page: Page) -> Iterator[Finding]:
    """Comments without an end, each with the next thing that was meant as one."""
    wrong, looked = None, 0  # of many comments, each looks only at what the one before did not reach
    for comment in page.comments:
        if comment.closed:
            continue
        start = comment.span.start
        yield RULE.at(
            Span(start, start + 4),
            "this comment is never closed",
            label="it opens here",
            help="close it with `-->`",
        )
        if wrong is None or wrong.start() < start + 4:
            wrong = _WRONG_END.search(page.source.text, max(start + 4, looked), start + _REACH)
            looked = start + _REACH - _LONGEST_END
        line = page.source.line_of(start)
        if wrong and page.source.line_of(wrong.start()) != line:
            message = f"this does not close the comment of line {line + 1}"
            yield RULE.at(Span(*wrong.span()), message, help="write `-->`")


def _overrun(page: Page) -> Iterator[Finding]:
    """A wrong end, behind which the comment goes on through all that follows to the end of the next one."""
    for comment in page.comments:
        start, end = comment.span
        inner = page.source.text.find("<!--", start + 4, end) if comment.closed else -1
        if inner > 0 and page.source.text.startswith("\n", inner + 4) and "\n" not in page.source.text[start:inner]:
            message = "this opens the comment again, which hides all that follows to the end of the next one"
            yield RULE.at(Span(inner, inner + 4), message, help="write `-->`")
            continue
        if inner > 0 and _hides_text(page, start, inner, end):
            message = "this comment is not closed on its line, so it hides all that follows to the end of the next one"
            yield RULE.at(Span(start, start + 4), message, help="close it with `-->`")
            continue
        wrong = _WRONG_END.search(page.source.text, start + 4, inner) if inner > 0 else None
        if wrong and page.source.text.startswith("\n", wrong.end()) and page.source.text[wrong.end() : inner].strip():
            message = "this does not close the comment, which hides all that follows to the end of the next one"
            yield RULE.at(Span(*wrong.span()), message, help="write `-->`")


_REMARK = lazy(r"<!--[ ]*[^\W\d_][^\n<>]{0,80}\n[ \t]*\n")


def _hides_text(page: Page, start: int, inner: int, end: int) -> bool:
    """Whether a short remark, behind which a line is blank, runs on to the end of another remark of one line."""
    text = page.source.text
    is_remark = _REMARK.match(text, start) is not None and "\n" not in text[inner:end]
    return is_remark and page.masked.find("-->", end) < 0


_INSIDE = frozenset(("li", "dd", "footnote", "admonition", "details", "tab"))
"""What wants its content four spaces further in."""
_EMPTY_LINE = lazy(r"\n[ \t]*\n")


def _indented(page: Page) -> Iterator[Finding]:
    """A comment so far in that Markdown does not take it out before it reads blocks: code, or cut by an empty line."""
    for comment in page.comments:
        line = page.source.line_of(comment.span.start)
        margin = page.source.text[page.source.starts[line] : comment.span.start]
        indent = len(margin.expandtabs(4))
        if not comment.closed or indent < 4 or margin.strip(" \t") or line not in page.removed_lines:
            continue
        if any(block.span.start < comment.span.start < block.span.end for block in page.html_blocks):
            continue
        span = Span(comment.span.start, comment.span.start + 4)
        above = _node_above(page, line)
        if above is None or above.kind == "code":
            continue
        depth = sum(node.kind in _INSIDE for node in above.ancestors())
        if indent >= 4 * depth + 4:
            is_first = not page.lines[line - 1].strip() and not _leads_to_code(above)
            if is_first and not _is_in_code(page, page.source.line_of(comment.span.end - 1)):
                message = "this comment is indented so far that it is shown as code"
                yield RULE.at(span, message, help="remove spaces before it")
        elif _EMPTY_LINE.search(page.source.text, comment.span.start, comment.span.end):
            message = "an empty line cuts this comment, which is indented, so it is printed"
            yield RULE.at(span, message, help="remove the empty line, or begin the comment at the left margin")


def _node_above(page: Page, line: int) -> Node | None:
    """The innermost element that begins above a line."""
    nodes = _by_line(page)
    index = bisect_left(nodes, line, key=attrgetter("line"))
    return nodes[index - 1] if index else None


@of_page
def _by_line(page: Page) -> list[Node]:
    return sorted((node for node in page.nodes if node.parent is not None), key=attrgetter("line"))


def _leads_to_code(node: Node) -> bool:
    return bool(node.rows) and node.rows[-1].text.rstrip().endswith(":")


def _is_in_code(page: Page, last: int) -> bool:
    """Whether code goes on below a line."""
    below = next((number for number in range(last + 1, len(page.lines)) if page.lines[number].strip()), None)
    leaf = page.leaf_by_line.get(below) if below is not None else None
    return leaf is not None and leaf.kind == "code"


def _nested(page: Page) -> Iterator[Finding]:
    """`<!-- <!-- --> -->`: the text holds an end that is left over."""
    for comment in page.comments:
        start, end = comment.span
        inner = page.source.text.find("<!--", start + 4, end) if comment.closed else -1
        stray = page.masked.find("-->", end, end + _REACH) if inner > 0 else -1
        if stray > 0 and "\n\n" not in page.masked[end:stray] and "<!--" not in page.source.text[end:stray]:
            yield RULE.at(
                Span(inner, inner + 4),
                "this comment is inside another one: the first `-->` ends both, and the rest is printed",
                help="remove the inner marks",
            )


def _stray_ends(page: Page) -> Iterator[Finding]:
    """`-->` at the start of a line, behind a comment that has ended, or alone behind a text."""
    strays = list(_STRAY.finditer(page.masked))
    if page.prose.count("-->") == 1 and "<!-" not in page.source.text:
        strays += _BEHIND.finditer(page.prose)
    for match in strays:
        help = "remove it, or open the comment with `<!--`"
        yield RULE.at(Span(*match.span(1)), "this does not close a comment", help=help)
    for comment in page.comments if "-->" in page.prose else ():
        end = page.source.text.find("\n", comment.span.end)
        rest = page.masked[comment.span.end : end if end > 0 else None]
        if comment.closed and rest.rstrip().endswith(" -->") and "<" not in rest:
            start = comment.span.end + rest.rindex("-->")
            message = "the comment has ended before, so what stands between and this are printed"
            yield RULE.at(Span(start, start + 3), message, help="remove the first `-->`, or this one")
