"""A backslash that other tools read and Python-Markdown prints: at the end of a line, before `<`, before a price."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from docscheck.config import Config
from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.mentions import is_raw
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.proofs import prints
from docscheck.source import Span

RULE = Rule("SYN121", "printed-backslash", Severity.WARNING)
_AT_END = lazy(r"(?<![\\\s])([ ]*)\\{1,2}[ ]*$")
_PATH = lazy(r"(?:\\[^\\\s]\S*|\b[A-Z]:\\(?=\w|<)[^\n]*)\\[ ]*$")
"""The end of a path on Windows."""
_ANGLE = lazy(r"\\<(?:(?=/?[A-Za-z][^<>\n]{0,60}\\>)|(?<![\w:/\\.>]\\<)(?=/?[A-Za-z][^<>\n]{0,60}>))")
"""A bracket that CommonMark lets an author escape, before a word and the other bracket."""
_TWICE = lazy(
    r"\\(?<=[a-z\d]\\)\\_(?=[a-z\d])(?!\S*\\[A-Za-z])|\\(?<![^\s(]\\)\\([*_])(?=[^\W_])[^*_\\\n]{0,60}[^\W_]\\\\\1(?![\w\\])"
)
"""An escape that is escaped itself: inside a word, or on both sides of one."""
_NEW_LINE = lazy(r"\\n(?<=[a-z)][.!?:;]\\n)(?:\\n)*(?=[A-Z][a-z]|[ ]?[-*#][ ])")
"""The end of a line as programs write it, between two sentences."""
_PRICE = lazy(r"\\\$(?<![\w\\/:.-]\\\$)(?=\d)")


def check(page: Page) -> Iterator[Finding]:
    """Look at each place where an escape of another tool is printed."""
    if "\\\n" in page.signs:
        yield from _line_ends(page)
    if page.config.has("pymdownx.escapeall"):
        return
    if page.shows("\\<"):
        message = "`<` cannot be escaped here, so the backslash is printed"
        yield from _escapes(page, page.masked, _ANGLE, message, "write `&lt;`, or put it all in code")
    if page.shows("\\n"):
        yield from _escapes(page, page.prose, _NEW_LINE, "`\\n` is printed", "begin a new line or paragraph here")
    if "\\\\" in page.signs:
        message = "the backslash is escaped itself, so it is printed"
        yield from _escapes(page, page.prose, _TWICE, message, "write one backslash")
    if page.shows("\\$") and not page.has_maths and not _sets_maths(page.config):
        message = "`$` needs no escape here, so the backslash is printed"
        yield from _escapes(page, page.prose, _PRICE, message, "write `$`")


def _line_ends(page: Page) -> Iterator[Finding]:
    """A backslash at the end of a line: elsewhere it breaks the line."""
    if page.config.reading_extensions or _breaks_lines(page):
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
            proof=prints(number, "\\"),
        )


def _breaks_lines(page: Page) -> bool:
    """Whether the site turns such a backslash into the end of a line."""
    return bool(page.config.option("pymdownx.escapeall", "hardbreak"))


def _escapes(page: Page, text: str, pattern: re.Pattern[str], message: str, help: str) -> Iterator[Finding]:
    for match in pattern.finditer(text):
        line = page.source.line_of(match.start())
        leaf = page.leaf_by_line.get(line)
        if leaf is None or leaf.kind in ("code", "maths") or is_raw(page, match.start()):
            continue
        yield RULE.at(
            Span(*match.span()),
            message,
            help=help,
            proof=prints(line, "\\"),
        )


@lru_cache(maxsize=8)
def _sets_maths(config: Config) -> bool:
    """Whether an extension or a script of the site may read `$`."""
    named = [*config.extensions, *config.plugins, *config.paths("extra_javascript")]
    return bool(config.theme.get("custom_dir")) or any(
        part in name.lower() for part in ("math", "katex", "tex") for name in named
    )
