"""What only the published site holds, because it takes a browser or time to make: the archive and the cheat sheets."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from pathlib import Path

from archpublish.offline import FOLDER
from archpublish.pages import front_matter
from archpublish.sheets import NAME

_HOW = """\
The published site offers an archive of itself to read offline, and the cheat sheet of each family as a PDF of one page.
Both are made from a built site: the archive by `python -m archpublish offline`, the sheets by
`python -m archpublish sheets`, which needs Chromium.
"""


def links(docs: Path, page: str, published: bool) -> str:
    """The section on them for the page at `page`, with links where they are `published`."""
    lines = ["## Archive and cheat sheets", ""]
    if not published:
        return "\n".join([*lines, _HOW])
    root = posixpath.relpath(".", page.removesuffix(".md"))
    lines += [
        f'<a href="{root}/{FOLDER}.zip">The whole site as an archive</a>: unpack it and open `index.html`; search,'
        " interactive figures and calculators work offline.",
        "",
        "Cheat sheets, each on one page for printing: "
        + ", ".join(f'<a href="{root}/{address}{NAME}">{title}</a>' for title, address in sheets(docs))
        + ".",
    ]
    return "\n".join(lines) + "\n"


def sheets(docs: Path) -> Iterator[tuple[str, str]]:
    """Yield (title, address) of each hub with a cheat sheet."""
    for path in sorted(docs.rglob("index.md")):
        source = path.read_text(encoding="utf-8-sig")
        if "\n## Cheat sheet\n" in source:
            yield str(front_matter(source).get("title", "")), path.parent.relative_to(docs).as_posix() + "/"
