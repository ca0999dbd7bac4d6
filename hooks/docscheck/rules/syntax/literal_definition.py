"""Definitions that are printed with their colon, or that take the next term for a part of themselves."""

from __future__ import annotations

from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.page import Page
from docscheck.parse.blocks import Node
from docscheck.patterns import lazy
from docscheck.proofs import prints

RULE = Rule("SYN105", "literal-definition", Severity.ERROR)
_DEFINITION = lazy(r"[ \t>]*:(?=[^\W\d_a-z][^:\s]*(?:\s|$))")
_TERM = lazy(r"(?![#>|*+-])[^.:;!?\n]{1,60}$")
"""A line of which a definition may speak."""
_AS_CODE = lazy(r"[ ]{4,7}(:)[ ]{2,3}[^\W\d_]")
_TWO = lazy(r"[ \t>]*::(?=[ ]{1,3}[^\W\d_])")


def check(page: Page) -> Iterator[Finding]:
    if not page.grammar.def_list:
        return
    for number in page.lines_with(":"):
        if page.prose_lines[number].lstrip()[0] == ":":
            yield from _definition(page, number, page.prose_lines[number])
    for node in page.kinds.get("dl", ()):
        yield from _swallowed(page, node)
    for node in page.kinds.get("code", ()):
        yield from _as_code(page, node)


def _definition(page: Page, number: int, shown: str) -> Iterator[Finding]:
    two = _TWO.match(shown)
    match = two or _DEFINITION.match(shown)
    leaf = page.leaf_by_line.get(number)
    if match is None or leaf is None or leaf.tag not in ("p", "dd"):
        return
    if leaf.rows[0].line < number or _is_behind_term(page, leaf):
        yield RULE.at(
            page.source.span(number, match.end() - 1, match.end()),
            "a definition begins with one colon" if two else "a definition needs a space after its colon",
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
