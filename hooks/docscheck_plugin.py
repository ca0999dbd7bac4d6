"""Runs docscheck in the build of any MkDocs site: `plugins: [docscheck]`.

Findings are logged as warnings before anything is built, so `mkdocs build --strict` stops while the site built last is
still whole, and `mkdocs serve` prints them and goes on.
"""

from __future__ import annotations

import logging

from docscheck import check_site
from docscheck.report import text
from mkdocs.config import base
from mkdocs.config import config_options as options
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort
from mkdocs.plugins import BasePlugin

log = logging.getLogger("mkdocs.plugins.docscheck")


class Settings(base.Config):  # type: ignore[no-untyped-call]
    """What the plugin can be told in mkdocs.yml; everything else stands under `extra.docscheck`."""

    enabled = options.Type(bool, default=True)
    """False leaves the checks out, for instance with `!ENV`."""
    select = options.ListOfItems(options.Type(str), default=[])
    """Codes, their beginnings or rule names; empty means all."""
    ignore = options.ListOfItems(options.Type(str), default=[])
    """Codes, their beginnings or rule names to leave out."""


class DocscheckPlugin(BasePlugin[Settings]):  # type: ignore[no-untyped-call]
    """Checks the sources before each build."""

    def on_pre_build(self, *, config: MkDocsConfig) -> None:
        """Log every finding; in strict mode stop."""
        if not self.config.enabled:
            return
        found = check_site(config.config_file_path, select=self.config.select, ignore=self.config.ignore)
        for diagnostic in found:
            log.warning("%s", text.render(diagnostic))
        if found and config.strict:
            raise Abort(f"docscheck: {len(found)} findings; nothing was built")
