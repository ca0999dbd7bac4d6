"""What stops TeX inside a formula, or is lost in it: braces, environments and signs without a partner or a place."""

from __future__ import annotations

import re
from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.rules.maths.formulas import formulas, moved, of_formula, opened_again, shown_as_code
from docscheck.source import Span

RULE = Rule("MTH103", "unbalanced-maths", Severity.ERROR)
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
    r"|(?P<root>\\sqrt\[(?![^\]]*\]))"
    r"|(?P<bare>\\(?:sqrt|hat|bar|tilde|vec|overline|underline|math(?:bf|bb|cal|rm)|[bB]igg?[lr])"
    r"(?=[ \n]*(?:\\[\])]|\$|\Z)))"
    r"|(?P<half>\\[dtc]?(?:frac|binom)(?=[ ]*\{[^{}]*\}[ \n]*(?:\\[\])]|\$|\Z)))"
)
"""A sign or a command that is not given what it takes."""
_NO_BRACKET = lazy(
    r"\\(?:left|right)(?![A-Za-z])[ ]*(?=[A-Za-z0-9_^{}=+-]|\\(?:[dt]?frac|sqrt|sum|prod|int|math[a-z]+|text[a-z]*"
    r"|alpha|beta|gamma|delta|epsilon|theta|lambda|mu|pi|sigma|phi|omega|hat|bar|vec)(?![A-Za-z]))"
)
"""A command for a bracket before something that is none."""
_COLUMN = lazy(r"(?<!\\)&(?!#?\w+;)")
_ALIGNING = lazy(r"\\begin|\\\w*(?:matrix|cases|align|array|lines|stack)")
_DOLLAR = lazy(r"(?<![\\$])\$(?!\$)")
_PERCENT = lazy(r"(?<!\\)%")
_OF_A_NUMBER = lazy(r"\d%(?!\n)")
_HASH = lazy(r"(?<![\\&])#(?!\d)")
_NAMED_TEXT = lazy(r"\\(?:text\w*|mathrm|[mh]box|operatorname\*?|label|tag)\{[^{}]*\}")
_ROUND = lazy(r"(?<!\\)[()]")
_CALL = lazy(r"(?<![A-Za-z\\])[A-Za-z]+\(|\}\(")
_EMPTY = lazy(r"\\(?:[dt]?frac|sqrt|hat|bar|tilde|vec|math(?:bf|bb|cal|rm|sf|scr))[ ]*\{[ ]*\}")
_ACCENT = lazy(r"[$(\[\s\\]*\\(?:hat|bar|tilde|vec)[ ]*\{[ ]*\}[$)\]\s\\]*")
"""An accent alone in a formula: it is what is written about."""
_OTHER_BRACKETS = ("[", "]", r"\begin", r"\\", r"\left.", r"\right.", r"\ldots)")
"""Signs of intervals and of rows, in which a parenthesis may stand alone."""
_ENVIRONMENTS_TEXT = """
align aligned alignat alignedat array bmatrix Bmatrix cases dcases rcases CD displaymath eqnarray equation flalign
gather gathered matrix math multline pmatrix smallmatrix split subarray vmatrix Vmatrix xalignat
"""
_ENVIRONMENTS = frozenset(_ENVIRONMENTS_TEXT.split())
_TOKEN = lazy(r"\\(?:begin|end)\{([^}]*)\}|\\left(?![a-z])|\\right(?![a-z])|\\.|[{}]|%[^\n]*", re.DOTALL)


def check(page: Page) -> Iterator[Finding]:
    """Look at each formula whose ends belong together."""
    for span, text in formulas(page) if page.has_maths else ():
        for finding in _faults(text):
            yield moved(finding, span.start)
        if "&" in text and text[:2] in ("$$", r"\[") and page.config.has("pymdownx.arithmatex"):
            for entity in _ENTITY.finditer(text):
                yield RULE.at(
                    Span(span.start + entity.start(), span.start + entity.end()),
                    "a displayed formula has no entities, so TeX stops at this one",
                    help=f"write `{_WRITTEN[entity[0]]}`",
                )


_NOTHING = lazy(r"\$\$\s+\$\$|\\\[\s*\n\s*\\\]")
_WRITTEN = {"&lt;": "<", "&gt;": ">", "&amp;": "&"}
_ENTITY = lazy("&(?:lt|gt|amp);")


@of_formula
def _faults(text: str) -> Iterator[Finding]:
    """What is wrong in a formula, given that its ends belong together: a rule of its own speaks of those."""
    if shown_as_code(text) or opened_again(text):
        return
    if _NOTHING.fullmatch(text):
        yield RULE.at(Span(0, 2), "there is nothing in this formula", help="write it, or remove its signs")
        return
    token = _unpaired(text)
    if token is not None:
        yield RULE.at(
            Span(*token.span()),
            f"`{token[0]}` has no partner in this formula",
            help="add the missing partner; until then the reader sees an error in red, or the source",
        )
        return
    yield from _lone_brace(text)
    yield from _unreadable(text)
    yield from _taken_away(text)
    yield from _missing_parts(text)


def _unpaired(text: str) -> re.Match[str] | None:
    """The brace, `\\left`, `\\begin` or other end of one that has no partner."""
    stack: list[re.Match[str]] = []
    for match in _TOKEN.finditer(text):
        token = match[0]
        if token in ("{", r"\left") or token.startswith(r"\begin"):
            stack.append(match)
        elif token in ("}", r"\right") or token.startswith(r"\end"):
            wanted = "{" if token == "}" else token.replace("right", "left").replace("end", "begin", 1)
            if not stack or stack[-1][0] != wanted:
                ends_unknown = (
                    match[1] and stack and stack[-1][1] is not None and stack[-1][1].rstrip("*") not in _ENVIRONMENTS
                )
                return stack[-1] if ends_unknown else match
            stack.pop()
    return stack[-1] if stack else None


_SET = lazy(r"(?<!\\)\\([{}])")
_MAY_BE_ALONE = (r"\left", r"\right", r"\big", r"\Big", r"\begin", r"\\", r"\text", r"\mid", "mathrm", "\n")
"""With these a brace that is seen may stand alone: for cases, in rows, in a text."""


def _lone_brace(text: str) -> Iterator[Finding]:
    r"""The first or the last `\{` or `\}` of a formula in a line that has one more of one kind than of the other."""
    if (r"\{" not in text and r"\}" not in text) or any(sign in text for sign in _MAY_BE_ALONE):
        return
    braces = list(_SET.finditer(text))
    surplus = sum(1 if brace[1] == "{" else -1 for brace in braces)
    if abs(surplus) == 1 and len(text.strip("$")) > len(braces[0][0]) + 1:
        brace = braces[0] if surplus > 0 else braces[-1]
        message = f"`{brace[0]}` has no partner in this formula, and is shown alone"
        yield RULE.at(Span(*brace.span()), message, help="add the missing partner")


def _unreadable(text: str) -> Iterator[Finding]:
    """What stops TeX although every brace has its partner: two exponents on one base, a dollar inside a formula."""
    plain = _WORDING.sub(lambda match: "\x00" * len(match[0]), text) if "\\" in text or "%" in text else text
    twice = _TWO_SCRIPTS.search(plain)
    if twice:
        name = "index" if twice[1] == "_" else "exponent"
        yield RULE.at(
            Span(*twice.span(2)),
            f"this is a second {name} of the same sign, and TeX stops at it",
            help="put the first into braces with what it belongs to, or both into one pair of braces",
        )
    ungiven = _UNGIVEN.search(plain, 1) if not twice else None
    if ungiven:
        yield RULE.at(
            Span(*ungiven.span()),
            f"`{ungiven[0]}` is not given what it takes, and TeX stops at it",
            help="add what is missing, or remove it",
        )
    bracket = _NO_BRACKET.search(plain) if "\\left" in plain else None
    if bracket:
        name = bracket[0].rstrip()
        message = f"no bracket follows `{name}`, and TeX stops there"
        yield RULE.at(Span(*bracket.span()), message, help=f"write the bracket, or `{name}.` where none is to be seen")
    column = _COLUMN.search(plain) if "&" in plain and not _ALIGNING.search(plain) else None
    if column and "{" not in plain[: column.start()]:
        yield RULE.at(
            Span(*column.span()),
            "`&` separates columns, and this formula has none",
            help=r"put the lines into `\begin{aligned}` and `\end{aligned}`, or write `\&`",
        )
    dollar = _DOLLAR.search(plain, 2, len(plain) - 2) if plain[:2] in ("$$", r"\[") else None
    if dollar and "$$" not in plain[2:-2]:
        yield RULE.at(
            Span(*dollar.span()),
            "a dollar sign inside a formula stops TeX",
            help="remove it: the whole is a formula already",
        )


def _taken_away(text: str) -> Iterator[Finding]:
    """Signs that TeX does not print: `%` begins a remark, and `#` stops it."""
    if "://" in text:
        return  # brackets around a link, which only look like those of a formula
    percent = (_OF_A_NUMBER if "\n" in text else _PERCENT).search(text) if "%" in text else None
    if percent:
        yield RULE.at(
            Span(percent.end() - 1, percent.end()),
            "`%` begins a remark in a formula, so that it is lost with all after it",
            help=r"write `\%`",
        )
    number = _HASH.search(text) if "#" in text and "\\def" not in text else None
    if number:
        yield RULE.at(
            Span(*number.span()),
            "`#` stops TeX in a formula",
            help=r"write `\#`",
        )


def _missing_parts(text: str) -> Iterator[Finding]:
    """A call with an odd parenthesis, in a formula that has no interval and no rows; a command with empty braces."""
    empty = _EMPTY.search(text)
    if empty and not _ACCENT.fullmatch(text):
        yield RULE.at(
            Span(*empty.span()), f"`{empty[0]}` has nothing in its braces", help="fill them", severity=Severity.WARNING
        )
    edge = 1 if text[:1] == "$" != text[1:2] else 2
    bare = _NAMED_TEXT.sub(lambda name: " " * len(name[0]), text[edge:-edge]) if "(" in text[edge:-edge] else ""
    if not _CALL.search(bare) or any(sign in bare for sign in _OTHER_BRACKETS):
        return
    left: list[int] = []
    for match in _ROUND.finditer(bare):
        if match[0] == "(":
            left.append(match.start())
        elif left:
            left.pop()
        else:
            left = [match.start()]
            break
    if left:
        yield RULE.at(
            Span(edge + left[0], edge + left[0] + 1),
            "this parenthesis has no partner in its formula",
            help="add the missing partner, or remove it",
            severity=Severity.WARNING,
        )
