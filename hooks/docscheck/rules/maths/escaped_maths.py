r"""Signs with the backslash that Markdown needs outside formulas: inside one it goes to TeX, as in `x\_{1}`."""

from __future__ import annotations

from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.mentions import is_raw
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.rules.maths.formulas import TEX, is_drawn_as_text, moved, of_formula, texts
from docscheck.source import Span

RULE = Rule("MTH111", "escaped-maths", Severity.ERROR)
_ESCAPED = lazy(r"(?<!\\)\\(?:_(?=\{)|\*)")
_FOUR = lazy(r"(?<!\\)\\{4}(?=[ ]*\n)")
_TWO = lazy(r"(?<!\\)\\\\(?!\\)")
_DOUBLED_NAME = lazy(
    r"(?<!\\)\\\\(?=(?:alpha|beta|gamma|delta|epsilon|theta|lambda|sigma|omega|mu|nu|pi|rho|tau|phi|psi|frac|sqrt|math[a-z]+"
    r"|text(?:bf|it|rm)?(?=\{)|operatorname|nabla|partial|infty|times|cdot|sum|prod|int|left(?=[(\[\\.|])|right(?=[)\]\\.|])"
    r"|leq|geq|approx|hat|bar|tilde|vec)(?![A-Za-z]))"
)
"""A command whose backslash was escaped for another language: TeX reads a line end and letters."""
_ROW_END = lazy(r"(?<!\\)\\(?=[ ]*\n[^\n]*&)")
"""One backslash at the end of a row, with another row behind it."""
_GRID = lazy(
    r"\\begin\{((?:[pbvBV]|small)?matrix|cases|aligned|array)\}"
    r"(?P<cells>[^\\]*(?:\\(?!begin|end|\\|cr\b)[^\\]*)*)\\end\{\1\}"
)
"""Cells between the ends of an environment in which nothing ends a row."""
_ALMOST_ENDED = lazy(r"(?<=[^\s,;]) \\ (?=\S)")
_DOLLARS = lazy(rf"\\\$(?=[^$\n\x00]*?{TEX})[^$\n\x00]{{1,80}}\\\$")
_DOLLAR = lazy(r"\\\$(?=[A-Za-z](?![A-Za-z]{2})[^$\n\x00]*[=^_\\<>])[^$\n\x00]{1,60}(?<![\\ ])\$(?![\w$])")
"""A formula of which only the first dollar is escaped."""
_DOUBLED_BRACE = lazy(r"(?<!\\)\\\\\{(?=[^\n]*(?<!\\)\\\\\})")


def check(page: Page) -> Iterator[Finding]:
    """Look at each formula that arithmatex takes out of the text, and for those that escaped dollars keep in it."""
    for span, text in texts(page) if page.config.has("pymdownx.arithmatex") else ():
        found = _escaped(text)
        if found and is_drawn_as_text(page, span, text):
            found = tuple(finding for finding in found if finding.span.end == finding.span.start + 1)
        yield from (moved(finding, span.start) for finding in found)
    for number in page.lines_with("\\") if page.grammar.maths and page.shows(r"\$") else ():
        yield from _with_dollars(page, number, page.prose_lines[number])


def _rows_in_one(text: str) -> Iterator[Finding]:
    r"""`1 & 0 \ c & 2`: rows of as many cells, on one line, with one backslash between them."""
    for grid in _GRID.finditer(text):
        places = list(_ALMOST_ENDED.finditer(grid["cells"]))
        rows = _ALMOST_ENDED.split(grid["cells"]) if places else []
        if rows and rows[0].count("&") and len({row.count("&") for row in rows}) == 1:
            start = grid.start("cells") + places[0].start() + 1
            yield RULE.at(Span(start, start + 1), "one backslash does not end a row", help=r"write `\\`")


def _with_dollars(page: Page, number: int, shown: str) -> Iterator[Finding]:
    r"""`\$x_1\$`: a formula whose dollars a conversion escaped."""
    match = _DOLLARS.search(shown) or _DOLLAR.search(shown)
    leaf = page.leaf_by_line.get(number) if match else None
    if match and leaf is not None and leaf.kind != "code" and not is_raw(page, page.source.starts[number]):
        yield RULE.at(
            page.source.span(number, match.start(), match.end()),
            "the dollars are escaped, so the formula is printed",
            help="write `$…$` without backslashes",
        )


@of_formula
def _escaped(text: str) -> Iterator[Finding]:
    """The first of a formula, and the first row that does not end."""
    match = _ESCAPED.search(text)
    if match is None and r"\\\\" in text and not _TWO.search(text):
        match = _FOUR.search(text)
    if match is None and "\n" not in text and r"\begin" not in text:
        match = _DOUBLED_BRACE.search(text)
    if match is None and r"\\" in text:
        match = _DOUBLED_NAME.search(text)
    if match is not None:
        meant = r"\\" if len(match[0]) == 4 else match[0][1:]
        yield RULE.at(
            Span(*match.span()),
            f"Markdown leaves a formula alone, so `{match[0]}` goes to TeX with all its backslashes",
            help=f"write `{meant}`; inside a formula nothing is escaped for Markdown",
        )
    if r"\begin" in text and r" \ " in text:
        yield from _rows_in_one(text)
    row = _ROW_END.search(text) if r"\begin" in text else None
    if row is not None:
        yield RULE.at(Span(*row.span()), "one backslash does not end a row", help=r"write `\\`")
