"""Code in a list item, indented as CommonMark wants it: too little for Python-Markdown, which sets it as text."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.page import Page
from docscheck.parse.blocks import Node, Row
from docscheck.patterns import at_signs, lazy
from docscheck.rules.lists import is_ours

RULE = Rule("COD105", "code-becomes-text", Severity.WARNING)
_CODE = 4
"""So much further in than the text of its item is code."""
_CODE_SIGNS = lazy(
    r"[=;{}<>|\\$#&]|\w\(|::|->|[ ]-{1,2}\w|\w@\w|[\w~]/\w|\b\w+\.[a-z]\w*\b(?![ ][a-z]+[ ][a-z]+[ ])"
    r"|^(?:import|from|def|class|return|for|if|while|print|sudo|cd|ls|cp|mkdir|git|pip|npm|make|export)[ ]"
)
_MORE = {1: "one space", 2: "two spaces", 3: "three spaces", 4: "four spaces"}
_MARKER = lazy(r"[ >]*((?:[-*+]|\d+\.)[ ]{1,4})")
_ENDS = (".", ":", ";", "!", "?", "。", "：", "！", "？")


def check(page: Page) -> Iterator[Finding]:
    if not page.grammar.indented_code:
        return
    yield from _swallowed(page)
    for match in at_signs(_ANNOUNCED, ":\n    ", page.prose):
        node = page.leaf_by_line.get(page.source.line_of(match.start()))
        row = _command_below(node) if node is not None and node.kind == "p" else None
        if row is not None:
            yield _in_text(page, row)
    if not is_ours(page):
        return
    for kind in ("ul", "ol"):
        for items in page.kinds.get(kind, ()):
            for item in items.children:
                if len(item.children) > 1:
                    yield from _in_item(page, item)
                    yield from _announced(page, item)


_PROMPT = lazy(r"[ ]{4,}(?:>>>|\$)[ ]\S")


def _swallowed(page: Page) -> Iterator[Finding]:
    """Input behind a prompt, indented as code directly under text: it is a part of that."""
    for node in page.rough_texts:
        if node.kind != "p" or len(node.rows) == 1 or _PROMPT.match(node.rows[0].text):
            continue
        row = next((row for row in node.rows[1:] if _PROMPT.match(row.text)), None)
        if row is not None:
            yield _in_text(page, row)


def _in_text(page: Page, row: Row) -> Finding:
    return RULE.at(
        page.source.content_span(row.line),
        "the paragraph above swallows this code, so it is set as text",
        help="put a blank line before it",
    )


_COMMAND = lazy(
    r"(?:sudo|cd|ls|cp|mv|mkdir|git|pip3?|npm|npx|export|docker|kubectl|python3?|curl|wget|apt-get|brew|cargo|conda|ssh|make)"
    r"[ ][^\n]*?(?:(?<=[ ])-{1,2}\w|\w/\w|\w=\S|\w\.[a-z]{1,4}$)"
)
_ANNOUNCED = lazy(r":\n[ ]{4,}\S")
_RUNS = lazy(r"[ ]{4,}(?=\S)")


def _command_below(node: Node) -> Row | None:
    """The first of the lines that are indented as code below one with a colon, if it is a command or a call."""
    for above, row in pairwise(node.rows):
        if above.text.rstrip().endswith(":") and _RUNS.match(row.text):
            text = row.text.strip()
            rest = node.rows[node.rows.index(row) :]
            is_command = _CALL.fullmatch(text) or (_COMMAND.match(text) and not text.endswith(_ENDS))
            return row if is_command and all(_RUNS.match(line.text) for line in rest) else None
    return None


def _in_item(page: Page, item: Node) -> Iterator[Finding]:
    """The first paragraph below an item's text that is indented as code."""
    marker = _MARKER.match(page.lines[item.line].expandtabs(4))
    if marker is None or not item.name or not marker[1].startswith(item.name):
        return
    for node in item.children:
        if node.kind != "p" or not node.rows or node.line == item.line:
            continue
        line = page.lines[node.line].expandtabs(4)
        depth = len(line) - len(line.lstrip())
        if depth >= marker.end(1) + _CODE and not page.lines[node.line - 1].strip() and _is_code(page, node):
            yield RULE.at(
                page.source.content_span(node.line),
                "this is indented too little to be code in a list item, so it is set as text",
                help=f"indent it by {_MORE[4 - depth % 4]} more, or put it in a fence",
                proof=lambda rendered, line=node.line: rendered.is_code(line) is not True,  # type: ignore[misc]
            )
            return


_CALL = lazy(
    r"(?:await[ ])?[A-Za-z_]\w*(?:\.\w+)+\([^()]*\);?|import[ ][a-z_][\w.]*|from[ ][a-z_][\w.]*[ ]import[ ]\w+"
    r"|(?:sudo[ ])?(?:pip3?|npm|npx|yarn|git|docker|kubectl|conda|apt(?:-get)?|brew|cargo|helm|poetry|uv)[ ]"
    r"(?:install|add|run|clone|pull|push|commit|checkout|build|apply|update|create|init|test|exec|compose)"
    r"(?:[ ][\w@./:=-]+)+"
)
"""A call of a method, an import, or a command: no sentence."""


def _announced(page: Page, item: Node) -> Iterator[Finding]:
    """A line of code below an item that ends with a colon, indented as text of the item."""
    for above, node in pairwise(item.children):
        if node.kind != "p" or len(node.rows) != 1 or above.kind != "p" or not above.rows:
            continue
        line = page.lines[node.line]
        if above.rows[-1].text.rstrip().endswith(":") and _CALL.fullmatch(line.strip()):
            yield RULE.at(
                page.source.content_span(node.line),
                "this code is set as text",
                help="indent it by four spaces more, or put it in a fence",
            )


def _is_code(page: Page, node: Node) -> bool:
    """Whether a paragraph reads as code: it begins as no sentence does, and holds a sign that code holds."""
    text = page.source.text[page.source.starts[node.line] :].lstrip()[:200].split("\n\n")[0]
    first = page.lines[node.line].strip()
    if first[0].isupper() or first.endswith(_ENDS) or first[0] in "![*_`:" or "](" in text:
        return False
    return first[0] in "#$/." or bool(_CODE_SIGNS.search(first))
