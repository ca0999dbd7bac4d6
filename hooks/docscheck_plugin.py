"""Runs docscheck in the build of any MkDocs site: `plugins: [docscheck]`.

Findings are logged as warnings before anything is built, so `mkdocs build --strict` stops while the site built last is
still whole; `mkdocs serve` prints each once, shows them on the pages themselves, and goes on.
"""

from __future__ import annotations

import logging

from docscheck.config import ConfigError
from docscheck.report import summary
from docscheck.report.logs import make_harmless
from docscheck.report.text import MANY
from docscheck_panel import Panel, serve_with
from mkdocs.config import base
from mkdocs.config import config_options as options
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import BasePlugin

log = logging.getLogger("mkdocs.plugins.docscheck")


class Settings(base.Config):  # type: ignore[no-untyped-call]
    """What the plugin can be told in mkdocs.yml.

    docscheck reads all but `enabled` itself, so that the command and an editor go by it too.
    """

    enabled = options.Type(bool, default=True)
    """False leaves the checks out, for instance with `!ENV`."""
    select = options.ListOfItems(options.Type(str), default=[])
    """Codes, their beginnings or rule names; empty means all."""
    ignore = options.ListOfItems(options.Type(str), default=[])
    """Codes, their beginnings or rule names to leave out."""
    exclude = options.ListOfItems(options.Type(str), default=[])
    """Patterns of pages that are not checked."""
    harmless = options.ListOfItems(options.Type(str), default=[])
    reads = options.ListOfItems(options.Type(str), default=[])
    """Plugins and extensions that read no syntax of their own."""
    words = options.ListOfItems(options.Type(str), default=[])
    """Words that are right."""
    baseline = options.Type(str, default="")
    """The file with the findings that are accepted for now."""
    profile = options.Type(str, default="")
    """The house rules that are on."""


class DocscheckPlugin(BasePlugin[Settings]):  # type: ignore[no-untyped-call]
    """Checks the sources before each build."""

    def __init__(self) -> None:
        super().__init__()
        self._panel: Panel | None = None
        self._is_serving = False

    def on_startup(self, *, command: str, **_: object) -> None:
        """Remember whether the site is served: then findings are said once, however often it is built."""
        self._is_serving = command == "serve"
        make_harmless("mkdocs")

    def on_pre_build(self, *, config: MkDocsConfig) -> None:
        """Log every finding; in strict mode stop."""
        if not self.config.enabled:
            return
        if self._panel is None or not self._is_serving:
            select, ignore = self.config.select, self.config.ignore
            self._panel = Panel(config.config_file_path, select=select, ignore=ignore)
        try:
            news = self._panel.news()
        except ConfigError as error:
            raise PluginError(f"docscheck: {error}") from error
        for finding in news:
            log.warning("%s", finding)
        if len(news) > MANY:
            log.info("in sum:\n%s", summary.report(self._panel.found()))
        count = self._panel.count
        if count and config.strict:
            raise Abort(f"docscheck: {count} finding{'s' * (count != 1)}; nothing was built")

    def on_serve(self, server: LiveReloadServer, *, config: MkDocsConfig, **_: object) -> LiveReloadServer:
        """Show findings on the pages."""
        return serve_with(server, self._panel, config.dev_addr.host) if self._panel else server
