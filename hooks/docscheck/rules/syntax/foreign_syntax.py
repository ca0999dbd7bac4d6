"""What other tools read and this site prints: imports of MDX, commands and escapes of LaTeX, headings of wikis."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from docscheck.config import Config
from docscheck.diagnostics import Finding, Rule
from docscheck.first_look import marks_of, signs_of
from docscheck.mentions import is_raw
from docscheck.page import Page
from docscheck.patterns import at_signs, lazy
from docscheck.plugins import reads_unknown
from docscheck.programs import reads
from docscheck.proofs import prints
from docscheck.rules.syntax.foreign_forms import SYNTAXES, Syntax
from docscheck.source import Span
from docscheck.templating import macro_pattern
from docscheck.words.lexicon import telling

RULE = Rule("SYN112", "foreign-syntax")

_BEGINNINGS = ("\nimport ", "\nexport ", "\nh", "\nbq. ")
_BEGINNING = lazy("|".join(_BEGINNINGS))
"""Those that are letters at the beginning of a line: one search finds them all."""
_FIRST_WORDS = frozenset(("import", "export", "bq.", *(f"h{level}." for level in range(1, 7))))
"""The words that they are."""
tells = _FIRST_WORDS.__contains__
_SIGNS = {syntax.literal: syntax.signs or (signs_of(syntax.literal),) for syntax in SYNTAXES}
_MARKS = {syntax.literal: marks_of(syntax.literal) for syntax in SYNTAXES}
_HEADERS = {"\n==": '\n==="', "??": "\n???"}
"""Signs that headers of tabs and boxes hold too."""
_SELDOM = frozenset("{}@%'＊｀＄[^?!=:$/\\\"~")
"""Signs that many pages have none of."""
_RARE = {literal: _SELDOM.intersection(*signs) for literal, signs in _SIGNS.items()}
_CONTENTS = lazy(
    r"\n[ ]{0,3}(\[\[_?TO(?:C|SP)_?\]\]|\[toc(?:(?:[:=]|[ ]+[\w-]+[:=])[^\[\]\n]*)?\](?!\()|@\[toc\]|\{:toc\}"
    r"|\[(?:contents|table of contents|índice|sumário|sommaire|table des matières|inhalt|inhaltsverzeichnis"
    r"|indice|spis treści|inhoud|содержание|оглавление|目次|目录|目錄|المحتويات)\])[ ]*(?=\n|$)",
    re.I,
)
_AROUND_CONTENTS = ("\n[]\n", "\n[=", "\n[:", "\n[_=", "\n[-=", "\n[[", "\n@[]", "\n{:}")
"""What is left of one of them without its letters, as far as these are of ASCII."""
_LATEX = lazy(
    r"\\(?<![\\/:]\\)(?:footnote|cite[pt]?)\{"
    r"|\\(?<![\w\\/:.-]\\)(?:(?:textbf|textit|texttt|emph|underline|cite[pt]?|(?:sub){0,2}section\*?|footnote|href"
    r"|includegraphics|caption|usepackage|documentclass|input|label)\*?[{\[]"
    r"|(?:newpage|pagebreak|clearpage|maketitle|tableofcontents|noindent|item)(?![\w/\\])"
    r"|(?:begin|end)\{(?:itemize|enumerate|description|figure|table|tabular|center|verbatim|document|abstract|lstlisting"
    r"|theorem|lemma|proof|definition|corollary|proposition|remark|exercise|algorithm|quote|minipage)\*?\})"
)
_NUMBERED = lazy(r"\\(?<![\w\\/:.-]\\)(?:eqref|autoref|cref|ref)\{")
_ESCAPES = lazy(
    r"\\(?:(?<=\d\\)\\?%|(?<=[A-Z]\\)&(?=[A-Z])|(?<=[A-Za-z][ ]\\)&(?=[ ][A-Za-z])|(?<=[ (]\\)\"[^\W_][^\"\n]*\\\")"
)
_OTHER_READERS = ("bib", "cite", "tex", "ref", "number", "obsidian")
"""Parts of the names of plugins that read some of this."""


def check(page: Page) -> Iterator[Finding]:
    """Look for each of them in text."""
    if (
        _is_read(page.config)
        or page.config.reading_extensions
        or reads_unknown(page.config)
        or _has_other_templates(page.config)
    ):
        return
    text = f"\n{page.prose}"
    signs, marks = f"{page.signs}\n", f"\n{page.marks}"
    present = frozenset([sign for sign in _SELDOM if sign in signs])
    begun = set() if _FIRST_WORDS.isdisjoint(telling(page)) else set(_BEGINNING.findall(text))
    for syntax in _possible(present, bool(begun)):
        for sign in _SIGNS[syntax.literal]:  # no call: this is all that is done for nearly all of them
            if sign in signs:
                break
        else:
            continue
        if syntax.literal == "[@" and "bibtex" in page.config.plugins:
            continue
        if page.macros and "{{" in syntax.literal:
            continue
        if not _holds(text, signs, marks, syntax.literal, begun) or reads(page.site, syntax.literal.strip("\n \x00")):
            continue
        sign = syntax.literal.rstrip(" ")
        for match in at_signs(syntax.pattern, sign, text) if len(sign) == 1 else syntax.pattern.finditer(text):
            if match.lastindex is None:
                continue
            group = 1 if match[1] else match.lastindex
            span = Span(match.start(group) - 1, match.end(group) - 1)
            if _is_text(page, span.start, whole=syntax.whole):
                yield _finding(page, span, syntax.message, syntax.help)
    may_be_named = any(sign in signs for sign in _AROUND_CONTENTS) or ("\n[" in signs and not signs.isascii())
    if may_be_named and not reads(page.site, "TOC", "toc"):
        yield from _contents(page, text)
    has_commands = "\\" in text or any(page.source.text[formula.start] == "\\" for formula in page.maths)
    if has_commands and not reads(page.site, "\\"):
        yield from _latex(page, text)


@lru_cache(maxsize=1024)
def _possible(present: frozenset[str], begins: bool) -> list[Syntax]:
    """Those of which a page with these seldom signs may hold something; `begins`: a line begins with a first word."""
    return [
        syntax
        for syntax in SYNTAXES
        if _RARE[syntax.literal] <= present and (begins or syntax.literal not in _BEGINNINGS)
    ]


@lru_cache(maxsize=8)
def _is_read(config: Config) -> bool:
    """Whether a plugin of the site reads some of this."""
    return any(part in name for name in config.plugins if name not in ("autorefs", "bibtex") for part in _OTHER_READERS)


def _has_other_templates(config: Config) -> bool:
    """Whether something other than expressions in braces is filled in."""
    return macro_pattern(config) is not None and "macros" not in config.plugins


def _holds(text: str, signs: str, marks: str, literal: str, begun: set[str]) -> bool:
    """Whether a text with its signs may hold a literal; the marks come first, since they are a tenth of the text."""
    if literal in _BEGINNINGS:
        return literal in begun
    if literal in _HEADERS and signs.count(literal) == signs.count(_HEADERS[literal]):
        return False
    return (_MARKS[literal] in marks and literal in text) or literal == "\n{"  # signs leave out the indent


def _contents(page: Page, text: str) -> Iterator[Finding]:
    marker = str(page.config.option("toc", "marker", "[TOC]"))
    labels = {label.casefold() for label, _, _ in page.definitions.labels}
    for match in _CONTENTS.finditer(text):
        span = Span(match.start(1) - 1, match.end(1) - 1)
        if match[1] != marker and "toc" not in labels and _is_text(page, span.start, whole=True):
            yield _finding(page, span, "this does not make a table of contents here", f"write `{marker}`, or remove it")


def _latex(page: Page, text: str) -> Iterator[Finding]:
    numbered = () if "\\label" in page.source.text else (_NUMBERED,)
    seen: set[int] = set()
    escapes = () if page.config.has("pymdownx.escapeall") else (_ESCAPES,)
    for pattern in (_LATEX, *numbered, *escapes):
        for match in pattern.finditer(text):
            span = Span(match.start() - 1, match.end() - 1)
            line = page.source.line_of(span.start)
            if line not in seen and _is_text(page, span.start):
                seen.add(line)
                name = match[0].rstrip("{[")
                if name[1].isalpha():
                    yield _finding(page, span, f"`{name}` is a LaTeX command, so it is printed", "write it in Markdown")
                else:
                    message = f"`{name}` is an escape in another language, so it is printed"
                    yield _finding(page, span, message, "remove the backslash")
    for formula in page.maths:
        if _LATEX.match(page.source.text, formula.start) and page.source.line_of(formula.start) not in seen:
            first = Span(formula.start, page.source.text.index("}", formula.start) + 1)
            name = page.source.text[first.start : first.end]
            yield RULE.at(
                first, f"`{name}` does not begin a formula, so it is not typeset", help="write it in Markdown"
            )


def _is_text(page: Page, offset: int, whole: bool = False) -> bool:
    """Whether a place lies in text that is read, and, where that matters, alone in its paragraph."""
    line = page.source.line_of(offset)
    leaf = page.leaf_by_line.get(line)
    if leaf is None or leaf.kind in ("code", "maths") or is_raw(page, offset):
        return False
    return not whole or (leaf.kind == "p" and len(leaf.rows) == 1 and all(o.line != line for o in page.openers))


def _finding(page: Page, span: Span, message: str, help: str) -> Finding:
    line = page.source.line_of(span.start)
    shown = re.split(r"[_{\[\"* ]", page.source.text[span.start : span.end])[0] or page.source.text[span.start]
    return RULE.at(span, message, help=help, proof=prints(line, shown))
