"""Attributes, keys, changes, definitions and macros that are printed as typed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.source import Span

ATTRIBUTES = Rule("SYN102", "literal-attributes", Severity.ERROR)
KEYS = Rule("SYN103", "literal-keys", Severity.ERROR)
CRITIC = Rule("SYN104", "literal-change", Severity.ERROR)
DEFINITION = Rule("SYN105", "literal-definition", Severity.ERROR)
MACRO = Rule("SYN106", "literal-macro", Severity.ERROR)
MERGE = Rule("SYN107", "merge-mark", Severity.ERROR)
RULES = (ATTRIBUTES, KEYS, CRITIC, DEFINITION, MACRO, MERGE)

_AFTER_LINK = lazy(
    r"\)( *\{:?[ ]*[.#][^}\n]*(?:\}|$))|\)( +\{:?[ ]*[.#a-z][^}\n]*\})|\)(\{:?[ ]*[.#a-z][^}\n]*)$"
    r"|\)(\{\{[ ]*[.#][^{}\n]*\}\}?)"
)
_OPEN_VALUE = lazy(r"\)(\{[^{}\n\"]*=\"[^\"{}\n]*\})")
_IN_HEADING = lazy(r"(?<=\S)[ ]*(\{:?[ ]*[#.][^{}]*)$")
_ALONE = lazy(r"[ ]{0,3}(\{:?[ ]*[.#][^}\n]*\})[ ]*$")
_ALONE_OPEN = lazy(r"[ ]{0,3}(\{(?::[ ]*[.#\w]|[ ]*[.#][A-Za-z])[^{}\n]*)$")
_KEYS = lazy(r'(?<![\w+])\+\+["a-zA-Z][\w"+-]*(?<!\+)\+?(?![\w+])(?!\+)')
_KEY_NAME = lazy(r"\+\+(?:ctrl|alt|shift|cmd|enter|esc|escape|tab|del|delete|space|f\d+|up|down|left|right)\b")
_GOOD_KEYS = lazy(r'\+\+["a-zA-Z0-9][^\s+]*(?:\+[^\s+]+)*\+\+')
_CRITIC = lazy(r"\{(\+\+|--|==|~~|>>)")
_CRITIC_ENDS = {"++": "++}", "--": "--}", "==": "==}", "~~": "~~}", ">>": "<<}"}
_DEFINITION = lazy(r"[ ]{0,3}:(?=[A-Z][^:\s]*(?:\s|$))")
_EXPRESSION = lazy(r"\{\{[ ]*[A-Za-z_][\w.]*(?:\([^{}\n]*\))?(?:[ ]*\|[^{}\n]*)?[ ]*\}\}")
_HALF = lazy(r"\{\{[ ]*[A-Za-z_][\w.]*[ ]*\}(?!\})|(?<![{\w$])\{[ ]*[A-Za-z_][\w.]*[ ]*\}\}(?!\})")
_STATEMENT = lazy(
    r"\{%-?[ ]*(?:raw|endraw|if|elif|else|endif|for|endfor|include|set|block|endblock|macro)\b[^{}\n]*%\}"
)
_MERGE = lazy(r"\n(?:<{7}|>{7}|\|{7})(?= |$)", re.MULTILINE)
_MERGED = lazy(r"<{7}|>{7}|\|{7}")
_TEMPLATING_TEXT = """
search social minify offline privacy git-revision-date-localized git-committers git-authors glightbox redirects tags
blog rss section-index awesome-pages awesome-nav literate-nav optimize mermaid2 meta typeset info group projects
autorefs mkdocstrings print-site exclude
"""
_TEMPLATING = frozenset(_TEMPLATING_TEXT.split())
"""Plugins that leave `{{ … }}` in a page alone."""


def check(page: Page) -> Iterator[Finding]:
    for match in _MERGE.finditer(f"\n{page.source.text}") if _MERGED.search(page.signs) else ():
        number = page.source.line_of(match.start())
        if number >= page.body and number not in page.fenced_lines:
            yield MERGE.at(
                page.source.span(number, 0, 7), "a merge left this mark", help="choose one of the two versions"
            )
    for number in page.lines_with("{"):
        yield from _braces(page, number, page.prose_lines[number])
    if page.config.has("pymdownx.keys") and "++" in page.signs:
        for number in page.lines_with("++"):
            yield from _keys(page, number, page.prose_lines[number])
    if page.grammar.def_list and "\n:" in page.signs:
        for number in page.lines_with(":"):
            if page.prose_lines[number].lstrip()[0] == ":":
                yield from _definition(page, number, page.prose_lines[number])
    yield from _unclosed_macros(page)


def _braces(page: Page, number: int, shown: str) -> Iterator[Finding]:
    leaf = page.leaf_by_line.get(number)
    heading = _IN_HEADING.search(shown) if leaf is not None and leaf.tag[0] == "h" else None
    if heading and page.config.has("attr_list"):
        yield ATTRIBUTES.at(
            page.source.span(number, heading.start(1), heading.end(1)),
            "these attributes are never closed, so they are part of the heading",
            help="add `}`",
        )
    if page.config.has("attr_list") and not (leaf is not None and leaf.tag[0] == "h"):
        match = _AFTER_LINK.search(shown)
        group = next((group for group in match.groups() if group), "") if match else ""
        if match and (group.startswith((" ", "{{")) or not group.endswith("}")):
            start = shown.index(group, match.start())
            lead = len(group) - len(group.lstrip())
            yield ATTRIBUTES.at(
                page.source.span(number, start + lead, start + len(group)),
                "these attributes are printed as text",
                help="they stand in `{ … }` directly behind the link, without a space",
                proof=lambda rendered: rendered.prints(number, "{") or rendered.prints(number, "}"),
            )
        value = _OPEN_VALUE.search(shown)
        if value:
            yield ATTRIBUTES.at(
                page.source.span(number, value.start(1), value.end(1)),
                "a quote in these attributes is never closed",
                help='close it with `"`',
            )
        alone = _ALONE.match(shown)
        if alone and leaf is not None and leaf.kind == "p" and leaf.rows[0].line == number:
            yield ATTRIBUTES.at(
                page.source.span(number, alone.start(1), alone.end(1)),
                "these attributes belong to nothing, so they are printed",
                help="put them directly under the last line of their paragraph",
                proof=lambda rendered: rendered.prints(number, "{"),
            )
        alone = _ALONE_OPEN.match(shown)
        if alone and leaf is not None and leaf.kind == "p":
            yield ATTRIBUTES.at(
                page.source.span(number, alone.start(1), alone.end(1)),
                "these attributes are never closed, so they are printed",
                help="add `}`",
                proof=lambda rendered: rendered.prints(number, "{"),
            )
    if page.config.has("pymdownx.critic"):
        for critic in _CRITIC.finditer(shown):
            end = _CRITIC_ENDS[critic[1]]
            stop = page.prose.find("\n\n", page.source.starts[number])
            if page.prose.find(end, page.source.starts[number] + critic.end(), stop if stop > 0 else None) < 0:
                yield CRITIC.at(
                    page.source.span(number, critic.start(), critic.end()),
                    f"this mark is never closed by `{end}`",
                    help=f"add `{end}`",
                    proof=lambda rendered, mark=critic[0]: rendered.prints(number, mark),  # type: ignore[misc]
                )
    macro = _EXPRESSION.search(shown) or _HALF.search(shown) or _STATEMENT.search(shown)
    if macro and not page.macros and _nobody_owns_macros(page):
        yield MACRO.at(
            page.source.span(number, macro.start(), macro.end()),
            "nothing on this site replaces this expression",
            help="configure the macros plugin, or write the value",
            proof=lambda rendered: rendered.prints(number, macro[0][:2]),
        )


def _nobody_owns_macros(page: Page) -> bool:
    config = page.config
    return not config.hooks and not config.foreign_extensions and not set(config.plugins) - _TEMPLATING


def _keys(page: Page, number: int, shown: str) -> Iterator[Finding]:
    rest = _GOOD_KEYS.sub(lambda match: "\x00" * len(match[0]), shown)
    match = _KEYS.search(rest)
    if match and (match[0].count("+") > 2 or _KEY_NAME.match(match[0])):
        yield KEYS.at(
            page.source.span(number, match.start(), match.end()),
            "these keys are never closed",
            help="keys are written `++ctrl+c++`",
            proof=lambda rendered: rendered.prints(number, "++"),
        )


def _definition(page: Page, number: int, shown: str) -> Iterator[Finding]:
    match = _DEFINITION.match(shown)
    leaf = page.leaf_by_line.get(number)
    if match and leaf is not None and leaf.tag in ("p", "dd") and leaf.rows[0].line < number:
        yield DEFINITION.at(
            page.source.span(number, match.end() - 1, match.end()),
            "a definition needs a space behind its colon",
            help="write `:   text`",
            proof=lambda rendered: rendered.prints(number, ":"),
        )


def _unclosed_macros(page: Page) -> Iterator[Finding]:
    if page.macros is None:
        return
    settings = page.config.plugins.get("macros", {})
    spaced = re.compile(r"\{ %[^{}\n]*%?\}|\{%[^{}\n]*% \}|\{ \{[^{}\n]*\} ?\}|\{\{[^{}\n]*\} \}")
    for match in spaced.finditer(page.masked) if not settings.get("j2_block_start_string") else ():
        yield MACRO.at(Span(*match.span()), "a space keeps this expression from being one", help="remove the space")
    closing = str(settings.get("j2_variable_end_string") or "}}")
    for match in (
        re.finditer(rf"(?<![{{\w]){{[ ]*[A-Za-z_][\w.]*[ ]*{re.escape(closing)}", page.masked)
        if closing == "}}"
        else ()
    ):
        yield MACRO.at(Span(*match.span()), "this expression is never opened by `{{`", help="add the second brace")
    for kind, opening, closing in (("variable", "{{", "}}"), ("block", "{%", "%}")):
        start = str(settings.get(f"j2_{kind}_start_string") or opening)
        end = str(settings.get(f"j2_{kind}_end_string") or closing)
        position = page.masked.find(start, page.source.starts[page.body] if page.body < len(page.lines) else 0)
        while position >= 0:
            yield MACRO.at(
                Span(position, position + len(start)),
                f"this expression is never closed by `{end}`",
                help=f"add `{end}`; the build stops here",
            )
            position = page.masked.find(start, position + len(start))
