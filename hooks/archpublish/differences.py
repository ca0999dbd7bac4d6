"""Do two generators build the same pages? What a reader reads, and what a link can point at, compared page by page."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from pathlib import Path

from archpublish.pages import BuiltPage, built_pages

_AROUND = 3
"""Words shown before what differs."""


def differences(one: Path, other: Path, docs: Path) -> Iterator[str]:
    """Yield a line for each page of `docs` that the sites `one` and `other` do not both have with the same content."""
    first, second = ({page.path: page for page in built_pages(site, docs)} for site in (one, other))
    for path in sorted(first.keys() | second.keys()):
        if path not in first or path not in second:
            yield f"{path}: only in {one if path in first else other}"
            continue
        yield from (f"{path}: {found}" for found in _compared(first[path], second[path]))


def _compared(one: BuiltPage, other: BuiltPage) -> Iterator[str]:
    words, others = one.article.text.split(), other.article.text.split()
    if not words:
        yield "no text was found"
    if words != others:
        for kind, a, b, c, d in difflib.SequenceMatcher(None, words, others, autojunk=False).get_opcodes():
            if kind != "equal":
                after = " ".join(words[max(0, a - _AROUND) : a])
                yield f"after “{after}”: “{' '.join(words[a:b])}” became “{' '.join(others[c:d])}”"
    gone = _targets(one) ^ _targets(other)
    if gone:
        yield f"targets of links that only one has: {', '.join(sorted(gone))}"


def _targets(page: BuiltPage) -> set[str]:
    """Ids but those of the themes, which begin with two low lines."""
    every = {part.attributes["id"] for part in page.article.walk() if "id" in part.attributes}
    return {name for name in every if not name.startswith("__")}
