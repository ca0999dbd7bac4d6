"""Lists that the parser sees otherwise than their author."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from docscheck.config import Config
from docscheck.diagnostics import Rule, Severity
from docscheck.page import Page
from docscheck.parse.blocks import Node

SWALLOWED = Rule("LST101", "swallowed-list", Severity.ERROR)
_OWNERS = ("list", "newline", "breakless", "gfm", "commonmark", "indent")
_HARMLESS = frozenset(["markdown_checklist.extension", "markdown_checklist"])
"""Extensions that only look like one of those: this one makes boxes of `[ ]` in finished lists."""


def is_ours(page: Page) -> bool:
    """Whether lists on this site follow Python-Markdown's rules, not those of an extension we do not run."""
    return not _reads_lists(page.config)[0]


def is_known_at_margin(page: Page) -> bool:
    """Whether we know at least where a list at the margin begins."""
    return not _reads_lists(page.config)[1]


def is_known_below(page: Page, paragraph: Node) -> bool:
    """Whether we know that no list begins in a paragraph: of those extensions this one nests in its own way only."""
    if is_ours(page):
        return True
    at_margin = not paragraph.rows[0].text.startswith(" ") and next(items_around(paragraph), None) is None
    return at_margin and _owners(page.config.foreign_extensions) == {"mdx_truly_sane_lists"}


def _owners(names: frozenset[str]) -> set[str]:
    return {name for name in names - _HARMLESS if any(part in name for part in _OWNERS)}


@lru_cache(maxsize=8)
def _reads_lists(config: Config) -> tuple[bool, bool]:
    """Whether an extension that we do not run may read lists, and whether one may that reads the page itself."""
    return bool(_owners(config.foreign_extensions)), bool(_owners(config.reading_extensions))


def is_indented_line(page: Page, items: Node, node: Node) -> bool:
    """Whether a line across the page was to stand in the last item above it, as in cards, but ends the list."""
    if node.kind != "hr" or not items.children:
        return False
    line, item = page.lines[node.line], page.lines[items.children[-1].line]
    return len(line) - len(line.lstrip(" ")) > len(item) - len(item.lstrip(" ")) and "\t" not in line


def items_around(node: Node) -> Iterator[Node]:
    """The items that a text stands in, the innermost first."""
    return (above for above in (node, *node.ancestors()) if above.tag == "li")


def lacks(page: Page, paragraph: Node, number: int) -> bool:
    """Whether the list before a paragraph ends one short of this number, or the one behind it begins one beyond."""
    before, after = page.before(paragraph), page.after(paragraph)
    last, first = {f"{number - 1}."}, {f"{number + 1}."}
    if number == 1:  # the number of every item, where the list is left to count
        last, first = {"1."}, {"1.", "2."}
    if before is not None and before.tag == "ol" and before.children[-1].name in last:
        return True
    while after is not None and after.kind in ("code", "table", "tabs"):  # what belongs to the item
        after = page.after(after)
    return after is not None and after.tag == "ol" and after.children[0].name in first


def is_beside_items(page: Page, paragraph: Node, mark: str) -> bool:
    """Whether a list that stands directly before or behind a paragraph has items with this mark."""
    beside = (page.before(paragraph), page.after(paragraph))
    return any(
        node is not None
        and node.tag == "ul"
        and page.lines[node.children[-1].line].lstrip(" \t>").startswith(f"{mark} ")
        for node in beside
    )


def owns_callouts(page: Page) -> bool:
    """Whether a plugin makes boxes of quotes that begin with `[!note]`, and lists of what is in them."""
    return any("callout" in name or "obsidian" in name for name in page.config.plugins)
