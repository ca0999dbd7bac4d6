"""The plugin's events: where a build goes, and what becomes of it."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path
from typing import Literal

from mkdocs.config import base
from mkdocs.config import config_options as options
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, BuildError
from mkdocs.plugins import BasePlugin, event_priority, get_plugin_logger
from mkdocs.utils import CountHandler

from mkdocs_atomic import swap

log = get_plugin_logger("atomic")

_FIRST, _LAST = 200, -200


class Settings(base.Config):  # type: ignore[no-untyped-call]
    """The plugin's options."""

    enabled = options.Type(bool, default=True)
    """False lets MkDocs empty and fill the site's folder, for instance with `!ENV`."""


class AtomicPlugin(BasePlugin[Settings]):  # type: ignore[no-untyped-call]
    """Builds beside the site, and exchanges the two."""

    def __init__(self) -> None:
        super().__init__()
        self._is_off = False
        self._site: Path | None = None
        self._made: Path | None = None
        self._config: MkDocsConfig | None = None

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        """A server has a folder of its own, and a dirty build adds to what is there."""
        self._is_off = dirty or command == "serve" or not self.config.enabled

    @event_priority(_FIRST)
    def on_config(self, config: MkDocsConfig) -> None:
        """Let everything that follows be written beside the site."""
        self._leave()
        if self._is_off:
            return
        site = Path(config.site_dir).resolve()
        try:
            swap.recover(site)
            self._made = swap.staging(site)
        except OSError as error:
            log.info("No folder can be made beside the site (%s): it is built in its place", error.strerror)
            return
        self._site, self._config = Path(config.site_dir), config
        config.site_dir = str(self._made)

    @event_priority(_LAST)
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Publish, unless MkDocs is about to refuse the build for its warnings."""
        if self._made is None or self._site is None or (config.strict and _warned()):
            return
        try:
            swap.publish(self._made, self._site.resolve())
        except OSError as error:
            raise BuildError(f"the site cannot be replaced: {error}; the new one was left out") from error
        self._made = None
        self._leave()

    def on_build_error(self, *, error: Exception) -> None:
        """Leave the site as it was, and say in a sentence why a file could not be read or written."""
        built_beside = self._made is not None
        self._leave()
        if isinstance(error, OSError):
            where = f" ({error.filename})" if error.filename else ""
            kept = "; the site built last is unchanged" if built_beside else ""
            raise Abort(f"{error.strerror or error}{where}: nothing was published{kept}")

    def on_shutdown(self) -> None:
        """Leave the site as it was, whatever ended the build."""
        self._leave()

    def _leave(self) -> None:
        """Remove what is not published, and name the site's folder again for those who come after."""
        if self._made is not None:
            shutil.rmtree(self._made, ignore_errors=True)
        if self._config is not None and self._site is not None:
            self._config.site_dir = str(self._site)
        self._site = self._made = self._config = None


def _warned() -> bool:
    """Whether a strict build has counted a warning, for which MkDocs refuses it after its last event."""
    handlers = logging.getLogger("mkdocs").handlers
    return any(handler.get_counts() for handler in handlers if isinstance(handler, CountHandler))
