"""A list without a blank line before it: it becomes part of the paragraph above."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from docscheck.diagnostics import Edit, Finding
from docscheck.page import Page
from docscheck.parse.blocks import LISTS, Node, Row
from docscheck.patterns import lazy
from docscheck.proofs import prints
from docscheck.rules.lists import SWALLOWED, is_known_at_margin, is_known_below, is_ours, owns_callouts
from docscheck.source import Span

RULE = SWALLOWED
_ITEM = lazy(r"[ \xa0]{0,3}(?:([-*+])|(\d+)([.]))[ ]+(?=\S)")
_DEEP = lazy(r"[ ]{4,11}(?:[-*+]|\d{1,2}\.)[ ]+(?=\S)")
_ANNOUNCES = (":", "：", "**", "__", ":_", ":*", "!", "！", "?", "？")
_HEADERS = ("!!!", "???", "===", "///", ":::")
_BREAK = lazy(r"[ ]*<br[ ]?/?>$", re.I)


def check(page: Page) -> Iterator[Finding]:
    if not is_known_at_margin(page):
        return
    everywhere = is_ours(page)
    for node in page.rough_texts:
        if len(node.rows) > 1 and node.tag != "dt" and (everywhere or node.kind == "p"):
            yield from _in_paragraph(page, node)
    for node in page.kinds.get("table", ()):
        yield from _in_table(page, node)
    for kind in LISTS if everywhere else ():
        for node in page.kinds.get(kind, ()):
            yield from _between_items(page, node)
            yield from _behind_items(page, node)


def _in_paragraph(page: Page, node: Node) -> Iterator[Finding]:
    index = 1
    rows = node.rows
    if rows[0].text.startswith("[!") and owns_callouts(page):
        return
    while index < len(rows):
        run = _run(rows, index)
        if run and _is_template(page, rows[index - 1]):
            return
        fits = run and (rows[index].text[0] != " " or is_known_below(page, node))
        if fits and _is_meant(page, rows, index, run) and not _in_formula(rows[:index]):
            yield _finding(page, rows[index])
            return
        index += max(run, 1)
    for index in range(1, len(rows)) if is_ours(page) else ():
        above = rows[index - 1].text
        is_alone = index == len(rows) - 1 or not _DEEP.match(rows[index + 1].text)
        if _DEEP.match(above) or not _DEEP.match(rows[index].text) or (is_alone and not _is_below_item(node)):
            continue
        if above.lstrip().startswith(_HEADERS):
            continue  # the header of a box is what is wrong there
        if above.rstrip().endswith(":") or all(_DEEP.match(row.text) for row in rows[index:]):
            yield _finding(page, rows[index])
            return


def _is_below_item(node: Node) -> bool:
    """Whether a text is an item of one line, and one below it that was meant to be an item of its own."""
    item = node if node.tag == "li" else node.parent
    return item is not None and item.tag == "li" and len(node.rows) == 2 and node.rows[0].line == item.line


def _is_template(page: Page, row: Row) -> bool:
    """Whether a line is one expression, in whose place a plugin puts what may end a paragraph, such as a heading."""
    line = page.lines[row.line].strip()
    return page.macros is not None and line[:1] in "{-[<" and page.macros.fullmatch(line) is not None


def _in_formula(above: list[Row]) -> bool:
    """Whether a formula that a program of the site's own draws is open: `$$` without its partner."""
    return sum(row.text.count("$$") for row in above) % 2 == 1


_LABEL = lazy(r"[^\W\d_a-z][^\n]{0,58}[^:]:$")
_SHORT = 60
_LEADS_TO_ADDRESS = lazy(r":[ ]<?https?://[^\s>]+>?$")
"""A line that ends with an address, and so goes on no further."""


def _between_items(page: Page, node: Node) -> Iterator[Finding]:
    """What names the next items stands directly under an item: it becomes the end of that item."""
    for item, following in pairwise(node.children):
        rows = item.rows
        if len(rows) != 2 or rows[0].line != item.line or following.line != rows[1].line + 1 or item.children:
            continue
        line = page.lines[rows[1].line]
        above = rows[0].text.rstrip()
        if _LABEL.match(line) and len(above) < _SHORT and not above.endswith((",", ":", "-", "–")):
            yield RULE.at(
                page.source.content_span(rows[1].line),
                "the item above swallows this line, and the items below follow it",
                help="put a blank line before it, and one after it",
                proof=lambda rendered, number=rows[1].line: rendered.depth(number, "li") != 0,  # type: ignore[misc]
            )
            return


def _behind_items(page: Page, node: Node) -> Iterator[Finding]:
    """A sentence directly under a list of names or phrases: it becomes the end of the last of them."""
    rows = node.children[-1].rows if len(node.children) > 1 else []
    if len(rows) != 2 or rows[0].line != node.children[-1].line or rows[1].line != rows[0].line + 1:
        return
    if any(len(item.rows) != 1 or item.children for item in node.children[:-1]) or node.children[-1].children:
        return
    margin = _margin(page.lines[rows[0].line])
    line = page.lines[rows[1].line].removeprefix(margin)  # that of the box or the item which holds the list
    below = [below.strip(" \t>") for below in page.lines[rows[1].line + 1 : rows[1].line + 2]]
    items = [item.rows[0].text.rstrip() for item in node.children]
    if not _WHOLE.match(line) or any(len(text) > _NAME or text.endswith(_ENDS) for text in items) or any(below):
        return
    yield RULE.at(
        page.source.content_span(rows[1].line),
        "the item above swallows this sentence",
        help="put a blank line before it",
        proof=lambda rendered: rendered.depth(rows[1].line, "li") != 0,
    )


def _margin(line: str) -> str:
    """What stands before the text of a line."""
    return line[: len(line) - len(line.lstrip(" \t>"))]


_WHOLE = lazy(r"[^\W\d_a-z][^\s]*(?: [^\s]+){3,}[.:]$")
_NAME = 40
_ENDS = (".", ",", ";", ":", "!", "?", "-", "–", "(", " and", " or")


def _in_table(page: Page, node: Node) -> Iterator[Finding]:
    """A list directly under a table becomes its last rows."""
    row = next((row for row in node.rows[2:] if "|" not in row.text and _ITEM.match(row.text)), None)
    if row is not None and not node.rows[0].text.lstrip().startswith("|"):
        yield RULE.at(
            page.source.content_span(row.line),
            "the table above swallows this list",
            help="put a blank line before its first item",
        )


def _run(rows: list[Row], index: int) -> int:
    """How many rows from here on are items of one kind, each perhaps wrapped."""
    first = _ITEM.match(rows[index].text)
    if not first:
        return 0
    count = 0
    for row in rows[index:]:
        match = _ITEM.match(row.text)
        if match and (match[1] == first[1]) and bool(match[2]) == bool(first[2]):
            count += 1
    return count


def _is_meant(page: Page, rows: list[Row], index: int, run: int) -> bool:
    first = _ITEM.match(rows[index].text)
    assert first is not None
    before = _BREAK.sub("", rows[index - 1].text.rstrip())
    if before.strip("\x00 ") == "fence":
        return True
    item = rows[index].text[first.end() :]
    is_next = bool(first[2]) and _continues(page, rows[0], int(first[2]), item)
    if first[2] and first[2] not in ("0", "1") and not is_next:
        return False
    if page.masked_lines[rows[index].line].lstrip(" >\t")[:1] == "\x00":
        return False
    if run > 1 or before.endswith(_ANNOUNCES) or (is_next and before.endswith((".", "。"))):
        return True
    if first[2] == "1" and not item[0].islower() and _has_second(page, rows[index].line):
        return True
    if "\x00" in before:
        return False
    if index == 1 and not first[2] and not page.prose_lines[rows[0].line].strip("\x00 .:>\t"):
        return True  # code alone on its line, explained by what follows
    leaf = page.leaf_by_line[rows[index].line]
    if page.grammar.sane_lists and (rows[index].text.startswith("  ") or leaf.name[-1:] == "." or first[2]):
        # Of another kind than the list it stands in, and so no item for `sane_lists`.
        return leaf.tag == "li"
    if index == 1 and _LEADS_TO_ADDRESS.search(before):
        return True
    whole = index == 1 and (len(before) < 60 or before.endswith((".", "。"))) and not item[0].islower()
    return len(before) < 60 if first[2] else whole and not before.endswith((",", ";"))


def _has_second(page: Page, number: int) -> bool:
    """Whether an item with the number 2 stands at the margin further below in the section."""
    for line in page.lines[number + 1 :]:
        if line.startswith(("2. ", "#")):
            return line[0] == "2"
    return False


def _continues(page: Page, row: Row, number: int, text: str) -> bool:
    """Whether a number is the next one behind the item whose later paragraph it stands under, or was meant to."""
    leaf = page.leaf_by_line[row.line]
    item = next((above for above in leaf.ancestors() if above.tag == "li"), None)
    if item is None and not text[0].islower():
        item = _last_item(leaf)
    return item is not None and item.line < row.line and item.name == f"{number - 1}."


def _last_item(leaf: Node) -> Node | None:
    """The last item of the list above a paragraph and in its section, which something without an indent has ended."""
    beside = leaf.parent.children if leaf.parent is not None else []
    for node in reversed(beside[: beside.index(leaf)] if leaf in beside else []):
        if node.kind in ("heading", "setext", "hr", "ul"):
            return None
        if node.tag == "ol":
            return node.last
    return None


def _finding(page: Page, row: Row) -> Finding:
    match = _ITEM.match(row.text)
    deep = match is None
    match = match or _DEEP.match(row.text)
    assert match is not None
    marker = row.text[match.start() : match.end()].strip()
    start = page.source.starts[row.line]
    quoted = page.lines[row.line].lstrip().startswith(">")
    return RULE.at(
        page.source.find(row.line, marker),
        "the paragraph above swallows this list",
        help="remove its indentation, and put a blank line before it"
        if deep
        else "put a blank line before its first item",
        proof=prints(row.line, f"{marker} "),
        fix=None if quoted or deep else Edit(Span(start, start), "\n"),
    )
