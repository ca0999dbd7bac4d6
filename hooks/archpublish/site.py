"""Everything that is made from a built site, written into it."""

from __future__ import annotations

from pathlib import Path

from archpublish import search
from archpublish.pages import built_pages


def write(site: Path, docs: Path) -> int:
    """Add the search index and its texts to `site`, which was built from `docs`; return the number of files."""
    pages = list(built_pages(site, docs))
    number = 0
    for path, content in search.files(pages, docs):
        target = site / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content, encoding="utf-8")
        number += 1
    return number
