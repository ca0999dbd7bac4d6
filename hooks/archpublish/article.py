"""The article of a built page as a small tree, without the theme around it, drawings, and set formulas.

Our own pages are well formed, so one expression finds every tag; a general parser takes ten times as long.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

_ARTICLE = re.compile(r"<article\b[^>]*>(.*)</article>", re.DOTALL)
_SVG = re.compile(r"<svg\b[^>]*>(.*?)</svg>", re.DOTALL)
_PICTURE_TEXT = re.compile(r"<(title|desc)\b[^>]*>(.*?)</\1>", re.DOTALL)
_TEX = re.compile(r'<annotation encoding="application/x-tex">(.*?)</annotation>', re.DOTALL)
_KATEX = re.compile(r'<span class="katex(?:-display)?">')
_SPAN = re.compile(r"<(/?)span\b")
_TAG = re.compile(r"""<!--.*?-->|<(/?)([a-zA-Z][\w-]*)((?:[^>"']|"[^"]*"|'[^']*')*)>""", re.DOTALL)
_ATTRIBUTE = re.compile(r"""([\w:-]+)(?:=(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")
_UNSEEN = re.compile(r"(?:^|;)(?:display:none|(?:opacity|font-size|max-height|max-width):0(?!\.?0*[1-9]))")
_VOID = {"br", "hr", "img", "input", "meta", "link", "wbr", "source", "col"}


@dataclass
class Element:
    """An element with its attributes and its content, strings and elements in their order."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Element | str] = field(default_factory=list)

    @property
    def classes(self) -> set[str]:
        """The words of its `class`."""
        return set(self.attributes.get("class", "").split())

    @property
    def is_hidden(self) -> bool:
        """Whether no reader sees it: then no search finds it, and no language model is told it."""
        style = self.attributes.get("style", "")
        return "hidden" in self.attributes or bool(style and _UNSEEN.search("".join(style.split()).casefold()))

    @property
    def elements(self) -> Iterator[Element]:
        """Its child elements."""
        return (child for child in self.children if isinstance(child, Element))

    def walk(self) -> Iterator[Element]:
        """Yield itself and every element inside, in the order of the page."""
        yield self
        for child in self.elements:
            yield from child.walk()

    @property
    def text(self) -> str:
        """All text inside, as written."""
        return "".join(child if isinstance(child, str) else child.text for child in self.children)


def article(html: str) -> Element:
    """The content of the page's `<article>`; formulas are `tex` elements, drawings `picture` elements."""
    found = _ARTICLE.search(html)
    return parse(found[1] if found else "")


def parse(html: str) -> Element:
    """The tree of a piece of HTML, under an element `article`."""
    html = _SVG.sub(_picture, _formulas_as_tex(html))
    root = Element("article")
    open_elements = [root]
    end = 0
    for match in _TAG.finditer(html):
        if match.start() > end:
            open_elements[-1].children.append(unescape(html[end : match.start()]))
        end = match.end()
        tag = match[2]
        if tag is None:
            continue
        if match[1]:
            _close(open_elements, tag.lower())
            continue
        element = Element(
            tag.lower(), {m[1]: unescape(m[2] or m[3] or m[4] or "") for m in _ATTRIBUTE.finditer(match[3])}
        )
        open_elements[-1].children.append(element)
        if element.tag not in _VOID and not match[3].endswith("/"):
            open_elements.append(element)
    if end < len(html):
        open_elements[-1].children.append(unescape(html[end:]))
    return root


def _close(open_elements: list[Element], tag: str) -> None:
    for place in range(len(open_elements) - 1, 0, -1):
        if open_elements[place].tag == tag:
            del open_elements[place:]
            return


def _picture(match: re.Match[str]) -> str:
    """A drawing as the name and the description it carries; nothing where it has none."""
    texts = dict(_PICTURE_TEXT.findall(match[1]))
    return f"<picture>{texts.get('title', '')}. <desc>{texts.get('desc', '')}</desc></picture>" if texts else ""


def _formulas_as_tex(html: str) -> str:
    """Each set formula replaced by its TeX."""
    pieces = []
    end = 0
    for match in _KATEX.finditer(html):
        if match.start() < end:
            continue
        pieces.append(html[end : match.start()])
        close = _end_of_span(html, match.start())
        tex = _TEX.search(html, match.start(), close)
        pieces.append(f"<tex>{tex[1] if tex else ''}</tex>")
        end = close
    pieces.append(html[end:])
    return "".join(pieces)


def _end_of_span(html: str, start: int) -> int:
    depth = 0
    for match in _SPAN.finditer(html, start):
        depth += -1 if match[1] else 1
        if depth == 0:
            return html.index(">", match.end()) + 1
    return len(html)
