"""One build: the store, what all pages rest on, and the three things that are remembered."""

from __future__ import annotations

from pathlib import Path

import jinja2
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page

from mkdocs_incremental.ahead import make_ahead, render_ahead
from mkdocs_incremental.ground import Ground, ignored_folders, settings_digest
from mkdocs_incremental.lookups import AskedFiles
from mkdocs_incremental.navigation import Items
from mkdocs_incremental.pool import Pool, workers_possible
from mkdocs_incremental.reads import Reads
from mkdocs_incremental.rendering import Renderer
from mkdocs_incremental.searching import SearchEntries
from mkdocs_incremental.settings import Settings, impure, inputs_function
from mkdocs_incremental.store import Store
from mkdocs_incremental.templates import Pages

_BEFORE_RENDERING = ("pre_page", "page_read_source", "page_markdown")
_BEFORE_TEMPLATES = ("page_context",)


class Build:
    """The parts of one build.

    Raises `NoDigestError` where the settings have no digest.
    """

    def __init__(self, config: MkDocsConfig, settings: Settings, files: Files, nav: Navigation) -> None:
        self.config = config
        self.settings = settings
        self.files = files
        self.nav = nav
        known = settings_digest(config)
        root = Path(config.config_file_path).parent if config.config_file_path else Path.cwd()
        self.store = Store(root / settings.folder)
        self.store.variant = known
        self.ground = Ground(
            self.store, Reads(settings.accounted, ignored_folders(config, settings.caches)), settings.accounted
        )
        asked = AskedFiles(files, settings.accounted)
        self.renderer = Renderer(self.store, self.ground, known, asked, inputs_function(settings))
        self.pages: Pages | None = None
        self.entries: SearchEntries | None = None
        self._settings_digest = known
        self._pool: Pool | None = None

    def _documents(self) -> list[File]:
        return list(self.files.documentation_pages())

    def render_ahead(self) -> None:
        """Start workers on the Markdown of pages that are not in the store."""
        if any(impure(self.config, self.settings, _BEFORE_RENDERING)):
            return
        waiting = [file for file in self._documents() if not self._is_likely_stored(file)]
        workers = workers_possible(self.settings.workers)
        self._pool = render_ahead(waiting, self.config, self.files, self.renderer, self.store, workers)

    def _is_likely_stored(self, file: File) -> bool:
        try:
            return self.renderer.is_likely_stored(file)
        except (OSError, ValueError):
            return True  # the build will report it

    def expect(self, page: Page) -> None:
        """Prepare the rendering of a page."""
        self.renderer.attach(page)
        if self._pool:
            result = self._pool.take(page.file.src_uri)
            if result:
                made, shared = result
                self.ground.reads.shared.update(shared)
                if made:
                    self.renderer.ready[page.file.src_uri] = made

    def start_pages(self, env: jinja2.Environment) -> None:
        """Prepare the making of pages, and start workers on those that are not in the store."""
        self._stop_pool()
        items = Items(self.nav, self.files)
        self.pages = Pages(self.store, self.ground, self._settings_digest, env, items, self.config)
        self.entries = SearchEntries(self.store, self._settings_digest, self.config)
        if any(impure(self.config, self.settings, _BEFORE_TEMPLATES)):
            return
        documents = self._documents()
        waiting = [file for file in documents if file.src_uri in self.renderer.made]
        self._pool = make_ahead(
            waiting, self.config, documents, self.nav, env, self.pages, self.entries, self.store,
            workers_possible(self.settings.workers),
        )  # fmt: skip

    def receive_page(self, page: Page) -> None:
        """Take in what a worker has made of a page."""
        name = page.file.src_uri
        result = self._pool.take(name) if self._pool else None
        if result and self.pages and self.entries:
            made, entries = result
            if made:
                self.pages.ready[name] = made
            if entries:
                self.entries.ready[name] = entries

    def finish(self) -> None:
        """Keep what was made, and forget what is gone."""
        self.ground.note()
        self.store.finish({file.src_uri for file in self.files})

    def close(self) -> None:
        """Stop the workers and let the store go."""
        self._stop_pool()
        self.store.close()

    def _stop_pool(self) -> None:
        pool, self._pool = self._pool, None
        if pool:
            pool.close()
