"""Expressions and statements of a template that are printed as typed, or stop the build."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.plugins import leaves_templates
from docscheck.proofs import prints
from docscheck.source import Span
from docscheck.words.distance import nearest

RULE = Rule("SYN106", "literal-macro", Severity.ERROR)
_EXPRESSION = lazy(r"\{\{[ ]*[A-Za-z_][\w.]*(?:\([^{}\n]*\))?(?:[ ]*\|[^{}\n]*)?[ ]*\}\}")
_HALF = lazy(r"\{\{[ ]*[A-Za-z_][\w.]*[ ]*\}(?!\})|(?<![^\s>|(])\{[ ]*[A-Za-z_][\w.]*[ ]*\}\}(?!\})")
_STATEMENT = lazy(
    r"\{%-?[ ]*(?:raw|endraw|if|elif|else|endif|for|endfor|include|set|block|endblock|macro"
    r"|(?:end)?(?:blockquote|codeblock|capture|comment)|img|post_url|include_relative|assign|gist|youtube)\b[^{}\n]*%\}"
)
_WIKI = lazy(r"\{\{[A-Z][A-Za-z]*(?:[ ][A-Za-z]+)*\|[^{}\n]*\}\}")
"""A template of MediaWiki."""
_MARKS = {"variable": ("{{", "}}"), "block": ("{%", "%}")}
_SPACED = lazy(r"\{ %[^{}\n]*%?\}|\{%[^{}\n]*% \}|\{ \{[^{}\n]*\} ?\}|\{\{[^{}\n]*\} \}")
_ONE_BRACE = lazy(r"(?<![{\w])\{[ ]*[A-Za-z_][\w.]*[ ]*\}\}")
_STATEMENTS = "if|for|raw|macro|call|filter|with|block"
_KNOWN_STATEMENTS_TEXT = """
if elif else endif for endfor raw endraw macro endmacro call endcall filter endfilter set endset block endblock include
import from extends with endwith autoescape endautoescape do continue break trans endtrans pluralize debug
"""
_KNOWN_STATEMENTS = frozenset(_KNOWN_STATEMENTS_TEXT.split())
_NAMED_STATEMENT = lazy(r"\{%[-+]?[ \t]*([a-z]{3,})[ \t]*[-+]?%\}")
_THIRD_BRACE = lazy(r"(?<!\})\}\}(\})(?!\})")
_STRING = lazy(r"\"[^\"\n]*\"|'[^'\n]*'")
_BLOCK = lazy(rf"\{{%[-+]?[ \t]*((?:end)?(?:{_STATEMENTS}))\b[^{{}}]*?%\}}")
_OPEN_CALL = lazy(r"^[ ]*(\{\{[ ]*[A-Za-z_][\w.]*\([^{}()\n]*)$")
"""A macro whose arguments go on in the next lines."""
_OF_GIT = lazy(r"\{\{[ ]*(?:page\.meta\.)?git_\w+[ ]*\}\}")


def check(page: Page) -> Iterator[Finding]:
    if page.macros is not None:
        yield from _in_template(page, page.macros)
    elif leaves_templates(page.config):
        for number in page.lines_with("{"):
            yield from _unowned(page, number, page.prose_lines[number])


def _unowned(page: Page, number: int, shown: str) -> Iterator[Finding]:
    """What a plugin would replace, if the site had one."""
    forms = (_EXPRESSION, _HALF, _STATEMENT, _WIKI, _OPEN_CALL)
    macro = next((match for form in forms if (match := form.search(shown))), None)
    if macro and not (_OF_GIT.fullmatch(macro[0]) and any("git-" in name for name in page.config.plugins)):
        yield RULE.at(
            page.source.span(number, *macro.span(macro.lastindex or 0)),
            "nothing on this site replaces this expression",
            help="turn on the macros plugin, or write the value itself",
            proof=prints(number, macro[macro.lastindex or 0][:2]),
        )


def _in_template(page: Page, macros: re.Pattern[str]) -> Iterator[Finding]:
    """What is wrong with expressions and statements that the site's plugin reads."""
    settings = page.config.plugins.get("macros", {})
    if _is_run(page, settings):
        misspelt = next(_misspelt_statements(page, settings), None)
        if misspelt is not None:
            yield misspelt
        else:
            yield from _expressions(page, macros)
            yield from _unpaired_statements(page, settings)
    for match in _SPACED.finditer(page.masked) if not settings.get("j2_block_start_string") else ():
        yield RULE.at(Span(*match.span()), "because of a space this is not an expression", help="remove the space")
    for match in _ONE_BRACE.finditer(page.masked) if _marks(settings, "variable")[1] == "}}" else ():
        yield RULE.at(Span(*match.span()), "this expression is never opened by `{{`", help="add the second brace")
    if _marks(settings, "variable")[1] == "}}" and page.shows("}}}"):
        yield from _third_braces(page)
    for kind in _MARKS:
        yield from _unclosed(page, *_marks(settings, kind))


def _third_braces(page: Page) -> Iterator[Finding]:
    """`{{ version }}}`: one brace more than opened."""
    for match in _THIRD_BRACE.finditer(page.source.text):
        shown = page.masked_lines[page.source.line_of(match.start())]
        is_left = page.masked[match.start()] != "}" == page.masked[match.start(1)]
        if is_left and shown.count("{") < shown.count("}"):
            yield RULE.at(Span(*match.span(1)), "this brace is left over, and printed", help="remove it")


def _marks(settings: Mapping[str, object], kind: str) -> tuple[str, str]:
    """The marks around an expression (`variable`) or a statement (`block`), which a site may choose."""
    start, end = _MARKS[kind]
    return str(settings.get(f"j2_{kind}_start_string") or start), str(settings.get(f"j2_{kind}_end_string") or end)


def _is_run(page: Page, settings: Mapping[str, object]) -> bool:
    """Whether it is the macros plugin that reads the page, and the page does not keep it out."""
    own = page.front_matter.data
    is_kept_out = own.get("ignore_macros") or own.get("render_macros") is False
    return "macros" in page.config.plugins and settings.get("render_by_default") is not False and not is_kept_out


def _misspelt_statements(page: Page, settings: Mapping[str, object]) -> Iterator[Finding]:
    """`{% endfro %}`: a name that is nearly that of a statement."""
    is_usual = _marks(settings, "block") == _MARKS["block"] and "{%" in page.source.text
    for match in _NAMED_STATEMENT.finditer(page.source.text) if is_usual else ():
        meant = nearest(match[1], _KNOWN_STATEMENTS) if match[1] not in _KNOWN_STATEMENTS else ""
        if meant:
            help = f"did you mean `{meant}`? The build stops here"
            yield RULE.at(Span(*match.span()), f"there is no statement `{match[1]}`", help=help)


def _expressions(page: Page, macros: re.Pattern[str]) -> Iterator[Finding]:
    """`{{ link("name) }}`: a quote or a parenthesis that an expression leaves open."""
    for match in macros.finditer(page.source.text):
        if match[0].startswith("{{") and "\n" not in match[0]:
            bare = _STRING.sub("", match[0])
            fault = "quote" if '"' in bare else "parenthesis" if bare.count("(") > bare.count(")") else ""
            if fault:
                yield RULE.at(
                    Span(*match.span()), f"a {fault} in this expression is never closed", help="the build stops here"
                )


def _unpaired_statements(page: Page, settings: Mapping[str, object]) -> Iterator[Finding]:
    """`{% if … %}` without `{% endif %}`, or an end without its beginning: the first at which the build stops."""
    start, end = _marks(settings, "block")
    stack: list[re.Match[str]] = []
    raw = False
    pattern = _BLOCK if (start, end) == _MARKS["block"] else _block(start, end)
    for match in pattern.finditer(page.source.text) if start in page.source.text else ():
        name = match[1]
        if raw and name != "endraw":
            continue
        raw = name == "raw"
        if not name.startswith("end"):
            stack.append(match)
        elif not stack or stack.pop()[1] != name[3:]:
            yield RULE.at(Span(*match.span()), f"nothing opens this `{name}`", help="the build stops here: remove it")
            return
    for match in stack[:1]:
        help = f"add `{start} end{match[1]} {end}`; the build stops here"
        yield RULE.at(Span(*match.span()), f"this `{match[1]}` is never closed", help=help)


@cache
def _block(start: str, end: str) -> re.Pattern[str]:
    """Statements between the marks that a site has chosen."""
    return re.compile(
        rf"{re.escape(start)}[-+]?[ \t]*((?:end)?(?:{_STATEMENTS}))\b(?:(?!{re.escape(start)})[^\n])*?{re.escape(end)}"
    )


def _unclosed(page: Page, start: str, end: str) -> Iterator[Finding]:
    """A mark that is still there when everything between two marks is hidden."""
    position = page.masked.find(start, page.source.starts[page.body] if page.body < len(page.lines) else 0)
    while position >= 0:
        yield RULE.at(
            Span(position, position + len(start)),
            f"this expression is never closed by `{end}`",
            help=f"add `{end}`; the build stops here",
        )
        position = page.masked.find(start, position + len(start))
