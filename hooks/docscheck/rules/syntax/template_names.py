"""Names in a template that nothing on the site has, and names in marks that the site does not use."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from docscheck.included import may_be_part
from docscheck.once import cached_property
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.rules.syntax.templates import EXPRESSION, STRING, USUAL, Fault, Template
from docscheck.source import Span
from docscheck.words.distance import nearest

_IDENTIFIER = lazy(r"[A-Za-z_]\w*")
_BUILT_IN_TEXT = """
config page extra environment env plugin git files navigation macros filters context now fix_url macros_info loop range
dict namespace lipsum cycler joiner self super caller true false none True False None
"""
_BUILT_IN = frozenset(_BUILT_IN_TEXT.split())


def unknown_names(template: Template) -> Iterator[Fault]:
    """Names that nearly are those of values the site has, on a site where no program adds others."""
    is_usual = template.variable == USUAL["variable"]
    if is_usual:
        yield from _three_braces(template)
    if _adds_names(template):
        return
    names = _Names(template)
    yield from _in_marks_of_others(template.page, names) if is_usual else _in_usual_marks(template, names)
    if len(template.variable[0]) != len(USUAL["variable"][0]):
        return
    yield from _escaped(template, names)
    for place, expression in template.expressions():
        named = _NAME.match(expression)
        if named is not None:
            yield from _in_expression(template, names, place, named)


def _adds_names(template: Template) -> bool:
    """Whether a program, another file or another page may add names to those of the settings."""
    adding = ("modules", "include_yaml", "include_dir", "module_name", "on_undefined")
    if any(template.settings.get(key) for key in adding):
        return True
    config = template.page.config
    has_module = (config.root / "main.py").exists() or (config.root / "main").exists()
    return bool(config.hooks) or may_be_part(template.page) or has_module


class _Names:
    """The names that have a value on a page."""

    def __init__(self, template: Template) -> None:
        self._template = template
        self.extra = template.page.config.extra
        self.own = template.page.front_matter.data
        """Those of the page's front matter."""
        self.known = self.extra.keys() | self.own.keys()

    @cached_property
    def bound(self) -> frozenset[str]:
        """Those that the plugin offers, and all that the page's own statements name: they may set them."""
        start, found = self._template.block[0], self._template.pattern.finditer(self._template.text)
        statements = (match[0] for match in found if match[0].startswith(start))
        return _BUILT_IN.union(_IDENTIFIER.findall(" ".join(statements)))

    def leads(self, path: list[str]) -> bool:
        """Whether a name, or one in a group of values, has a value in the settings or in the front matter."""
        value: object = self.own if path[0] in self.own else self.extra
        for name in path:
            if not isinstance(value, Mapping) or name not in value:
                return False
            value = value[name]
        return True

    def has(self, name: str) -> bool:
        """Whether something has this name."""
        return name in self.known or name in self.bound


_THREE = lazy(r"(?<!\{)\{\{\{(?![{%])[ ]*[A-Za-z_][\w.]*[ ]*\}\}(?!\})")


def _three_braces(template: Template) -> Iterator[Fault]:
    for match in _THREE.finditer(template.text):
        if not template.is_left_alone(match.start()):
            message = "three braces are no expression, and the plugin shows an error in place of the page"
            yield Fault(Span(*match.span()), message, "write two")


_ESCAPED = lazy(r"\\\{\\?\{[ ]*([A-Za-z_]\w*)[ ]*\\?\}\\\}")


def _escaped(template: Template, names: _Names) -> Iterator[Fault]:
    for match in _ESCAPED.finditer(template.text) if "\\{" in template.text else ():
        if match[1] in names.known:
            yield Fault(Span(*match.span()), "the braces are escaped, so they are printed", "remove backslashes")


_OTHERS = lazy(
    r"(?<![{\\/$\w])\{[ ]([A-Za-z_]\w*)[ ]\}(?!\})|\[\[[ ]?([A-Za-z_]\w*)[ ]?\]\]|<%=?[ ]?([A-Za-z_]\w*)[ ]?%>"
    r"|<<[ ]?([A-Za-z_]\w*)[ ]?>>"
    r"|(?<![{\\/$\w])(?:\{[ ]?([A-Za-z_]\w*(?:\.\w+)+)[ ]?\}(?!\})|\[\[[ ]?([A-Za-z_]\w*(?:\.\w+)+)[ ]?\]\])"
    r"|(?<![\\\w])\$\{[ ]?([A-Za-z_]\w*(?:\.\w+)+)[ ]?\}|<%=?[ ]?([A-Za-z_]\w*(?:\.\w+)+)[ ]?%>"
)
"""Names in marks of other programs."""


def _in_marks_of_others(page: Page, names: _Names) -> Iterator[Fault]:
    """`{ version }` or `[[ version ]]` where the site writes `{{ version }}`: only names of values it has."""
    for match in _OTHERS.finditer(page.prose):
        name = match[match.lastindex or 0]
        if names.leads(name.split(".")):
            message = "these are not the marks of an expression on this site, so it is printed"
            yield Fault(Span(*match.span()), message, f"write `{{{{ {name} }}}}`")


_INCLUDE = lazy(r"^[ ]{0,3}(\{%-?[ ]*include(?:-markdown|_relative)?[ ][^{}\n]*%\})[ ]*$", re.M)


def _in_usual_marks(template: Template, names: _Names) -> Iterator[Fault]:
    """`{{ version }}` or `[ version ]]` where the site writes `[[ version ]]`: only names of values it has."""
    start, end = template.variable
    masked = template.page.masked
    for match in _INCLUDE.finditer(masked):
        yield Fault(Span(*match.span(1)), "nothing on this site reads this statement", "use the site's own marks")
    usual = (EXPRESSION, "these are not the marks of an expression on this site, so it is printed")
    half = (_half(start, end), f"this expression is never opened by `{start}`")
    for pattern, message in (usual, half):
        for match in pattern.finditer(masked):
            name = _IDENTIFIER.search(match[0])
            if name and name[0] in names.known:
                yield Fault(Span(*match.span()), message, f"write `{start} {name[0]} {end}`")


@cache
def _half(start: str, end: str) -> re.Pattern[str]:
    """An expression between the marks that a site has chosen, the first of which is cut short."""
    first = re.escape(start[0])
    return re.compile(rf"(?<!{first}){first}[ ]*[A-Za-z_][\w.]*[ ]*{re.escape(end)}")


_NAME = lazy(r"\{\{[-+]?\s*([A-Za-z_]\w*)(?:\.([A-Za-z_]\w*))?(\s*\()?")
_JOINED = lazy(r"\{\{[ ]*[A-Za-z_]\w*(?:-[A-Za-z_]\w*)+[ ]*\}\}")
"""Names joined by a sign that takes one from the other."""


def _in_expression(template: Template, names: _Names, place: int, named: re.Match[str]) -> Iterator[Fault]:
    """What one expression names: a value, what that holds, and filters."""
    expression = named.string
    span = Span(place, place + len(expression))
    if _JOINED.fullmatch(expression) and not names.has(named[1]):
        message = "a hyphen takes one value from another, and there are none of these names"
        yield Fault(span, message, "correct the name, or write it as text")
        return
    yield from _unknown_value(template, names, span, named)
    yield from _unknown_member(names, span, named)
    yield from _unknown_filters(place, expression)


_OF_THE_SITE_TEXT = """
site_name site_url site_description site_author repo_url repo_name edit_uri copyright docs_dir site_dir theme extra
nav plugins markdown_extensions use_directory_urls extra_css extra_javascript dev_addr
"""
_OF_THE_SITE = frozenset(_OF_THE_SITE_TEXT.split())


def _unknown_value(template: Template, names: _Names, span: Span, named: re.Match[str]) -> Iterator[Fault]:
    """What an expression begins with, if nothing has that name."""
    name, attribute, call = named.groups()
    meant = ""
    if name == "config" and attribute and attribute not in _OF_THE_SITE:
        meant = nearest(attribute, _OF_THE_SITE)
    elif not names.has(name) and not call:
        meant = nearest(name, names.known)
    if meant:
        yield Fault(span, "the site has no value of this name", f"did you mean `{meant}`?")
    elif not names.has(name) and attribute and template.text[span.start - 1 : span.start] == "$":
        message = f"the plugin reads this too, knows no `{name}`, and shows an error in place of the page"
        yield Fault(Span(span.start - 1, span.end), message, "put it between `{% raw %}` and `{% endraw %}`")


_OF_MAPPINGS = frozenset(dir({}))


def _unknown_member(names: _Names, span: Span, named: re.Match[str]) -> Iterator[Fault]:
    """A value that a group of the settings does not hold."""
    name, attribute, call = named.groups()
    group = names.extra.get(name) if name not in names.bound and name not in names.own else None
    if isinstance(group, Mapping) and attribute and not call and attribute not in group.keys() | _OF_MAPPINGS:
        meant = nearest(attribute, {str(key) for key in group})
        help = f"did you mean `{name}.{meant}`?" if meant else "correct the name"
        yield Fault(span, f"`{name}` has no value `{attribute}`", help)


_FILTER = lazy(r"(?<!\|)\|\s*([a-z_]\w*)")
_FILTERS_TEXT = """
abs attr batch capitalize center default dictsort escape filesizeformat first float forceescape format groupby indent
int items join last length list lower map max min pprint random reject rejectattr replace reverse round safe select
selectattr slice sort string striptags sum title tojson trim truncate unique upper urlencode urlize wordcount wordwrap
xmlattr count pretty relative_to_root markdown
"""
_FILTERS = frozenset(_FILTERS_TEXT.split())
_FILTERS_ELSEWHERE = {
    "downcase": "lower",
    "lowercase": "lower",
    "upcase": "upper",
    "uppercase": "upper",
    "size": "length",
    "strip": "trim",
    "strip_html": "striptags",
    "markdownify": "markdown",
}
"""Filters of other languages for templates, and what they are called here."""
_SHORTEST = 3
"""A name of so few letters is near to too many others."""


def _unknown_filters(place: int, expression: str) -> Iterator[Fault]:
    without_strings = STRING.sub(lambda string: "x" * len(string[0]), expression)
    for used in _FILTER.finditer(without_strings):
        meant = nearest(used[1], _FILTERS) if used[1] not in _FILTERS and len(used[1]) > _SHORTEST else ""
        meant = _FILTERS_ELSEWHERE.get(used[1], meant)
        if meant:
            span = Span(place + used.start(1), place + used.end(1))
            message = f"there is no filter `{used[1]}`, and the plugin shows an error in place of the page"
            yield Fault(span, message, f"did you mean `{meant}`?")
