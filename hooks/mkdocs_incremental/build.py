"""One build: the store, what all pages rest on, and the three things that are remembered."""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path
from typing import Any

import jinja2
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page

from mkdocs_incremental.ahead import render_ahead
from mkdocs_incremental.ground import Ground, ignored_folders, settings_digest
from mkdocs_incremental.lookups import AskedFiles
from mkdocs_incremental.memory import Memory
from mkdocs_incremental.navigation import Items
from mkdocs_incremental.pool import Pool, workers_possible
from mkdocs_incremental.reads import Reads
from mkdocs_incremental.rendering import Renderer
from mkdocs_incremental.searching import SearchEntries
from mkdocs_incremental.settings import Settings, impure, inputs_function
from mkdocs_incremental.shortcuts import shorten
from mkdocs_incremental.store import Store
from mkdocs_incremental.templates import Pages

_BEFORE_RENDERING = ("pre_page", "page_read_source", "page_markdown")


def site_root(config: MkDocsConfig) -> Path:
    """Return the folder of mkdocs.yml."""
    return Path(config.config_file_path).parent if config.config_file_path else Path.cwd()


class Build:
    """The parts of one build.

    Raises `NoDigestError` where the settings have no digest.
    """

    def __init__(
        self,
        store: Store,
        config: MkDocsConfig,
        settings: Settings,
        files: Files,
        nav: Navigation,
        memory: Memory | None = None,
        before: Build | None = None,
    ) -> None:
        self.config = config
        self.settings = settings
        self.files = files
        self.nav = nav
        known = settings_digest(config)
        self.root = site_root(config)
        self.store = store
        store.variant = known
        self.ground = Ground(
            self.store,
            Reads(settings.accounted, ignored_folders(config, settings.caches)),
            settings.accounted,
            Path(config.docs_dir),
            [*ignored_folders(config, settings.caches), *_settings_files(config)],
        )
        asked = AskedFiles(files, settings.accounted)
        self.renderer = Renderer(self.store, self.ground, known, asked, inputs_function(settings))
        self.env: jinja2.Environment | None = None
        self.pages: Pages | None = None
        self.entries = SearchEntries(self.store, known, config, self.renderer.content_digest)
        self._settings_digest = known
        self._pool: Pool | None = None
        self._first: dict[str, dict[str, Any]] = {}
        """What each page was before it was read, for a server that makes it again."""
        self._memory = memory
        self._before = before
        if memory:
            memory.compiled.begin(f"{known} {sorted(self.ground.code_digests().items())}")
        shorten(config, memory.compiled if memory else None)

    def documents(self) -> list[File]:
        """Return the pages' files."""
        return list(self.files.documentation_pages())

    def render_ahead(self) -> None:
        """Start workers on the Markdown of pages that are not in the store."""
        if any(impure(self.config, self.settings, _BEFORE_RENDERING)):
            return
        waiting = [file for file in self.documents() if not self._is_likely_stored(file)]
        size = sum(map(_size, waiting))
        self._pool = render_ahead(
            waiting, self.config, self.files, self.renderer, self.entries, self.store,
            workers_possible(self.settings.workers, size),
        )  # fmt: skip

    def _is_likely_stored(self, file: File) -> bool:
        try:
            return self.renderer.is_likely_stored(file)
        except (OSError, ValueError):
            return True  # the build will report it

    def expect(self, page: Page) -> None:
        """Prepare the rendering of a page."""
        name = page.file.src_uri
        if self._memory:
            self._first.setdefault(name, dict(vars(page)))
            self._memory.attach(page, self.config)
        self.renderer.attach(page)
        if self._pool:
            result = self._pool.take(name)
            if result:
                made, shared, entries = result
                self.ground.reads.add(shared)
                if made:
                    self.renderer.ready[name] = made
                if entries:
                    self.entries.ready[name] = entries

    def start_pages(self, env: jinja2.Environment) -> None:
        """Prepare the making of pages."""
        self._stop_pool()
        self.env = env
        items = Items(self.nav, self.files)
        known, content = self._settings_digest, self.renderer.content_digest
        self.pages = Pages(self.store, self.ground, known, env, items, content, self._output_before)

    def _output_before(self, name: str, key: str) -> str | None:
        """Return a page of the build before, if it was made from the same; nothing if a plugin may have changed it."""
        before = self._before
        if before is None or before.pages is None or before.pages.keys.get(name) != key:
            return None
        file = before.files.get_file_from_path(name)
        if file is None or self.config.plugins.events["post_page"]:
            return None
        try:
            with open(file.abs_dest_path, encoding="utf-8", newline="") as kept:
                return kept.read()
        except (OSError, UnicodeDecodeError):
            return None

    def watched(self, opened: Collection[str]) -> set[str]:
        """Return what a server should watch besides the sources: code, templates, files that builds have looked for."""
        docs = Path(self.config.docs_dir)
        paths = [
            path
            for path in {*self.ground.code(), *self.ground.reads.shared, *self.renderer.own_paths(), *opened}
            if not _is_below(path, docs)
        ]
        below = (Path(path).relative_to(self.root).parts for path in paths if _is_below(path, self.root))
        parts = {names[0] for names in below if names}
        themes = {path for path in self.config.theme.dirs if _is_below(path, self.root)}
        return {str(self.root / part) for part in parts} | themes

    def look_again(self) -> None:
        """Forget what was seen of files and items: the build is over, and some have changed since."""
        self.renderer.look_again()
        if self.pages:
            self.pages.look_again()

    def reset(self, page: Page) -> None:
        """Make a page what it was before it was read."""
        first = self._first.get(page.file.src_uri)
        if first:
            vars(page).clear()
            vars(page).update(first)

    def renew_templates(self) -> None:
        """Read the theme's templates again."""
        self.config.plugins.on_env(self.config.theme.get_env(), config=self.config, files=self.files)

    def finish(self) -> None:
        """Keep what was made, and forget what is gone."""
        self._stop_pool()
        self.ground.finish()
        names = {file.src_uri for file in self.files}
        if self.pages:
            names |= self.pages.shared()
        self.store.finish(names)
        if self._memory:
            self._memory.forget(self._settings_digest, names, {file.abs_src_path or "" for file in self.files})
        self._before = None

    def close(self) -> None:
        """Stop the workers and let the store go."""
        self._stop_pool()
        self.store.close()

    def _stop_pool(self) -> None:
        pool, self._pool = self._pool, None
        if pool:
            pool.close()


def _settings_files(config: MkDocsConfig) -> list[Path]:
    """Return the file of settings, whose values count by themselves."""
    file = config.config_file_path
    return [Path(file)] if file else []


def _size(file: File) -> int:
    try:
        return os.path.getsize(file.abs_src_path or "")
    except OSError:
        return 0


def _is_below(path: str, folder: Path) -> bool:
    return Path(path).is_relative_to(folder) and "site-packages" not in path
