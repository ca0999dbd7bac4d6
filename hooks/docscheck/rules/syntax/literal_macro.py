"""Expressions and statements of a template that are printed as typed, or stop the build."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Set
from functools import cache

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.included import may_be_part
from docscheck.once import of_page
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.plugins import leaves_templates
from docscheck.programs import fills_templates
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
_OF_GO = lazy(r"\{\{-?[ ]*[.$][A-Za-z][\w.]*[ ]*-?\}\}")
"""A value as templates of Go name it."""
_MARKS = {"variable": ("{{", "}}"), "block": ("{%", "%}"), "comment": ("{#", "#}")}
_MARKED = ("variable", "block")
_SPACED = lazy(r"\{ %[^{}\n]*%?\}|\{%[^{}\n]*% \}|\{ \{[^{}\n]*\} ?\}|\{\{[^{}\n]*\} \}")
_ONE_BRACE = lazy(r"(?<![{\w])\{[ ]*[A-Za-z_][\w.]*[ ]*\}\}")
_STATEMENTS = "if|for|raw|macro|call|filter|with|block"
_KNOWN_STATEMENTS_TEXT = """
if elif else endif for endfor raw endraw macro endmacro call endcall filter endfilter set endset block endblock include
import from extends with endwith autoescape endautoescape do continue break trans endtrans pluralize debug
"""
_KNOWN_STATEMENTS = frozenset(_KNOWN_STATEMENTS_TEXT.split())
_THIRD_BRACE = lazy(r"(?<!\})\}\}(\})(?!\})")
_STRING = lazy(r"\"[^\"\n]*\"|'[^'\n]*'")
_BLOCK = lazy(rf"\{{%[-+]?[ \t]*((?:end)?(?:{_STATEMENTS}))\b[^{{}}]*?%\}}")
_OPEN_CALL = lazy(r"^[ ]*(\{\{[ ]*[A-Za-z_][\w.]*\([^{}()\n]*)$")
"""A macro whose arguments go on in the next lines."""
_OF_GIT = lazy(r"\{\{[ ]*(?:page\.meta\.)?git_\w+[ ]*\}\}")


def check(page: Page) -> Iterator[Finding]:
    if page.macros is not None:
        yield from _in_template(page, page.macros)
    elif leaves_templates(page.config) and not _is_filled(page):
        for number in page.lines_with("{"):
            yield from _unowned(page, number, page.prose_lines[number])


def _is_filled(page: Page) -> bool:
    """Whether a hook of the site may put something in the place of expressions."""
    return bool(page.config.hooks) and (page.site is None or fills_templates(page.site))


def _unowned(page: Page, number: int, shown: str) -> Iterator[Finding]:
    """What a plugin would replace, if the site had one."""
    forms = (_EXPRESSION, _HALF, _STATEMENT, _WIKI, _OPEN_CALL, _OF_GO)
    macro = next((match for form in forms if (match := form.search(shown))), None)
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


def _in_template(page: Page, macros: re.Pattern[str]) -> Iterator[Finding]:
    """What is wrong with expressions and statements that the site's plugin reads."""
    settings = page.config.plugins.get("macros", {})
    if _is_run(page, settings):
        yield from _unknown(page, settings, macros)
        misspelt = next(_misspelt_statements(page, settings), None)
        if misspelt is not None:
            yield misspelt
        else:
            yield from _expressions(page, settings, macros)
            yield from _unpaired_statements(page, settings)
            yield from _unreadable(page, settings, macros)
    for match in _SPACED.finditer(page.masked) if not settings.get("j2_block_start_string") else ():
        yield RULE.at(Span(*match.span()), "because of a space this is not an expression", help="remove the space")
    for match in _ONE_BRACE.finditer(page.masked) if _marks(settings, "variable")[1] == "}}" else ():
        yield RULE.at(Span(*match.span()), "this expression is never opened by `{{`", help="add the second brace")
    if _marks(settings, "variable")[1] == "}}" and page.shows("}}}"):
        yield from _third_braces(page)
    for kind in _MARKS if settings.get("j2_comment_start_string") else _MARKED:  # `{#` begins attributes as well
        yield from _unclosed(page, *_marks(settings, kind))
    if _is_run(page, settings) and not settings.get("j2_comment_start_string"):
        yield from _unclosed(page, "{# ", "#}")


def _third_braces(page: Page) -> Iterator[Finding]:
    """`{{ version }}}`: one brace more than opened."""
    for match in _THIRD_BRACE.finditer(page.source.text):
        shown = page.masked_lines[page.source.line_of(match.start())]
        is_left = page.masked[match.start()] != "}" == page.masked[match.start(1)]
        if is_left and shown.count("{") < shown.count("}") and not _is_left_alone(page, match.start()):
            yield RULE.at(Span(*match.span(1)), "this brace is left over, and printed", help="remove it")


@of_page
def _raw_places(page: Page) -> list[int]:
    """Where `{% raw %}` and `{% endraw %}` stand in turn: what lies behind an odd number of them is left as it is."""
    places: list[int] = []
    for match in _raw(_marks(page.config.plugins.get("macros", {}), "block")[0]).finditer(page.source.text):
        if bool(match[1]) == (len(places) % 2 == 1):
            places.append(match.start())
    return places


@cache
def _raw(start: str) -> re.Pattern[str]:
    """Where expressions begin to be left as they are, and where that ends."""
    return re.compile(rf"{re.escape(start)}[-+]?\s*(end)?raw\b")


def _is_left_alone(page: Page, offset: int) -> bool:
    """Whether a place lies between `{% raw %}` and `{% endraw %}`."""
    return bisect_right(_raw_places(page), offset) % 2 == 1


def _marks(settings: Mapping[str, object], kind: str) -> tuple[str, str]:
    """The marks around an expression (`variable`) or a statement (`block`), which a site may choose."""
    start, end = _MARKS[kind]
    return str(settings.get(f"j2_{kind}_start_string") or start), str(settings.get(f"j2_{kind}_end_string") or end)


def _kind(text: str, settings: Mapping[str, object]) -> str:
    """What a text between two marks is; those of one kind may begin like those of another: `[[` and `[[%`."""
    starts = [(len(start), kind) for kind in _MARKS if text.startswith(start := _marks(settings, kind)[0])]
    return max(starts, default=(0, ""))[1]


def _is_run(page: Page, settings: Mapping[str, object]) -> bool:
    """Whether it is the macros plugin that reads the page, and the page does not keep it out."""
    own = page.front_matter.data
    is_kept_out = own.get("ignore_macros") or own.get("render_macros") is False
    return "macros" in page.config.plugins and settings.get("render_by_default") is not False and not is_kept_out


def _misspelt_statements(page: Page, settings: Mapping[str, object]) -> Iterator[Finding]:
    """`{% endfro %}` and `{% end if %}`: a name that is nearly that of a statement."""
    start, end = _marks(settings, "block")
    for match in _named(start, end).finditer(page.source.text) if start in page.source.text else ():
        split, condition, name = match.groups()
        if split:
            help = f"write `end{split}`; the build stops here"
            yield RULE.at(Span(*match.span()), "there is no statement `end`", help=help)
            continue
        meant = "elif" if condition else "" if name in _KNOWN_STATEMENTS else nearest(name, _KNOWN_STATEMENTS)
        if meant and not (condition and _is_left_alone(page, match.start())):
            help = f"did you mean `{meant}`? The build stops here"
            yield RULE.at(Span(*match.span()), f"there is no statement `{condition or name}`", help=help)


@cache
def _named(start: str, end: str) -> re.Pattern[str]:
    """What may be misspelt between the marks of a site: `end if`, `elseif …`, or a name alone."""
    first, last = rf"{re.escape(start)}[-+]?[ \t]*", rf"[ \t]*[-+]?{re.escape(end)}"
    return re.compile(
        rf"{first}(?:end[ \t]+({_STATEMENTS}){last}|(else[ ]?if|elsif)[ ](?:(?!{re.escape(start)})[^\n])*?{last}"
        rf"|([a-z]{{3,}}){last})"
    )


_LIQUID = lazy(r"(?<!\|)\|\s*[a-z_]\w*\s*:")


def _expressions(page: Page, settings: Mapping[str, object], macros: re.Pattern[str]) -> Iterator[Finding]:
    """`{{ link("name) }}`: a quote or a parenthesis left open, or the colon of another language."""
    for match in macros.finditer(page.source.text):
        kind = _kind(match[0], settings)
        if kind not in _MARKED or "\n" in match[0]:
            continue
        bare = _STRING.sub("", match[0])
        is_shown = kind == "variable"
        fault = "quote" if '"' in bare else "parenthesis" if is_shown and bare.count("(") > bare.count(")") else ""
        if fault and not _is_left_alone(page, match.start()):
            yield RULE.at(
                Span(*match.span()), f"a {fault} in this expression is never closed", help="the build stops here"
            )
        elif is_shown and not fault and _LIQUID.search(bare) and not _is_left_alone(page, match.start()):
            message = "a colon stands where a filter takes what is in parentheses"
            yield RULE.at(Span(*match.span()), message, help='write `name("…")`; the build stops here')


_TOKEN = lazy(r"\s+|(\"[^\"]*\"|'[^']*')|([A-Za-z_]\w*|\d[\w.]*)|([-+*/%~|.,:()\[\]{}<>=!]+)")
_BETWEEN = frozenset(("and", "or", "not", "in", "if", "else"))
"""Words that stand between values."""
_SIGNS_BEFORE = ("|", ".", "+", "~", "*", "/", "=", "<", ">")
"""Signs behind which a value is due."""
_NEVER_FIRST = frozenset(".$#/@<>%?&^!|=*,;:)]}\\")
"""With these begin the expressions of other languages."""
_EQUALS = lazy(r"(?<![=!<>])=(?!=)")
_LOOP = lazy(r"\s*[A-Za-z_][\w, ()]*\sin\s+\S")
_STATEMENT_PARTS = lazy(r"\s*([a-z]+)\b(.*)")


def _fault(expression: str) -> str:
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
        kind = (
            "" if match[0].isspace() else "sign" if match[3] or match[2] in _BETWEEN else "text" if match[1] else "name"
        )
        if kind == "name" and before in ("name", "text"):
            return f"no sign stands before `{match[0]}`"
        if ".." in (match[3] or ""):
            return "there are two full stops"
        before, last = kind or before, match[0] if kind else last
    return f"a value is missing after `{last}`" if last.endswith(_SIGNS_BEFORE) else ""


def _ends_in_string(inner: str) -> bool:
    """Whether the marks at the end belong to a string, as in `{{ '{{ name }}' }}`, which shows an expression."""
    return inner.count("'") % 2 == 1 or inner.count('"') % 2 == 1


def _unreadable(page: Page, settings: Mapping[str, object], macros: re.Pattern[str]) -> Iterator[Finding]:
    """Expressions, conditions and loops that Jinja cannot read, and an `else` outside of them."""
    depth = 0
    for match in macros.finditer(page.source.text):
        kind = _kind(match[0], settings)
        if kind not in _MARKED or "\n" in match[0] or _is_left_alone(page, match.start()):
            continue
        start, end = _marks(settings, kind)
        inner = match[0].removeprefix(start).removesuffix(end).strip("-+")
        fault = _fault(inner) if kind == "variable" and not _ends_in_string(inner) else ""
        parts = _STATEMENT_PARTS.match(inner) if kind == "block" else None
        name, rest = parts.groups() if parts else ("", "")
        if name in ("if", "elif"):
            fault = (
                "a single `=` compares nothing"
                if _EQUALS.search(_STRING.sub("", rest)) and "(" not in rest
                else _fault(rest)
            )
        elif name == "for" and not _LOOP.match(rest):
            fault = "a loop is `for … in …`"
        elif name in ("elif", "else") and depth == 0:
            fault = f"nothing is open before this `{name}`"
        depth += (name in ("if", "for")) - (name in ("endif", "endfor"))
        if fault:
            yield RULE.at(Span(*match.span()), f"this cannot be read: {fault}", help="correct it; the build stops here")
            return


_NAME = lazy(r"\{\{[-+]?\s*([A-Za-z_]\w*)(?:\.([A-Za-z_]\w*))?(\s*\()?")
_FILTER = lazy(r"(?<!\|)\|\s*([a-z_]\w*)")
_BOUND = lazy(r"[A-Za-z_]\w*")
_OF_THE_SITE_TEXT = """
site_name site_url site_description site_author repo_url repo_name edit_uri copyright docs_dir site_dir theme extra
nav plugins markdown_extensions use_directory_urls extra_css extra_javascript dev_addr
"""
_OF_THE_SITE = frozenset(_OF_THE_SITE_TEXT.split())
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
_BUILT_IN_TEXT = """
config page extra environment env plugin git files navigation macros filters context now fix_url macros_info loop range
dict namespace lipsum cycler joiner self super caller true false none True False None
"""
_BUILT_IN = frozenset(_BUILT_IN_TEXT.split())
_THREE = lazy(r"(?<!\{)\{\{\{(?![{%])[ ]*[A-Za-z_][\w.]*[ ]*\}\}(?!\})")
_ESCAPED = lazy(r"\\\{\\?\{[ ]*([A-Za-z_]\w*)[ ]*\\?\}\\\}")


def _unknown(page: Page, settings: Mapping[str, object], macros: re.Pattern[str]) -> Iterator[Finding]:
    """Names that nearly are those of values the site has, on a site where no program adds others."""
    text = page.source.text
    (start, end), is_usual = _marks(settings, "variable"), _marks(settings, "variable") == _MARKS["variable"]
    for match in _THREE.finditer(text) if is_usual else ():
        if _is_left_alone(page, match.start()):
            continue
        message = "three braces are no expression, and the plugin shows an error in place of the page"
        yield RULE.at(Span(*match.span()), message, help="write two")
    if _adds_names(page, settings):
        return
    known = page.config.extra.keys() | page.front_matter.data.keys()
    if is_usual:
        yield from _in_marks_of_others(page, known)
    if not is_usual:
        yield from _in_other_marks(page, start, end, known)
        if len(start) != len("{{"):
            return
    for escaped in _ESCAPED.finditer(text) if "\\{" in text else ():
        if escaped[1] in known:
            yield RULE.at(
                Span(*escaped.span()), "the braces are escaped, so they are printed", help="remove backslashes"
            )
    bound: set[str] | None = None
    for place, expression in _read_expressions(text, macros, start, _raw(_marks(settings, "block")[0])):
        named = _NAME.match(expression)
        if named is None:
            continue
        if bound is None:
            block = _marks(settings, "block")[0]
            statements = (found[0] for found in macros.finditer(text) if found[0].startswith(block))
            bound = set(_BOUND.findall(" ".join(statements))) | _BUILT_IN
        if _JOINED.fullmatch(expression) and named[1] not in known | bound:
            message = "a hyphen takes one value from another, and there are none of these names"
            yield RULE.at(Span(place, place + len(expression)), message, help="correct the name, or write it as text")
            continue
        yield from _unknown_name(text, place, expression, named, known, bound)
        group = page.config.extra.get(named[1]) if named[1] not in bound | page.front_matter.data.keys() else None
        if isinstance(group, Mapping) and named[2] and not named[3] and named[2] not in group.keys() | dir({}):
            span = Span(place, place + len(expression))
            meant = nearest(named[2], {str(key) for key in group})
            help = f"did you mean `{named[1]}.{meant}`?" if meant else "correct the name"
            yield RULE.at(span, f"`{named[1]}` has no value `{named[2]}`", help=help)
        for used in _FILTER.finditer(_STRING.sub(lambda string: "x" * len(string[0]), expression)):
            meant = nearest(used[1], _FILTERS) if used[1] not in _FILTERS and len(used[1]) > _SHORTEST else ""
            meant = _FILTERS_ELSEWHERE.get(used[1], meant)
            if meant:
                span = Span(place + used.start(1), place + used.end(1))
                message = f"there is no filter `{used[1]}`, and the plugin shows an error in place of the page"
                yield RULE.at(span, message, help=f"did you mean `{meant}`?")


_OTHERS = lazy(
    r"(?<![{\\/$\w])\{[ ]([A-Za-z_]\w*)[ ]\}(?!\})|\[\[[ ]?([A-Za-z_]\w*)[ ]?\]\]|<%=?[ ]?([A-Za-z_]\w*)[ ]?%>"
    r"|<<[ ]?([A-Za-z_]\w*)[ ]?>>"
)
"""Names in marks of other programs."""
_JOINED = lazy(r"\{\{[ ]*[A-Za-z_]\w*(?:-[A-Za-z_]\w*)+[ ]*\}\}")
"""Names joined by a sign that takes one from the other."""


def _in_marks_of_others(page: Page, known: Set[str]) -> Iterator[Finding]:
    """`{ version }` or `[[ version ]]` where the site writes `{{ version }}`: only names of values it has."""
    for match in _OTHERS.finditer(page.prose):
        name = match[match.lastindex or 0]
        if name in known:
            message = "these are not the marks of an expression on this site, so it is printed"
            yield RULE.at(Span(*match.span()), message, help=f"write `{{{{ {name} }}}}`")


_INCLUDE = lazy(r"^[ ]{0,3}(\{%-?[ ]*include(?:-markdown|_relative)?[ ][^{}\n]*%\})[ ]*$", re.M)


def _in_other_marks(page: Page, start: str, end: str, known: Set[str]) -> Iterator[Finding]:
    """`{{ version }}` or `[ version ]]` where the site writes `[[ version ]]`: only names of values it has."""
    for match in _INCLUDE.finditer(page.masked):
        yield RULE.at(
            Span(*match.span(1)), "nothing on this site reads this statement", help="use the site's own marks"
        )
    usual = (_EXPRESSION, "these are not the marks of an expression on this site, so it is printed")
    half = (_half(start, end), f"this expression is never opened by `{start}`")
    for pattern, message in (usual, half):
        for match in pattern.finditer(page.masked):
            name = _BOUND.search(match[0])
            if name and name[0] in known:
                yield RULE.at(Span(*match.span()), message, help=f"write `{start} {name[0]} {end}`")


@cache
def _half(start: str, end: str) -> re.Pattern[str]:
    """An expression between the marks that a site has chosen, the first of which is cut short."""
    first = re.escape(start[0])
    return re.compile(rf"(?<!{first}){first}[ ]*[A-Za-z_][\w.]*[ ]*{re.escape(end)}")


def _read_expressions(
    text: str, macros: re.Pattern[str], start: str, raw_mark: re.Pattern[str]
) -> Iterator[tuple[int, str]]:
    """Expressions with their places, in the usual marks; those left as they are excepted."""
    raw = False
    for match in macros.finditer(text):
        statement = raw_mark.match(match[0])
        if statement:
            raw = not statement[1]
        elif not raw and match[0].startswith(start):
            yield match.start(), "{{" + match[0][len(start) :]


def _unknown_name(
    text: str, place: int, expression: str, match: re.Match[str], known: Set[str], bound: Set[str]
) -> Iterator[Finding]:
    """What an expression begins with, if nothing has that name."""
    name, attribute, call = match.groups()
    meant = ""
    if name == "config" and attribute and attribute not in _OF_THE_SITE:
        meant = nearest(attribute, _OF_THE_SITE)
    elif name not in known and name not in bound and not call:
        meant = nearest(name, known)
    if meant:
        span = Span(place, place + len(expression))
        yield RULE.at(span, "the site has no value of this name", help=f"did you mean `{meant}`?")
    elif name not in known and name not in bound and attribute and text[place - 1 : place] == "$":
        span = Span(place - 1, place + len(expression))
        message = f"the plugin reads this too, knows no `{name}`, and shows an error in place of the page"
        yield RULE.at(span, message, help="put it between `{% raw %}` and `{% endraw %}`")


def _adds_names(page: Page, settings: Mapping[str, object]) -> bool:
    """Whether a program, another file or another page may add names to those of the settings."""
    if any(settings.get(key) for key in ("modules", "include_yaml", "include_dir", "module_name", "on_undefined")):
        return True
    root = page.config.root
    return bool(page.config.hooks) or may_be_part(page) or (root / "main.py").exists() or (root / "main").exists()


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
