"""Does docscheck see the structure that Python-Markdown renders? `python tests/differential.py 1000000`.

A document is made at random from the pieces of block syntax. For each line whose text can be found in the rendered
page, the parse and the rendering must agree on how many list items, boxes and quotes it stands in, and on whether it
is code. Documents with a broken fence or an unclosed block of HTML are left out: there docscheck follows what the
author meant, so that one fault is one finding.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path
from typing import NamedTuple

from docscheck.config import Config
from docscheck.page import Page
from docscheck.rendering import Element
from docscheck.source import Source

WORDS = ("alpha", "beta", "gamma", "delta", "épreuve", "日本語", "omega")
STARTS = (
    "", "", "", "- ", "* ", "+ ", "1. ", "2. ", "10. ", "> ", "# ", "## ", "!!! note", '!!! tip "Words"',
    '!!! note "open', "??? note", '???+ tip "Words"', '=== "Words"', "=== open", "```", "```py", "~~~", "| a | b |",
    "|---|---|", "---", "***", "[x]: https://example.org", "-", "\t- ",
)  # fmt: skip
COMPLETE = ("!!!", "???", "===", "```", "~~~", "|", "---", "***", "[x]")
"""Beginnings that are followed by nothing."""
INDENTS = (0, 0, 0, 0, 1, 2, 3, 4, 4, 4, 5, 6, 8, 8, 9, 12)
SETTINGS = Config(
    Path("mkdocs.yml"),
    {
        "theme": {"name": "material"},
        "markdown_extensions": [
            "admonition", "footnotes", "tables", "toc", "pymdownx.details", "pymdownx.highlight",
            "pymdownx.superfences", {"pymdownx.tabbed": {"alternate_style": True}},
        ],
    },
)  # fmt: skip


class Place(NamedTuple):
    """Where a line's text stands."""

    items: int
    boxes: int
    quotes: int
    code: bool


def document(rng: random.Random, lines: int = 14) -> str:
    """A document of at most so many lines."""
    return "".join(f"{_line(rng)}\n" for _ in range(rng.randint(1, lines)))


def _line(rng: random.Random) -> str:
    if rng.random() < 1 / 3:
        return ""
    start = rng.choice(STARTS)
    words = "" if start.startswith(COMPLETE) else " ".join(rng.choice(WORDS) for _ in range(rng.randint(1, 3)))
    return " " * rng.choice(INDENTS) + start + words


def disagreements(text: str) -> dict[int, tuple[Place, Place]]:
    """Lines, from 0, on which the parse (first) and the rendering (second) differ."""
    page = Page(Source("page.md", text), SETTINGS)
    if any(fence.problem for fence in page.fences):
        return {}
    rendered = page.rendered
    assert not rendered.failed, rendered.failed
    places = {line: _rendered(element) for line, element in rendered.places.items()}
    parsed = _parsed(page)
    return {line: (parsed[line], place) for line, place in places.items() if line in parsed and parsed[line] != place}


def compared(text: str) -> int:
    """On how many lines parse and rendering can be compared."""
    page = Page(Source("page.md", text), SETTINGS)
    return len(page.rendered.places.keys() & _parsed(page).keys())


def _parsed(page: Page) -> dict[int, Place]:
    found = {}
    for node in page.nodes:
        kinds = [ancestor.kind for ancestor in node.ancestors()]
        boxes = sum(kind in ("admonition", "details", "tab") for kind in kinds)
        place = Place(kinds.count("li"), boxes, kinds.count("blockquote"), node.kind == "code")
        found.update({row.line: place for row in node.rows})
    return found


def _rendered(element: Element) -> Place:
    chain = list(element.chain())
    boxes = sum(e.tag == "details" or bool(e.classes & {"admonition", "tabbed-block"}) for e in chain)
    tags = [e.tag for e in chain]
    return Place(tags.count("li"), boxes, tags.count("blockquote"), element.is_code)


def main(arguments: list[str]) -> int:
    """Compare so many documents; print those on which the two disagree."""
    count = int(arguments[0]) if arguments else 100_000
    differing = 0
    for seed in range(count):
        text = document(random.Random(seed))
        found = disagreements(text)
        if found:
            differing += 1
            print(f"seed {seed}: {found}\n{text}")
    print(f"{differing} of {count} documents")
    return bool(differing)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
