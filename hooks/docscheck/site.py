"""All pages of a site together."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path

from docscheck.config import Config
from docscheck.headings import PageIds
from docscheck.page import Page, Surroundings
from docscheck.source import Source


class Site(Surroundings):
    """The pages and files under docs_dir."""

    def __init__(
        self, config: Config, working_directory: Path | None = None, today: datetime.date | None = None
    ) -> None:
        super().__init__(config, working_directory, today)
        self._pages: dict[str, Page] = {}
        self._given: set[str] = set()
        self._ids: dict[str, PageIds] = {}

    def pages(self) -> Iterator[Page]:
        """Every page."""
        for uri in self.page_uris:
            yield self.page(uri)

    def page(self, uri: str) -> Page:
        """The page with this path under docs_dir."""
        if uri not in self._pages:
            file = self.files[uri]
            self._pages[uri] = Page(Source.read(file, self.shown(uri)), self.config, uri, self)
        return self._pages[uri]

    def add(self, page: Page) -> None:
        """Use a page given as text in place of the file with its path."""
        self.drop(page.uri)
        page.site = self
        self._pages[page.uri] = page
        self._given.add(page.uri)

    def drop(self, uri: str) -> None:
        """Read a page anew when it is next asked for."""
        self._pages.pop(uri, None)
        self._ids.pop(uri, None)
        self._given.discard(uri)

    def ids(self, uri: str) -> frozenset[str]:
        """The ids of a page, as the sources show them."""
        return self._ids[uri].all if uri in self._ids else self.page(uri).ids

    def forget(self, page: Page) -> None:
        """Let go of a page that has been read, all but its ids: they are asked for by others."""
        if page.uri not in self._given:
            self._ids[page.uri] = page.shown_ids
            self._pages.pop(page.uri, None)
            page.forget()
