"""A page's content as Markdown again, with everything the build put in: numbers, citations, figures in words."""

from __future__ import annotations

import re
from collections.abc import Callable

from archpublish.article import Element

_SPACE = re.compile(r"\s+")
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_TICKS = re.compile("`+")
_LANGUAGE = re.compile(r"language-([\w+#.-]+)")
_BLOCK_TAGS = """
    address article aside blockquote details div dl dd dt figure figcaption footer h1 h2 h3 h4 h5 h6 header hr li ol p
    pre section summary table ul
"""
_BLOCKS = frozenset(_BLOCK_TAGS.split())
_DROPPED_TAGS = {"button", "script", "style", "input", "label", "noscript", "template", "select"}
_DROPPED_CLASSES = {
    "headerlink",
    "md-content__button",
    "page-head",
    "ex-off",
    "footnote-backref",
    "linenos",
    "md-annotation",
}
_MARKS = {"strong": "**", "b": "**", "em": "*", "i": "*", "del": "~~"}

Link = Callable[[str], str]
"""Where a link of the page leads from the copy."""


def markdown(article: Element, link: Link = lambda target: target) -> str:
    """The article as Markdown, without its head; `link` changes the target of each link and image."""
    return "\n\n".join(_blocks(article, link)) + "\n"


def _dropped(element: Element) -> bool:
    return element.tag in _DROPPED_TAGS or element.is_hidden or bool(_DROPPED_CLASSES & element.classes)


def _blocks(parent: Element, link: Link) -> list[str]:
    """The blocks inside `parent`; text between them makes paragraphs."""
    blocks: list[str] = []
    line: list[Element | str] = []

    def flush() -> None:
        if text := _inline(line, link).strip():
            blocks.append(text)
        line.clear()

    for child in parent.children:
        if isinstance(child, Element) and _is_block(child):
            flush()
            blocks += _block(child, link)
        else:
            line.append(child)
    flush()
    return blocks


def _is_block(element: Element) -> bool:
    return element.tag in _BLOCKS or (element.tag == "picture" and bool(element.text))


def _block(element: Element, link: Link) -> list[str]:
    if _dropped(element):
        return []
    if element.tag in _BY_TAG:
        text = _BY_TAG[element.tag](element, link)
        return [text] if text.strip() else []
    if "arithmatex" in element.classes:
        return [f"$$\n{_tex(element.text.strip())}\n$$"]
    if "highlight" in element.classes:
        return _code(element)
    if "reference" in element.classes:
        return [_reference(element, link)]
    if "admonition" in element.classes:
        return [_quote(_blocks(element, link))]
    return _blocks(element, link)


def _heading(element: Element, link: Link) -> str:
    return f"{'#' * int(element.tag[1])} {_inline(element.children, link).strip()}"


def _paragraph(element: Element, link: Link) -> str:
    text = _inline(element.children, link).strip()
    return f"**{text}**" if "admonition-title" in element.classes and "](" not in text else text


def _picture(element: Element, link: Link) -> str:
    return _plain(f"[Figure: {_SPACE.sub(' ', element.text).strip()}]")


def _details(element: Element, link: Link) -> str:
    summary = next((part for part in element.elements if part.tag == "summary"), None)
    rest = Element("div", {}, [child for child in element.children if child is not summary])
    title = [f"**{_inline(summary.children, link).strip()}**"] if summary else []
    return _quote(title + _blocks(rest, link))


def _reference(element: Element, link: Link) -> str:
    """A paper in a line: how the text cites it, its title, what it contributes, its authors and identifier."""
    parts = list(element.elements)
    title = _inline(parts[0].children, link).strip() if parts else ""
    said = [_inline(part.children, link).strip() for part in parts[1:] if part.tag == "p"]
    details = [part for part in element.walk() if part.tag in ("summary", "p") and part not in parts]
    label = _plain(details[0].text.split(" · ")[0].strip()) if details else ""
    names = [_plain(part.text.strip()) for part in details[1:] if "reference-cited-in" not in part.classes]
    return f"- {label}: " + " ".join([f"{title}.", *said, *names])


def _quote(blocks: list[str]) -> str:
    return "\n>\n".join("\n".join(f"> {line}".rstrip() for line in block.split("\n")) for block in blocks)


def _list(element: Element, link: Link) -> str:
    items = []
    number = int(element.attributes.get("start", "1") or 1)
    for item in element.elements:
        blocks = _blocks(item, link)
        mark = f"{number}. " if element.tag == "ol" else "- "
        number += 1
        loose = any(child.tag == "p" for child in item.elements)
        body = ("\n\n" if loose else "\n").join(blocks)
        items.append(mark + body.replace("\n", "\n" + " " * len(mark)).replace("\n" + " " * len(mark) + "\n", "\n\n"))
    return "\n".join(items)


def _definitions(element: Element, link: Link) -> str:
    lines: list[str] = []
    for part in element.elements:
        if part.tag == "dt":
            lines.append(("\n" if lines else "") + _inline(part.children, link).strip())
        else:
            lines.append(":   " + "\n\n".join(_blocks(part, link)).replace("\n", "\n    "))
    return "\n".join(lines)


def _table(element: Element, link: Link) -> str:
    rows = [
        [_cell(cell, link) for cell in row.elements if cell.tag in ("td", "th")]
        for row in element.walk()
        if row.tag == "tr"
    ]
    if not rows:
        return ""
    width = max(map(len, rows))
    lines = ["| " + " | ".join(row + [""] * (width - len(row))) + " |" for row in rows]
    return "\n".join([lines[0], "|" + " --- |" * width, *lines[1:]])


def _cell(cell: Element, link: Link) -> str:
    return "<br>".join(_blocks(cell, link)).replace("\n", " ").replace("|", "\\|")


def _preformatted(element: Element, link: Link) -> str:
    return _fence(element.text, "")


def _code(element: Element) -> list[str]:
    name = next((part.text.strip() for part in element.walk() if "filename" in part.classes), "")
    language = next((match[1] for word in sorted(element.classes) if (match := _LANGUAGE.fullmatch(word))), "")
    body = next((part for part in element.walk() if part.tag == "code"), None)
    return ([f"{_code_span(name)}:"] if name else []) + ([_fence(body.text, language)] if body else [])


def _fence(text: str, language: str) -> str:
    fence = "```"
    while fence in text:
        fence += "`"
    return f"{fence}{language}\n{text.strip(chr(10))}\n{fence}"


def _rule(element: Element, link: Link) -> str:
    return "---"


_BY_TAG: dict[str, Callable[[Element, Link], str]] = {
    **{f"h{level}": _heading for level in range(1, 7)},
    "p": _paragraph,
    "picture": _picture,
    "details": _details,
    "ul": _list,
    "ol": _list,
    "dl": _definitions,
    "table": _table,
    "pre": _preformatted,
    "hr": _rule,
    "blockquote": lambda element, link: _quote(_blocks(element, link)),
}


def _inline(children: list[Element | str], link: Link) -> str:
    return "".join(
        _plain(_SPACE.sub(" ", child)) if isinstance(child, str) else _run(child, link) for child in children
    )


def _plain(text: str) -> str:
    """Text that stays text: whoever shows a copy may let HTML through, and no list of ours stands before that."""
    return _TAG.sub(r"\\<", text)


def _tex(text: str) -> str:
    return _TAG.sub("< ", text)


def _code_span(text: str) -> str:
    mark = "`" * (max(map(len, _TICKS.findall(text)), default=0) + 1)
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{mark}{space}{text}{space}{mark}"


def _run(element: Element, link: Link) -> str:
    if _dropped(element):
        return ""
    if element.tag == "tex":
        return f"${_tex(element.text)}$"
    if element.tag == "br":
        return "<br>"
    if element.tag == "code":
        return _code_span(element.text)
    if element.tag == "img":
        return f"![{_plain(element.attributes.get('alt', ''))}]({link(element.attributes.get('src', ''))})"
    if element.tag == "picture":
        return ""
    inner = _inline(element.children, link)
    if element.tag == "a" and inner.strip() and (target := element.attributes.get("href")):
        # A term and a citation lead to what is a hover away on the page; here their words are enough.
        return inner if {"term", "citation-link"} & element.classes else f"[{inner}]({link(target)})"
    if element.tag in ("sup", "sub") and inner.strip():
        return f"<{element.tag}>{inner}</{element.tag}>"
    if element.tag in _MARKS and inner.strip():
        mark = _MARKS[element.tag]
        return f"{mark}{inner.strip()}{mark}" + (" " if inner[-1].isspace() else "")
    return inner
