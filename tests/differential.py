"""Does docscheck see the structure that Python-Markdown renders? `python tests/differential.py 1000000`.

A document is made at random from the pieces of block syntax, for one of several sites that differ in their extensions.
For each line whose text can be found in the rendered page, the parse and the rendering must agree on how many list
items, boxes, quotes and definitions it stands in, and on whether it is code, a heading or a table. Documents with a
broken fence or an unclosed block of HTML are left out: there docscheck follows what the author meant, so that one
fault is one finding. So are backticks that stand directly under indented code.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from docscheck.config import Config
from docscheck.page import Page
from docscheck.parse.blocks import Node
from docscheck.parse.code import HIDDEN
from docscheck.rendering import Element
from docscheck.source import Source

WORDS = ("alpha", "beta", "gamma", "delta", "épreuve", "日本語", "omega")
STARTS = (
    "", "", "", "- ", "* ", "+ ", "1. ", "2. ", "10. ", "> ", "# ", "## ", "!!! note", '!!! tip "Words"',
    '!!! note "open', "??? note", '???+ tip "Words"', '=== "Words"', "=== open", "| a | b |",
    "|---|---|", "---", "***", "[x]: https://example.org", "[x]:", "-", "\t- ", "a | b", "--|--",
)  # fmt: skip
COMPLETE = (
    "!!!", "???", "===", "|", "a |", "--|", "---", "***", "[x]", "/", "    open", "    type", "<", "\n<", "*[", "$$",
)  # fmt: skip
"""Beginnings that are followed by nothing."""
INDENTS = (0, 0, 0, 0, 1, 2, 3, 4, 4, 4, 5, 6, 8, 8, 9, 12)
_BASE = [
    "admonition", "footnotes", "tables", "toc", "pymdownx.details", "pymdownx.highlight", "pymdownx.superfences",
    {"pymdownx.tabbed": {"alternate_style": True}},
]  # fmt: skip


class Site(NamedTuple):
    """Settings, and the pieces of which its documents are made."""

    config: Config
    starts: tuple[str, ...]


def _site(extensions: list[Any], *starts: str) -> Site:
    return Site(Config(Path("mkdocs.yml"), {"markdown_extensions": extensions}), (*STARTS, *starts))


SITES: Mapping[str, Site] = {
    "material": _site(_BASE),
    "blocks": _site(
        ["toc", "pymdownx.superfences", "pymdownx.blocks.admonition", "pymdownx.blocks.details",
         {"pymdownx.blocks.tab": {"alternate_style": True}}],
        "/// note", "/// note | Words", "/// details | Words", "/// tab | Words", "/// tab", "//// tip", "///", "///",
        "///", "////", "    open: true", "    open: perhaps", "    type: x", "/// unknown",
    ),
    "blocks and boxes": _site(
        [*_BASE, "pymdownx.blocks.admonition", "pymdownx.blocks.details"],
        "/// note", "/// details | Words", "//// tip | Words", "///", "///", "////",
    ),
    "defaults": _site([]),
    "definitions": _site(
        [*_BASE, "def_list", "abbr", "attr_list"],
        ":   ", ":   ", ": ", ":", "[^1]: ", "[^2]: ", "*[AB]: Words", "[^1] ",
    ),
    "sane lists": _site([*_BASE, "sane_lists"]),
    "sane headings": _site([*_BASE, "pymdownx.saneheaders"], "#", "###"),
    "raw": _site([*_BASE, "md_in_html"], "<div>", "<div markdown>", "</div>", "</div>", "<p>", "</p>"),
    "comments": _site(_BASE, "\n<!-- open -->", "\n<!-- open -->", "\n<!-- open\n\n-->"),
    "maths": _site([*_BASE, {"pymdownx.arithmatex": {"generic": True}}], "$$", "$$", "$$ ", r"\[", r"\]"),
}  # fmt: skip
NAMES = tuple(SITES)


class Place(NamedTuple):
    """Where a line's text stands."""

    items: int
    boxes: int
    quotes: int
    definitions: int
    kind: str
    """`code`, `heading`, `table`, or nothing."""


def document(rng: random.Random, starts: tuple[str, ...] = STARTS, lines: int = 14) -> str:
    """A document of at most so many lines."""
    return "".join(
        f"{_fence(rng) if rng.random() < 0.05 else _line(rng, starts)}\n" for _ in range(rng.randint(1, lines))
    )


def _fence(rng: random.Random) -> str:
    """Code between marks that fit."""
    indent, marks = " " * rng.choice(INDENTS), rng.choice(("```", "~~~"))
    body = "".join(
        f"{indent}{rng.choice(('', '  ', '- ', '    '))}{rng.choice(WORDS)}\n" for _ in range(rng.randint(0, 3))
    )
    return f"{indent}{marks}{rng.choice(('', 'py'))}\n{body}{indent}{marks}"


def _line(rng: random.Random, starts: tuple[str, ...]) -> str:
    if rng.random() < 1 / 3:
        return ""
    start = rng.choice(starts)
    words = "" if start.startswith(COMPLETE) else " ".join(rng.choice(WORDS) for _ in range(rng.randint(1, 3)))
    return " " * rng.choice(INDENTS) + start + words


def disagreements(text: str, site: str = "material") -> dict[int, tuple[Place, Place]]:
    """Lines, from 0, on which the parse (first) and the rendering (second) differ."""
    page = Page(Source("page.md", text), SITES[site].config)
    closed = [block.span for block in page.html_blocks if block.end_tag is not None]
    in_order = all(any(span.start <= tag.span.start < span.end for span in closed) for tag in page.tags)
    if any(fence.problem for fence in page.fences) or not in_order or _puts_fences_back(text):
        return {}
    if any(HIDDEN in address for _, _, address in page.definitions.labels):
        return {}  # a fence under `[x]:` becomes the address of a link, and no parser can read such a tag
    rendered = page.rendered
    if rendered.failed in ("nested too deeply", "endless"):
        return {}
    assert not rendered.failed, rendered.failed
    places = {line: _rendered(element) for line, element in rendered.places.items()}
    parsed = _parsed(page)
    return {line: (parsed[line], place) for line, place in places.items() if line in parsed and parsed[line] != place}


def _puts_fences_back(text: str) -> bool:
    """Whether backticks stand behind indented code without a blank line: they are text there, and mark code in it."""
    parts = text.expandtabs(4).split("\n\n")
    return any(part.lstrip("\n").startswith("    ") and "```" in part for part in parts)


def compared(text: str) -> int:
    """On how many lines parse and rendering can be compared."""
    page = Page(Source("page.md", text), SITES["material"].config)
    return len(page.rendered.places.keys() & _parsed(page).keys())


def _parsed(page: Page) -> dict[int, Place]:
    found = {}
    for node in page.nodes:
        above = list(node.ancestors())
        tags = [ancestor.tag for ancestor in above]
        boxes = sum(_is_box(ancestor) for ancestor in above)
        kind = {"code": "code", "maths": "code", "table": "table", "heading": "heading", "setext": "heading"}
        items = tags.count("li") + sum(ancestor.kind == "footnote" for ancestor in above)
        place = Place(items, boxes, tags.count("blockquote"), tags.count("dd"), kind.get(node.kind, ""))
        found.update({row.line: place for row in node.rows})
    return found


def _is_box(node: Node) -> bool:
    return node.kind in ("admonition", "details", "tab", "block")


def _rendered(element: Element) -> Place:
    chain = list(element.chain())
    boxes = sum(e.tag == "details" or bool(e.classes & {"admonition", "tabbed-block"}) for e in chain)
    tags = [e.tag for e in chain]
    heading = any(len(tag) == 2 and tag[0] == "h" and tag[1].isdigit() for tag in tags)
    kind = "code" if element.is_code else "heading" if heading else "table" if "table" in tags else ""
    return Place(tags.count("li"), boxes, tags.count("blockquote"), tags.count("dd"), kind)


def main(arguments: list[str]) -> int:
    """Compare so many documents, from a seed on; print those on which the two disagree."""
    count = int(arguments[0]) if arguments else 100_000
    first = int(arguments[1]) if len(arguments) > 1 else 0
    differing = 0
    for seed in range(first, first + count):
        name = NAMES[seed % len(NAMES)]
        text = document(random.Random(seed), SITES[name].starts)
        found = disagreements(text, name)
        if found:
            differing += 1
            print(f"seed {seed}, {name}: {found}\n{text}", flush=True)
    print(f"{differing} of {count} documents")
    return bool(differing)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
