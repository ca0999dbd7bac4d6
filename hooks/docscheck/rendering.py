"""The second witness: a page as Python-Markdown renders it, with every line still recognisable.

Each line of text gets one invisible character that stands for its number, placed inside a word, where no syntax
notices it. Wherever that character turns up in the HTML, the line's text went there: in a box, in a list item at a
certain depth, in code, in an attribute, or bare in a paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakKeyDictionary

from docscheck.config import Config, Inert
from docscheck.once import cached_property
from docscheck.parse.blocks import ABBREVIATION, ADMONITION, BLOCK_START, DETAILS, FOOTNOTE, REFERENCE, TAB_HEADER
from docscheck.parse.html import VOID_TAGS
from docscheck.parse.slugs import slug_function
from docscheck.parse.tolerant import TolerantParser
from docscheck.patterns import lazy
from docscheck.plugins import owns_fences

if TYPE_CHECKING:
    from docscheck.page import Page

_FIRST_MARK = 0xF0000
_LAST_MARK = 0xFFFFD
_MARK = lazy("[\U000f0000-\U000ffffd]")
_MACRO = "\ue000"
_WORDS = (lazy(r"[^\W\d_]{2,}"), lazy(r"[^\W_]+"))
_UNSAFE_BEFORE = frozenset(":@/.#&^{=<$\\~+_-!'\x00%")
_UNSAFE_AFTER = frozenset(":@/]}=+_-\x00\\#'.")
_BLOCKS_TEXT = """
p h1 h2 h3 h4 h5 h6 li dt dd td th div summary blockquote details table tr ul ol dl pre section article figure
figcaption label body center header footer main nav aside
"""
_BLOCKS = frozenset(_BLOCKS_TEXT.split())
_CODE = frozenset(("code", "pre", "script", "style", "kbd", "svg", "math", "textarea", "samp"))
_BOXES = frozenset(("admonition", "tabbed-block"))


class Element:
    """An element of the rendered page."""

    def __init__(self, tag: str, classes: frozenset[str], parent: Element | None) -> None:
        self.tag = tag
        self.classes = classes
        self.parent = parent
        self.is_code: bool = tag in _CODE or "arithmatex" in classes or (parent is not None and parent.is_code)
        """Whether the text here is code or set maths."""

    def chain(self) -> Iterator[Element]:
        """The element and what it stands in, from the inside out."""
        element: Element | None = self
        while element is not None:
            yield element
            element = element.parent


class Printed(NamedTuple):
    """A stretch of text as printed on one line of the HTML. Code in it is replaced by NUL characters."""

    text: str
    block: Element
    line: int | None
    """The source line, where it is known."""


class Rendered:
    """What the reader of a page sees."""

    def __init__(self, failed: str = "") -> None:
        self.printed: list[Printed] = []
        self.places: dict[int, Element] = {}
        """Where the text of each source line stands."""
        self.attributes: dict[int, str] = {}
        """Lines whose text went into an attribute, with its name."""
        self.ids: set[str] = set()
        self.failed = failed
        """Why the page could not be rendered."""

    @cached_property
    def _by_line(self) -> dict[int | None, list[Printed]]:
        by_line: dict[int | None, list[Printed]] = {}
        for printed in self.printed:
            by_line.setdefault(printed.line, []).append(printed)
        return by_line

    def at(self, line: int) -> list[Printed]:
        """What is printed of a line."""
        return self._by_line.get(line, [])

    def prints(self, line: int, literal: str) -> bool:
        """Whether the literal text can be read in what is printed of the line. Unknown lines count as printed."""
        if self.failed:
            return True
        if line in self.places or line in self._by_line:
            return any(literal in printed.text for printed in [*self.at(line), *self._cells_beside(line)])
        return any(literal in printed.text for printed in self.printed)

    def _cells_beside(self, line: int) -> list[Printed]:
        """Cells of a table whose line is unknown, where the line is one of a table: they may be its other cells."""
        place = self.places.get(line)
        if place is None or not any(element.tag in ("td", "th") for element in place.chain()):
            return []
        return [printed for printed in self.at_unknown if printed.block.tag in ("td", "th")]

    @property
    def at_unknown(self) -> list[Printed]:
        """What is printed, nobody knows of which line."""
        return self._by_line.get(None, [])

    def is_code(self, line: int) -> bool | None:
        """Whether the line's text became code; None where unknown."""
        place = self.places.get(line)
        return None if place is None else place.is_code

    def depth(self, line: int, *tags: str) -> int | None:
        """In how many elements of these tags the line's text stands; None where unknown."""
        place = self.places.get(line)
        return None if place is None else sum(element.tag in tags for element in place.chain())

    def boxes(self, line: int) -> int | None:
        """In how many boxes and tabs the line's text stands; None where unknown."""
        place = self.places.get(line)
        if place is None:
            return None
        return sum(element.tag == "details" or bool(element.classes & _BOXES) for element in place.chain())


_MOST_OPEN = 300


def render(page: Page) -> Rendered:
    """Render a page with the site's extensions, those that come with Python-Markdown and PyMdown."""
    if len(page.lines) > _LAST_MARK - _FIRST_MARK:
        return Rendered(failed="too many lines")
    if _never_closed(page.source.text):
        return Rendered(failed="too many links that are never closed")
    try:
        result = _converted(page, marked(page))
    except RecursionError:
        return Rendered(failed="nested too deeply")
    except Exception as error:  # an extension's own fault must not end the run
        return Rendered(failed=f"{type(error).__name__}: {error}")
    reader = _Reader()
    reader.feed(result)
    reader.close()
    reader.end_line()
    return reader.rendered


def html(page: Page) -> str:
    """The page as it becomes HTML, for a reader to look at; raises whatever an extension raises."""
    return _converted(page, "\n".join(page.lines[page.body :]) + "\n")


def _converted(page: Page, text: str) -> str:
    converter = _converter(page.config)
    converter.reset()
    return str(converter.convert(text))


def _never_closed(text: str) -> bool:
    """Whether links open by the hundred and few close: Python-Markdown looks for the end of each to the last."""
    opened = text.count("](")
    return opened > _MOST_OPEN and text.count(")") * 2 < opened


def marked(page: Page) -> str:
    """The Markdown of a page with its line marks."""
    lines: list[str] = []
    in_options = False
    for number in range(page.body, len(page.lines)):
        line = _MARK.sub("\ufffd", page.lines[number])
        if number in page.fenced_lines:
            lines.append(line)
            continue
        in_options = _is_option(line, lines[-1] if lines else "", in_options)
        leaf = page.leaf_by_line.get(number)
        shown = line if leaf is not None and leaf.kind == "code" else page.prose_lines[number]
        column = None if in_options or "8<-" in line else mark_column(shown, line)
        mark = chr(_FIRST_MARK + number)
        lines.append(line if column is None else line[:column] + mark + line[column:])
    text = "\n".join(lines)
    if page.macros:
        text = page.macros.sub(_without_macro, text)
    return text + "\n"


def _without_macro(match: re.Match[str]) -> str:
    statement = match[0][1:2] in "%#~"
    kept = "".join(_MARK.findall(match[0]))
    return "\n" * match[0].count("\n") if statement else _MACRO + kept


def _is_option(line: str, before: str, in_options: bool) -> bool:
    """Whether a line is an option under a `/// block` header."""
    if not re.match(r" {4,}\S", line):
        return False
    return in_options or BLOCK_START.match(_MARK.sub("", before).lstrip(" >")) is not None


def mark_column(shown: str, line: str) -> int | None:
    """Where in a line its mark can stand: behind a word that no syntax looks at."""
    stripped = line.strip(" >\t")
    start = 0
    header = ADMONITION.match(stripped) or DETAILS.match(stripped) or TAB_HEADER.match(stripped)
    if header or BLOCK_START.match(stripped):
        start = line.find('"') + 1 if header else line.find("|") + 1
        if not start:
            return None
    elif FOOTNOTE.match(stripped):
        start = line.find("]:") + 2
    elif REFERENCE.match(stripped) or ABBREVIATION.match(stripped):
        return None
    depths = _depths(shown)
    for in_link in (False, True):
        for pattern in _WORDS:
            for match in pattern.finditer(shown, start):
                if _is_safe(shown, match.start(), match.end()) and _depth_is_fine(depths, shown, match.end(), in_link):
                    return match.end()
    return None


def _is_safe(shown: str, start: int, end: int) -> bool:
    before = shown[start - 1] if start else " "
    after = shown[end] if end < len(shown) else " "
    if (after == "." and end + 1 >= len(shown)) or (after == "." and shown[end + 1] == " "):
        return before not in _UNSAFE_BEFORE and not shown[start:end].isdigit()
    return before not in _UNSAFE_BEFORE and after not in _UNSAFE_AFTER


def _depths(shown: str) -> list[int]:
    """How deep in brackets, braces or a link's address each character stands; 1 in plain link text."""
    if not any(sign in shown for sign in "[]{"):  # what most are; a parenthesis counts behind a bracket only
        return [0] * len(shown)
    depths = []
    brackets = braces = parens = 0
    for index, char in enumerate(shown):
        if char == "[":
            brackets += 1
        elif char == "]":
            brackets = max(brackets - 1, 0)
        elif char == "{":
            braces += 1
        elif char == "}":
            braces = max(braces - 1, 0)
        elif char == "(" and (parens or shown[index - 1 : index] == "]"):
            parens += 1
        elif char == ")" and parens:
            parens -= 1
        depths.append(brackets + 10 * braces + 10 * parens)
    return depths


def _depth_is_fine(depths: list[int], shown: str, end: int, in_link: bool) -> bool:
    depth = depths[end - 1]
    if not in_link:
        return depth == 0
    closing = shown.find("]", end)
    return depth <= 1 and closing > 0 and shown[closing + 1 : closing + 2] == "("


class _Reader(TolerantParser):
    """Reads rendered HTML into printed lines and places."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rendered = Rendered()
        self.element = Element("body", frozenset(), None)
        self._text: list[str] = []
        self._line: int | None = None
        self._block = self.element

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        for name, value in values.items():
            for mark in _MARK.findall(value):
                self.rendered.attributes[ord(mark) - _FIRST_MARK] = name
        for name in ("id", "name"):
            if values.get(name):
                self.rendered.ids.add(_MARK.sub("", values[name]))
        if tag in _BLOCKS:
            self.end_line()
        if tag in ("br", "img"):
            self._text.append(" ")
        if tag in VOID_TAGS:
            return
        if tag == "p" and self.element.tag == "p":
            self.element = self.element.parent or self.element
        self.element = Element(tag, frozenset(values.get("class", "").split()), self.element)
        if tag in _BLOCKS:
            self._block = self.element

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.end_line()
        match = next((element for element in self.element.chain() if element.tag == tag), None)
        if match is not None and match.parent is not None:
            self.element = match.parent
        if tag in _BLOCKS:
            self._block = next((e for e in self.element.chain() if e.tag in _BLOCKS), self.element)

    def handle_data(self, data: str) -> None:
        code = self.element.is_code
        for index, part in enumerate(data.split("\n")):
            if index:
                self.end_line(continues=True)
            for mark in _MARK.findall(part):
                number = ord(mark) - _FIRST_MARK
                self.rendered.places.setdefault(number, self.element)
                self._line = number
            text = _MARK.sub("", part)
            self._text.append("\x00" * len(text) if code else text)

    def end_line(self, continues: bool = False) -> None:
        """Store the text gathered so far as one printed line."""
        text = "".join(self._text)
        self._text = []
        if text.strip():
            self.rendered.printed.append(Printed(text, self._block, self._line))
        self._line = None


_CONVERTERS: WeakKeyDictionary[Config, Any] = WeakKeyDictionary()


def _converter(config: Config) -> Any:
    """Python-Markdown with the site's extensions; one per configuration, for as long as that is in use."""
    if config not in _CONVERTERS:
        import markdown

        names = [name for name in config.extensions if _is_ours_to_run(name) and not _comes_with_fences(name, config)]
        options = {name: _options(name, config) for name in names}
        _CONVERTERS[config] = markdown.Markdown(extensions=names, extension_configs=options)
    return _CONVERTERS[config]


def _is_ours_to_run(name: str) -> bool:
    # Code is not coloured and icons are not looked up: neither changes which text stands where.
    return (
        ("." not in name or name.startswith("pymdownx."))
        and name
        not in (
            "pymdownx.emoji",
            "codehilite",
            "meta",
            "pymdownx.b64",
            "pymdownx.pathconverter",
            "pymdownx.striphtml",
        )
        and not name.startswith("mdx_")
        and name in _runnable()
    )


def _comes_with_fences(name: str, config: Config) -> bool:
    """Whether an extension is one that `superfences` brings along, without colours for code, but with its settings.

    A site that turns Pygments off keeps it: there a fence with a title or numbered lines is printed as it is written.
    """
    coloured = config.option(name, "use_pygments", True) is not False
    return name == "pymdownx.highlight" and "pymdownx.superfences" in config.extensions and coloured


def _runnable() -> frozenset[str]:
    global _RUNNABLE
    if _RUNNABLE is None:
        import pkgutil

        import markdown.extensions
        import pymdownx
        import pymdownx.blocks

        names = {module.name for module in pkgutil.iter_modules(markdown.extensions.__path__)}
        names |= {f"pymdownx.{module.name}" for module in pkgutil.iter_modules(pymdownx.__path__)}
        names |= {f"pymdownx.blocks.{module.name}" for module in pkgutil.iter_modules(pymdownx.blocks.__path__)}
        _RUNNABLE = frozenset(names)
    return _RUNNABLE


_RUNNABLE: frozenset[str] | None = None


def _options(name: str, config: Config) -> dict[str, Any]:
    """The extension's options without values that would need code we do not import."""
    options = {key: value for key, value in config.extensions[name].items() if not _has_inert(value)}
    if name == "pymdownx.highlight":
        return {"use_pygments": False}
    if name == "pymdownx.inlinehilite":
        return {}
    if name == "toc":
        options.pop("permalink", None)
        options.pop("anchorlink", None)
        slugify = slug_function(config.option("toc", "slugify"))
        if slugify is not None:
            options["slugify"] = slugify
    elif name == "pymdownx.superfences":
        options["custom_fences"] = _fences(config)
    elif name == "pymdownx.snippets":
        options |= _snippet_options(config)
    return options


def _fences(config: Config) -> list[dict[str, Any]]:
    """The languages of fences, none of which is coloured or drawn."""
    from pymdownx.superfences import highlight_validator

    names = sorted(config.custom_fences)
    validator = _any_option if owns_fences(config) else highlight_validator
    return [
        {"name": "*", "class": "highlight", "format": _plain_fence, "validator": validator},
        *({"name": name, "class": name, "format": _plain_fence, "validator": _any_option} for name in names),
    ]


def _snippet_options(config: Config) -> dict[str, Any]:
    """Files are looked for where the site looks for them; what is missing ends nothing, and nothing is downloaded."""
    folders = [str(folder) for folder in config.snippet_folders()]
    appended = config.appended_snippets
    return {"base_path": folders, "auto_append": appended, "check_paths": False, "url_download": False}


def _has_inert(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_has_inert(item) for item in value.values())
    if isinstance(value, list):
        return any(_has_inert(item) for item in value)
    return isinstance(value, Inert)


def _plain_fence(source: str, language: str, css_class: str, options: Any, md: Any, **kwargs: Any) -> str:
    from html import escape

    return f'<pre class="{css_class}"><code>{escape(source)}</code></pre>'


def _any_option(language: str, inputs: Any, options: Any, attrs: Any, md: Any) -> bool:
    return True
