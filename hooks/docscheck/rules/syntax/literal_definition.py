"""Definitions that are printed with their colon or define nothing, and terms and sentences that a list swallows."""

from __future__ import annotations

from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.page import Page
from docscheck.parse.blocks import Node
from docscheck.patterns import lazy
from docscheck.proofs import prints

RULE = Rule("SYN105", "literal-definition", Severity.ERROR)
_DEFINITION = lazy(r"[ \t>]*:(?=[^\W\d_a-z][^:\s]*(?:\s|$)|[a-z]{2,}(?:[ ][^:\n]*)?[ ][a-z]{2,}[^:\n]*$)")
_TERM = lazy(r"(?![#>|*+-])[^.:;!?\n]{1,60}$")
"""A line of which a definition may speak."""
_AS_CODE = lazy(r"[ ]{4,7}(:)[ ]{2,3}[^\W\d_]")
_INDENTED = lazy(r"[ ]{4,8}(:)[ ]{1,3}(?=[^\W_]|[`*\[\x00])")
_OTHER = lazy(r"[ \t>]*(：[ ]*|(?:::|;|-:)[ ]{1,4})(?=[^\W_])")
"""The colon of another script, two of them, and what stands beside it on a keyboard."""
_OTHER_SIGNS = ("：", "::", ";", "-:")
_LONGEST_TERM = 6
_ENDS = (".", "!", "?", ":", ",", ";", "：", "。", "，")


def check(page: Page) -> Iterator[Finding]:
    if not page.grammar.def_list:
        return
    for number in page.lines_with(":"):
        if page.prose_lines[number].lstrip()[0] == ":":
            yield from _definition(page, number, page.prose_lines[number])
            yield from _indented(page, number)
    for node in page.kinds.get("dl", ()):
        yield from _swallowed(page, node)
    signs = [sign for sign in _OTHER_SIGNS if sign in page.signs]
    for number in sorted({number for sign in signs for number in page.lines_with(sign)}):
        yield from _with_other_sign(page, number)
    for kind in ("dt", "dd"):
        for node in page.kinds.get(kind, ()):
            yield from _in_list(page, node)
    for node in page.kinds.get("code", ()):
        yield from _as_code(page, node)


def _definition(page: Page, number: int, shown: str) -> Iterator[Finding]:
    match = _DEFINITION.match(shown)
    leaf = page.leaf_by_line.get(number)
    if match is None or leaf is None or leaf.tag not in ("p", "dd"):
        return
    if leaf.rows[0].line < number or _is_behind_term(page, leaf):
        yield RULE.at(
            page.source.span(number, match.end() - 1, match.end()),
            "a definition needs a space after its colon",
            help="write `:   text`",
            proof=prints(number, ":"),
        )


def _is_behind_term(page: Page, node: Node) -> bool:
    """Whether a line alone stands above, as a term does."""
    above = page.before(node)
    return above is not None and above.kind == "p" and len(above.rows) == 1 and bool(_TERM.match(above.rows[0].text))


def _swallowed(page: Page, node: Node) -> Iterator[Finding]:
    """A term right below a definition makes that a term too, and both with what follows a list inside it."""
    above, terms = node.parent, [child for child in node.children if child.kind == "dt"]
    if above is not None and above.kind == "dd" and above.line == node.line and len(terms) > 1:
        yield RULE.at(
            page.source.content_span(terms[1].line),
            "right below a definition, this term and its definition become a part of that one",
            help="put a blank line before the term",
            proof=lambda rendered: rendered.depth(terms[1].line, "dl") != 1,
        )


def _as_code(page: Page, node: Node) -> Iterator[Finding]:
    """A definition indented by four is code."""
    match = _AS_CODE.match(page.lines[node.line])
    if match and _is_behind_term(page, node):
        span = page.source.span(node.line, *match.span(1))
        yield RULE.at(span, "indented by four, a definition is code", help="begin the line with its colon")


def _indented(page: Page, number: int) -> Iterator[Finding]:
    """`Term` and below it `    : text`: more than three spaces before its colon make it a line of the paragraph."""
    leaf = page.leaf_by_line.get(number)
    if leaf is None or leaf.tag != "p" or leaf.rows[0].line != number - 1:
        return
    match, term = _INDENTED.match(leaf.rows[1].text), leaf.rows[0].text.strip()
    if match and len(term.split()) <= _LONGEST_TERM and _TERM.match(term):
        yield RULE.at(
            page.source.find(number, ":"),
            "indented by four, this colon begins no definition, so it is printed",
            help="begin the line with its colon: `:   text`",
            proof=prints(number, ":"),
        )


def _with_other_sign(page: Page, number: int) -> Iterator[Finding]:
    """`Term` and below it `；   text`: two lines of a paragraph."""
    match = _OTHER.match(page.prose_lines[number])
    leaf = page.leaf_by_line.get(number) if match else None
    if match is None or leaf is None or leaf.tag != "p" or leaf.rows[0].line != number - 1:
        return
    term = leaf.rows[0].text.strip().rstrip("*_")
    if len(term.split()) <= _LONGEST_TERM and not term.endswith(_ENDS):
        sign = match[1].strip()
        span = page.source.span(number, match.start(1), match.start(1) + len(sign))
        message = f"`{sign}` begins no definition, so it is printed"
        yield RULE.at(span, message, help="write `:   text`", proof=prints(number, sign))


def _in_list(page: Page, node: Node) -> Iterator[Finding]:
    """A definition without text, and a sentence right above a term, which is another term then."""
    if node.tag == "dd":
        if not node.children and not any(row.text.strip() for row in node.rows):
            span = page.source.content_span(node.line)
            yield RULE.at(span, "this defines nothing", help="write what the term means, or remove both")
        return
    following = page.after(node)
    text = node.rows[0].text.rstrip()
    if following is not None and following.tag == "dt" and text.endswith((".", ":")) and " " in text:
        message = "without an empty line after it, this sentence is a term of the list below"
        yield RULE.at(page.source.content_span(node.line), message, help="put an empty line after it")
