"""What other tools read and this site prints: imports of MDX, commands and escapes of LaTeX, headings of wikis."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from docscheck.config import Config
from docscheck.diagnostics import Finding, Rule
from docscheck.mentions import is_raw
from docscheck.page import Page, signs_of
from docscheck.patterns import at_signs, lazy
from docscheck.plugins import own_syntax
from docscheck.programs import rewrites_pages
from docscheck.proofs import prints
from docscheck.source import Span
from docscheck.templating import macro_pattern
from docscheck.words.lexicon import telling

RULE = Rule("SYN112", "foreign-syntax")


class _Syntax(NamedTuple):
    """A piece of another tool's syntax; the group is what is reported."""

    literal: str
    """Without it there is nothing to find."""
    pattern: re.Pattern[str]
    message: str
    help: str
    whole: bool = False
    """Whether it has to be a paragraph of its own."""
    signs: tuple[str, ...] = ()
    """What it leaves of a page's signs, one of these, where that tells more than the literal."""


_SYNTAXES = (
    _Syntax(
        "\nimport ",
        lazy(r"\n(import[ ](?:[\w{}*, ]+[ ]from[ ])?(['\"])[^'\"\n]+\2;?)(?=\n|$)"),
        "an MDX import is printed",
        "remove it",
    ),
    _Syntax(
        "\nexport ",
        lazy(r"\n(export[ ](?:(?:const|let)[ ]\w+[ ]?=|default[ ]\w|[\w{}*, ]+[ ]from[ ]['\"])[^\n]*)(?=\n|$)"),
        "an MDX export is printed",
        "remove it",
    ),
    _Syntax("{/*", lazy(r"(\{/\*[^\n]*?\*/\})"), "an MDX comment is printed", "write `<!-- … -->`"),
    _Syntax(
        "%%",
        lazy(r"(?<![\w%])(%%(?:[ ][^%\n]+[ ]|[^\W\d_][^%\n]*[ ][^%\n]*[^\s%])%%)(?![\w%])"),
        "an Obsidian comment is printed",
        "write `<!-- … -->`",
    ),
    _Syntax(
        " ^",
        lazy(r"(\^(?<=[.!?:)][ ]\^)(?:[a-z][a-z0-9]*(?:-[a-z0-9]+)+|[0-9a-f]{6}))(?=\n|$)"),
        "Obsidian's name for a paragraph is printed",
        "remove it, or write `{: #name }` on the line below",
        signs=("^",),
    ),
    _Syntax(
        "''",
        lazy(r"('{2}(?<![\w'`=(]'{2})(?=[^\W\d_])[^'\n]{2,80}'{2})(?![\w'])"),
        "the wiki syntax for emphasis is printed",
        "write `*text*`",
    ),
    _Syntax(
        "!",
        lazy(r"(!(?<![\w\]!]!)[\w./-]{1,100}\.(?:png|jpe?g|gif|svg|webp)(?:\|[^!\n]*)?!)(?!\w)"),
        "an image of Confluence or Jira is printed",
        "write `![what it shows](path)`",
        signs=("!!", "!/", "!-", "!_", "!|"),
    ),
    _Syntax(
        ".. _",
        lazy(r"\n(\.\. _[\w -]+:)[ ]*(?=\n|$)"),
        "a reStructuredText label is printed",
        "write `{ #name }` behind the heading",
        signs=("\n_",),
    ),
    _Syntax(
        ")=",
        lazy(r"\n(\([\w-]+\)=)[ ]*(?=\n|$)"),
        "a MyST label is printed",
        "write `{ #name }` behind the heading",
    ),
    _Syntax(
        "\nh",
        lazy(r"\n(h[1-6]\.)[ ]+[^\W\d_]"),
        "a Jira or Textile heading is plain text here",
        "write `#` for each level",
        True,
    ),
    _Syntax(
        "\n==",
        lazy(
            r"\n(={2,6})(?<!\n===)[ ]+[^\s=\"'“][^=\n]*(?:[ ]\1)?[ ]*(?=\n|$)"
            r"|\n(===)[ ]+[^\s=\"'“][^=\n]*[ ]===[ ]*(?=\n|$)"
        ),
        "a wiki or AsciiDoc heading is plain text here",
        "write `#` for each level",
        True,
    ),
    _Syntax(
        "[@",
        lazy(r"(?<![\w\]\[`!])(\[-?@[A-Za-z][\w:.-]*\d[\w:.-]*(?:[;,][^\[\]\n]*)?\])(?![(\[:])"),
        "a Pandoc citation is printed: no extension of this site reads it",
        "write a link or a footnote",
    ),
    _Syntax(
        "@",
        lazy(r"(@(?<![\w@./-]@)(?:fig|tbl|eq|sec|lst):[A-Za-z][\w:-]*)"),
        "a Pandoc cross-reference is printed: no extension of this site reads it",
        "write a link",
    ),
    _Syntax(
        "{@",
        lazy(r"(\{@(?:link|linkplain|code|value|literal)[ ][^{}\n]+\})"),
        "a Javadoc tag is printed",
        "write it in Markdown",
    ),
    _Syntax(
        "'''",
        lazy(r"('{3}(?<![\w']'{3})(?=[^\W_])[^'\n]{1,80}'{3})(?![\w'])"),
        "the wiki syntax for bold text is printed",
        "write `**bold**`",
    ),
    _Syntax(
        "[/",
        lazy(
            r"(\[(?:b|i|u|s|url|quote|code|img|list|spoiler)(?:=[^\]\n]+)?\][^\n]{1,200}?"
            r"\[/(?:b|i|u|s|url|quote|code|img|list|spoiler)\]"
            r"|\[(?:(?P<pair>quote|code|list|spoiler)(?:=[^\]\n]+)?)\](?=[ ]*\n(?:[^\n]+\n){0,40}?[ ]*\[/(?P=pair)\]))",
            re.I,
        ),
        "BBCode is printed",
        "write it in Markdown",
    ),
    _Syntax(
        ":",  # nearly every page has one; the words before it are looked at behind it, which is quicker
        lazy(
            r":(?:(?:(?<=\bimage:)|(?<=\bimage::))([\w./-]+\.(?:png|svg|jpe?g|gif|webp)\[[^\[\]\n]*\])"
            r"|(?:(?<=\blink:)|(?<=\bxref:))((?:https?://)?[\w./#-]+\[[^\[\]\n]+\])(?!\())"
        ),
        "an AsciiDoc macro is printed",
        "write it in Markdown",
        signs=("[",),
    ),
    _Syntax(
        "include::",
        lazy(r"\n(include::[\w./{}-]+\[[^\[\]\n]*\])[ ]*(?=\n|$)"),
        "an AsciiDoc include is printed",
        "copy the text, or use a snippet",
        True,
    ),
    _Syntax(
        ":\x00",
        lazy(
            r"(:(?<![\w:]:)(?:py:|c:|cpp:)?(?:ref|doc|any|func|class|meth|mod|attr|obj|exc|data|term|numref|eq|file|envvar"
            r"|option|guilabel|menuselection|download|abbr):)(?=\x00)"
        ),
        "a reStructuredText role is printed before the code",
        "remove it, or write a link",
        signs=("::",),
    ),
    _Syntax(
        "::",
        lazy(r"(::)(?<=[\w\x00)\"']::)[ ]*(?=\n[ ]*\n[ ]*\x00)"),
        "the colons with which reStructuredText announces code are printed",
        "write `:`",
        signs=("::\n",),
    ),
    _Syntax(
        "}\x00",
        lazy(r"(\{(?:ref|cite(?::[a-z]+)?|doc|term|math|eq|numref|func|class|abbr|download)\})(?=\x00)"),
        "a MyST role is printed before the code",
        "write it in Markdown",
    ),
    _Syntax(
        "\n{",
        lazy(
            r"\n[ ]*(\{(?:code|noformat|panel|quote|expand|toc|excerpt|mermaid|plantuml|children|section|column)"
            r"(?:[:|][^{}\n]*)?\})[ ]*(?=\n|$)"
        ),
        "a Confluence or Jira macro is printed",
        "write it in Markdown",
    ),
    _Syntax(
        "{color",
        lazy(r"(\{color(?::[^{}\n]+)?\}(?=[^\n]{1,200}?\{color\}))(?:[^\n]{1,200}?\{color\})"),
        "Confluence's mark for a colour is printed",
        "write it in Markdown",
        signs=("{",),
    ),
    _Syntax(
        "\n{|",
        lazy(r"\n(\{\|[^\n]*)(?=\n(?:\|-|\|\+|!))"),
        "a table as a wiki writes it is printed",
        "write the table with `|`, and a line of dashes under its header",
    ),
    _Syntax(
        "$\x00",
        lazy(r"(?<![\w$])(\$\x00+\$)(?![\w$])"),
        "GitHub's syntax for a formula is shown here as code between dollar signs",
        "write `$…$` without backticks",
    ),
    _Syntax("\\@ref(", lazy(r"(\\@ref\([\w:.-]+\))"), "a bookdown reference is printed", "write a link"),
    _Syntax(
        "{{#",
        lazy(r"(\{\{#(?:include|rustdoc_include|playground|template|title)[ ][^{}\n]*\}\})"),
        "an mdBook include is printed",
        "copy the text, or use a snippet",
    ),
    _Syntax(
        "::include{", lazy(r"\n(::include\{[^{}\n]*\})[ ]*(?=\n|$)"), "a GitLab include is printed", "copy the text"
    ),
    _Syntax(
        "{{",
        lazy(r"\n(\{\{[<>]?[ ]?(?:toc|collapse|include)(?:\([^()\n]*\))?(?:\}\})?)[ ]*(?=\n|$)"),
        "a Redmine macro is printed",
        "write it in Markdown",
    ),
    _Syntax(
        "{!",
        lazy(r"\n[ ]*(\{![ ]*[\w./-]+\.[A-Za-z]{2,4}[ ]*!\})[ ]*(?=\n|$)"),
        "this includes nothing here",
        "use a snippet",
    ),
    _Syntax(
        '":',
        lazy(r"((?<![\w=:{(\[,])\"[^\W_][^\"\n:{}]{0,60}\":https?://[^\s\"]+)"),
        "a Textile link is printed",
        "write `[text](address)`",
    ),
    _Syntax(
        "\n*",
        lazy(r"\n(\*{3,6})[ ]+(?=[^\W\d_])[^*\n]{1,60}(?<![.:;,!? ])(?=\n|$)"),
        "an Org-mode heading is plain text here",
        "write `#` for each level",
        True,
        signs=("\n***",),
    ),
    _Syntax("\nbq. ", lazy(r"\n(bq\.)[ ]+[^\W\d_]"), "a Textile quote is plain text here", "write `> `", True),
    _Syntax(
        "TOC",
        lazy(r"\n[*+-][ ]+(TOC)[ ]*\n?[ ]*\{:[ ]?toc[^{}\n]*\}"),
        "Jekyll's mark for a table of contents is printed",
        "write `[TOC]`, or remove it",
        signs=("{:",),
    ),
    _Syntax(
        "@import ",
        lazy(r"\n(@import[ ]+\"[^\"\n]+\.md\")[ ]*(?=\n|$)"),
        "this imports nothing here",
        "use a snippet",
        True,
    ),
    _Syntax(
        "!include",
        lazy(r"\n(!include[ ]+[\w./-]+\.md|!!!include\([^()\n]+\)!!!)[ ]*(?=\n|$)"),
        "this includes nothing here",
        "use a snippet",
        True,
        signs=("\n!\n", "\n!/", "\n!-", "\n!_", "\n!!!("),
    ),
    _Syntax(
        "??",
        lazy(
            r"(\?\?)(?:(?<=Fig\.[ ~]\?\?)|(?<=Figure[ ~]\?\?)|(?<=Section[ ~]\?\?)|(?<=Table[ ~]\?\?)"
            r"|(?<=Equation[ ~]\?\?)|(?<=Abbildung[ ~]\?\?)|(?<=Tabelle[ ~]\?\?))(?!\?)"
        ),
        "this reference was never resolved",
        "write the number that is meant",
    ),
    _Syntax(
        "\n//",
        lazy(r"\n(//)[ ]+[^\W\d_][^\n]*(?=\n|$)"),
        "a comment of a program is printed",
        "write `<!-- … -->`",
        True,
    ),
    _Syntax(
        "\n/*",
        lazy(r"\n(/\*)[ ]+[^*\n]*[ ]\*/[ ]*(?=\n|$)"),
        "a comment of a program is printed",
        "write `<!-- … -->`",
        True,
    ),
    _Syntax("＊＊", lazy(r"(＊＊(?=\S)[^＊\n]{1,80}＊＊)"), "full-width stars do not make text bold", "write `**`"),
    _Syntax("｀", lazy(r"(｀[^｀\n]{1,80}｀)"), "full-width backticks do not make code", "write `` ` ``"),
)  # fmt: skip
_BEGINNINGS = ("\nimport ", "\nexport ", "\nh", "\nbq. ")
_BEGINNING = lazy("|".join(_BEGINNINGS))
"""Those that are letters at the beginning of a line: one search finds them all."""
_FIRST_WORDS = frozenset(("import", "export", "bq.", *(f"h{level}." for level in range(1, 7))))
"""The words that they are."""
tells = _FIRST_WORDS.__contains__
_SIGNS = {syntax.literal: syntax.signs or (signs_of(syntax.literal),) for syntax in _SYNTAXES}
_HEADERS = {"\n==": '\n==="', "??": "\n???"}
"""Signs that headers of tabs and boxes hold too."""
_SELDOM = frozenset("{}@%'＊｀[^?!=:$/\\\"~")
"""Signs that many pages have none of."""
_RARE = {literal: _SELDOM.intersection(*signs) for literal, signs in _SIGNS.items()}
_CONTENTS = lazy(r"\n[ ]{0,3}(\[\[_?TO(?:C|SP)_?\]\]|\[toc\]|@\[toc\]|\{:toc\})[ ]*(?=\n|$)", re.I)
_AROUND_CONTENTS = ("\n[]\n", "\n[[", "\n@[]", "\n{:}")
"""What is left of one of them without its letters."""
_LATEX = lazy(
    r"\\(?<![\\/:]\\)(?:footnote|cite[pt]?)\{"
    r"|\\(?<![\w\\/:.-]\\)(?:(?:textbf|textit|texttt|emph|underline|cite[pt]?|(?:sub){0,2}section\*?|footnote|href"
    r"|includegraphics|caption|usepackage|documentclass)\*?[{\[]"
    r"|(?:newpage|pagebreak|clearpage|maketitle|tableofcontents|noindent)(?![\w/\\])"
    r"|(?:begin|end)\{(?:itemize|enumerate|description|figure|table|tabular|center|verbatim|document|abstract|lstlisting"
    r"|theorem|lemma|proof|definition|corollary|proposition|remark|exercise|algorithm|quote|minipage)\*?\})"
)
_NUMBERED = lazy(r"\\(?<![\w\\/:.-]\\)(?:eqref|autoref|cref|ref)\{")
_ESCAPES = lazy(
    r"\\(?:(?<=\d\\)%|(?<=[A-Z]\\)&(?=[A-Z])|(?<=[A-Za-z][ ]\\)&(?=[ ][A-Za-z])|(?<=[ (]\\)\"[^\W_][^\"\n]*\\\")"
)
_OTHER_READERS = ("bib", "cite", "tex", "ref", "number", "obsidian")
"""Parts of the names of plugins that read some of this."""


def check(page: Page) -> Iterator[Finding]:
    """Look for each of them in text."""
    if (
        _is_read(page.config)
        or page.config.reading_extensions
        or own_syntax(page.config)
        or _has_other_templates(page.config)
        or (page.site is not None and rewrites_pages(page.site))
    ):
        return
    text = f"\n{page.prose}"
    signs = f"{page.signs}\n"
    present = frozenset([sign for sign in _SELDOM if sign in signs])
    begun = set() if _FIRST_WORDS.isdisjoint(telling(page)) else set(_BEGINNING.findall(text))
    for syntax in _possible(present, bool(begun)):
        if syntax.literal == "[@" and "bibtex" in page.config.plugins:
            continue
        if page.macros and "{{" in syntax.literal:
            continue
        if not _holds(text, signs, syntax.literal, begun):
            continue
        is_sign = len(syntax.literal) == 1
        for match in at_signs(syntax.pattern, syntax.literal, text) if is_sign else syntax.pattern.finditer(text):
            span = Span(match.start(match.lastindex or 1) - 1, match.end(match.lastindex or 1) - 1)
            span = Span(match.start(1) - 1, match.end(1) - 1) if match[1] else span
            if _is_text(page, span.start, whole=syntax.whole):
                yield _finding(page, span, syntax.message, syntax.help)
    if any(sign in signs for sign in _AROUND_CONTENTS):
        yield from _contents(page, text)
    if "\\" in text or any(page.source.text[formula.start] == "\\" for formula in page.maths):
        yield from _latex(page, text)


@lru_cache(maxsize=1024)
def _possible(present: frozenset[str], begins: bool) -> list[_Syntax]:
    """Those of which a page with these seldom signs may hold something; `begins`: a line begins with a first word."""
    return [
        syntax
        for syntax in _SYNTAXES
        if _RARE[syntax.literal] <= present and (begins or syntax.literal not in _BEGINNINGS)
    ]


@lru_cache(maxsize=8)
def _is_read(config: Config) -> bool:
    """Whether a plugin of the site reads some of this."""
    return any(part in name for name in config.plugins if name != "bibtex" for part in _OTHER_READERS)


def _has_other_templates(config: Config) -> bool:
    """Whether something other than expressions in braces is filled in."""
    return macro_pattern(config) is not None and "macros" not in config.plugins


def _holds(text: str, signs: str, literal: str, begun: set[str]) -> bool:
    """Whether a text may hold a literal; signs come first, since they are a tenth of the text."""
    if literal in _BEGINNINGS:
        return literal in begun
    for sign in _SIGNS[literal]:
        if sign in signs:
            break
    else:
        return False
    if literal in _HEADERS and signs.count(literal) == signs.count(_HEADERS[literal]):
        return False
    return literal in text or literal == "\n{"  # signs leave out the indent


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
