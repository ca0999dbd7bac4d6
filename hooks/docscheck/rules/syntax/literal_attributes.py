"""Attributes that are printed as typed, or set nothing."""

from __future__ import annotations

from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.mentions import is_raw
from docscheck.page import Page
from docscheck.parse.blocks import Node
from docscheck.parse.slugs import plain_text, slug_function
from docscheck.patterns import lazy
from docscheck.proofs import prints
from docscheck.source import Span

RULE = Rule("SYN102", "literal-attributes", Severity.ERROR)
_AFTER_LINK = lazy(
    r"\)( *\{:?[ ]*(?!\.\.)[.#][^{}\n]*(?:\}|$))|\)( +\{:?[ ]*(?:[.#](?!\.)|[a-z][\w-]*[ ]*=)[^}\n]*\})"
    r"|\)(\{:?[ ]*[.#a-z][^}\n]*)$|\)(\{\{[ ]*(?:[.#]|[a-z]+=)[^{}\n]*\}\}?)"
    r"|\)(\{:?[ ]*[.#a-z][^{}\[\]\n]*)(?=(?:!?\[[^\[\]\n]*)?\]\()"
)
_LEFT_OVER = lazy(r"[)*_\x00]\{(?<!\{\{):?[ ]*(?:[.#]|[a-z]+=)[^{}\n]*\}(\})(?!\})")
"""Two braces behind attributes that one opens."""
_IN_CELL = lazy(r"[*_)\]\x00](\{:?[ ]*\.[A-Za-z][\w-]*[ ]*)(?=\|)")
"""A class behind what is marked, never closed before the cell ends."""
_QUOTED = lazy(r"\)(\{[^{}\n]*=\"[^{}\n]*\})")
_IN_OTHERS = lazy(
    r"\)(\([ ]*[.#][A-Za-z][\w-]*(?:[ ]+[.#]?[\w-]+)*[ ]*\)|\([ ]*[a-z]+=\"[^\"\n]*\"[ ]*\)"
    r"|\(\{:?[ ]*[.#][A-Za-z][^{}()\n]*\}\)"
    r"|\([ ]*(?:width|height)=\d+(?:px|em|%)?[ ]*\)"
    r"|\[[ ]*(?:\.[A-Za-z][\w-]*(?:[ ]+[.#][\w-]+)*|[a-z]+=\"[^\"\n]*\"|(?:width|height)=\d+(?:px|em|%)?)[ ]*\]"
    r"|:\{[ ]*(?:[.#][A-Za-z]|[a-z]+=)[^{}\n]*\})"
)
_AFTER_ICON = lazy(r"(?<![\w:]):[a-z][a-z0-9_-]+:(?:[ ]+(\{:?[ ]*\.[A-Za-z][^{}\n]*\})|(\{:?[ ]*\.[A-Za-z][^{}\n]*)$)")
_DOUBLED = lazy(r"(?<=\S)[ ]+(\{\{[ ]*[#.][A-Za-z][\w.# -]*\}\})[ ]*$")
_BEHIND = lazy(r"[)\]]\{(:?[^{}\n]+)\}")
_SPACED = lazy(r"(?:^|[ ])([a-z][\w-]*)(?:[ ]+=[ ]*|=[ ]+)(?=[\"'\w])")
_BY_EQUALS = lazy(r"=[ ]|[ ]=")
_QUOTES = lazy(r"\"[^\"]*\"|'[^']*'")
_VALUE = lazy(r"\"[^\"]*\"|'[^']*'|[^\s\"'=]+(?:=(?:\"[^\"]*\"|'[^']*'|[^\s\"']*))?")
_FLAGS_TEXT = (
    "markdown download controls autoplay loop muted hidden disabled checked open reversed async defer playsinline"
)
_SET = frozenset(("width", "height", "target", "align", "loading", "style", "class"))
"""Attributes that need a value."""
_NAMES = frozenset(("id", "title", "rel", "alt"))
"""Others that have one."""
_FLAGS = frozenset(_FLAGS_TEXT.split())
"""Attributes that need no value."""
_GLUED = lazy(
    r"(?<=[^\W_])[.!?:;,]?(\{(?<!\{\{):?[ ]*[#.][A-Za-z][\w-]*[ ]*\})[ ]*#*[ ]*$"
    r"|(?<=\S)[ ]+(\{(?<!\{\{):?[ ]*#[A-Za-z][\w-]*[ ]*\})[.:,;!?]$"
)
"""An id or a class directly behind the last word of a heading, or with a full stop behind it."""
_BEFORE_TEXT = lazy(r"(?<=\S)[ ]+(\{:?[ ]*#[A-Za-z][\w-]*[ ]*\})[ ]+[^\W_]")
"""An id in braces with a word of the heading behind it."""
_IN_HEADING = lazy(r"(?<=\S)[ ]*(\{:?[ ]*[#.][^{}]*)$")
_HEADING_BRACES = lazy(r"[ ]\{:?[ ]*([^{}]+?)[ ]*\}[ ]*$")
_PLAIN_WORD = lazy(r"[^\W\d_][\w-]*")
_ALONE = lazy(r"[ \t>]*(\{:?[ ]*(?:[.#]|(?:width|height|align|loading|style|class|target)=)[^}\n]*\})[ ]*$")
_ALONE_OPEN = lazy(r"[ \t>]*(\{(?::[ ]*[.#\w]|[ ]*[.#][A-Za-z])[^{}\n]*)$")
_OF_WORDS = lazy(r"(?<![\w\]!\\])\[([^\[\]\n]{0,80})\](\{[ ]*(?:[.#][A-Za-z_][\w-]*|style=)[^{}\n]*\})")
_UNOPENED = lazy(r"[ ][#.][^\W\d_][\w-]*[ ]*\}$")
_AFTER_TEXT = lazy(
    r"[^\W_](?:[.!?;,]|:(?=[ ]))?[ ]?(\{(?<!\{\{):?[ ]*[.#][A-Za-z][\w-]*(?:[ ]+[.#][A-Za-z][\w-]*)*[ ]*\})(?!\})[ ]*$"
)
"""Classes or an id at the end of a line of plain words."""
_OF_WORD = lazy(
    r"(?<=[^\W\d_]{2})(\{:?[ ]*[.#][A-Za-z][\w-]*(?:[ ]+[.#][A-Za-z][\w-]*)*[ ]*\})(?![ ]*$)"
    r"|(?:(?<=^)|(?<=[ (]))(\{:?[ ]*[.#][A-Za-z][\w-]*(?:[ ]+[.#][A-Za-z][\w-]*)*[ ]*\})"
    r"(?=\*{1,3}[^\s*]|_{1,2}[^\s_]|\x00|!?\[)"
)
"""Attributes behind a plain word in a line, or before what they were meant for."""
_PARTS = lazy(r"[\W_]+")
_PARENTHESES = lazy(r"(?<=[^\s\]])[ ]*(?:\(#([^\W\d_][\w-]*)\)|\[#([^\W\d_][\w-]*)\])$")


def check(page: Page) -> Iterator[Finding]:
    if "]{" in page.signs and not page.config.reading_extensions:
        yield from _of_words(page)
    if page.config.has("attr_list"):
        if ")(" in page.signs or ")[" in page.signs or "):{" in page.signs:
            yield from _in_other_brackets(page)
        for number in page.lines_with("{"):
            yield from _braces(page, number, page.prose_lines[number])
        if "#}\n" in page.signs:
            yield from _unopened(page)
        if "(#" in page.signs or "[#" in page.signs:
            yield from _in_parentheses(page)
        if any(" #" in heading.markup for heading in page.headings):
            yield from _without_braces(page)


def _of_words(page: Page) -> Iterator[Finding]:
    """`[words]{.class}`, as Pandoc writes it: only a link, also one by its label, has attributes behind its bracket."""
    labels = {label.casefold() for label, _, _ in page.definitions.labels}
    for match in _OF_WORDS.finditer(page.prose):
        number = page.source.line_of(match.start())
        if match[1].casefold() not in labels and not is_raw(page, match.start()):
            yield RULE.at(
                Span(*match.span(2)),
                "words in brackets have no attributes here, so brackets and braces are printed",
                help='write `<span class="…">words</span>`, or the words alone',
                proof=prints(number, "{"),
            )


def _braces(page: Page, number: int, shown: str) -> Iterator[Finding]:
    leaf = page.leaf_by_line.get(number)
    if leaf is not None and leaf.tag[0] == "h":
        yield from _in_heading(page, number, shown)
    else:
        yield from _behind_links(page, number, shown)
        yield from _of_word(page, number, shown)
        if ":" in shown and page.config.has("pymdownx.emoji") and (leaf is None or leaf.tag not in ("table", "dt")):
            yield from _behind_icon(page, number, shown)
        if leaf is not None and leaf.kind == "p":
            yield from _alone(page, leaf, number, shown)
        if leaf is not None and leaf.kind in ("p", "li") and leaf.rows and leaf.rows[-1].line == number:
            yield from _behind_words(page, number, shown)


def _in_heading(page: Page, number: int, shown: str) -> Iterator[Finding]:
    heading = _IN_HEADING.search(shown)
    if heading:
        message = "these attributes are never closed, so they are part of the heading"
        yield RULE.at(page.source.span(number, *heading.span(1)), message, help="add `}`")
    glued = _GLUED.search(shown) if not page.macros else None
    if glued:
        message = "attributes count only behind a space at the end of a heading; here they are printed"
        yield _printed(page, number, glued.span(glued.lastindex or 0), message, "put one space before the brace")
    before = _BEFORE_TEXT.search(shown)
    if before:
        message = "an id counts only at the end of a heading; here it is printed"
        yield _printed(page, number, before.span(1), message, "put it after the last word")
    word = _heading_word(shown)
    braces = _HEADING_BRACES.search(shown) if word is None and not shown.isascii() else None
    fault = _attribute_fault(braces[1]) if braces else ""
    if braces and fault:
        yield RULE.at(page.source.span(number, *braces.span(1)), fault, help='write `name="value"`, or `#name`')
    if word:
        yield RULE.at(
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
    return RULE.at(page.source.span(number, *columns), message, help=help, proof=prints(number, "{"))


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
        yield RULE.at(
            page.source.span(number, start + lead, start + len(group)),
            "these attributes are printed as text",
            help="write them in `{ … }` directly after the link, without a space",
            proof=lambda rendered: rendered.prints(number, "{") or rendered.prints(number, "}"),
        )
    third = _LEFT_OVER.search(shown) if "}}" in shown and not page.macros else None
    if third:
        yield RULE.at(
            page.source.span(number, *third.span(1)),
            "this brace is left over, and printed",
            help="remove it",
            proof=prints(number, "}"),
        )
    cell = _IN_CELL.search(shown) if "|" in shown and "{" in shown else None
    if cell:
        message = "these attributes are never closed, so they are printed"
        yield _printed(page, number, cell.span(1), message, "add `}`")
    for behind in _BEHIND.finditer(shown):
        fault = _attribute_fault(behind[1])
        if fault:
            yield RULE.at(page.source.span(number, *behind.span(1)), fault, help='write `name="value"`')
    quoted = _QUOTED.finditer(shown) if "){" in shown else ()
    value = next((match for match in quoted if match[1].count('"') % 2), None)
    if value:
        yield RULE.at(
            page.source.span(number, *value.span(1)),
            "a quote in these attributes is never closed",
            help='close it with `"`',
        )


def _of_word(page: Page, number: int, shown: str) -> Iterator[Finding]:
    """`word{ .class }` and `{ .class }*word*`: a word without marks has no attributes, and none stand before theirs."""
    match = _OF_WORD.search(shown)
    if match:
        group = 1 if match[1] else 2
        message = "a word has no attributes of its own, so these are printed"
        help = 'write `<span class="…">word</span>`, or the word alone'
        if group == 2:
            message, help = "attributes stand behind what they belong to; these are printed", "put them behind it"
        yield _printed(page, number, match.span(group), message, help)


def _behind_icon(page: Page, number: int, shown: str) -> Iterator[Finding]:
    match = _AFTER_ICON.search(shown)
    if match:
        group = 1 if match[1] else 2
        help = "write them directly after the icon, without a space" if match[1] else "add `}`"
        yield _printed(page, number, match.span(group), "these attributes are printed as text", help)


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


def _behind_words(page: Page, number: int, shown: str) -> Iterator[Finding]:
    """Attributes behind the last words of a paragraph: they count on a line of their own."""
    match = _AFTER_TEXT.search(shown)
    if match and not _AFTER_LINK.search(shown) and not _AFTER_ICON.search(shown):
        message = "attributes behind plain words are printed as text"
        yield _printed(page, number, match.span(1), message, "put them on a line of their own under the paragraph")


def _in_other_brackets(page: Page) -> Iterator[Finding]:
    """`[text](address)( .class )`: attributes in other brackets than braces."""
    for match in _IN_OTHERS.finditer(page.prose):
        number = page.source.line_of(match.start(1))
        yield RULE.at(
            Span(*match.span(1)),
            "attributes are written in braces; these are printed"
            if match[1][0] != ":"
            else "the colon stands before the brace, so the attributes are printed",
            help="write `{ … }` directly after the link",
            proof=prints(number, match[1][0]),
        )


def _attribute_fault(attributes: str) -> str:
    """What is wrong with the attributes between two braces; empty where nothing is."""
    parts = _VALUE.findall(attributes.removeprefix(":"))
    unquoted = False
    spaced = _SPACED.search(_QUOTES.sub('""', attributes.removeprefix(":"))) if _BY_EQUALS.search(attributes) else None
    if spaced and (spaced[1] in _SET or spaced[1] in _NAMES):
        return f"with a space beside `=`, `{spaced[1]}` gets no value"
    for part in parts:
        _, equals, value = part.partition("=")
        if equals and value[:1] in "“”„«" and value:
            return "curly quotes become part of the value"
        name, colon, _ = part.partition(":")
        if not equals and colon and (part == f"{name}:" or name in _SET) and name.isalpha():
            return f"`{part}` sets nothing: a value is written after `=`, not after `:`"
        if len(parts) > 1 and part != "," and part[-1] == "," and (equals or part[0] in ".#"):
            return "the comma becomes part of the value: nothing but a space separates attributes"
        if not equals and part.startswith("md-"):
            return f"without a full stop before it, `{part}` is no class, and has no effect"
        if not equals and unquoted and part.isalpha() and part.lower() not in _FLAGS:
            return "a value of several words needs quotes; only the first of them counts"
        unquoted = bool(equals) and value[:1].isalpha()
    return ""


def _is_of(title: str, name: str) -> bool:
    """Whether an id is made of some of a heading's words."""
    parts = _PARTS.split(name.lower())
    return name.islower() and set(parts) <= set(_PARTS.split(title.lower()))


def _unopened(page: Page) -> Iterator[Finding]:
    """`## Fans #air }`: an id behind a heading without its first brace."""
    for heading in page.headings:
        match = _UNOPENED.search(heading.markup) if "{" not in heading.markup else None
        if match:
            message = "these attributes lack their first brace, so they are part of the heading"
            yield RULE.at(page.source.find(heading.line, match[0].strip()), message, help="write `{` before them")


_BARE_ID = lazy(r"(?<=[^\s#])[ ]+#([a-z][\w-]*)$")


def _without_braces(page: Page) -> Iterator[Finding]:
    """`## Fans #fans`: an id that its heading's words make, without braces."""
    slugify = slug_function(page.config.option("toc", "slugify"))
    if slugify is None:
        return
    separator = str(page.config.option("toc", "separator", "-"))
    for heading in page.headings:
        match = _BARE_ID.search(heading.markup)
        if match and slugify(plain_text(heading.markup[: match.start()]), separator) == match[1]:
            yield RULE.at(
                page.source.find(heading.line, match[0].strip()),
                "an id without braces is printed as part of the heading",
                help=f"write `{{ #{match[1]} }}`",
            )


def _in_parentheses(page: Page) -> Iterator[Finding]:
    """`## Fans (#fans)` or `## Fans [#air]`: an id that was meant to stand in braces."""
    slugify = slug_function(page.config.option("toc", "slugify"))
    if slugify is None:
        return
    separator = str(page.config.option("toc", "separator", "-"))
    for heading in page.headings:
        match = _PARENTHESES.search(heading.markup)
        title = plain_text(heading.markup[: match.start()]) if match else ""
        if match and (match[2] or slugify(title, separator) == match[1] or _is_of(title, match[1])):
            yield RULE.at(
                page.source.find(heading.line, match[0].strip()),
                f"an id in {'brackets' if match[2] else 'parentheses'} is printed as part of the heading",
                help=f"write `{{ #{match[1] or match[2]} }}`",
            )
