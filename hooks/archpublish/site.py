"""Everything that is made from a built site, written into it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from archdata import downloads, news
from archdata.bibliography import cache_folder
from archdata.errors import DataError

from archpublish import access, cards, copies, head, redirects, search, styles
from archpublish.copies import About
from archpublish.memory import Memory
from archpublish.pages import BuiltPage, built_pages


def about(settings: Any) -> About:
    """What the site's settings, as any generator reads them, say about it; `settings` answers `get`."""
    url = str(settings.get("site_url") or "")
    return About(
        name=str(settings.get("site_name") or ""),
        description=" ".join(str(settings.get("site_description") or "").split()),
        url=url and url.rstrip("/") + "/",
        licence=str(settings.get("copyright") or ""),
        sections=copies.sections(settings.get("nav")),
    )


def without_source(settings: Any) -> dict[str, str]:
    """Files that no page stands for: redirects from old addresses, the data as downloads, the feed of new pages.

    `settings` answers `get`, and has `docs_dir` as the folder of the pages.
    """
    docs, url = Path(settings.get("docs_dir")), str(settings.get("site_url") or "")
    moved = (settings.get("extra") or {}).get("moved") or {}
    if not isinstance(moved, dict) or not all(isinstance(place, str) for pair in moved.items() for place in pair):
        raise DataError("mkdocs.yml", None, None, "`extra.moved` is no set of `old address: new address` lines")
    made = dict(redirects.redirect_files(moved, url))
    return made | downloads.files(docs) | news.feed(docs, url, str(settings.get("site_name") or ""))


def write_without_source(site: Path, settings: Any) -> int:
    """Write these files into `site`, for generators that do not ask for them; return how many there are."""
    made = without_source(settings)
    for path, content in made.items():
        target = site / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content, encoding="utf-8")
    return len(made)


def write(site: Path, docs: Path, of: About, *, pictures: bool = True) -> int:
    """Add the search index, the copies and, where wanted, the cards to `site`, which was built from `docs`.

    Returns the number of files written.
    """
    pages = list(built_pages(site, docs))
    cache = cache_folder(docs)
    memory = Memory(cache / "archpublish" if cache else None)
    number = 0
    for path, content in files(pages, docs, of, pictures=pictures, memory=memory):
        target = site / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)
        number += 1
    memory.forget()
    return number


def files(
    pages: Sequence[BuiltPage], docs: Path, of: About, *, pictures: bool, memory: Memory | None = None
) -> Iterator[tuple[str, str | bytes]]:
    """Yield (path below the site's root, content) of everything that is made."""
    memory = memory or Memory(None)
    yield from search.files(pages, docs, memory)
    yield from copies.files(pages, of, memory)
    if pictures:
        cache = cache_folder(docs)
        labels = {path: title for title, paths in of.sections.items() for path in paths}
        for page in pages:
            label = labels.get(page.path, "Checks" if page.path.startswith("contribute/") else of.name)
            kept = cache / "cards" if cache else None
            yield cards.path_of(page.address), cards.card(page, of.name, label, kept)


def write_heads(site: Path, docs: Path, of: About) -> int:
    """Put the data into the head of each page of `site`, and one stylesheet; return how many pages had neither.

    For generators that do not call `head.with_head` and `styles.with_one` themselves.
    """
    number = 0
    sheets: list[str] = []
    for page in built_pages(site, docs):
        sheets = sheets or styles.linked(page.html, page.address)
        html = styles.with_one(access.mended(page.html), page.address, sheets)
        html = head.with_head(html, page, of, docs)
        if html != page.html:
            (site / page.address / "index.html").write_text(html, encoding="utf-8")
            number += 1
    if styles.PATH not in sheets and sheets:
        styles.write(site, docs, sheets)
    return number
