"""A list too far from the margin, or nested by two steps, where `mdx_truly_sane_lists` reads steps of two: text."""

from __future__ import annotations

from collections.abc import Iterator

from docscheck.config import TRULY_SANE
from docscheck.diagnostics import Finding
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.rules.lists import SWALLOWED, is_known_at_margin

RULES = ()
_ITEM = lazy(r"[ ]*([-*+]|\d+\.)[ ]+(?=\S)")


def check(page: Page) -> Iterator[Finding]:
    if not is_known_at_margin(page):
        return
    step = page.config.option(TRULY_SANE, "nested_indent", 2)
    width = step if isinstance(step, int) and step > 0 else 2
    starts = {opener.line for opener in page.openers}
    open_items: list[int] = []
    is_reported = False
    code = 0
    for number in range(page.body, len(page.lines)):
        line = page.lines[number].expandtabs(4)
        indent = len(line) - len(line.lstrip(" "))
        if code and (not line.strip() or indent >= code):
            continue
        code = 0
        is_deep = bool(open_items) and indent >= open_items[-1] + width + 4 and not page.lines[number - 1].strip()
        if is_deep and not ("](" in line or "**" in line):
            code = open_items[-1] + width + 4  # a block of code inside the item; with links it was meant as a list
            continue
        match = _ITEM.match(line) if number not in page.fenced_lines else None
        if number in starts or (line.strip() and not indent and not match):
            open_items.clear()
        if match is None:
            is_reported = is_reported and bool(line.strip())
            continue
        while open_items and open_items[-1] > indent:
            open_items.pop()
        if not open_items and _is_text(page, number, match[1], indent, width):
            yield SWALLOWED.at(
                page.source.find(number, match[1]),
                "no list begins so far from the margin, so this is text",
                help=f"`mdx_truly_sane_lists` reads steps of {width} spaces: remove the spaces before the first items",
            )
        if not open_items or indent - open_items[-1] < 2 * width or (indent >= 8 and _is_loose_in_box(page, number)):
            is_reported = False
            open_items.append(indent)
        elif not is_reported:
            is_reported = True
            yield SWALLOWED.at(
                page.source.find(number, match[1]),
                "the item above swallows this list",
                help=f"`mdx_truly_sane_lists` reads steps of {width} spaces: indent it by {width}",
            )


_CODE = 4


def _is_text(page: Page, number: int, mark: str, indent: int, width: int) -> bool:
    """Whether bullets behind an empty line stand where the extension looks for those of an inner list."""
    if mark not in "*+-" or not width <= indent < _CODE or page.lines[number - 1].strip():
        return False
    leaf = page.leaf_by_line.get(number)
    return leaf is not None and leaf.tag == "li" and leaf.kind != "code"


def _is_loose_in_box(page: Page, number: int) -> bool:
    """Whether a list follows an empty line in a box: what a box holds is dedented before, and such lists nest there."""
    leaf = page.leaf_by_line.get(number)
    inside = leaf is not None and any(node.kind in ("admonition", "details", "tab") for node in leaf.ancestors())
    return inside and not page.lines[number - 1].strip()
