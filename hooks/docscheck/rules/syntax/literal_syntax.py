"""Attributes, keys, changes, definitions and macros that are printed as typed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.page import Page
from docscheck.parse.blocks import Node
from docscheck.parse.slugs import plain_text, slug_function
from docscheck.patterns import lazy
from docscheck.proofs import prints
from docscheck.source import Span
from docscheck.spelling_distance import nearest

ATTRIBUTES = Rule("SYN102", "literal-attributes", Severity.ERROR)
KEYS = Rule("SYN103", "literal-keys", Severity.ERROR)
CRITIC = Rule("SYN104", "literal-change", Severity.ERROR)
DEFINITION = Rule("SYN105", "literal-definition", Severity.ERROR)
MACRO = Rule("SYN106", "literal-macro", Severity.ERROR)
MERGE = Rule("SYN107", "merge-mark", Severity.ERROR)
RULES = (ATTRIBUTES, KEYS, CRITIC, DEFINITION, MACRO, MERGE)

_AFTER_LINK = lazy(
    r"\)( *\{:?[ ]*(?!\.\.)[.#][^}\n]*(?:\}|$))|\)( +\{:?[ ]*(?:[.#](?!\.)|[a-z][\w-]*[ ]*=)[^}\n]*\})"
    r"|\)(\{:?[ ]*[.#a-z][^}\n]*)$|\)(\{\{[ ]*[.#][^{}\n]*\}\}?)"
)
_OPEN_VALUE = lazy(r"\)(\{[^{}\n\"]*=\"[^\"{}\n]*\})")
_IN_OTHERS = lazy(
    r"\)(\([ ]*[.#][A-Za-z][\w-]*(?:[ ]+[.#]?[\w-]+)*[ ]*\)|\([ ]*[a-z]+=\"[^\"\n]*\"[ ]*\)"
    r"|\([ ]*(?:width|height)=\d+(?:px|em|%)?[ ]*\)"
    r"|\[[ ]*\.[A-Za-z][\w-]*(?:[ ]+[.#][\w-]+)*[ ]*\])"
)
_DOUBLED = lazy(r"(?<=\S)[ ]+(\{\{[ ]*[#.][A-Za-z][\w.# -]*\}\})[ ]*$")
_BEHIND = lazy(r"[)\]]\{(:?[^{}\n]+)\}")
_VALUE = lazy(r"\"[^\"]*\"|'[^']*'|[^\s\"'=]+(?:=(?:\"[^\"]*\"|'[^']*'|[^\s\"']*))?")
_FLAGS_TEXT = (
    "markdown download controls autoplay loop muted hidden disabled checked open reversed async defer playsinline"
)
_FLAGS = frozenset(_FLAGS_TEXT.split())
"""Attributes that need no value."""
_IN_HEADING = lazy(r"(?<=\S)[ ]*(\{:?[ ]*[#.][^{}]*)$")
_HEADING_BRACES = lazy(r"[ ]\{:?[ ]*([^{}]+?)[ ]*\}[ ]*$")
_PLAIN_WORD = lazy(r"[^\W\d_][\w-]*")
_ALONE = lazy(r"[ ]{0,3}(\{:?[ ]*[.#][^}\n]*\})[ ]*$")
_ALONE_OPEN = lazy(r"[ ]{0,3}(\{(?::[ ]*[.#\w]|[ ]*[.#][A-Za-z])[^{}\n]*)$")
_KEYS = lazy(r'(?<![\w+*])\+\+["a-zA-Z][\w"+-]*(?<!\+)\+?(?![\w+])(?!\+)')
_KEY_NAME = lazy(r"\+\+(?:ctrl|alt|shift|cmd|enter|esc|escape|tab|del|delete|space|f\d+|up|down|left|right)\b")
_SINGLE_KEYS = lazy(r"(?<![\w+])\+(?:ctrl|alt|shift|cmd|meta|option)(?:\+[a-z0-9]+)+\+\+(?![\w+])")
_GOOD_KEYS = lazy(r'\+\+["a-zA-Z0-9][^\s+]*(?:\+[^\s+]+)*\+\+')
_CRITIC = lazy(r"\{(\+\+|--|==|~~|>>)")
_CRITIC_ENDS = {"++": "++}", "--": "--}", "==": "==}", "~~": "~~}", ">>": "<<}"}
_DEFINITION = lazy(r"[ \t>]*:(?=[A-Z][^:\s]*(?:\s|$))")
_EXPRESSION = lazy(r"\{\{[ ]*[A-Za-z_][\w.]*(?:\([^{}\n]*\))?(?:[ ]*\|[^{}\n]*)?[ ]*\}\}")
_HALF = lazy(r"\{\{[ ]*[A-Za-z_][\w.]*[ ]*\}(?!\})|(?<![{\w$])\{[ ]*[A-Za-z_][\w.]*[ ]*\}\}(?!\})")
_STATEMENT = lazy(
    r"\{%-?[ ]*(?:raw|endraw|if|elif|else|endif|for|endfor|include|set|block|endblock|macro)\b[^{}\n]*%\}"
)
_STATEMENTS = "if|for|raw|macro|call|filter|with|block"
_KNOWN_STATEMENTS_TEXT = """
if elif else endif for endfor raw endraw macro endmacro call endcall filter endfilter set endset block endblock include
import from extends with endwith autoescape endautoescape do continue break trans endtrans pluralize debug
"""
_KNOWN_STATEMENTS = frozenset(_KNOWN_STATEMENTS_TEXT.split())
_NAMED_STATEMENT = lazy(r"\{%[-+]?[ \t]*([a-z]{3,})[ \t]*[-+]?%\}")
_STRING = lazy(r"\"[^\"\n]*\"|'[^'\n]*'")
_BLOCK = lazy(rf"\{{%[-+]?[ \t]*((?:end)?(?:{_STATEMENTS}))\b[^{{}}]*?%\}}")
_PARENTHESES = lazy(r"(?<=[^\s\]])[ ]*(?:\(#([^\W\d_][\w-]*)\)|\[#([^\W\d_][\w-]*)\])$")
_MERGE = lazy(r"\n(?:[ \t]+(?=[<>|]{7} \S))?(<{7}|>{7}|\|{7})(?= |$)", re.MULTILINE)
_MERGE_MARKS = ("<<<<<<<", ">>>>>>>", "|||||||")
_TEMPLATING_TEXT = """
search social minify offline privacy git-revision-date-localized git-committers git-authors glightbox redirects tags
blog rss section-index awesome-pages awesome-nav literate-nav optimize mermaid2 meta typeset info group projects
autorefs mkdocstrings print-site exclude
"""
_TEMPLATING = frozenset(_TEMPLATING_TEXT.split())
"""Plugins that leave `{{ … }}` in a page alone."""


def check(page: Page) -> Iterator[Finding]:
    is_merged = any(mark in page.signs and page.shows(mark) for mark in _MERGE_MARKS)
    for match in _MERGE.finditer(f"\n{page.source.text}") if is_merged else ():
        span = Span(match.start(1) - 1, match.end(1) - 1)
        number = page.source.line_of(span.start)
        leaf = page.leaf_by_line.get(number)
        is_shown = match[0][1] in " \t" and leaf is not None and leaf.kind == "code"
        if number >= page.body and number not in page.fenced_lines and not is_shown:
            yield MERGE.at(
                span, "a merge left this conflict mark", help="keep one of the two versions, and remove the marks"
            )
    if "=======" in page.signs:
        yield from _dividing_marks(page)
    if ")(" in page.signs or ")[" in page.signs:
        yield from _in_other_brackets(page)
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
    if "(#)" in page.signs or "[#]" in page.signs:
        yield from _in_parentheses(page)


def _braces(page: Page, number: int, shown: str) -> Iterator[Finding]:
    if page.config.has("attr_list"):
        leaf = page.leaf_by_line.get(number)
        if leaf is not None and leaf.tag[0] == "h":
            yield from _in_heading(page, number, shown)
        else:
            yield from _behind_links(page, number, shown)
            if leaf is not None and leaf.kind == "p":
                yield from _alone(page, leaf, number, shown)
    if page.config.has("pymdownx.critic"):
        yield from _critic(page, number, shown)
    macro = _EXPRESSION.search(shown) or _HALF.search(shown) or _STATEMENT.search(shown)
    if macro and not page.macros and _nobody_owns_macros(page):
        yield MACRO.at(
            page.source.span(number, *macro.span()),
            "nothing on this site replaces this expression",
            help="turn on the macros plugin, or write the value itself",
            proof=prints(number, macro[0][:2]),
        )


def _in_heading(page: Page, number: int, shown: str) -> Iterator[Finding]:
    heading = _IN_HEADING.search(shown)
    if heading:
        message = "these attributes are never closed, so they are part of the heading"
        yield ATTRIBUTES.at(page.source.span(number, *heading.span(1)), message, help="add `}`")
    word = _heading_word(shown)
    if word:
        yield ATTRIBUTES.at(
            page.source.span(number, *word),
            f"`{shown[word[0] : word[1]]}` alone is neither an id nor a class: it has no effect, and is not shown",
            help="write `#name` for an id, `.name` for a class; neither holds a space",
        )
    doubled = _DOUBLED.search(shown) if not page.macros else None
    if doubled:
        message = "double braces do not hold attributes, so they are printed in the heading"
        yield _printed(page, number, doubled.span(1), message, "write one brace on each side")


def _printed(page: Page, number: int, columns: tuple[int, int], message: str, help: str) -> Finding:
    """Attributes of which the reader sees the first brace."""
    return ATTRIBUTES.at(page.source.span(number, *columns), message, help=help, proof=prints(number, "{"))


def _heading_word(shown: str) -> tuple[int, int] | None:
    """Where a word stands between the braces behind a heading that is no attribute."""
    braces = _HEADING_BRACES.search(shown)
    if braces is None:
        return None
    for part in _VALUE.finditer(braces[1]):
        word = part[0]
        if _PLAIN_WORD.fullmatch(word) and word.lower() not in _FLAGS and not word.startswith(("data-", "aria-")):
            return braces.start(1) + part.start(), braces.start(1) + part.end()
    return None


def _behind_links(page: Page, number: int, shown: str) -> Iterator[Finding]:
    match = _AFTER_LINK.search(shown)
    group = next((group for group in match.groups() if group), "") if match else ""
    if match and (group.startswith((" ", "{{")) or not group.endswith("}")):
        start = shown.index(group, match.start())
        lead = len(group) - len(group.lstrip())
        yield ATTRIBUTES.at(
            page.source.span(number, start + lead, start + len(group)),
            "these attributes are printed as text",
            help="write them in `{ … }` directly after the link, without a space",
            proof=lambda rendered: rendered.prints(number, "{") or rendered.prints(number, "}"),
        )
    for behind in _BEHIND.finditer(shown):
        fault = _attribute_fault(behind[1])
        if fault:
            yield ATTRIBUTES.at(page.source.span(number, *behind.span(1)), fault, help='write `name="value"`')
    value = _OPEN_VALUE.search(shown)
    if value:
        yield ATTRIBUTES.at(
            page.source.span(number, *value.span(1)),
            "a quote in these attributes is never closed",
            help='close it with `"`',
        )


def _alone(page: Page, paragraph: Node, number: int, shown: str) -> Iterator[Finding]:
    """Attributes on a line of their own: those on the first line of a paragraph have nothing above to belong to."""
    alone = _ALONE.match(shown)
    if alone and paragraph.rows[0].line == number:
        message = "these attributes are attached to nothing, so they are printed"
        yield _printed(page, number, alone.span(1), message, "put them directly under the last line of their paragraph")
    still_open = _ALONE_OPEN.match(shown)
    if still_open:
        message = "these attributes are never closed, so they are printed"
        yield _printed(page, number, still_open.span(1), message, "add `}`")


def _critic(page: Page, number: int, shown: str) -> Iterator[Finding]:
    for match in _CRITIC.finditer(shown):
        end = _CRITIC_ENDS[match[1]]
        stop = page.prose.find("\n\n", page.source.starts[number])
        if page.prose.find(end, page.source.starts[number] + match.end(), stop if stop > 0 else None) < 0:
            yield CRITIC.at(
                page.source.span(number, *match.span()),
                f"this mark is never closed by `{end}`",
                help=f"add `{end}`",
                proof=prints(number, match[0]),
            )


def _in_other_brackets(page: Page) -> Iterator[Finding]:
    """`[text](address)( .class )`: attributes in other brackets than braces."""
    for match in _IN_OTHERS.finditer(page.prose) if page.config.has("attr_list") else ():
        number = page.source.line_of(match.start(1))
        yield ATTRIBUTES.at(
            Span(*match.span(1)),
            "attributes are written in braces; these are printed",
            help="write `{ … }` directly after the link",
            proof=prints(number, match[1][0]),
        )


def _dividing_marks(page: Page) -> Iterator[Finding]:
    """The mark between the two versions of a merge, where it underlines nothing."""
    for number, line in enumerate(page.lines):
        leaf = page.leaf_by_line.get(number) if line == "=======" else None
        if leaf is not None and leaf.kind == "p" and leaf.rows[0].line == number:
            yield MERGE.at(page.source.content_span(number), "a merge left this conflict mark", help="remove it")


def _attribute_fault(attributes: str) -> str:
    """What is wrong with the attributes between two braces; empty where nothing is."""
    parts = _VALUE.findall(attributes.removeprefix(":"))
    unquoted = False
    for part in parts:
        _, equals, value = part.partition("=")
        if equals and value[:1] in "“”„«" and value:
            return "curly quotes become part of the value"
        if not equals and part.endswith(":") and part[:-1].isalpha():
            return f"`{part}` sets nothing: a value is written after `=`, not after `:`"
        if not equals and unquoted and part.isalpha() and part.lower() not in _FLAGS:
            return "a value of several words needs quotes; only the first of them counts"
        unquoted = bool(equals) and value[:1].isalpha()
    return ""


def _in_parentheses(page: Page) -> Iterator[Finding]:
    """`## Fans (#fans)` or `## Fans [#air]`: an id that was meant to stand in braces."""
    slugify = slug_function(page.config.option("toc", "slugify"))
    if slugify is None or not page.config.has("attr_list"):
        return
    separator = str(page.config.option("toc", "separator", "-"))
    for heading in page.headings:
        match = _PARENTHESES.search(heading.markup)
        if match and (match[2] or slugify(plain_text(heading.markup[: match.start()]), separator) == match[1]):
            yield ATTRIBUTES.at(
                page.source.find(heading.line, match[0].strip()),
                f"an id in {'brackets' if match[2] else 'parentheses'} is printed as part of the heading",
                help=f"write `{{ #{match[1] or match[2]} }}`",
            )


def _nobody_owns_macros(page: Page) -> bool:
    config = page.config
    return not config.hooks and not config.foreign_extensions and not set(config.plugins) - _TEMPLATING


def _keys(page: Page, number: int, shown: str) -> Iterator[Finding]:
    rest = _GOOD_KEYS.sub(lambda match: "\x00" * len(match[0]), shown)
    single = _SINGLE_KEYS.search(rest)
    if single:
        yield KEYS.at(
            page.source.span(number, *single.span()),
            "this key combination opens with only one `+`",
            help="write it as in `++ctrl+c++`",
            proof=prints(number, "++"),
        )
    yield from _unknown_key(page, number, shown)
    match = _KEYS.search(rest)
    if match and (match[0].count("+") > 2 or _KEY_NAME.match(match[0])):
        yield KEYS.at(
            page.source.span(number, *match.span()),
            "this key combination is never closed",
            help="write it as in `++ctrl+c++`",
            proof=prints(number, "++"),
        )


def _unknown_key(page: Page, number: int, shown: str) -> Iterator[Finding]:
    """`++entr++`: a name that is nearly that of a key."""
    for match in _GOOD_KEYS.finditer(shown):
        if shown[match.start() - 1 : match.start()].isalnum():
            continue
        for name in match[0].strip("+").split("+"):
            meant = nearest(name, _key_names()) if name.isalpha() and name not in _key_names() else ""
            if meant and name.islower():
                yield KEYS.at(
                    page.source.span(number, *match.span()),
                    f"there is no key `{name}`, so this is printed",
                    help=f"did you mean `{meant}`?",
                    proof=prints(number, "++"),
                )


@cache
def _key_names() -> frozenset[str]:
    from pymdownx import keymap_db

    return frozenset(keymap_db.keymap) | frozenset(keymap_db.aliases)


def _definition(page: Page, number: int, shown: str) -> Iterator[Finding]:
    match = _DEFINITION.match(shown)
    leaf = page.leaf_by_line.get(number)
    if match and leaf is not None and leaf.tag in ("p", "dd") and leaf.rows[0].line < number:
        yield DEFINITION.at(
            page.source.span(number, match.end() - 1, match.end()),
            "a definition needs a space after its colon",
            help="write `:   text`",
            proof=prints(number, ":"),
        )


def _unended_blocks(page: Page, settings: Mapping[str, object]) -> Iterator[Finding]:
    """`{% if … %}` without `{% endif %}`, and an end without its beginning, where the macros plugin reads them."""
    off = settings.get("render_by_default") is False
    start = str(settings.get("j2_block_start_string") or "{%")
    end = str(settings.get("j2_block_end_string") or "%}")
    own = page.front_matter.data
    if "macros" not in page.config.plugins or off or own.get("ignore_macros") or own.get("render_macros") is False:
        return
    if (start, end) == ("{%", "%}") and start in page.source.text:
        for match in _NAMED_STATEMENT.finditer(page.source.text):
            meant = nearest(match[1], _KNOWN_STATEMENTS) if match[1] not in _KNOWN_STATEMENTS else ""
            if meant:
                help = f"did you mean `{meant}`? The build stops here"
                yield MACRO.at(Span(*match.span()), f"there is no statement `{match[1]}`", help=help)
                return
    yield from _expressions(page)
    stack: list[re.Match[str]] = []
    raw = False
    pattern = _BLOCK if (start, end) == ("{%", "%}") else _block(start, end)
    for match in pattern.finditer(page.source.text) if start in page.source.text else ():
        name = match[1]
        if raw and name != "endraw":
            continue
        raw = name == "raw"
        if not name.startswith("end"):
            stack.append(match)
        elif not stack or stack.pop()[1] != name[3:]:
            yield MACRO.at(Span(*match.span()), f"nothing opens this `{name}`", help="the build stops here: remove it")
            return
    for match in stack[:1]:
        help = f"add `{start} end{match[1]} {end}`; the build stops here"
        yield MACRO.at(Span(*match.span()), f"this `{match[1]}` is never closed", help=help)


def _expressions(page: Page) -> Iterator[Finding]:
    """`{{ link("name) }}`: a quote or a parenthesis that an expression leaves open."""
    for match in page.macros.finditer(page.source.text) if page.macros is not None else ():
        if match[0].startswith("{{") and "\n" not in match[0]:
            bare = _STRING.sub("", match[0])
            fault = "quote" if '"' in bare else "parenthesis" if bare.count("(") > bare.count(")") else ""
            if fault:
                yield MACRO.at(
                    Span(*match.span()), f"a {fault} in this expression is never closed", help="the build stops here"
                )


@cache
def _block(start: str, end: str) -> re.Pattern[str]:
    """Statements between the marks that a site has chosen."""
    return re.compile(
        rf"{re.escape(start)}[-+]?[ \t]*((?:end)?(?:{_STATEMENTS}))\b(?:(?!{re.escape(start)})[^\n])*?{re.escape(end)}"
    )


def _unclosed_macros(page: Page) -> Iterator[Finding]:
    if page.macros is None:
        return
    settings = page.config.plugins.get("macros", {})
    yield from _unended_blocks(page, settings)
    spaced = re.compile(r"\{ %[^{}\n]*%?\}|\{%[^{}\n]*% \}|\{ \{[^{}\n]*\} ?\}|\{\{[^{}\n]*\} \}")
    for match in spaced.finditer(page.masked) if not settings.get("j2_block_start_string") else ():
        yield MACRO.at(Span(*match.span()), "because of a space this is not an expression", help="remove the space")
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
