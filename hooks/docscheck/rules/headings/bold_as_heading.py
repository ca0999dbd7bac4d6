"""A bold line that stands where a heading belongs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.page import Page
from docscheck.parse.blocks import Node
from docscheck.patterns import lazy

RULE = Rule("HDG110", "bold-as-heading", Severity.WARNING)
_BOLD = lazy(r"(?:\*{2,3}|_{2,3}|<(?P<tag>b|strong)>)(?P<text>[^*_<\n]+)(?:\*{2,3}|_{2,3}|</(?P=tag)>)[ ]*$")
_EMPHASISED = lazy(r"(\*{1,3}|_{1,3})[^*_\n]+\1")
_SOME = 2
"""So many headings that are questions show how a page asks."""
_NUMBERED = lazy(r"[^\W\d_]+ \d{1,2}: ")
"""The beginning of a heading such as "Step 1: install"."""
_IS_NAMED = lazy(
    r"\S[ ](?:>{1,2}|→|->|[•·|])[ ]\S|^(?:you (?:need|must|have)|please|make sure|do not|don't)\b|[ ]only$"
    r"|[，；]|(?<!^\d)(?<!^\d\d)(?<!^[一二三四五六七八九十])、"
    r"|^(?:obsolete|deprecated|removed|outdated|superseded|experimental)\b|已(?:被|经)?(?:过时|弃用|移除|废弃|删除)",
    re.I,
)
"""A way through menus, several things in a row, a sentence, what the reader is told to do, or for what the text holds.

None of them names a section.
Neither does it when it is said that something is no more.
"""


def check(page: Page) -> Iterator[Finding]:
    asks = sum(heading.text.endswith("?") for heading in page.headings) >= _SOME
    bold = {id(node) for node in page.rough_texts if node.parent is page.tree and _is_bold(node, asks)}
    if not bold or (len(bold) > 2 and page.config.profile != "kb"):
        return  # a page that marks its parts so throughout does it on purpose
    parts = [child for child in page.tree.children if child.kind != "raw"]
    for before, part, after in zip([None, *parts], parts, parts[1:], strict=False):
        if before is not None and _is_emphasised(before):
            continue  # one of the lines of a title or of a show of marks
        if before is not None and _is_greeting(before):
            continue  # the name of who signs a letter
        if id(part) in bold and after.kind == "p" and id(after) not in bold and _is_text(after) and page.headings:
            yield RULE.at(
                page.source.content_span(part.line),
                "a bold line is used as a heading",
                help="write it as a heading: readers can link to it, and it is listed in the table of contents",
            )


_FEW = 5


def _is_greeting(node: Node) -> bool:
    """Whether a paragraph is a few words that end with a comma: "With kind regards,"."""
    text = node.rows[-1].text.strip() if node.kind == "p" and node.rows else ""
    return text.endswith(",") and len(node.rows) == 1 and len(text.split()) <= _FEW


def _is_text(node: Node) -> bool:
    """Whether a paragraph is one, and not code or a picture of which the bold line is the caption."""
    text = node.rows[0].text.lstrip()
    return bool(text) and text[0] not in "\x00!<[|" and not _is_emphasised(node)


def _is_emphasised(node: Node) -> bool:
    """Whether a paragraph is one line in bold or emphasised, with its stop or without."""
    return node.kind == "p" and len(node.rows) == 1 and _EMPHASISED.fullmatch(node.rows[0].text.strip()) is not None


def _is_bold(node: Node, asks: bool) -> bool:
    """Whether a paragraph is a bold line that may be a heading: a question, where headings ask questions."""
    if node.kind != "p" or len(node.rows) != 1 or node.rows[0].text.lstrip(" ").startswith("\u00a0"):
        return False  # or it is moved to the middle by hand
    match = _BOLD.match(node.rows[0].text.strip())
    text = match["text"] if match else ""
    if not text or (": " in text and not _NUMBERED.match(text)) or "](" in text or "\\" in text:
        return False  # a line such as "Author: Ada", or a path, is no heading
    if _IS_NAMED.search(text):
        return False
    if asks and text.endswith("?"):
        return len(text.split()) > 2
    return len(text.split()) <= 6 and text.rstrip()[-1:] not in ".:!?,;)…。：！？，；、）」"
