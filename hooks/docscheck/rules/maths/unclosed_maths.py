"""Delimiters of a formula without a partner, or where they are not read: the formula is printed as it is written."""

from __future__ import annotations

from collections.abc import Iterator

from docscheck.diagnostics import Finding
from docscheck.page import Page
from docscheck.parse.blocks import Node
from docscheck.patterns import WIDE_LETTER, lazy
from docscheck.proofs import prints
from docscheck.rules.maths.formulas import (
    CLOSING,
    DOUBLE,
    IS_TEX,
    POWER,
    TEX,
    formulas,
    is_drawn,
    moved,
    of_formula,
    opened_again,
    shown_as_code,
    with_inner_space,
)
from docscheck.rules.maths.unclosed_brackets import UNCLOSED, opens_formulas, with_backslash
from docscheck.source import Span

RULE = UNCLOSED
_OPEN = lazy(
    rf"(?<![\\$\w])\$(?:(?![\s$]|\d+\.\d\d[ ,.;)])[^$\n\x00]*?(?:{TEX}|{POWER})|[A-Za-z]\([a-z](?:,[ ]?[a-z])*\))"
)
_CLOSE = lazy(rf"(?:{TEX}[^$\n\x00]*?(?<![\s\\$])|{POWER}[^\s$\x00]{{0,8}}(?<=[\w)}}]))\$(?![\w$])")
_ONE_DOLLAR = lazy(r"\$[A-Za-z\\(][^$\n]*(?<=[\w)}])\$\Z")
_LETTER = lazy(r"(?<![\\$\w])\$[a-z](?=[ .,;:)]|$)|(?<![\w$\\-])[a-zB-QT-Z]\$(?=[ .,;:)]|$)")
"""A letter with one dollar; on a page without formulas, in a table or in Chinese text it may be a program's."""
_VALUE = lazy(
    r"(?<![\\$\w])\$[A-Za-z][ ]?[=<>][ ]?\d+(?:\.\d+)?(?=[ .,;:)]|$)"
    r"|(?<![\w$\\])[A-Za-z][ ]?[=<>][ ]?\d+(?:\.\d+)?\$(?=[ .,;:)]|$)"
)
"""`n = 3$`: a name of one letter and its value, with one dollar."""
_NAMED_DISPLAY = lazy(r"\\\[[ ]?[A-Za-z](?:_\w|_\{\w+\})?(?:\([a-z]\))?[ ]?=[ ]?[^=\n]*\\\]\Z")
"""What begins with a name of one letter and a sign of equality."""
_PRICE = lazy(r"(?<![^\s|(/,–-])\$+(?:(?![^\s|)/,.–-])|(?=\d))")
"""Dollars between blanks or bars, which say how dear something is, and those of an amount."""
_DEAR = lazy(r"(?<=[^\W_][ ])\(?\${3,}\)?(?=[\s.,;:]|$)")
"""Three dollars or more behind a word."""
_SPOKEN_OF = lazy(r"(?<=[a-z,(][ ])\$\$(?=[ ][a-z]|[.,;:)]|$)")


def check(page: Page) -> Iterator[Finding]:
    """Look at the ends of each formula, then at the signs on each line that are none."""
    if not page.has_maths:
        return
    if page.shows("$$$"):
        yield from _three(page)
    for span, text in formulas(page):
        for finding in _misread(text):
            yield moved(finding, span.start)
    for span in page.maths:
        yield from _misplaced(page, span)
        yield from _escaped_first(page, span)
        yield from _dollar_behind(page, span)
    for node in page.kinds.get("maths", ()):
        yield from _several_in_one(page, node)
    for number in page.lines_with("$"):
        yield from _with_dollar(page, number, page.prose_lines[number])
    for number in page.lines_with("\\"):
        yield from with_backslash(page, number, page.prose_lines[number])


def _three(page: Page) -> Iterator[Finding]:
    """A line of three dollars: the third becomes a part of the formula."""
    for number in range(page.body, len(page.lines)):
        if page.lines[number].strip() == "$$$" and number not in page.fenced_lines:
            message = "a formula is written between `$$` and `$$`; the third dollar sign becomes part of it"
            yield RULE.at(page.source.content_span(number), message, help="write `$$`")
            return


@of_formula
def _misread(text: str) -> Iterator[Finding]:
    """What begins and ends like a formula, and is none."""
    again = opened_again(text)
    if shown_as_code(text):
        message = "GitHub's syntax for a formula is shown here as code between dollar signs"
        yield RULE.at(Span(0, len(text)), message, help="write `$…$` without backticks")
    elif again:
        message = f"this `{again}` has no partner: another one comes before the next `{CLOSING[again]}`"
        yield RULE.at(Span(0, 2), message, help=f"close the formula with `{CLOSING[again]}`")


def _dollar_behind(page: Page, span: Span) -> Iterator[Finding]:
    """`$a + b$$`: the formula ends with the first of the two, and the second is printed."""
    end = span.end
    if page.prose[end : end + 1] == "$" and _ONE_DOLLAR.match(page.source.text, *span):
        yield RULE.at(Span(end, end + 1), "this `$` after the formula is printed", help="remove it")


def _escaped_first(page: Page, span: Span) -> Iterator[Finding]:
    r"""`\\(U\)`: a backslash before the first bracket alone, which makes text of it."""
    text, start, end = page.source.text, span.start, span.end
    if text[start : start + 2] != r"\(" or text[start - 1 : start] != "\\" or text[start - 2 : start - 1] == "\\":
        return
    if text[end - 3 : end - 2] != "\\" and opens_formulas(page):
        message = r"with two backslashes this `\(` begins no formula, and the brackets are printed"
        yield RULE.at(Span(start - 1, start + 1), message, help=r"write `\(…\)`")


def _misplaced(page: Page, span: Span) -> Iterator[Finding]:
    r"""A formula between `$$` or `\[` that shares its paragraph with text: only one that stands alone is read."""
    sign = page.source.text[span.start : span.start + 2]
    if sign not in ("$$", r"\[") or not page.config.has("pymdownx.arithmatex"):
        return
    if sign != "$$" and (
        page.source.text[span.start - 1 : span.start] == "\\"
        or not (IS_TEX.search(page.source.text, *span) or _NAMED_DISPLAY.match(page.source.text, *span))
    ):
        return
    first, last = page.source.line_of(span.start), page.source.line_of(span.end - 1)
    leaf = page.leaf_by_line.get(first)
    if leaf is None or leaf.kind in ("code", "maths") or leaf.tag == "table":
        return
    begins = leaf.rows[0].line == first and leaf.rows[0].text.lstrip().startswith(sign)
    if begins and leaf.rows[-1].line == last and not page.prose_lines[first].strip("\x00 >\t*+-0123456789."):
        if first < last and page.prose_lines[last].strip("\x00 "):
            yield RULE.at(
                Span(span.end - 2, span.end),
                "the line that ends a formula holds nothing else; with text after this, all of it is printed",
                help="begin a paragraph of its own with the text",
                proof=prints(first, sign[1]),
            )
        return
    if is_drawn(page, span, sign) and not (sign == "$$" and _is_read_without_a_dollar(page, span)):
        return
    yield RULE.at(
        Span(span.start, span.start + 2),
        f"a formula between `{sign}` has to be a paragraph of its own"
        if sign == "$$"
        else r"a formula between `\[` and `\]` has to be a paragraph of its own",
        help="put a blank line before and after it; until then it is printed as typed",
        proof=prints(first, sign[1]),
    )


def _is_read_without_a_dollar(page: Page, span: Span) -> bool:
    """Whether arithmatex takes the inner two of four dollars for a formula: no script finds the pairs any more."""
    inline = page.config.option("pymdownx.arithmatex", "inline_syntax")
    text = page.source.text[span.start + 2 : span.end - 2]
    return (not isinstance(inline, list) or "dollar" in inline) and text == text.strip()


def _several_in_one(page: Page, node: Node) -> Iterator[Finding]:
    """A paragraph that begins and ends with `$$` is one formula, whatever `$$` stand inside."""
    marks = [
        Span(page.source.starts[row.line] + match.start(), page.source.starts[row.line] + match.end())
        for row in node.rows
        for match in DOUBLE.finditer(page.lines[row.line])
    ]
    if len(marks) > 3:
        yield RULE.at(
            marks[1],
            "this paragraph begins and ends with `$$`, so all of it is set as one formula",
            help="give each formula a paragraph of its own, or write `$…$` inside the text",
        )


def _with_dollar(page: Page, number: int, shown: str) -> Iterator[Finding]:
    """The first dollar sign of a line that no other one answers."""
    double = DOUBLE.search(shown)
    if double:
        if _is_price(page, number) or "$" not in _DEAR.sub("", shown) or _is_spoken_of(page, number, shown):
            return
        if _is_first_of_leaf(page, number):
            yield RULE.at(
                page.source.span(number, double.start(), double.end()),
                "this `$$` has no partner in its paragraph",
                help="close the formula with `$$`, without a blank line inside it",
                proof=lambda rendered: (
                    rendered.prints(number, "$") or not any(p.line == number for p in rendered.printed)
                ),
            )
            yield from _wrong_end(page, number)
        return
    if with_inner_space(shown):  # of which another rule speaks
        return
    match = _OPEN.search(shown) or _CLOSE.search(shown)
    if match is None and shown.count("$") == 1 and page.maths and not WIDE_LETTER.search(shown):
        leaf = page.leaf_by_line.get(number)
        match = (_LETTER.search(shown) or _VALUE.search(shown)) if leaf is not None and leaf.tag != "table" else None
    if match:
        column = shown.index("$", match.start())
        yield RULE.at(
            page.source.span(number, column, column + 1),
            "this `$` has no partner",
            help="close the formula with `$`",
            label="the formula would begin or end here",
            proof=prints(number, "$"),
        )


def _is_price(page: Page, number: int) -> bool:
    """Whether a row of a table says by dollars alone how dear something is."""
    leaf = page.leaf_by_line.get(number)
    return leaf is not None and leaf.tag == "table" and "$" not in _PRICE.sub("", page.lines[number])


def _is_spoken_of(page: Page, number: int, shown: str) -> bool:
    """Whether two dollars stand among the words of a paragraph that has nothing of TeX."""
    leaf = page.leaf_by_line.get(number)
    if leaf is None or shown.count("$") > 2 or not _SPOKEN_OF.search(shown):
        return False
    return not any(IS_TEX.search(row.text) for row in leaf.rows)


def _wrong_end(page: Page, number: int) -> Iterator[Finding]:
    """A single dollar on the last line of a formula that begins with two."""
    leaf = page.leaf_by_line.get(number)
    last = leaf.rows[-1].line if leaf is not None else number
    if last > number and page.lines[last].strip() == "$":
        message = f"this does not close the formula of line {number + 1}"
        yield RULE.at(page.source.content_span(last), message, help="write `$$`")


def _is_first_of_leaf(page: Page, number: int) -> bool:
    """Whether no earlier line of the paragraph holds an unmatched `$$` too."""
    leaf = page.leaf_by_line.get(number)
    if leaf is None:
        return True
    return not any("$$" in page.prose_lines[row.line] for row in leaf.rows if row.line < number)
