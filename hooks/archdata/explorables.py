"""The site's explorables, from `docs/_data/explorables.yml`: what a reader can try, where, and beside which figure."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path

from archdata import documents
from archdata.errors import DataError

MODULES = "assets/explorables"


@dataclass(frozen=True)
class Explorable:
    """One explorable. `page` is a path under docs/; `figure` is the static figure it stands behind on that page."""

    key: str
    title: str
    page: str
    figure: str
    about: str


def load(docs: Path) -> dict[str, Explorable]:
    """All explorables by key, in the order of the file."""
    path = docs / "_data/explorables.yml"
    if not path.is_file():
        return {}
    document = documents.read(path)
    return {str(key): Explorable(str(key), **value) for key, value in document.data.items()}


def check(docs: Path) -> Iterator[DataError]:
    """Yield every fault: form, a module or a page that is missing, a block or a figure that its page does not show."""
    document = yield from documents.in_form(docs, "explorables")
    if document is None:
        return
    for key, found in load(docs).items():
        page = docs / found.page
        if not (docs / MODULES / f"{key}.mjs").is_file():
            yield document.error((key,), f"there is no module {MODULES}/{key}.mjs", "write it, or remove the entry")
        if not page.is_file():
            yield document.error((key, "page"), f"there is no page {found.page}", "give a path under docs/")
            continue
        shown = set(re.findall(r"^/// (?:explorable|figure) \| (\S+)", page.read_text("utf-8"), re.M))
        for wanted in (key, found.figure):
            if wanted not in shown:
                yield document.error((key,), f"{found.page} does not show {wanted}", f"put a block `| {wanted}` there")


def gallery(docs: Path, page: str) -> str:
    """A card for each explorable, linked to its place."""
    cards = []
    for found in load(docs).values():
        address = posixpath.relpath(found.page, posixpath.dirname(page)) + f"#try-{found.key}"
        cards.append(f"- **[{found.title}]({address})**\n\n    ---\n\n    {escape(found.about, quote=False)}\n")
    return '<div class="grid cards" markdown>\n\n' + "\n".join(cards) + "\n</div>\n"
