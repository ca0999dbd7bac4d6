"""Delimiters without a partner, spaces inside them, unbalanced braces, `\\left` and environments, words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.mentions import is_raw
from docscheck.page import Page
from docscheck.parse.blocks import Node
from docscheck.patterns import lazy
from docscheck.proofs import prints
from docscheck.rules.maths.scripts import drawn
from docscheck.source import Span

DELIMITER = Rule("MTH101", "unclosed-maths", Severity.ERROR)
SPACE = Rule("MTH102", "space-inside-maths", Severity.ERROR)
BALANCE = Rule("MTH103", "unbalanced-maths", Severity.ERROR)
ESCAPE = Rule("MTH111", "escaped-maths", Severity.ERROR)
WORDS = Rule("MTH112", "words-in-maths", Severity.WARNING)
RULES = (DELIMITER, SPACE, BALANCE, ESCAPE, WORDS)
_ESCAPED = lazy(r"(?<!\\)\\(?:_(?=\{)|\*)")
_IS_TEX = lazy(r"\\[a-zA-Z]{2,}|[_^]\{")
_FOUR = lazy(r"(?<!\\)\\{4}(?=[ ]*\n)")
_TWO = lazy(r"(?<!\\)\\\\(?!\\)")
_DOUBLED_BRACE = lazy(r"(?<!\\)\\\\\{(?=[^\n]*(?<!\\)\\\\\})")
_TEX = r"(?:\\[a-zA-Z]{2,}|[_^]\{|\\[,;!]|(?<![A-Za-z])[A-Za-z][_^]\w)"
_OPEN = lazy(rf"(?<![\\$\w])\$(?:(?![\s$])[^$\n\x00]*?{_TEX}|[A-Za-z]\([a-z](?:,[ ]?[a-z])*\))")
_CLOSE = lazy(rf"{_TEX}[^$\n\x00]*?(?<![\s\\$])\$(?![\w$])")
_WIDE = lazy(r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]")
_LETTER = lazy(r"(?<![\\$\w])\$[a-z](?=[ .,;:)]|$)|(?<![\w$\\-])[a-z]\$(?=[ .,;:)]|$)")
"""A letter with one dollar; on a page without formulas, in a table or in Chinese text it may be a program's."""
_SPACED = lazy(
    rf"(?<![\\$])\$(?:[ ]+[^$\n\x00]*?{_TEX}[^$\n\x00]*?|[ ]+[A-Za-z](?:\([a-z](?:,[ ]?[a-z])*\))?[ ]+)\$(?![\w$])"
)
_GLUED = lazy(
    r"(?<![\\$A-Za-z0-9_])\$(?!\{\w+\}(?![_^]))(?=[a-zA-Z\\({])"
    r"[^$\n\x00]{0,60}[-+=*/^_<>\\][^$\n\x00]{0,60}[ ]+\$(?![A-Za-z0-9_$])"
)
_PAREN = lazy(r"(?<![\\\]\w])\\\((?=[^()\n]*[+=^_<>*/\\][^()\n]*\)|[ ]?\\?\w+[ ]?[+=^_<>])")
_LONE_PAREN = lazy(r"(?<![\\\]\w])\\\((?=[A-Za-z\\][^()\n]*$)")
"""One that no bracket closes on its line, neither a formula's nor one of the text."""
_HALF_ESCAPED = lazy(
    r"\\\((?<!\\\\\()[A-Za-z](?:[\^_]\w|\([a-z](?:,[ ]?[a-z])*\))?\)"
    r"|\((?<!\\\()(?:[A-Za-z]|[A-Za-z0-9 ]*[A-Za-z][\^_]\{?\w+\}?[^()\n]{0,20})\\\)"
)
"""`\\(P)` and `(n^2\\)`: a bracket of a formula and one of the text."""
_CROSSED = lazy(r"\\(?<!\\\\)(?:\([^()\[\]\n]{1,80}\\\]|\[[^()\[\]\n]{1,80}\\\))")
_AGAIN = lazy(r"(?<!\\)\\[(\[]")
_CLOSING = {r"\(": r"\)", r"\[": r"\]"}
_COMMAND = lazy(
    r"(?<![\w\\/:.`-])\\(?:alpha|beta|gamma|delta|epsilon|varepsilon|zeta|eta|theta|iota|kappa|lambda|mu|nu|xi|pi|rho|sigma"
    r"|tau|phi|varphi|chi|psi|omega|Gamma|Delta|Theta|Lambda|Xi|Pi|Sigma|Phi|Psi|Omega|leq|geq|neq|approx|times|cdot|infty"
    r"|nabla|partial|sum|int|prod|ldots|cdots|mathbb|mathbf|mathcal|mathrm|frac|sqrt|hat|bar|tilde|vec)(?![a-zA-Z\\/])"
)
_DISPLAY = lazy(r"[ ]*\\\[(?:[ ]|$)")
_SIGN = lazy(r"\$|\\[()\[\]]|\\(?:begin|end)\b")
_BEGIN = lazy(r"[ ]*(\\begin\{[a-z]+\*?\})")
_DOUBLE = lazy(r"(?<!\\)\$\$")
_WORDING = lazy(
    r"\\(?:text\w*|[mh]box|label|tag|(?:eq)?ref|href|url|verb|operatorname\*?)\{(?:[^{}]|\{[^{}]*\})*\}|%[^\n]*"
)
"""What TeX does not read as a formula."""
_TWO_SCRIPTS = lazy(
    r"(?<!\\)([_^])(?:\{(?:[^{}]|\{[^{}]*\})*\}|\\[A-Za-z]+|[^\s\\{}$&_^~])[ ]*(\1)(?=[\\{A-Za-z0-9*+-])"
)
_UNGIVEN = lazy(
    r"(?P<script>[_^])(?<!\\[_^])(?=[ ]*(?:(?P=script)|[}&]|\\[\])]|\$|\Z))"
    r"|(?P<side>\\(?:left|right))(?=[ \n]*(?:\\[\])]|\$|\Z))"
    r"|(?P<half>\\[dtc]?(?:frac|binom)(?=[ ]*\{[^{}]*\}[ \n]*(?:\\[\])]|\$|\Z)))"
)
"""A sign or a command that is not given what it takes."""
_COLUMN = lazy(r"(?<!\\)&(?!#?\w+;)")
_ALIGNING = lazy(r"\\begin|\\\w*(?:matrix|cases|align|array|lines|stack)")
_DOLLAR = lazy(r"(?<![\\$])\$(?!\$)")
_ENVIRONMENTS_TEXT = """
align aligned alignat alignedat array bmatrix Bmatrix cases dcases rcases CD displaymath eqnarray equation flalign
gather gathered matrix math multline pmatrix smallmatrix split subarray vmatrix Vmatrix xalignat
"""
_ENVIRONMENTS = frozenset(_ENVIRONMENTS_TEXT.split())
_TOKEN = lazy(r"\\(?:begin|end)\{([^}]*)\}|\\left(?![a-z])|\\right(?![a-z])|\\.|[{}]|%[^\n]*", re.DOTALL)


def check(page: Page) -> Iterator[Finding]:
    if not page.has_maths:
        return
    if "$$$" in page.source.text:
        yield from _three(page)
    for span in page.maths:
        text = page.source.text[span.start : span.end]
        for finding in _inside(text) if not _is_bracket_in_cell(page, span, text) else ():
            yield _moved(finding, span.start)
        yield from _misplaced(page, span)
        if page.config.has("pymdownx.arithmatex"):
            yield from (_moved(finding, span.start) for finding in _escaped(text))
        if page.grammar.maths:
            yield from (_moved(finding, span.start) for finding in _words(text))
    for node in page.kinds.get("maths", ()):
        yield from _several_in_one(page, node)
    for number in page.lines_with("$"):
        yield from _in_line(page, number, page.prose_lines[number])
    for number in page.lines_with("\\"):
        yield from _with_backslash(page, number, page.prose_lines[number])


def _three(page: Page) -> Iterator[Finding]:
    """A line of three dollars: the third becomes a part of the formula."""
    for number in range(page.body, len(page.lines)):
        if page.lines[number].strip() == "$$$" and number not in page.fenced_lines:
            message = "a formula is written between `$$` and `$$`; the third dollar sign becomes part of it"
            yield DELIMITER.at(page.source.content_span(number), message, help="write `$$`")
            return


def _with_backslash(page: Page, number: int, shown: str) -> Iterator[Finding]:
    if _DISPLAY.match(shown):
        leaf = page.leaf_by_line.get(number)
        if leaf is not None and not any(r"\]" in page.lines[row.line] for row in leaf.rows):
            column = shown.index("\\")
            yield DELIMITER.at(
                page.source.span(number, column, column + 2),
                r"this `\[` has no partner in its paragraph",
                help=r"close the formula with `\]`, without a blank line inside it",
            )
    opened = _BEGIN.match(shown)
    if opened and _is_text(page, number):
        yield DELIMITER.at(
            page.source.span(number, opened.start(1), opened.end(1)),
            "this environment has no end in its paragraph",
            help=r"close it with `\end`, without a blank line inside it",
        )
    if r"\(" in shown:
        yield from _bracket(page, number, shown)
    half = _HALF_ESCAPED.search(shown) if r"\(" in shown or r"\)" in shown else None
    if half and page.leaf_by_line.get(number) is not None and _reads_brackets(page):
        yield DELIMITER.at(
            page.source.span(number, half.start(), half.end()),
            "only one of these brackets belongs to a formula",
            help=r"write `\(…\)`",
        )
    crossed = _CROSSED.search(shown)
    if crossed:
        yield DELIMITER.at(
            page.source.span(number, crossed.start(), crossed.end()),
            r"`\(` and `\[` do not close each other",
            help=r"write `\(…\)` inside a line, `\[…\]` as a paragraph of its own",
        )
    yield from _outside(page, number, shown)


def _reads_brackets(page: Page) -> bool:
    r"""Whether `\(…\)` is a formula on this site, and not a parenthesis that somebody escaped."""
    inline = page.config.option("pymdownx.arithmatex", "inline_syntax")
    return not isinstance(inline, list) or "round" in inline


def _opens_formulas(page: Page) -> bool:
    r"""Whether an extension of the site takes `\(` for the beginning of a formula."""
    return page.config.has("pymdownx.arithmatex") and _reads_brackets(page)


_BACKSLASHED = lazy(r"\\[A-Za-z0-9]+")
_MANY_NAMES = 6
_NEAR_ROWS = 5


def _around(page: Page, number: int) -> tuple[int, int]:
    """Where the rows near a line begin and end."""
    last = min(number + _NEAR_ROWS, len(page.lines) - 1)
    return page.source.starts[max(number - _NEAR_ROWS, 0)], page.source.starts[last] + len(page.lines[last])


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
        yield DELIMITER.at(
            page.source.span(number, match.start(), match.end()),
            f"`{match[0]}` is outside a formula, so it is printed",
            help="put the formula between dollar signs: `$…$`",
            proof=prints(number, match[0]),
        )


def _several_in_one(page: Page, node: Node) -> Iterator[Finding]:
    """A paragraph that begins and ends with `$$` is one formula, whatever `$$` stand inside."""
    marks = [
        Span(page.source.starts[row.line] + match.start(), page.source.starts[row.line] + match.end())
        for row in node.rows
        for match in _DOUBLE.finditer(page.lines[row.line])
    ]
    if len(marks) > 3:
        yield DELIMITER.at(
            marks[1],
            "this paragraph begins and ends with `$$`, so all of it is set as one formula",
            help="give each formula a paragraph of its own, or write `$…$` inside the text",
        )


def _misplaced(page: Page, span: Span) -> Iterator[Finding]:
    r"""A formula between `$$` or `\[` that shares its paragraph with text: only one that stands alone is read."""
    sign = page.source.text[span.start : span.start + 2]
    if sign not in ("$$", r"\[") or not page.config.has("pymdownx.arithmatex"):
        return
    if sign != "$$" and (
        page.source.text[span.start - 1 : span.start] == "\\" or not _IS_TEX.search(page.source.text, *span)
    ):
        return
    first, last = page.source.line_of(span.start), page.source.line_of(span.end - 1)
    leaf = page.leaf_by_line.get(first)
    if leaf is None or leaf.kind in ("code", "maths") or leaf.tag == "table":
        return
    begins = leaf.rows[0].line == first and leaf.rows[0].text.lstrip().startswith(sign)
    if begins and leaf.rows[-1].line == last and not page.prose_lines[first].strip("\x00 >\t*+-0123456789."):
        if first < last and page.prose_lines[last].strip("\x00 "):
            yield DELIMITER.at(
                Span(span.end - 2, span.end),
                "the line that ends a formula holds nothing else; with text behind this, all of it is printed",
                help="begin a paragraph of its own with the text",
                proof=prints(first, sign[1]),
            )
        return
    if _is_drawn(page, span, sign) and not (sign == "$$" and _is_read_without_a_dollar(page, span)):
        return
    yield DELIMITER.at(
        Span(span.start, span.start + 2),
        f"a formula between `{sign}` has to be a paragraph of its own"
        if sign == "$$"
        else r"a formula between `\[` and `\]` has to be a paragraph of its own",
        help="put a blank line before and after it; until then it is printed as typed",
        proof=prints(first, sign[1]),
    )


_CHANGED = lazy(r"\\[\\`*_{}\[\]()#+.!-]|\*[^*\s][^*]*\*|<[A-Za-z/!]|(?<!\w)_[^_\s][^_]*_(?!\w)|[ ]{2,}\n|\]\(")
"""What Markdown changes in a formula that it takes for text."""


def _is_drawn(page: Page, span: Span, sign: str) -> bool:
    """Whether a script finds the formula in the text of the page, as its author wrote it."""
    return sign in drawn(page.config) and not _CHANGED.search(page.source.text, *span)


def _is_read_without_a_dollar(page: Page, span: Span) -> bool:
    """Whether arithmatex takes the inner two of four dollars for a formula: no script finds the pairs any more."""
    inline = page.config.option("pymdownx.arithmatex", "inline_syntax")
    text = page.source.text[span.start + 2 : span.end - 2]
    return (not isinstance(inline, list) or "dollar" in inline) and text == text.strip()


def _of_formula(look: Callable[[str], Iterator[Finding]]) -> Callable[[str], tuple[Finding, ...]]:
    """Keep what is found in a formula, as if its page began with it: a site has the same ones again and again."""
    return lru_cache(maxsize=2048)(lambda text: tuple(look(text)))


def _moved(finding: Finding, start: int) -> Finding:
    return finding._replace(span=Span(start + finding.span.start, start + finding.span.end))


@_of_formula
def _escaped(text: str) -> Iterator[Finding]:
    """Signs with the backslash that Markdown needs outside formulas; inside one it goes to TeX."""
    match = _ESCAPED.search(text)
    if match is None and r"\\\\" in text and not _TWO.search(text):
        match = _FOUR.search(text)
    if match is None and "\n" not in text and r"\begin" not in text:
        match = _DOUBLED_BRACE.search(text)
    if match is not None:
        meant = r"\\" if len(match[0]) == 4 else match[0][1:]
        yield ESCAPE.at(
            Span(*match.span()),
            f"TeX reads `{match[0]}` as it stands here",
            help=f"write `{meant}`; inside a formula nothing is escaped for Markdown",
        )


_NAMED = lazy(
    r"\\(?:text\w*|math[a-z]+|operatorname|[fhm]box|label|tag|(?:eq)?ref|cite\w*|begin|end|color|html\w*|class|cssId|ce|url"
    r"|href|rm|bf|sf|tt)\*?[ ]*\{[^{}]*\}(?:\{[^{}]*\})?"
)
"""A command that is given text or a name."""
_SPELT = lazy(
    r"(?<![\\A-Za-z])[A-Za-z]{3,}[ ]"
    r"(?:(?<=[A-Za-z]{4}[ ])[A-Za-z]{4,}|[A-Za-z]{3,}[ ][A-Za-z]{3,})(?![A-Za-z])"
)
"""Three words, or two long ones."""


_REMARKS = lazy(r"(?<!\\)%[^\n]*(?=\n)")


@_of_formula
def _words(text: str) -> Iterator[Finding]:
    """Words beside each other: TeX sets their letters as a product, without the spaces."""
    if not _IS_TEX.search(text):
        return
    bare = _NAMED.sub(lambda command: "\x00" * len(command[0]), text)
    if "%" in text and "\n" in text:
        bare = _REMARKS.sub(lambda remark: "\x00" * len(remark[0]), bare)
    match = _SPELT.search(bare)
    if match:
        yield WORDS.at(
            Span(*match.span()),
            "in a formula these words are set without the spaces between them",
            help=r"write `\text{…}` around them",
        )


def _is_text(page: Page, number: int) -> bool:
    leaf = page.leaf_by_line.get(number)
    return leaf is not None and leaf.kind == "p"


def _bracket(page: Page, number: int, shown: str) -> Iterator[Finding]:
    leaf = page.leaf_by_line.get(number)
    match = _PAREN.search(shown) or (_LONE_PAREN.search(shown) if _opens_formulas(page) else None)
    if match and leaf is not None and leaf.kind != "code" and not any(r"\)" in page.lines[r.line] for r in leaf.rows):
        yield DELIMITER.at(
            page.source.span(number, match.start(), match.start() + 2),
            r"this `\(` has no partner",
            help=r"close it with `\)`",
        )


def _in_line(page: Page, number: int, shown: str) -> Iterator[Finding]:
    double = _DOUBLE.search(shown)
    if double:
        if _is_price(page, number) or "$" not in _DEAR.sub("", shown) or _is_spoken_of(page, number, shown):
            return
        if _is_first_of_leaf(page, number):
            yield DELIMITER.at(
                page.source.span(number, double.start(), double.end()),
                "this `$$` has no partner in its paragraph",
                help="close the formula with `$$`, without a blank line inside it",
                proof=lambda rendered: (
                    rendered.prints(number, "$") or not any(p.line == number for p in rendered.printed)
                ),
            )
            yield from _wrong_end(page, number)
        return
    spaced = _SPACED.search(shown) or _GLUED.search(shown)
    if spaced:
        if _is_drawn(page, page.source.span(number, spaced.start(), spaced.end()), "$"):
            return
        yield SPACE.at(
            page.source.span(number, spaced.start(), spaced.end()),
            "a space inside the dollar signs makes this plain text",
            help="remove the spaces after the first and before the last `$`",
            proof=prints(number, "$"),
        )
        return
    match = _OPEN.search(shown) or _CLOSE.search(shown)
    if match is None and shown.count("$") == 1 and page.maths and not _WIDE.search(shown):
        leaf = page.leaf_by_line.get(number)
        match = _LETTER.search(shown) if leaf is not None and leaf.tag != "table" else None
    if match:
        column = shown.index("$", match.start())
        yield DELIMITER.at(
            page.source.span(number, column, column + 1),
            "this `$` has no partner",
            help="close the formula with `$`",
            label="the formula would begin or end here",
            proof=prints(number, "$"),
        )


_PRICE = lazy(r"(?<![^\s|(/,–-])\$+(?:(?![^\s|)/,.–-])|(?=\d))")
"""Dollars between blanks or bars, which say how dear something is, and those of an amount."""
_DEAR = lazy(r"(?<=[^\W_][ ])\(?\${3,}\)?(?=[\s.,;:]|$)")
"""Three dollars or more behind a word."""


def _is_price(page: Page, number: int) -> bool:
    """Whether a row of a table says by dollars alone how dear something is."""
    leaf = page.leaf_by_line.get(number)
    return leaf is not None and leaf.tag == "table" and "$" not in _PRICE.sub("", page.lines[number])


_SPOKEN_OF = lazy(r"(?<=[a-z,(][ ])\$\$(?=[ ][a-z]|[.,;:)]|$)")


def _is_spoken_of(page: Page, number: int, shown: str) -> bool:
    """Whether two dollars stand among the words of a paragraph that has nothing of TeX."""
    leaf = page.leaf_by_line.get(number)
    if leaf is None or shown.count("$") > 2 or not _SPOKEN_OF.search(shown):
        return False
    return not any(_IS_TEX.search(row.text) for row in leaf.rows)


def _wrong_end(page: Page, number: int) -> Iterator[Finding]:
    """A single dollar on the last line of a formula that begins with two."""
    leaf = page.leaf_by_line.get(number)
    last = leaf.rows[-1].line if leaf is not None else number
    if last > number and page.lines[last].strip() == "$":
        message = f"this does not close the formula of line {number + 1}"
        yield DELIMITER.at(page.source.content_span(last), message, help="write `$$`")


def _is_first_of_leaf(page: Page, number: int) -> bool:
    """Whether no earlier line of the paragraph holds an unmatched `$$` too."""
    leaf = page.leaf_by_line.get(number)
    if leaf is None:
        return True
    return not any("$$" in page.prose_lines[row.line] for row in leaf.rows if row.line < number)


def _is_bracket_in_cell(page: Page, span: Span, text: str) -> bool:
    """Whether what looks like a formula on lines of its own stands in a cell, where it is none."""
    if not text.startswith("\\["):
        return False
    leaf = page.leaf_by_line.get(page.source.line_of(span.start))
    return leaf is not None and leaf.tag == "table"


@_of_formula
def _inside(text: str) -> Iterator[Finding]:
    if text.startswith("$`") and text.endswith("`$"):
        message = "GitHub's syntax for a formula is shown here as code between dollar signs"
        yield DELIMITER.at(Span(0, len(text)), message, help="write `$…$` without backticks")
        return
    again = _AGAIN.search(text, 2) if text[0] == "\\" else None
    if again and again[0] == text[:2]:
        message = f"this `{again[0]}` has no partner: another one comes before the next `{_CLOSING[again[0]]}`"
        yield DELIMITER.at(Span(0, 2), message, help=f"close the formula with `{_CLOSING[again[0]]}`")
        return
    stack: list[tuple[str, int, int]] = []
    for match in _TOKEN.finditer(text):
        token = match[0]
        if token in ("{", r"\left") or token.startswith(r"\begin"):
            stack.append((token, match.start(), match.end()))
        elif token in ("}", r"\right") or token.startswith(r"\end"):
            wanted = "{" if token == "}" else token.replace("right", "left").replace("end", "begin", 1)
            if not stack or stack[-1][0] != wanted:
                is_odd = match[1] and stack and stack[-1][0].startswith(r"\begin")
                if is_odd and stack[-1][0][7:-1].rstrip("*") not in _ENVIRONMENTS:
                    yield _unbalanced(*stack[-1])
                else:
                    yield _unbalanced(token, match.start(), match.end())
                return
            stack.pop()
    if stack:
        yield _unbalanced(*stack[-1])
    else:
        yield from _unreadable(text)
        yield from _taken_away(text)


def _unreadable(text: str) -> Iterator[Finding]:
    """What stops TeX although every brace has its partner: two exponents on one base, a dollar inside a formula."""
    plain = _WORDING.sub(lambda match: "\x00" * len(match[0]), text) if "\\" in text or "%" in text else text
    twice = _TWO_SCRIPTS.search(plain)
    if twice:
        name = "index" if twice[1] == "_" else "exponent"
        yield BALANCE.at(
            Span(*twice.span(2)),
            f"this is a second {name} of the same sign, and TeX stops at it",
            help="put the first into braces with what it belongs to, or both into one pair of braces",
        )
    ungiven = _UNGIVEN.search(plain, 1) if not twice else None
    if ungiven:
        yield BALANCE.at(
            Span(*ungiven.span()),
            f"`{ungiven[0]}` is not given what it takes, and TeX stops at it",
            help="add what is missing, or remove it",
        )
    column = _COLUMN.search(plain) if "&" in plain and not _ALIGNING.search(plain) else None
    if column and "{" not in plain[: column.start()]:
        yield BALANCE.at(
            Span(*column.span()),
            "`&` separates columns, and this formula has none",
            help=r"put the lines into `\begin{aligned}` and `\end{aligned}`, or write `\&`",
        )
    dollar = _DOLLAR.search(plain, 2, len(plain) - 2) if plain[:2] in ("$$", r"\[") else None
    if dollar and "$$" not in plain[2:-2]:
        yield BALANCE.at(
            Span(*dollar.span()),
            "a dollar sign inside a formula stops TeX",
            help="remove it: the whole is a formula already",
        )


_PERCENT = lazy(r"(?<!\\)%")
_OF_A_NUMBER = lazy(r"\d%(?!\n)")
_HASH = lazy(r"(?<![\\&])#(?!\d)")


def _taken_away(text: str) -> Iterator[Finding]:
    """Signs that TeX does not print: `%` begins a remark, and `#` stops it."""
    if "://" in text:
        return  # brackets around a link, which only look like those of a formula
    percent = (_OF_A_NUMBER if "\n" in text else _PERCENT).search(text) if "%" in text else None
    if percent:
        yield BALANCE.at(
            Span(percent.end() - 1, percent.end()),
            "`%` begins a remark in a formula, so that it is lost with all behind it",
            help=r"write `\%`",
        )
    number = _HASH.search(text) if "#" in text and "\\def" not in text else None
    if number:
        yield BALANCE.at(
            Span(*number.span()),
            "`#` stops TeX in a formula",
            help=r"write `\#`",
        )


def _unbalanced(token: str, start: int, end: int) -> Finding:
    return BALANCE.at(
        Span(start, end),
        f"`{token}` has no partner in this formula",
        help="add the missing partner; until then the reader sees an error in red, or the source",
    )
