"""Boxes and tabs written for another tool: GitHub, Docusaurus, GitBook, reStructuredText."""

from __future__ import annotations

import re
from collections.abc import Iterator

from docscheck.box_types import NAMES
from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.known_types import is_directive
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.programs import reads
from docscheck.proofs import prints
from docscheck.source import Span

RULE = Rule("BOX301", "foreign-box", Severity.ERROR)
_TAGS = (
    "hint|tabs?|content-ref|embed|endhint|endtabs?|(?:end)?(?:callout|alert|highlight|admonition|code|stepper|step|columns?)"
    "|file|swagger|openapi|updates"
)
_DIRECTIVES = (
    "code-block|code|image|figure|toctree|include|literalinclude|versionadded|versionchanged|deprecated|seealso|contents"
    "|math|table|csv-table|list-table|raw|only|rubric|topic|sidebar|container|highlight|index|admonition|epigraph|glossary"
    "|auto(?:module|class|function|method|summary)|(?:py:|c:|cpp:)?(?:module|class|function|method|data)|plot|doctest|tabs"
)
"""Other directives of reStructuredText and Sphinx."""
_SYNTAXES = (
    (
        lazy(
            r"^[ \t]*(?:[-*+] )?(?:> ?)*"
            r"(\[![ ]?(?:NOTE|TIP|IMPORTANT|WARNING|CAUTION|INFO|DANGER|EXAMPLE|QUESTION|BUG)\]"
            r"|\[!div class=[^\]\n]*\])[-+]?[ \t]*",
            re.I,
        ),
        "a GitHub alert",
        "[!",
        (
            "github-callouts",
            "callouts",
            "techdocs-core",
            "gfm_admonition",
            "markdown_gfm_admonition",
            "obsidian",
            "mkdocs-callouts",
            "github_admonitions",
            "gh-admonitions",
        ),
    ),
    (
        lazy(rf"^[ \t>]*(:{{3,}}[ \t]*\{{?(?:\.?callout-|\.)?(?:{NAMES})\b\}}?.*)$", re.I),
        "a `:::` box",
        ":::",
        ("mkdocstrings", "markdown_customblocks", "customblocks"),
    ),
    (
        lazy(
            rf"^[ \t>]*(:{{3,}}[ \t]*(?!(?:\.?callout-|\.)?(?:{NAMES})\b)"
            r"(?:\{[^{}\n]+\}(?:[ \t][^\n]*)?|[A-Za-z][A-Za-z-]*(?:[ \t][^\n]*)?))$",
            re.I,
        ),
        "a `:::` container",
        ":::",
        ("mkdocstrings", "markdown_customblocks", "customblocks", "directive", "doc"),
    ),
    (
        lazy(rf"^[ \t>]*(\{{%-?[ \t]*(?:{_TAGS}|(?:end)?(?:{NAMES}))\b[^{{}}]*%\}})[ \t]*$"),
        "a tag of another tool",
        "{%",
        ("macros", "gitbook"),
    ),
    (
        lazy(r"^[ \t>]*(\{%-?[ \t]*hint[ \t]+style=[^{}]*%\})(?=[ \t]*\S)"),
        "a tag of another tool",
        "{%",
        ("macros", "gitbook"),
    ),
    (
        lazy(rf"^[ \t>]*(\.\.[ \t]+(?:{NAMES}|{_DIRECTIVES})::.*)$"),
        "a reStructuredText directive",
        "::",
        (),
    ),
    (
        lazy(
            r"^[ \t>]*(<(?:Tabs|TabItem|Tip|Note|Warning|Info|Admonition|CodeGroup|Callout|Steps|Card|CardGroup)"
            r"\b[^>]*>|<Aside[ ][^<>]*type=[^<>]*>)"
        ),
        "an MDX component",
        "",
        (),
    ),
    (
        lazy(r"^[ \t>]*(<WRAP\b[^<>]*>|<note(?:[ ](?:tip|important|warning|classic))?>(?=[^\n]*</note>|[ ]*$))"),
        "a box of DokuWiki",
        "",
        (),
    ),
)

_OBSIDIAN = lazy(rf"ad-(?:{NAMES})\b")
_NO_MARK = lazy(r"^[ \t]*>[ ]?(\[(?:NOTE|TIP|IMPORTANT|WARNING|CAUTION)\])[ ]*$", re.M)
_CONFLUENCE = lazy(r"^[ \t]*(\{(info|note|tip|warning|panel|expand|code|noformat)(?::[^{}\n]*)?\})[ \t]*$", re.M)
_SHORTCODE = lazy(r"^[ \t>]*(\{\{[<%][ ]*/?[\w-]+[^{}\n]*[>%]\}\})")
_NAME = lazy(r"[a-z][a-z-]*")
_ENDS = {"!!!": "admonition", "???": "details", "===": "tabs"}
_SIGNS = ("[!", "::", "{%", "{{<", "\n<", "\n><")
"""Without one of these there is nothing to find."""
_HELP = 'write a box as `!!! note "title"` with its text indented by four spaces, a tab as `=== "title"`'
_IMAGE = "write an image as `![what it shows](path)`"
_CODE = "put code between two lines of three backticks"
_OTHERS = {
    "image": _IMAGE,
    "figure": _IMAGE,
    "code": _CODE,
    "code-block": _CODE,
    "code-cell": _CODE,
    "literalinclude": "take the file in with a snippet, or copy it",
    "noformat": _CODE,
    "toctree": "list the pages under `nav` in `mkdocs.yml`",
    "list-table": "write the table with `|`, and a line of dashes under its header",
}
"""What those are in Markdown that are neither a box nor a tab."""


def check(page: Page) -> Iterator[Finding]:
    for fence in page.fences:
        if is_directive(page, fence.info):
            span = page.source.content_span(fence.start)
            message = "a MyST directive is shown as code here"
            yield RULE.at(span, message, help=_help(fence.info))
        elif fence.info.startswith("ad-") and _OBSIDIAN.match(fence.info) and not page.config.reading_extensions:
            message = "a box of Obsidian is shown as code here"
            yield RULE.at(page.source.content_span(fence.start), message, help=_HELP)
    for marks, kind in _ENDS.items():
        if f"\n{marks}\n" in page.signs:
            yield from _closing(page, marks, kind)
    if "\n{" in page.signs:
        yield from _confluence(page)
    if "\n>[]\n" in page.signs:
        yield from _without_mark(page)
    if not any(sign in page.signs for sign in _SIGNS):
        return
    for number in range(page.body, len(page.lines)):
        line = page.lines[number]
        begin = line.lstrip(" \t>")[:1]
        if not begin or begin.isalnum() or number in page.fenced_lines:
            continue
        shortcode = _SHORTCODE.match(line)
        if shortcode and page.masked_lines[number][shortcode.start(1)] != "\x00":
            span = page.source.span(number, shortcode.start(1), shortcode.end(1))
            yield RULE.at(span, "a Hugo shortcode is plain text here", help=_HELP)
        for pattern, name, literal, owners in _SYNTAXES:
            match = pattern.match(line)
            if not match or page.masked_lines[number][match.start(1)] == "\x00":
                continue
            if _is_owned(page, owners) and not (literal == ":::" and _is_titled(page, number, match[1])):
                continue
            if literal and reads(page.site, literal):
                continue
            if name.startswith("a `:::`") and not _is_container(page, number, name.endswith("box")):
                continue
            yield RULE.at(
                page.source.span(number, match.start(1), match.end(1)),
                f"{name} is plain text here" if literal else f"{name} has no effect here",
                help=_help(match[1]),
                proof=prints(number, literal) if literal else None,
            )


def _closing(page: Page, marks: str, kind: str) -> Iterator[Finding]:
    """Marks alone behind what they open: other tools end their boxes so."""
    for node in page.rough_texts:
        before = page.before(node) if node.kind == "p" and len(node.rows) == 1 else None
        if before is not None and before.kind == kind and node.rows[0].text.strip() == marks:
            message = "a box ends where its indented text ends, so these marks are printed"
            yield RULE.at(
                page.source.content_span(node.line), message, help="remove them", proof=prints(node.line, marks)
            )


def _without_mark(page: Page) -> Iterator[Finding]:
    """`> [NOTE]` alone on the first line of a quote."""
    for match in _NO_MARK.finditer(page.prose):
        line = page.source.line_of(match.start(1))
        leaf = page.leaf_by_line.get(line)
        if leaf is not None and leaf.kind == "p" and leaf.rows[0].line == line and len(leaf.rows) > 1:
            span = Span(*match.span(1))
            yield RULE.at(
                span,
                "this was meant as an alert, and is plain text",
                help=_HELP,
                proof=prints(line, match[1]),
            )


def _confluence(page: Page) -> Iterator[Finding]:
    """`{info:title=…}` and, further down, `{info}`."""
    open_line, open_name = -1, ""
    for match in _CONFLUENCE.finditer(page.masked):
        line = page.source.line_of(match.start(1))
        if open_line < 0:
            open_line, open_name = line, match[2]
        elif match[2] == open_name:
            span = page.source.content_span(open_line)
            yield RULE.at(span, "a Confluence macro is plain text here", help=_help(open_name))
            open_line = -1


def _help(written: str) -> str:
    """What to write instead, judged by the first word of what was written."""
    name = _NAME.search(written)
    return _OTHERS.get(name[0], _HELP) if name else _HELP


def _is_owned(page: Page, owners: tuple[str, ...]) -> bool:
    named = page.config.plugins.keys() | page.config.extensions.keys()
    return any(owner in name for owner in owners for name in named)


_TITLED = lazy(rf":{{3,}}(?:[ ]?(?:{NAMES})(?:[ ]+\S|[ ]*$)|[a-z]+[ ]*$)")


def _is_titled(page: Page, number: int, header: str) -> bool:
    """Whether a `:::` line names a type of box, and `:::` ends it: documentation of code has no such end."""
    owners = tuple(name for name in (*page.config.plugins, *page.config.extensions) if "custom" in name)
    return not owners and _TITLED.match(header) is not None and _is_container(page, number, named=False)


def _is_container(page: Page, number: int, named: bool) -> bool:
    """Whether a `:::` line opens a container: `::: module.path` belongs to a documentation plugin."""
    return any(re.fullmatch(r"[\s>]*:{3,}\s*", line) for line in page.lines[number + 1 : number + 200]) or bool(
        named and re.match(r"[\s>]*:{3,}[ \t]*\{?[a-z]+\}?", page.lines[number])
    )
