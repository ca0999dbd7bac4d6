r"""A command of TeX with a letter swapped, doubled or lost, or without its backslash: `\aplha`, `frac{1}{2}`, `/mu`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache

from docscheck.diagnostics import Edit, Finding, Rule
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.rules.maths.formulas import moved, of_formula, texts
from docscheck.source import Span
from docscheck.words.distance import distance, nearest
from docscheck.words.lists import frequencies

RULE = Rule("MTH104", "misspelt-command")
_NAME = lazy(r"(?<!\\)\\([A-Za-z]{4,})")
_SHORT = lazy(r"(?<!\\)\\(sqr|sqt|srt|frc|fra|fac|txt)(?=\{)")
_SHORT_MEANT = {"sqr": "sqrt", "sqt": "sqrt", "srt": "sqrt", "frc": "frac", "fra": "frac", "fac": "frac", "txt": "text"}
"""Commands of four letters that lack one of them, before what they take."""
_BARE = lazy(r"(?<![\\A-Za-z{])([dt]?frac|sqrt|math(?:rm|bf|bb|cal)|operatorname|boldsymbol)\{")
_LETTERED = lazy(
    r"(?<![\\A-Za-z{_^])((?:lim|sum|prod|int)(?=_\{)|cdots?|[lcdv]dots|leq|geq|neq|infty"
    r"|(?<=[\w)}] )times(?= (?:[\w(\\](?![a-z])|\\)))(?![A-Za-z{])"
)
"""A sign of TeX without its backslash: none is a word, but for one that stands between two factors."""
"""A command with its argument, and without its backslash; behind a brace it may be text or a name."""
_ESCAPED = lazy(r"(?<![\\A-Za-z{])(rac|ext(?:bf|it|rm)?|egin|oldsymbol|inom|ilde|ec|ar)\{")
_FIRST = {"rac": "f", "egin": "b", "oldsymbol": "b", "inom": "b", "ec": "v", "ar": "b"}
"""What a program makes of a command that begins with `\\b`, `\\f`, `\\t` or `\\v`; most begin with a `t`."""
_LABEL = lazy(r"\\label\{([^{}\n]{1,80})\}")
_REFERENCE = lazy(r"\\(?:eq)?ref\{([^{}\n]{1,80})\}")
_GREEK_TEXT = """
alpha beta gamma delta epsilon varepsilon zeta theta vartheta iota kappa lambda sigma varphi omega Gamma Delta Theta
Lambda Sigma Omega mu nu xi pi rho tau phi chi psi
"""
_GREEK = frozenset(_GREEK_TEXT.split())
_SIGNS = frozenset(("approx", "cdot", "equiv", "geq", "leq", "neq", "times", "propto", "sim"))
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_GLUED = (*_SIGNS, "infty", "nabla", "partial", "quad", "ldots", "cdots", "mapsto", "rightarrow", "setminus", "otimes")
"""Commands behind which a letter is glued, but for one that makes another command of some."""
_SLASHED = lazy(rf"(?<![\w)}}\]/.:])/({'|'.join(sorted(_GREEK, key=len, reverse=True))}|frac|sqrt)(?![A-Za-z/.])")
"""A command with the other slash before it, where it divides nothing."""
_COMMON_TEXT = """
alpha beta gamma delta epsilon varepsilon zeta theta vartheta kappa lambda sigma varphi omega Gamma Delta Theta Lambda
Sigma Omega frac dfrac tfrac sqrt begin left right mathbb mathbf mathcal mathrm mathit mathsf mathfrak mathscr
boldsymbol text textbf textit textrm operatorname partial nabla infty times cdot cdots ldots approx equiv propto
leftarrow rightarrow Rightarrow Leftarrow leftrightarrow longrightarrow mapsto forall exists subset subseteq setminus
emptyset underbrace overbrace underline overline underset overset widehat widetilde langle rangle lfloor rfloor lceil
rceil lVert rVert qquad quad prod limits binom substack stackrel tilde hspace displaystyle
"""
_COMMON = frozenset(_COMMON_TEXT.split())
_OTHERS = frozenset(("dots", "angle", "limit", "mathb", "Subset", "Exists"))
"""What is a command too, or may be one of a site's own."""
_SHORTEST_SAID = 4
_LONG = 6
"""In a shorter name a lost letter leaves what may be a command of the site's own: a word, or three letters."""


def check(page: Page) -> Iterator[Finding]:
    """Look at the commands of each formula."""
    if not page.has_maths:
        return
    text = page.source.text
    labels = frozenset(_LABEL.findall(text)) if "\\label{" in text and "ref{" in text else frozenset[str]()
    for (start, end), formula in texts(page):
        for match in _BARE.finditer(text, start, end) if "{" in formula else ():
            span = Span(*match.span(1))
            message = f"without its backslash, `{match[1]}` is set as letters"
            yield RULE.at(span, message, help=f"write `\\{match[1]}`", fix=Edit(span, f"\\{match[1]}"))
        for match in _REFERENCE.finditer(formula) if labels and "ref{" in formula else ():
            meant = nearest(match[1], labels) if match[1] not in labels else ""
            if meant:
                span = Span(start + match.start(1), start + match.end(1))
                yield RULE.at(span, f"no formula has the label `{match[1]}`", help=f"did you mean `{meant}`?")
        for finding in _lettered(formula):
            yield moved(finding, start)
        if "\\\\" in formula and page.config.has("pymdownx.arithmatex"):
            for match in _doubled().finditer(formula):
                span = Span(start + match.start(), start + match.start() + 1)
                message = f"two backslashes begin a new line, so `{match[1]}` is set as letters"
                yield RULE.at(span, message, help=f"write `\\{match[1]}`", fix=Edit(span, ""))
        for finding in _cut_or_slashed(formula):
            yield moved(finding, start)
        for match in _ENVIRONMENT.finditer(formula) if "\\begin" in formula else ():
            meant = _environment_meant(match[1])
            if meant:
                span = Span(start + match.start(1), start + match.end(1))
                yield RULE.at(span, f"TeX has no environment `{match[1]}`", help=f"did you mean `{meant}`?")
        short = [(match.start(1), match[1]) for match in _SHORT.finditer(formula)] if "{" in formula else []
        for place, name in (*_misspelt(formula), *short):
            if f"\\{name}}}" not in text and f"\\def\\{name}" not in text:
                span, meant = Span(start + place, start + place + len(name)), _SHORT_MEANT.get(name) or _meant(name)
                message = f"TeX has no command `\\{name}`"
                yield RULE.at(span, message, help=f"did you mean `\\{meant}`?", fix=Edit(span, meant))


@cache
def _doubled() -> re.Pattern[str]:
    """A common command behind two backslashes, without the space or the line's end that a new line has there."""
    names = "|".join(name for name in _COMMON_TEXT.split() if name not in _BEGIN_ROWS)
    return re.compile(rf"(?<!\\)\\\\({names}|log|exp|ln|sin|cos|max|min|sum|int|mu|nu|pi|rho|tau|phi|psi)(?![A-Za-z])")


_BEGIN_ROWS = frozenset(("text", "left", "right", "limit", "limits", "times", "prod"))
"""Words of English, with which a row may begin."""


_ENVIRONMENT = lazy(r"\\begin\{([A-Za-z]{4,})\*?\}")
_ENVIRONMENTS_TEXT = """
align aligned alignat alignedat array bmatrix Bmatrix cases dcases rcases displaymath eqnarray equation flalign gather
gathered matrix math multline pmatrix smallmatrix split subarray vmatrix Vmatrix xalignat subequations
"""
_ENVIRONMENTS = frozenset(_ENVIRONMENTS_TEXT.split())


@cache
def _environment_meant(name: str) -> str:
    """The environment of which a name is one slip away; empty for one that exists, or that a site may have made."""
    if name in _ENVIRONMENTS:
        return ""
    return next((known for known in sorted(_ENVIRONMENTS) if len(known) > 4 and distance(name, known, 2) == 1), "")


@lru_cache(maxsize=2048)
def _misspelt(formula: str) -> tuple[tuple[int, str], ...]:
    """The misspelt names of a formula, and where they stand; a site has the same formulas again and again."""
    return tuple((match.start(1), match[1]) for match in _NAME.finditer(formula) if _meant(match[1]))


@cache
def _meant(name: str) -> str:
    """The common name of which another one is a slip; empty for a name that is none, or may be a word."""
    meant = "" if name in _COMMON else _slips().get(name, "")
    has_lost_one = len(name) < len(meant) < _LONG
    return "" if has_lost_one and frequencies().get(name) else meant


@of_formula
def _lettered(formula: str) -> Iterator[Finding]:
    """Signs whose names are set as letters; the text in a formula may name them."""
    if "\\text" in formula or "\\mathrm" in formula or "\\operatorname" in formula:
        return
    for match in _LETTERED.finditer(formula):
        message = f"without its backslash, `{match[1]}` is set as letters"
        yield RULE.at(Span(*match.span(1)), message, help=f"write `\\{match[1]}`")


@of_formula
def _cut_or_slashed(formula: str) -> Iterator[Finding]:
    """Commands that a program cut, in a formula that has its braces, and those with the other slash."""
    for match in _ESCAPED.finditer(formula) if "{" in formula else ():
        command = _FIRST.get(match[1], "t") + match[1]
        message = f"`{match[1]}` has lost the beginning of `\\{command}`, which a program took for a control sign"
        yield RULE.at(Span(*match.span(1)), message, help=f"write `\\{command}`")
    for match in _SLASHED.finditer(formula) if "/" in formula else ():
        message = f"with this slash, `{match[1]}` is set as letters"
        yield RULE.at(Span(*match.span()), message, help=f"write `\\{match[1]}`")


@cache
def _slips() -> Mapping[str, str]:
    """What a slip makes of the common names."""
    found: dict[str, str] = {}
    for name in _COMMON_TEXT.split():
        for at in range(len(name) - 1):
            found[name[:at] + name[at + 1] + name[at] + name[at + 2 :]] = name
            found[name[: at + 1] + name[at:]] = name
            fewer = name[:at] + name[at + 1 :]
            if at and len(name) >= _LONG - 1:
                found[fewer] = name
        found[name + name[-1]] = name
        if (
            len(name) >= _SHORTEST_SAID and name.islower() and name not in _GREEK and "arrow" not in name
        ) or name.startswith("var"):
            found[name.capitalize()] = name
    joined = {f"{first}{second}": rf"{first} \{second}" for first in _GREEK for second in _GREEK | _SIGNS}
    joined |= {
        f"{name}{letter}": f"{name} {letter}" for name in _GREEK if len(name) >= _SHORTEST_SAID for letter in _LETTERS
    }
    joined |= {f"{name}{letter}": f"{name} {letter}" for name in _GLUED for letter in _LETTERS if letter != "q"}
    joined = {slip: meant for slip, meant in joined.items() if slip not in _COMMON}
    return joined | {slip: name for slip, name in found.items() if slip not in _COMMON and slip not in _OTHERS}
