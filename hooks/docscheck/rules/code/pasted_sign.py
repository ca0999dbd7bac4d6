"""What a word processor or a web page put into code: curly quotes, no-break spaces, entities of HTML."""

from __future__ import annotations

from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.page import Page
from docscheck.parse.code import HIDDEN
from docscheck.parse.fences import Fence
from docscheck.patterns import lazy
from docscheck.source import Span

RULE = Rule("COD114", "pasted-sign", Severity.WARNING)
_LANGUAGES_TEXT = """
bash c c++ console cpp csharp go hcl ini java javascript js json kotlin lua php powershell py python r ruby rust sh
shell sql terraform toml ts typescript zsh
"""
_LANGUAGES = frozenset(_LANGUAGES_TEXT.split())
"""YAML is left out: it needs no quotes, so that a value may begin with any."""
_LANGUAGE = lazy(r"[ ]*\{?[ ]*\.?([\w+-]+)")
_STRAIGHT = lazy(
    r"/(?:\\.|[^/\\\s])+/[a-z]*(?=,)"
    r"|\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|`[^`]*`|(?:(?<!&)#|//|--[ ]|/\*|^[ ]*\*|;;).*$"
)
"""Patterns between slashes, strings and remarks, which may hold any sign."""
_CURLY = lazy(r"(?:[=(\[{,:+]|\b(?:echo|print|return)\b|[ ]--?[\w-]+)[ ]*([“”„])(?=\w)")
_ENTITY = lazy(r"(&(?:amp|lt|gt|quot|nbsp|#39|#x27);)")
_IN_SPAN = lazy(r"(?<=\w)&lt;\w[\w, \[\]]*&gt;|(?<=[\w)][ ])&(?:lt|gt);(?==?[ ]\w)|(?<=[ ])&amp;&amp;(?=[ ])")
"""What code between backticks has, and a text about HTML has not: a type's parameters, a comparison, and `&&`."""
_ESCAPED_NAME = lazy(r"(?<=`)[A-Za-z][A-Za-z0-9.]*(?:\\_[A-Za-z0-9.]+)+(?=`)")
"""A name in which every underscore was escaped, as it has to be outside of code."""
_NO_BREAK = lazy(r"^[ ]*(?:[$>#][ ]?)?[\w./-]+[\w \"'=./-]*?(\xa0)(?![:;!?»%])")
"""Such a space in a command, behind its name: what is drawn, such as a tree of folders, begins with other signs.

Before a colon it is what French wants in a sentence, which a program prints.
"""
_NO_BREAK_MARGIN = lazy(r"[ \t]*(\xa0[\xa0 ]*)(?=[A-Za-z_#@])")
_ENTITIES = ("&lt;", "&gt;", "&amp;", "&quot;", "&nbsp;", "&#")
_OTHERS = ("“", "”", "„", "\xa0")
_SHELLS = frozenset(("bash", "sh", "shell", "zsh"))
_BY_MARGIN = frozenset(("py", "python"))
"""Languages in which the spaces before a line count."""
_PROMPT = lazy(r"[ ]*[$>%][ ]")
_KINDS = (
    ("“”„", _CURLY, "`{}` is no quote in this language: the code does not work", 'write `"`'),
    ("&", _ENTITY, "`{}` is not read in code, so it is shown as typed", "write the sign itself"),
)


def _in_spans(page: Page) -> Iterator[Finding]:
    for match in _IN_SPAN.finditer(page.source.text):
        line = page.source.line_of(match.start())
        before = page.source.text[page.source.starts[line] : match.start()]
        is_code = line >= page.body and line not in page.fenced_lines and page.masked[match.start()] == HIDDEN
        if is_code and before.count("`") % 2:
            message = f"`{match[0]}` is not read in code, so it is shown as typed"
            yield RULE.at(Span(*match.span()), message, help="write the sign itself")


def _escaped_names(page: Page) -> Iterator[Finding]:
    for match in _ESCAPED_NAME.finditer(page.source.text):
        line, name = page.source.line_of(match.start()), match[0].replace("\\", "")
        if line < page.body or line in page.fenced_lines or page.masked[match.start()] != HIDDEN:
            continue
        if name not in page.lines[line]:  # else the line shows how it is escaped
            message = "in code a backslash is shown, and an underscore needs none"
            yield RULE.at(Span(*match.span()), message, help=f"write `{name}`")


def check(page: Page) -> Iterator[Finding]:
    """Report the first of each kind on a line."""
    if "`\\_" in page.source_signs:  # what is left of such a name
        yield from _escaped_names(page)
    if any(map(page.shows, ("&lt;", "&gt;", "&amp;&amp;"))):
        yield from _in_spans(page)
    starts = page.source.starts
    for fence in page.fences:
        text = page.source.text[starts[fence.start] : starts[fence.end]]
        if not _may_hold_any(text):
            continue
        language = _LANGUAGE.match(fence.info)
        if language is not None and language[1].lower() in _LANGUAGES:
            for number in range(fence.start + 1, fence.end):
                yield from _in_line(page, number)
            if language[1] in _SHELLS:
                yield from _spaces(page, fence)
            elif language[1] in _BY_MARGIN:
                yield from _margins(page, fence)


def _may_hold_any(code: str) -> bool:
    """Whether there is anything to find in code; most of it shows at once that there is not."""
    if "&" in code and any(sign in code for sign in _ENTITIES):
        return True
    return not code.isascii() and any(sign in code for sign in _OTHERS)


def _in_line(page: Page, number: int) -> Iterator[Finding]:
    line = page.lines[number]
    if line.isascii() and "&" not in line:
        return
    code = _STRAIGHT.sub(lambda match: " " * len(match[0]), line)
    for signs, pattern, message, help in _KINDS:
        match = pattern.search(code) if any(sign in code for sign in signs) else None
        if match:
            yield RULE.at(page.source.span(number, *match.span(1)), message.format(match[1]), help=help)


def _spaces(page: Page, fence: Fence) -> Iterator[Finding]:
    """The first no-break space of a fence of commands; where some stand behind a prompt, the other lines are output."""
    inside = range(fence.start + 1, fence.end)
    for number in [number for number in inside if _PROMPT.match(page.lines[number])] or inside:
        match = _NO_BREAK.match(page.lines[number]) if "\xa0" in page.lines[number] else None
        if match:
            message = "this is a no-break space, which no shell takes for a space"
            yield RULE.at(page.source.span(number, *match.span(1)), message, help="write a space")
            return


def _margins(page: Page, fence: Fence) -> Iterator[Finding]:
    """The first line that no-break spaces indent."""
    for number in range(fence.start + 1, fence.end):
        match = _NO_BREAK_MARGIN.match(page.lines[number]) if "\xa0" in page.lines[number] else None
        if match:
            message = "these are no-break spaces, which no program takes for an indent"
            yield RULE.at(page.source.span(number, *match.span(1)), message, help="write spaces")
            return
