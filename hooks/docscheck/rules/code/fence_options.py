"""What is said behind the marks of a fence: options that are not read, or are written as other tools read them."""

from __future__ import annotations

from collections.abc import Iterator

from docscheck.diagnostics import Finding, Severity
from docscheck.known_types import is_directive
from docscheck.languages import LANGUAGES
from docscheck.page import Page
from docscheck.parse.fences import Fence
from docscheck.patterns import lazy
from docscheck.plugins import owns_fences
from docscheck.rules.code.fence_rules import BROKEN

_OTHER_LINES = lazy(r"\{(?:hl_lines=\[[^\]]*\]|[ ]*\d[\d, -]*)\}")
"""Lines to be marked, as Docusaurus and others write them."""
_IN_BRACES = lazy(r"[ ]*\{[ ]*([a-z]+)(?=[ },])")
_TAKES_IN = lazy(r"=\"[^\"]*[ ][a-z_]+=\"")
"""`title="a.py hl_lines="1"`: the value ends where the next was to begin."""
_NEVER_ENDS = lazy(r"^[^\n\"]*(?:\"[^\n\"\\]*\"[^\n\"]*)*=\"[^\n\"\\'=]*\}$")
"""`{.py title="a.py}`"""


def not_allowed(page: Page, fence: Fence) -> Iterator[Finding]:
    """What stands behind the marks, so that they open no fence."""
    if owns_fences(page.config) or is_directive(page, fence.info):
        return
    yield BROKEN.at(
        page.source.span(fence.start, fence.column + len(fence.marks)),
        "this is not allowed after the marks of a fence",
        help="lines are numbers with spaces between them, such as `2 4-6`"
        if "hl_lines" in fence.info or "linenums" in fence.info
        else 'options are written `name="value"`, or in braces',
    )


def wrong_options(page: Page, fence: Fence) -> Iterator[Finding]:
    """What is said behind the marks of a fence in the way of another tool, or with a quote too few."""
    if "{" in fence.info and not owns_fences(page.config):
        yield from _other_lines(page, fence)
        yield from _without_dot(page, fence)
    if fence.info.lstrip().startswith("{=") and not owns_fences(page.config):
        message = "what Pandoc hands on as it is is shown as code here"
        yield BROKEN.at(page.source.content_span(fence.start), message, help="remove the lines of the fence")
    if fence.info.strip() == "math" and not owns_fences(page.config) and "math" not in page.config.custom_fences:
        message = "GitHub's block for a formula is shown as code here"
        yield BROKEN.at(page.source.content_span(fence.start), message, help="write it between lines of `$$`")
    if '="' in fence.info and (_TAKES_IN.search(fence.info) or _NEVER_ENDS.search(fence.info)):
        yield BROKEN.at(
            page.source.span(fence.start, fence.column + len(fence.marks)),
            "a quote is missing here, so that one option takes in the next"
            if _TAKES_IN.search(fence.info)
            else "a quote is missing here, so the one that opens is shown",
            help='write `name="value"`',
        )


def _other_lines(page: Page, fence: Fence) -> Iterator[Finding]:
    """`js {1,4-6}`: lines that Docusaurus and others would mark."""
    lines = _OTHER_LINES.search(fence.info)
    if lines:
        yield BROKEN.at(
            page.source.find(fence.start, lines[0]),
            "lines are not marked in this way here, so these braces have no effect",
            help='write `hl_lines="2 4-6"`',
        )


def _without_dot(page: Page, fence: Fence) -> Iterator[Finding]:
    """`{python}`, as R Markdown writes it: what names a language in braces is a class, so the code has no colours."""
    name = _IN_BRACES.match(fence.info)
    if name and (name[1] in LANGUAGES or name[1] == "r") and not page.config.reading_extensions:
        yield BROKEN.at(
            page.source.find(fence.start, name[0].strip()),
            "in braces a language needs a dot before it, so this code has no colours",
            help=f"write `{{ .{name[1]} }}`, or `{name[1]}` without braces",
            severity=Severity.WARNING,
        )
