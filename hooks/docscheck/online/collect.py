"""The external links of a site's pages, each address once, with all its places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from docscheck import arxiv
from docscheck.bibliography import titles_by_identifier
from docscheck.engine import open_site
from docscheck.online.result import Link, Place
from docscheck.page import Page
from docscheck.site import Site


def collect(config_file: Path) -> list[Link]:
    """Return the external links of the site and of its bibliography, sorted by address."""
    site = open_site(config_file)
    titles = dict(_titles(site))
    places: dict[str, list[Place]] = {}
    for page in site.pages():
        for url, place in of_page(page):
            places.setdefault(url, []).append(place)
    for url, place in _of_bibliography(site):
        places.setdefault(url, []).append(place)
    return [Link(url, tuple(sorted(found)), _title(url, titles)) for url, found in sorted(places.items())]


def of_page(page: Page) -> Iterator[tuple[str, Place]]:
    """Yield each external address of a page with its place: links, images, and raw HTML."""
    for link in page.links:
        yield from _external(page, link.address, link.address_span.start if link.address_span else link.span.start)
    for tag in page.tags:
        if tag.name in ("http:", "https:"):  # an address in angle brackets reads as a tag
            yield from _external(page, page.source.text[tag.span.start + 1 : tag.span.end - 1], tag.span.start + 1)
        for name in ("href", "src"):
            found = tag.get(name)
            if found is not None and found.value:
                yield from _external(page, found.value, tag.span.start)


def _external(page: Page, address: str, offset: int) -> Iterator[tuple[str, Place]]:
    if urlsplit(address).scheme.lower() in ("http", "https"):
        line = page.source.line_of(offset)
        yield address, Place(page.path, line + 1, offset - page.source.starts[line] + 1)


def _bibliographies(site: Site) -> Iterator[tuple[Path, str]]:
    for file in sorted(site.config.docs_dir.rglob("*.bib")):
        yield file, file.read_text("utf-8", "replace")


def _of_bibliography(site: Site) -> Iterator[tuple[str, Place]]:
    for file, text in _bibliographies(site):
        shown = site.shown(file.relative_to(site.config.docs_dir).as_posix())
        for number, line in enumerate(text.splitlines(), 1):
            name, equals, value = line.partition("=")
            url = value.strip().rstrip(",").strip('{}" ')
            if equals and name.strip().lower() == "url" and urlsplit(url).scheme in ("http", "https"):
                yield url, Place(shown, number, line.index(url) + 1)


def _titles(site: Site) -> Iterator[tuple[str, str]]:
    for _, text in _bibliographies(site):
        yield from titles_by_identifier(text)


def _title(url: str, titles: dict[str, str]) -> str:
    """Return the title that the bibliography gives the paper at an arXiv address."""
    address = arxiv.read(url)
    return titles.get(address.identifier, "") if address and address.kind == "abs" else ""


def hosts(links: Iterable[Link]) -> dict[str, list[Link]]:
    """Return the links by host."""
    by_host: dict[str, list[Link]] = {}
    for link in links:
        by_host.setdefault((urlsplit(link.url).hostname or "").lower(), []).append(link)
    return by_host
