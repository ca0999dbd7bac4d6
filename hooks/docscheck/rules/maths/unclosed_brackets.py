"""Signs of a formula with a backslash that no other one answers, or that stand outside formulas."""

from __future__ import annotations

from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.mentions import is_raw
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.proofs import prints
from docscheck.rules.maths.formulas import IS_TEX

UNCLOSED = Rule("MTH101", "unclosed-maths", Severity.ERROR)
_PAREN = lazy(r"(?<![\\\]\w])\\\((?=[^()\n]*[+=^_<>*/\\][^()\n]*\)|[ ]?\\?\w+[ ]?[+=^_<>])")
_LONE_PAREN = lazy(
    r"(?<![\\\]\w])\\\((?=[A-Za-z\\][^()\n]*(?:\([^()\n]*\)[^()\n]*)?$|[-\w /+*=]{0,8}\\(?:log|exp|ln|max|min|sin|cos"
    r"|arctan|frac|sqrt|sum|prod|int|mathbb|mathbf|mathcal|nabla|partial|alpha|beta|gamma|delta|epsilon|theta|lambda|mu|sigma"
    r"|omega|phi|pi|rho|tau)(?![A-Za-z]))"
)
"""One that no bracket closes on its line, neither a formula's nor one of the text."""
_LONE_END = lazy(r"(?<!\\)\\[A-Za-z]{2,}[^()\n\x00]*(?<!\\)\\\)")
_HALF_ESCAPED = lazy(
    r"\\\((?<!\\\\\()[A-Za-z](?:[\^_]\w|\([A-Za-z](?:,[ ]?[A-Za-z])*\))?\)"
    r"|\((?<!\\\()(?:[A-Za-z]|[A-Za-z0-9 ]*[A-Za-z][\^_]\{?\w+\}?[^()\n]{0,20})\\\)"
)
"""`\\(P)` and `(n^2\\)`: a bracket of a formula and one of the text."""
_CROSSED = lazy(r"\\(?<!\\\\)(?:\([^()\[\]\n]{1,80}\\\]|\[[^()\[\]\n]{1,80}\\\))")
_COMMAND = lazy(
    r"(?<![\w\\:.`-])(?<!\D/)\\(?:alpha|beta|gamma|delta|epsilon|varepsilon|zeta|eta|theta|iota|kappa|lambda|mu|nu|xi|pi|rho|sigma"
    r"|tau|phi|varphi|chi|psi|omega|Gamma|Delta|Theta|Lambda|Xi|Pi|Sigma|Phi|Psi|Omega|leq|geq|neq|approx|times|cdot|infty"
    r"|nabla|partial|sum|int|prod|ldots|cdots|mathbb|mathbf|mathcal|mathrm|frac|sqrt|hat|bar|tilde|vec|top|forall|exists"
    r"|subseteq|mapsto|langle|rangle|propto|boldsymbol|operatorname|lVert|rVert|odot|oplus|otimes)(?![a-zA-Z\\]|/(?![\d(]))"
    r"|(?<![\w\\:.`-])(?<!\D/)\\(?:hat|bar|tilde|vec|boldsymbol|frac|sqrt)[ ]?\\(?:alpha|beta|gamma|delta|epsilon"
    r"|theta|lambda|mu|nu|pi|rho|sigma|tau|phi|psi|omega)(?![a-zA-Z\\/])"
)
_DISPLAY = lazy(r"[ ]*\\\[(?:[ ]|$)")
_SIGN = lazy(r"\$|\\[()\[\]]|\\(?:begin|end)\b")
_BEGIN = lazy(r"[ ]*(\\begin\{[a-z]+\*?\})")
_BACKSLASHED = lazy(r"\\[A-Za-z0-9]+")
_MANY_NAMES = 6
_NEAR_ROWS = 5


def with_backslash(page: Page, number: int, shown: str) -> Iterator[Finding]:
    """Look at the signs on a line that holds a backslash outside formulas and code."""
    yield from _display(page, number, shown)
    yield from _environment(page, number, shown)
    if r"\(" in shown:
        yield from _bracket(page, number, shown)
    elif r"\)" in shown:
        yield from _lone_end(page, number, shown)
    if r"\(" in shown or r"\)" in shown:
        yield from _half_escaped(page, number, shown)
    yield from _crossed(page, number, shown)
    if IS_TEX.search(shown) and _is_between_brackets(page, number):
        yield from _bare_brackets(page, number)
    else:
        yield from _outside(page, number, shown)


def _display(page: Page, number: int, shown: str) -> Iterator[Finding]:
    r"""`\[` at the beginning of a line, without `\]` in its paragraph."""
    leaf = page.leaf_by_line.get(number) if _DISPLAY.match(shown) else None
    if leaf is not None and not any(r"\]" in page.lines[row.line] for row in leaf.rows):
        column = shown.index("\\")
        yield UNCLOSED.at(
            page.source.span(number, column, column + 2),
            r"this `\[` has no partner in its paragraph",
            help=r"close the formula with `\]`, without a blank line inside it",
        )


def _environment(page: Page, number: int, shown: str) -> Iterator[Finding]:
    r"""`\begin{…}` in text: one with its end is a formula."""
    opened = _BEGIN.match(shown)
    if opened and _is_text(page, number):
        yield UNCLOSED.at(
            page.source.span(number, opened.start(1), opened.end(1)),
            "this environment has no end in its paragraph",
            help=r"close it with `\end`, without a blank line inside it",
        )


def _lone_end(page: Page, number: int, shown: str) -> Iterator[Finding]:
    r"""`\)` behind TeX, without `\(` in its paragraph."""
    lone = _LONE_END.search(shown) if opens_formulas(page) else None
    leaf = page.leaf_by_line.get(number) if lone else None
    if lone and leaf is not None and leaf.kind != "code" and not any(r"\(" in page.lines[r.line] for r in leaf.rows):
        span = page.source.span(number, lone.end() - 2, lone.end())
        yield UNCLOSED.at(span, r"this `\)` has no partner", help=r"open the formula with `\(`")


def _half_escaped(page: Page, number: int, shown: str) -> Iterator[Finding]:
    """A bracket of a formula and one of the text around what is a formula."""
    half = _HALF_ESCAPED.search(shown)
    if half and page.leaf_by_line.get(number) is not None and _reads_brackets(page):
        yield UNCLOSED.at(
            page.source.span(number, half.start(), half.end()),
            "only one of these brackets belongs to a formula",
            help=r"write `\(…\)`",
        )


def _crossed(page: Page, number: int, shown: str) -> Iterator[Finding]:
    r"""`\(…\]`."""
    crossed = _CROSSED.search(shown)
    if crossed:
        yield UNCLOSED.at(
            page.source.span(number, crossed.start(), crossed.end()),
            r"`\(` and `\[` do not close each other",
            help=r"write `\(…\)` inside a line, `\[…\]` as a paragraph of its own",
        )


def _is_between_brackets(page: Page, number: int) -> bool:
    """Whether a paragraph begins and ends with lines that hold one bracket each."""
    leaf = page.leaf_by_line.get(number)
    if leaf is None or leaf.kind != "p":
        return False
    ends = (leaf.rows[0].text.strip(), leaf.rows[-1].text.strip())
    return len(leaf.rows) > 2 and ends in (("[", "]"), ("[", r"\]"), (r"\[", "]"))


def _bare_brackets(page: Page, number: int) -> Iterator[Finding]:
    r"""`[` and `]` on lines of their own around a formula: what a copy from a chat leaves of `\[` and `\]`."""
    rows = page.leaf_by_line[number].rows
    if not any(IS_TEX.search(row.text) for row in rows if row.line < number):
        yield UNCLOSED.at(
            page.source.content_span(rows[0].line),
            "a formula between brackets alone is printed",
            help="write `$$` in place of the brackets",
        )


def _bracket(page: Page, number: int, shown: str) -> Iterator[Finding]:
    r"""`\(` before what is a formula, without `\)` in its paragraph."""
    leaf = page.leaf_by_line.get(number)
    match = _PAREN.search(shown) or (_LONE_PAREN.search(shown) if opens_formulas(page) else None)
    if match is None or leaf is None or leaf.kind == "code":
        return
    lines = [number] if leaf.tag == "table" else [row.line for row in leaf.rows]  # no formula leaves its cell
    if not any(r"\)" in page.lines[line] for line in lines):
        yield UNCLOSED.at(
            page.source.span(number, match.start(), match.start() + 2),
            r"this `\(` has no partner",
            help=r"close it with `\)`",
        )


def _reads_brackets(page: Page) -> bool:
    r"""Whether `\(…\)` is a formula on this site, and not a parenthesis that somebody escaped."""
    inline = page.config.option("pymdownx.arithmatex", "inline_syntax")
    return not isinstance(inline, list) or "round" in inline


def opens_formulas(page: Page) -> bool:
    r"""Whether an extension of the site takes `\(` for the beginning of a formula."""
    return page.config.has("pymdownx.arithmatex") and _reads_brackets(page)


def _outside(page: Page, number: int, shown: str) -> Iterator[Finding]:
    """A command of TeX in a paragraph that has no other sign of a formula: the first of it."""
    match = _COMMAND.search(shown)
    leaf = page.leaf_by_line.get(number) if match else None
    if match is None or leaf is None or leaf.kind in ("code", "maths") or is_raw(page, page.source.starts[number]):
        return
    if leaf.tag == "table" and len(_BACKSLASHED.findall(page.prose, *_around(page, number))) > _MANY_NAMES:
        return  # a table of what begins with a backslash in another language
    rows = [number] if leaf.tag == "table" else [row.line for row in leaf.rows]
    first = next(line for line in rows if _COMMAND.search(page.prose_lines[line]))
    if first == number and not any(_SIGN.search(page.prose_lines[line]) for line in rows):
        yield UNCLOSED.at(
            page.source.span(number, match.start(), match.end()),
            f"`{match[0]}` is outside a formula, so it is printed",
            help="put the formula between dollar signs: `$…$`",
            proof=prints(number, match[0]),
        )


def _around(page: Page, number: int) -> tuple[int, int]:
    """Where the rows near a line begin and end."""
    last = min(number + _NEAR_ROWS, len(page.lines) - 1)
    return page.source.starts[max(number - _NEAR_ROWS, 0)], page.source.starts[last] + len(page.lines[last])


def _is_text(page: Page, number: int) -> bool:
    leaf = page.leaf_by_line.get(number)
    return leaf is not None and leaf.kind == "p"
