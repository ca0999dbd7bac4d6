"""Expressions and statements of a template that are printed as typed, or stop the build."""

from __future__ import annotations

from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.once import of_page
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.plugins import leaves_templates
from docscheck.programs import fills_templates
from docscheck.proofs import prints
from docscheck.rules.syntax.template_grammar import stopping
from docscheck.rules.syntax.template_names import unknown_names
from docscheck.rules.syntax.templates import EXPRESSION, MARKED, USUAL, Fault, Template
from docscheck.source import Span

RULE = Rule("SYN106", "literal-macro", Severity.ERROR)


def check(page: Page) -> Iterator[Finding]:
    """Judge what the site's plugin reads, or find what no plugin on the site reads."""
    if page.macros is not None:
        for span, message, help in _in_template(Template(page, page.macros)):
            yield RULE.at(span, message, help=help)
    elif leaves_templates(page.config) and not _is_filled(page):
        for number in page.lines_with("{"):
            yield from _unowned(page, number, page.prose_lines[number])


def _is_filled(page: Page) -> bool:
    """Whether a hook of the site may put something in the place of expressions."""
    return bool(page.config.hooks) and (page.site is None or fills_templates(page.site))


_HALF = lazy(r"\{\{[ ]*[A-Za-z_][\w.]*[ ]*\}(?!\})|(?<![^\s>|(])\{[ ]*[A-Za-z_][\w.]*[ ]*\}\}(?!\})")
_STATEMENT = lazy(
    r"\{%-?[ ]*(?:raw|endraw|if|elif|else|endif|for|endfor|include|set|block|endblock|macro"
    r"|(?:end)?(?:blockquote|codeblock|capture|comment)|img|post_url|include_relative|assign|gist|youtube)\b[^{}\n]*%\}"
)
_WIKI = lazy(r"\{\{[A-Z][A-Za-z]*(?:[ ][A-Za-z]+)*\|[^{}\n]*\}\}")
"""A template of MediaWiki."""
_OPEN_CALL = lazy(r"^[ ]*(\{\{[ ]*[A-Za-z_][\w.]*\([^{}()\n]*)$")
"""A macro whose arguments go on in the next lines."""
_OF_GO = lazy(r"\{\{-?[ ]*[.$][A-Za-z][\w.]*[ ]*-?\}\}")
"""A value as templates of Go name it."""
_FORMS = (EXPRESSION, _HALF, _STATEMENT, _WIKI, _OPEN_CALL, _OF_GO)
_OF_GIT = lazy(r"\{\{[ ]*(?:page\.meta\.)?git_\w+[ ]*\}\}")


def _unowned(page: Page, number: int, shown: str) -> Iterator[Finding]:
    """What a plugin would replace, if the site had one."""
    macro = next((match for form in _FORMS if (match := form.search(shown))), None)
    if macro and _is_of_language(page, macro[0]):
        return
    if macro and not (_OF_GIT.fullmatch(macro[0]) and any("git-" in name for name in page.config.plugins)):
        yield RULE.at(
            page.source.span(number, *macro.span(macro.lastindex or 0)),
            "nothing on this site replaces this expression",
            help="turn on the macros plugin, or write the value itself",
            proof=prints(number, macro[macro.lastindex or 0][:2]),
        )


_CODED = frozenset(("yaml", "yml", "json", "toml", "hcl", "jinja", "jinja2", "j2", "go", "gotmpl", "handlebars", "vue"))
_ROOT = lazy(r"\{\{[ ]*([A-Za-z_]\w*)")


def _is_of_language(page: Page, macro: str) -> bool:
    """Whether the text speaks of an expression that code on the page shows: some files hold such as their own."""
    root = _ROOT.match(macro)
    return root is not None and root[1] in _roots(page)


@of_page
def _roots(page: Page) -> frozenset[str]:
    """The names with which the expressions begin that files of other programs show, in code of their language."""
    lines = (
        line
        for fence in page.fences
        if fence.opens and fence.info.strip(" .{").partition(" ")[0].lower() in _CODED
        for line in page.lines[fence.start + 1 : fence.end]
        if "{{" in line
    )
    return frozenset(name for line in lines for name in _ROOT.findall(line))


def _in_template(template: Template) -> Iterator[Fault]:
    """What is wrong with expressions and statements that the site's plugin reads."""
    if template.is_run:
        yield from unknown_names(template)
        yield from stopping(template)
    yield from _spoilt_marks(template)
    for kind in USUAL if template.has_own_comments else MARKED:
        yield from _unclosed(template.page, *template.marks(kind))
    if template.is_run and not template.has_own_comments:
        yield from _unclosed(template.page, "{# ", "#}")


_SPACED = lazy(r"\{ %[^{}\n]*%?\}|\{%[^{}\n]*% \}|\{ \{[^{}\n]*\} ?\}|\{\{[^{}\n]*\} \}")
_ONE_BRACE = lazy(r"(?<![{\w])\{[ ]*[A-Za-z_][\w.]*[ ]*\}\}")


def _spoilt_marks(template: Template) -> Iterator[Fault]:
    """Marks with a space between their signs, or with a sign too few or too many."""
    page = template.page
    if not template.settings.get("j2_block_start_string"):
        for match in _SPACED.finditer(page.masked):
            yield Fault(Span(*match.span()), "because of a space this is not an expression", "remove the space")
    if template.variable[1] == "}}":
        for match in _ONE_BRACE.finditer(page.masked):
            yield Fault(Span(*match.span()), "this expression is never opened by `{{`", "add the second brace")
        if page.shows("}}}"):
            yield from _third_braces(template)


_THIRD_BRACE = lazy(r"(?<!\})\}\}(\})(?!\})")


def _third_braces(template: Template) -> Iterator[Fault]:
    """`{{ version }}}`: one brace more than opened."""
    page = template.page
    for match in _THIRD_BRACE.finditer(template.text):
        shown = page.masked_lines[page.source.line_of(match.start())]
        is_left = page.masked[match.start()] != "}" == page.masked[match.start(1)]
        if is_left and shown.count("{") < shown.count("}") and not template.is_left_alone(match.start()):
            yield Fault(Span(*match.span(1)), "this brace is left over, and printed", "remove it")


def _unclosed(page: Page, start: str, end: str) -> Iterator[Fault]:
    """A mark that is still there when everything between two marks is hidden."""
    position = page.masked.find(start, page.source.starts[page.body] if page.body < len(page.lines) else 0)
    while position >= 0:
        message, help = f"this expression is never closed by `{end}`", f"add `{end}`; the build stops here"
        yield Fault(Span(position, position + len(start)), message, help)
        position = page.masked.find(start, position + len(start))
