"""The plugin's events, and the order in which a build's parts come to be."""

from __future__ import annotations

import logging
from typing import Any, Literal

import jinja2
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import BasePlugin, event_priority, get_plugin_logger
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page

from mkdocs_incremental.build import Build
from mkdocs_incremental.digests import NoDigestError
from mkdocs_incremental.settings import Settings, switched_off

log = get_plugin_logger("incremental")

_FIRST, _LAST = 100, -100


class IncrementalPlugin(BasePlugin[Settings]):  # type: ignore[no-untyped-call]
    """Makes only what has changed; the result is that of a plain build."""

    def __init__(self) -> None:
        super().__init__()
        self._build: Build | None = None
        self._command = ""
        self._is_off = True

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        """Leave alone what is asked to be partial, or to be told in every detail."""
        self._command = command
        self._is_off = dirty or not self.config.enabled or switched_off()

    @event_priority(_LAST)
    def on_config(self, config: MkDocsConfig) -> None:
        """Forget the build before."""
        self._drop()

    @event_priority(_LAST)
    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> None:
        """Open the store: settings, files and navigation are now what they will be."""
        if self._is_off or logging.getLogger("mkdocs").getEffectiveLevel() <= logging.DEBUG:
            return
        try:
            self._build = Build(config, self.config, files, nav)
        except NoDigestError as error:
            log.info("This build is plain: %s in the settings has no digest", error)
            return
        self._build.render_ahead()

    @event_priority(_LAST)
    def on_pre_page(self, page: Page, *, config: MkDocsConfig, files: Files) -> Page:
        """Have the page's Markdown rendered from the store."""
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
        """Take in what a worker has made of the page."""
        if self._build:
            self._build.receive_page(page)

    @event_priority(_LAST)
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Keep what was made."""
        if self._build:
            self._build.finish()
        self._drop()

    def on_build_error(self, *, error: Exception) -> None:
        """Stop the workers; what was made so far is kept."""
        self._drop()

    def on_shutdown(self) -> None:
        """Stop the workers, whatever ended the build."""
        self._drop()

    def _drop(self) -> None:
        build, self._build = self._build, None
        if build:
            build.close()
