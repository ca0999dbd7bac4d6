r"""Signs with the backslash that Markdown needs outside formulas: inside one it goes to TeX, as in `x\_{1}`."""

from __future__ import annotations

from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.rules.maths.formulas import moved, of_formula, texts
from docscheck.source import Span

RULE = Rule("MTH111", "escaped-maths", Severity.ERROR)
_ESCAPED = lazy(r"(?<!\\)\\(?:_(?=\{)|\*)")
_FOUR = lazy(r"(?<!\\)\\{4}(?=[ ]*\n)")
_TWO = lazy(r"(?<!\\)\\\\(?!\\)")
_DOUBLED_BRACE = lazy(r"(?<!\\)\\\\\{(?=[^\n]*(?<!\\)\\\\\})")


def check(page: Page) -> Iterator[Finding]:
    """Look at each formula that arithmatex takes out of the text."""
    for span, text in texts(page) if page.config.has("pymdownx.arithmatex") else ():
        for finding in _escaped(text):
            yield moved(finding, span.start)


@of_formula
def _escaped(text: str) -> Iterator[Finding]:
    """The first of a formula."""
    match = _ESCAPED.search(text)
    if match is None and r"\\\\" in text and not _TWO.search(text):
        match = _FOUR.search(text)
    if match is None and "\n" not in text and r"\begin" not in text:
        match = _DOUBLED_BRACE.search(text)
    if match is not None:
        meant = r"\\" if len(match[0]) == 4 else match[0][1:]
        yield RULE.at(
            Span(*match.span()),
            f"TeX reads `{match[0]}` as it stands here",
            help=f"write `{meant}`; inside a formula nothing is escaped for Markdown",
        )
