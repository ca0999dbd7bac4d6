"""A backslash at the end of a line: elsewhere it breaks the line, here it is printed."""

from __future__ import annotations

from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.page import Page
from docscheck.patterns import lazy

RULE = Rule("SYN121", "printed-backslash", Severity.WARNING)
_AT_END = lazy(r"(?<![\\\s])([ ]*)\\[ ]*$")
_PATH = lazy(r"\\\S*\\[ ]*$")
"""The end of a path on Windows."""


def check(page: Page) -> Iterator[Finding]:
    if page.config.foreign_extensions - {"mdx_truly_sane_lists"} or _breaks_lines(page):
        return
    seen: set[int] = set()
    for number in page.lines_with("\\"):
        shown = page.prose_lines[number]
        match = _AT_END.search(shown)
        leaf = page.leaf_by_line.get(number) if match else None
        if match is None or leaf is None or leaf.kind in ("code", "maths") or leaf.tag == "table" or id(leaf) in seen:
            continue
        if _PATH.search(shown):
            continue
        seen.add(id(leaf))
        column = match.end(1)
        yield RULE.at(
            page.source.span(number, column, column + 1),
            "a backslash at the end of a line is printed",
            help="end the line with two spaces to break it, or remove the backslash",
            proof=lambda rendered, line=number: rendered.prints(line, "\\"),  # type: ignore[misc]
        )


def _breaks_lines(page: Page) -> bool:
    """Whether the site turns such a backslash into the end of a line."""
    return bool(page.config.option("pymdownx.escapeall", "hardbreak"))
