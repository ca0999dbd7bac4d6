"""The plugin's events, and the order in which a build's parts come to be."""

from __future__ import annotations

import gc
import logging
import os
from typing import Any, Literal

import jinja2
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import BuildError
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import BasePlugin, event_priority, get_plugin_logger
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page

from mkdocs_incremental import named, preview
from mkdocs_incremental.build import Build, site_root
from mkdocs_incremental.digests import NoDigestError
from mkdocs_incremental.ground import ignored_folders
from mkdocs_incremental.memory import Memory
from mkdocs_incremental.reads import Opened, collect, last_read
from mkdocs_incremental.reloading import unload
from mkdocs_incremental.serving import Server, SupersededError
from mkdocs_incremental.settings import Settings, impure, switched_off
from mkdocs_incremental.store import Store
from mkdocs_incremental.theme import prepare

log = get_plugin_logger("incremental")

_FIRST, _LAST = 100, -100


class IncrementalPlugin(BasePlugin[Settings]):  # type: ignore[no-untyped-call]
    """Makes only what has changed; the result is that of a plain build."""

    def __init__(self) -> None:
        super().__init__()
        self._build: Build | None = None
        self._server: Server | None = None
        self._roots: list[str] = []
        """The folders that builds of a server go to in turn, the one that is shown first."""
        self._store: Store | None = None
        """The store of a build that has not come to its pages yet."""
        self._shown: Build | None = None
        """The build that the server shows."""
        self._command = ""
        self._is_off = True
        self._is_preview = False
        self._memory: Memory | None = None
        self._opened: Opened | None = None

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        """Leave alone what is asked to be partial, or to be told in every detail."""
        self._command = command
        self._memory = Memory() if command == "serve" else None
        if self._memory and not self._is_off:
            gc.collect()
            gc.freeze()  # what is loaded by now stays for good
        self._is_off = dirty or not self.config.enabled or switched_off()

    @event_priority(_FIRST)
    def on_config(self, config: MkDocsConfig) -> None:
        """Forget the build before. Behind a server, build into a folder that is not shown."""
        self._drop()
        if self._is_off:
            return
        if self._opened is None:
            ignored = ignored_folders(config, self.config.caches)
            self._opened = Opened(site_root(config), ignored, self.config.accounted)
            collect(self._opened)
        self._opened.early = {}
        memory = self._memory
        folder = site_root(config) / self.config.folder
        self._store = Store(folder, memory.rows, memory.blobs) if memory else Store(folder)
        prepare(config.theme, self._store, memory.listed if memory else None)
        if self._server:
            config.site_dir = self._roots[1]

    @event_priority(_LAST)
    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> None:
        """Open the store: settings, files and navigation are now what they will be."""
        store, self._store = self._store, None
        if store is None:
            return
        if logging.getLogger("mkdocs").getEffectiveLevel() <= logging.DEBUG:
            store.close()
            return
        try:
            self._build = Build(store, config, self.config, files, nav, self._memory, self._shown)
        except NoDigestError as error:
            store.close()
            log.info("This build is plain: %s in the settings has no digest", error)
            return
        if self._opened:
            self._build.ground.reads.add(self._opened.early or {})
            self._opened.early = None
        self._build.render_ahead()

    @event_priority(_LAST)
    def on_pre_page(self, page: Page, *, config: MkDocsConfig, files: Files) -> Page:
        """Have the page's Markdown rendered from the store."""
        self._make_way()
        if self._build:
            self._build.expect(page)
        return page

    @event_priority(_LAST)
    def on_env(self, env: jinja2.Environment, *, config: MkDocsConfig, files: Files) -> None:
        """Have pages made from the store: all of them are known now."""
        if self._build:
            self._build.start_pages(env)

    @event_priority(_FIRST)
    def on_page_context(self, context: Any, *, page: Page, config: MkDocsConfig, nav: Navigation) -> None:
        """Leave a build that has been superseded."""
        self._make_way()

    @event_priority(_LAST)
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Keep what was made."""
        if self._build is None:
            return
        self._build.finish()
        if self._command != "serve":
            self._drop()
            return
        before, self._shown, self._build = self._shown, self._build, None
        if before:
            before.close()
        if self._server:
            self._roots = [*self._roots[1:], self._roots[0]]
            self._server.replace_root(config.site_dir)
            self._server.watch_more(self._shown.watched(self._opened.files if self._opened else ()))

    @event_priority(_FIRST)
    def on_serve(self, server: LiveReloadServer, *, config: MkDocsConfig, builder: Any) -> LiveReloadServer:
        """Serve by a server that shows edited pages first."""
        if self._is_off or self._shown is None:
            return server
        root = str(config.site_dir)
        self._roots = [root, os.path.join(root, ".1"), os.path.join(root, ".2")]
        self._server = Server(server, root, self, [root, *map(str, ignored_folders(config, self.config.caches))])
        self._server.watch_first(self._shown.watched(self._opened.files if self._opened else ()))
        return self._server

    def show(self, changed: set[str], viewed: set[str]) -> set[str]:
        """Make anew what these files make, seen from the addresses that browsers show; return what can be shown."""
        build = self._shown
        if build is None or self._server is None or any(impure(build.config, self.config, preview.EVENTS)):
            return set()
        self._build, self._is_preview = build, True
        try:
            return preview.show(build, changed, viewed, self._server.mount_path)
        finally:
            self._build, self._is_preview = None, False

    def prepare(self, changed: set[str]) -> None:
        """Load the site's own code anew if some of it has changed."""
        if self._shown and (changed & {*self._shown.ground.code(), *last_read} or named.concerns(changed)):
            unload(self._shown.root, keep={__package__})

    def _make_way(self) -> None:
        """Leave the build behind a server if a file has changed meanwhile. Raises `SupersededError`."""
        if self._server and not self._is_preview and self._server.is_superseded():
            if self._build:  # other plugins may hold something until a build ends
                self._build.config.plugins.on_build_error(error=BuildError("left for a newer change"))
            raise SupersededError

    def on_build_error(self, *, error: Exception) -> None:
        """Stop the workers; what was made so far is kept."""
        self._drop()

    def on_shutdown(self) -> None:
        """Stop the workers, whatever ended the build."""
        self._drop()
        collect(None)
        if self._shown:
            self._shown.close()

    def _drop(self) -> None:
        if self._store:
            self._store.close()
            self._store = None
        build, self._build = self._build, None
        if build:
            build.close()
