"""What the reader of a page sees, read from its HTML: printed lines, and where the text of each source line went."""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

from docscheck.once import cached_property
from docscheck.parse.html import VOID_TAGS
from docscheck.parse.tolerant import TolerantParser
from docscheck.patterns import lazy
from docscheck.rendering.marks import FIRST_MARK, MARK

_BLOCKS_TEXT = """
p h1 h2 h3 h4 h5 h6 li dt dd td th div summary blockquote details table tr ul ol dl pre section article figure
figcaption label body center header footer main nav aside
"""
_BLOCKS = frozenset(_BLOCKS_TEXT.split())
_CODE = frozenset(("code", "pre", "script", "style", "kbd", "svg", "math", "textarea", "samp"))
_BOXES = frozenset(("admonition", "tabbed-block"))
_SIMPLE = lazy(
    r"([^<]*)<(?:(/?)([a-zA-Z][a-zA-Z0-9]*)((?:[ \n]+[a-zA-Z][\w:-]*(?:=\"[^\"<>]*\")?)*)[ ]?(/?)>"
    r"|!--(?![->])(?:[^-]|-(?!-))*-->)"
)
"""A text and the tag or comment behind it, as Python-Markdown writes them and most people do."""
_ATTRIBUTE = lazy(r'([^ \n="]+)(?:="([^"]*)")?')
_NO_MARKUP_TEXT = "script style textarea title iframe noembed noframes noscript plaintext xmp"
_NO_MARKUP = frozenset(_NO_MARKUP_TEXT.split())
"""Elements in which a tag may be text."""


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


def read(html: str) -> Rendered:
    """Read the HTML that became of marked Markdown."""
    reader = _Reader()
    if not reader.read_simple(html):
        reader = _Reader()
        reader.feed(html)
        reader.close()
    reader.end_line()
    return reader.rendered


class _Reader(TolerantParser):
    """Reads rendered HTML into printed lines and places."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rendered = Rendered()
        self.element = Element("body", frozenset(), None)
        self._text: list[str] = []
        self._line: int | None = None
        self._block = self.element

    def read_simple(self, html: str) -> bool:
        """Read HTML in which all markup is simple, faster than Python's parser does; False for any other."""
        at, last = 0, html.rfind("<")
        while at <= last:
            match = _SIMPLE.match(html, at)
            if match is None:
                return False
            text, ends, tag, attributes, closes = match.groups()
            if text:
                self.handle_data(unescape(text))
            tag = tag.lower() if tag else ""
            if tag in _NO_MARKUP or (ends and attributes):
                return False
            if tag and not ends:
                found = _ATTRIBUTE.findall(attributes) if attributes else ()
                self.handle_starttag(tag, [(name.lower(), unescape(value)) for name, value in found])
            if ends or closes:
                self.handle_endtag(tag)
            at = match.end()
        if at < len(html):
            self.handle_data(unescape(html[at:]))
        return True

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        for name, value in values.items():
            for mark in MARK.findall(value):
                self.rendered.attributes[ord(mark) - FIRST_MARK] = name
            if value and name in ("id", "name"):
                self.rendered.ids.add(MARK.sub("", value))
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
        if self.element.tag == tag:  # as nearly always
            self.element = self.element.parent or self.element
        elif (match := next((element for element in self.element.chain() if element.tag == tag), None)) is not None:
            self.element = match.parent or self.element
        if tag in _BLOCKS:
            self._block = next((e for e in self.element.chain() if e.tag in _BLOCKS), self.element)

    def handle_data(self, data: str) -> None:
        code = self.element.is_code
        for index, part in enumerate(data.split("\n")):
            if index:
                self.end_line()
            marks = MARK.findall(part)
            for mark in marks:
                number = ord(mark) - FIRST_MARK
                self.rendered.places.setdefault(number, self.element)
                self._line = number
            text = MARK.sub("", part) if marks else part
            if text:
                self._text.append("\x00" * len(text) if code else text)

    def end_line(self) -> None:
        """Store the text gathered so far as one printed line."""
        if self._text:
            text = "".join(self._text)
            self._text = []
            if text.strip():
                self.rendered.printed.append(Printed(text, self._block, self._line))
        self._line = None
