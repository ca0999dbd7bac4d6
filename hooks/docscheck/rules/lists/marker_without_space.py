"""A list marker or task box without the space behind it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from docscheck.config import TRULY_SANE
from docscheck.diagnostics import Edit, Finding, Rule, Severity
from docscheck.page import Page
from docscheck.parse.blocks import Node, Row
from docscheck.patterns import at_signs, lazy
from docscheck.proofs import prints
from docscheck.rules.lists import is_beside_items, is_known_at_margin, is_ours, items_around, lacks
from docscheck.source import Span

RULE = Rule("LST106", "marker-without-space", Severity.ERROR)
TASK = Rule("LST107", "broken-task-box", Severity.ERROR)
RULES = (RULE, TASK)
_MARKER = lazy(
    r"[ ]{0,7}(?:([-+])(?=[^\W\d_]|[`\"“(]|\[[ xX]\]|\*\*)"
    r"|(\*)(?=[^\W\d_](?:[^*]|\*{2,3})*$|\[[^\[\]\n]+\]\([^*\n]*$)"
    r"|(\d{1,3})\.(?=(?![xX]\b)[^\W\d_]|\*\*[^\W\d_]|\[[^\[\]\n]+\]\([^\s()]+\)[ ]*$))"
)
_GLUED_ALONE = lazy(r"(?:[ ]{0,3}|[ >]*>[ ])(?:[-*+]\[[ xX]\][ ]+\S|\d{1,2}\.\[[^\[\]\n]+\]\([^\s()]+\)[ ]*$)")
"""A marker with a task box directly behind it, or a number with a link: a list, even if it is the only item."""
_BOLD = lazy(r"(?:[ ]{0,3}|[ >]*>[ ])[-+]\*\*[^*\n]+\*\*[.:]?[ ]*$")
_OPTION = lazy(r"[ \t>]*[-*+][ \t]+-(?:[a-z]|[A-Z]{1,2}(?![a-z])|[A-Z][A-Za-z]*[\d=:])")
"""An item that begins with the option of a command."""
_ITEM = lazy(r"[ >]*(?:([-*+])|(\d+)\.)[ ]+\S")
_BOX = lazy(r"[ ]{0,3}\[[ xX]?\][ ]+\S")
_ODD_BOX = lazy(r"(\[[*×✓✔✕✖✗✘✅хХvVoOyY~+?/.-]\]|\([ xX]?\)|\{[ xX]?\}|［[ \u3000xX]?］)(?=\s)")
"""What other programs take for a task box."""
_TASK = lazy(r"(\[\](?=\s)|\[[xX ]\](?=[^\s(\[:])|\[(?:[xX]\s+|\s+[xX]\s*|\s{2,}|[^\S ])\](?=\s))")


_ANY_BOX = lazy(r"\[(?:[^\S\n]*[xX]?[^\S\n]*|[*×✓✔✕✖✗✘✅хХvVoOyY~+?/.-])\](?!\()")
"""What all of these have in common, and a link has not."""


def check(page: Page) -> Iterator[Finding]:
    if not is_ours(page):
        if page.config.has(TRULY_SANE) and is_known_at_margin(page):
            for node in page.rough_texts:
                yield from _at_margin(page, node)
        return
    for node in page.rough_texts:
        if node.kind in ("p", "li"):
            yield from _markers(page, node)
    yield from _apart(page)
    if page.config.has("pymdownx.tasklist") and "[" in page.signs and any(at_signs(_ANY_BOX, "[", page.prose)):
        for node in page.rough_texts:
            if (
                node.kind == "p"
                and "[" in node.rows[0].text
                and all(_BOX.match(row.text) for row in node.rows)
                and _is_more(page, node)
            ):
                yield _without_marker(page, node.rows[0])
        for node in page.kinds.get("li", ()):
            yield from _task(page, node)
            for row in _first_rows(node)[1:] if _is_task(node) else ():
                if _BOX.match(row.text):
                    yield _without_marker(page, row)


def _at_margin(page: Page, node: Node) -> Iterator[Finding]:
    """Lines at the margin beside items there: what an extension that reads narrow indents does not see otherwise."""
    for row in node.rows if node.kind in ("p", "li") else ():
        match = _MARKER.match(row.text) if page.lines[row.line][:1] not in (" ", "\t", "") else None
        if match is None or _OPTION.match(page.lines[row.line]):
            continue
        if _is_between_items(page, row.line, match) or _is_at_mark(page, node, row.line, match):
            yield _marker(page, row.line, match)


def _markers(page: Page, node: Node) -> Iterator[Finding]:
    hits = [(row.line, match) for row in node.rows if (match := _MARKER.match(row.text))]
    hits = [(line, match) for line, match in hits if not _OPTION.match(page.lines[line])]
    is_list = len(node.rows) > 1 or any(_GLUED_ALONE.match(page.lines[line]) for line, _ in hits)
    whole = node.kind == "p" and is_list and len(hits) == len(node.rows) and _are_alike([match for _, match in hits])
    for line, match in hits:
        near = (
            _is_between_items(page, line, match) or _is_next_number(node, match) or _is_at_mark(page, node, line, match)
        )
        near = near or (line == node.line and _is_before_item(page, node, match))
        if whole or near or _is_beside(page, node, line, match) or _is_bold_before_list(page, node, line):
            yield _marker(page, line, match)


_SENTENCE = lazy(r"[-+][A-Z][a-z]*[ ][a-z]+[ ]\S+[ ]")
_FEW_STEPS = 3


def _apart(page: Page) -> Iterator[Finding]:
    """Paragraphs that begin with numbers which count up from one: steps, with what belongs to them in between."""
    begun = [(node, _MARKER.match(node.rows[0].text)) for node in page.rough_texts if node.kind == "p"]
    first = [(node.line, match) for node, match in begun if match and match[3]]
    numbers = [int(match[3]) for _, match in first]
    if len(first) >= _FEW_STEPS and numbers == list(range(1, len(first) + 1)):
        for line, match in first:
            yield _marker(page, line, match)


def _are_alike(matches: list[re.Match[str]]) -> bool:
    """Whether the lines of a paragraph are a list without spaces: one sign throughout, or numbers that count up."""
    numbers = [int(match[3]) for match in matches if match[3]]
    if numbers:
        return numbers == list(range(numbers[0], numbers[0] + len(matches)))
    return len({match[0].strip() for match in matches}) == 1


def _marker(page: Page, line: int, match: re.Match[str]) -> Finding:
    marker = match[1] or match[2] or f"{match[3]}."
    span = page.source.find(line, marker)
    return RULE.at(
        span,
        "a list marker needs a space after it",
        help="add the space; until then the line is part of the text above",
        proof=prints(line, marker),
        fix=Edit(Span(span.end, span.end), " "),
    )


def _is_between_items(page: Page, line: int, match: re.Match[str]) -> bool:
    """Whether a line next to this one is an item of the same kind."""
    for neighbour in (line - 1, line + 1):
        if not page.body <= neighbour < len(page.lines):
            continue
        item = _ITEM.match(page.lines[neighbour])
        if item and (
            (match[3] and item[2] and abs(int(item[2]) - int(match[3])) <= 1) or (item[1] and item[1] in match[0])
        ):
            return True
    return False


def _is_next_number(node: Node, match: re.Match[str]) -> bool:
    """Whether a line of an item, which may be wrapped, begins with the number behind the item's own."""
    return bool(match[3]) and any(item.name == f"{int(match[3]) - 1}." for item in items_around(node))


def _is_before_item(page: Page, node: Node, match: re.Match[str]) -> bool:
    """Whether a paragraph goes on with indented lines, and then with an item of the same mark at the same margin."""
    mark, first = match[1] or match[2], page.lines[node.line]
    margin = first[: len(first) - len(first.lstrip())]
    for row in node.rows[1:] if mark else ():
        line = page.lines[row.line]
        if line.startswith(f"{margin}{mark} "):
            return True
        if not line.startswith(f"{margin} "):
            return False
    return False


def _is_at_mark(page: Page, node: Node, line: int, match: re.Match[str]) -> bool:
    """Whether a line of an item begins like the item itself, with the same mark at the same place, and a capital."""
    item = next(iter(items_around(node)), None)
    mark = match[1] or match[2]
    if item is None or not mark or line <= item.line:
        return False
    text = page.lines[line].lstrip(" \t>")
    margin = page.lines[line][: -len(text)]
    return text[1:2].isupper() and page.lines[item.line].startswith(f"{margin}{mark} ")


def _is_beside(page: Page, node: Node, line: int, match: re.Match[str]) -> bool:
    """Whether a paragraph begins with the number that the list before or behind it lacks, or with that list's mark."""
    if node.kind != "p" or line != node.rows[0].line:
        return False
    if match[3]:
        return lacks(page, node, int(match[3]))
    if _SENTENCE.match(node.rows[0].text):
        return True  # what a change to the text left, or an item alone
    mark = match[1] if match[1] == "-" else match[2]
    return bool(mark) and node.rows[0].text[1:2].isupper() and is_beside_items(page, node, mark)


def _is_bold_before_list(page: Page, node: Node, line: int) -> bool:
    """Whether a paragraph of one line, `-**text**`, stands right above a list with the same sign."""
    after = page.after(node)
    if len(node.rows) > 1 or after is None or after.tag != "ul" or not _BOLD.match(page.lines[line]):
        return False
    return page.lines[after.line].lstrip().startswith(page.lines[line].lstrip()[0] + " ")


def _is_more(page: Page, node: Node) -> bool:
    """Whether a paragraph of task boxes has several, or goes on a list of tasks."""
    before = page.before(node)
    after_tasks = before is not None and before.tag in ("ul", "ol") and any(map(_is_task, before.children))
    return len(node.rows) > 1 or after_tasks


def _is_task(item: Node) -> bool:
    rows = _first_rows(item)
    return bool(rows) and "[" in rows[0].text and _BOX.match(rows[0].text) is not None


def _without_marker(page: Page, row: Row) -> Finding:
    return TASK.at(
        page.source.content_span(row.line),
        "a task box has to be in a list item, so these lines run together",
        help="begin each with `- `",
        proof=prints(row.line, "["),
    )


def _task(page: Page, item: Node) -> Iterator[Finding]:
    rows = _first_rows(item)
    if not rows or rows[0].text[:1] not in ("[", "(", "{", "［"):
        return
    match = _TASK.match(rows[0].text)
    if not match:
        odd = _ODD_BOX.match(rows[0].text)
        match = odd if odd and _stands_among_tasks(item) else None
    if match:
        yield TASK.at(
            page.source.find(rows[0].line, match[1]),
            "this is not a task box",
            help="write `[ ] text` or `[x] text`",
            proof=prints(rows[0].line, match[1]),
        )


def _stands_among_tasks(item: Node) -> bool:
    """Whether another item of the list is a task."""
    others = item.parent.children if item.parent is not None else []
    return any(_is_task(other) for other in others if other is not item)


def _first_rows(item: Node) -> list[Row]:
    return item.rows or (item.children[0].rows if item.children and item.children[0].kind == "p" else [])
