"""What Jinja cannot read of a template: there the build stops."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from docscheck.patterns import lazy
from docscheck.programs import reads
from docscheck.rules.syntax.templates import STATEMENTS, STRING, USUAL, Fault, Template
from docscheck.source import Span
from docscheck.words.distance import nearest

_KNOWN_STATEMENTS_TEXT = """
if elif else endif for endfor raw endraw macro endmacro call endcall filter endfilter set endset block endblock include
import from extends with endwith autoescape endautoescape do continue break trans endtrans pluralize debug
"""
_KNOWN_STATEMENTS = frozenset(_KNOWN_STATEMENTS_TEXT.split())


def stopping(template: Template) -> Iterator[Fault]:
    """Where the build stops; behind a statement of an unknown name, nothing else can be told."""
    told = [next(_misspelt_statements(template), None), next(_foreign_statements(template), None)]
    misspelt = min(filter(None, told), key=lambda fault: fault.span.start, default=None)
    if misspelt is not None:
        yield misspelt
        return
    yield from _left_open(template)
    yield from _unpaired_statements(template)
    yield from _unreadable(template)


def _misspelt_statements(template: Template) -> Iterator[Fault]:
    """`{% endfro %}` and `{% end if %}`: a name that is nearly that of a statement."""
    start, end = template.block
    for match in _named(start, end).finditer(template.text) if start in template.text else ():
        split, condition, name = match.groups()
        span = Span(*match.span())
        if split:
            yield Fault(span, "there is no statement `end`", f"write `end{split}`; the build stops here")
            continue
        meant = "elif" if condition else "" if name in _KNOWN_STATEMENTS else nearest(name, _KNOWN_STATEMENTS)
        if meant and not (condition and template.is_left_alone(match.start())):
            help = f"did you mean `{meant}`? The build stops here"
            yield Fault(span, f"there is no statement `{condition or name}`", help)


_FOREIGN_TEXT = (
    "highlight hint tab tabs content-ref embed code swagger stepper step columns column assign capture case unless"
    " tablerow comment increment decrement link post_url gist youtube include_relative vimeo figure asset_img callout"
)
_FOREIGN = frozenset(_FOREIGN_TEXT.split())
"""Statements of Jekyll, Liquid, GitBook and Hexo, which Jinja does not have."""
_OPENED = lazy(r"\{%[-+]?[ ]*([a-z][\w-]*)(?:[ ][^{}\n]*)?[-+]?%\}")


def _foreign_statements(template: Template) -> Iterator[Fault]:
    """`{% highlight sql %}`, with its end on the page: a statement of another program."""
    page = template.page
    if template.block != USUAL["block"] or "%}" not in template.text:
        return
    for match in _OPENED.finditer(template.text):
        name = match[1]
        if name not in _FOREIGN or template.is_left_alone(match.start()) or reads(page.site, name, "add_extension"):
            continue
        yield Fault(Span(*match.span()), f"there is no statement `{name}`: another program has", "the build stops here")


@cache
def _named(start: str, end: str) -> re.Pattern[str]:
    """What may be misspelt between the marks of a site: `end if`, `elseif …`, or a name alone."""
    first, last = rf"{re.escape(start)}[-+]?[ \t]*", rf"[ \t]*[-+]?{re.escape(end)}"
    return re.compile(
        rf"{first}(?:end[ \t]+({STATEMENTS}){last}|(else[ ]?if|elsif)[ ](?:(?!{re.escape(start)})[^\n])*?{last}"
        rf"|([a-z]{{3,}}){last})"
    )


_LIQUID = lazy(r"(?<!\|)\|\s*[a-z_]\w*\s*:")


def _left_open(template: Template) -> Iterator[Fault]:
    """`{{ link("name) }}`: a quote or a parenthesis left open, or the colon of another language."""
    for match, kind in template.runs:
        bare = STRING.sub("", match[0])
        is_shown = kind == "variable"
        fault = "quote" if '"' in bare else "parenthesis" if is_shown and bare.count("(") > bare.count(")") else ""
        if not fault and bare.count("[") > bare.count("]"):
            fault = "bracket"
        has_colon = is_shown and not fault and _LIQUID.search(bare)
        if not (fault or has_colon) or template.is_left_alone(match.start()):
            continue
        if fault:
            yield Fault(Span(*match.span()), f"a {fault} in this expression is never closed", "the build stops here")
        else:
            message = "a colon stands where a filter takes what is in parentheses"
            yield Fault(Span(*match.span()), message, 'write `name("…")`; the build stops here')


def _unpaired_statements(template: Template) -> Iterator[Fault]:
    """`{% if … %}` without `{% endif %}`, or an end without its beginning: the first at which the build stops."""
    start, end = template.block
    stack: list[re.Match[str]] = []
    raw = False
    pattern = _BLOCK if template.block == USUAL["block"] else _block(start, end)
    for match in pattern.finditer(template.text) if start in template.text else ():
        name = match[1]
        if raw and name != "endraw":
            continue
        raw = name == "raw"
        if not name.startswith("end"):
            stack.append(match)
        elif not stack or stack.pop()[1] != name[3:]:
            yield Fault(Span(*match.span()), f"nothing opens this `{name}`", "the build stops here: remove it")
            return
    for match in stack[:1]:
        help = f"add `{start} end{match[1]} {end}`; the build stops here"
        yield Fault(Span(*match.span()), f"this `{match[1]}` is never closed", help)


_BLOCK = lazy(rf"\{{%[-+]?[ \t]*((?:end)?(?:{STATEMENTS}))\b[^{{}}]*?%\}}")


@cache
def _block(start: str, end: str) -> re.Pattern[str]:
    """Statements between the marks that a site has chosen."""
    return re.compile(
        rf"{re.escape(start)}[-+]?[ \t]*((?:end)?(?:{STATEMENTS}))\b(?:(?!{re.escape(start)})[^\n])*?{re.escape(end)}"
    )


_STATEMENT_PARTS = lazy(r"\s*([a-z]+)\b(.*)")


def _unreadable(template: Template) -> Iterator[Fault]:
    """The first expression, condition or loop that cannot be read, or an `else` outside of them."""
    depth = 0
    for match, kind in template.runs:
        if template.is_left_alone(match.start()):
            continue
        start, end = template.marks(kind)
        inner = match[0].removeprefix(start).removesuffix(end).strip("-+")
        if kind == "variable":
            fault = "" if _ends_in_string(inner) else _fault_of_expression(inner)
        else:
            parts = _STATEMENT_PARTS.match(inner)
            name, rest = parts.groups() if parts else ("", "")
            fault = _fault_of_statement(name, rest, depth)
            depth += (name in ("if", "for")) - (name in ("endif", "endfor"))
        if fault:
            yield Fault(Span(*match.span()), f"this cannot be read: {fault}", "correct it; the build stops here")
            return


_EQUALS = lazy(r"(?<![=!<>])=(?!=)")
_LOOP = lazy(r"\s*[A-Za-z_][\w, ()]*\sin\s+\S")


def _fault_of_statement(name: str, rest: str, depth: int) -> str:
    """What stops Jinja at a statement, `depth` conditions and loops deep; empty where nothing does."""
    if name in ("if", "elif"):
        is_single = _EQUALS.search(STRING.sub("", rest)) and "(" not in rest
        return "a single `=` compares nothing" if is_single else _fault_of_expression(rest)
    if name == "for":
        return "" if _LOOP.match(rest) else "a loop is `for … in …`"
    return f"nothing is open before this `{name}`" if name == "else" and depth == 0 else ""


def _ends_in_string(inner: str) -> bool:
    """Whether the marks at the end belong to a string, as in `{{ '{{ name }}' }}`, which shows an expression."""
    return inner.count("'") % 2 == 1 or inner.count('"') % 2 == 1


_TOKEN = lazy(r"\s+|(\"[^\"]*\"|'[^']*')|([A-Za-z_]\w*|\d[\w.]*)|([-+*/%~|.,:()\[\]{}<>=!]+)")
_BETWEEN = frozenset(("and", "or", "not", "in", "if", "else"))
"""Words that stand between values."""
_SIGNS_BEFORE = ("|", ".", "+", "~", "*", "/", "=", "<", ">")
"""Signs behind which a value is due."""
_NEVER_FIRST = frozenset(".$#/@<>%?&^!|=*,;:)]}\\")
"""With these begin the expressions of other languages."""


def _fault_of_expression(expression: str) -> str:
    """What stops Jinja at an expression, in a clause; empty where nothing does, or nobody knows."""
    if not expression.strip():
        return "there is nothing to read"
    if expression.lstrip()[0] in _NEVER_FIRST:
        return f"an expression does not begin with `{expression.lstrip()[0]}`"
    before, place, last = "", 0, ""
    while place < len(expression):
        match = _TOKEN.match(expression, place)
        if match is None or match[2] == "is":
            return ""  # behind `is` stands a test, which may take a value without brackets
        place = match.end()
        kind = _kind(match)
        if kind == "name" and before in ("name", "text"):
            return f"no sign stands before `{match[0]}`"
        if ".." in (match[3] or ""):
            return "there are two full stops"
        before, last = kind or before, match[0] if kind else last
    return f"a value is missing after `{last}`" if last.endswith(_SIGNS_BEFORE) else ""


def _kind(token: re.Match[str]) -> str:
    """Whether a part of an expression is a `sign`, a `text` or a `name`; empty for blanks."""
    text, word, sign = token.groups()
    if sign or word in _BETWEEN:
        return "sign"
    return "text" if text else "name" if word else ""
