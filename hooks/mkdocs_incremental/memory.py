"""What a process that builds more than once, as `mkdocs serve` does, need not look up or read again."""

from __future__ import annotations

import os
import pickle
from dataclasses import dataclass, field
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.pages import Page

from mkdocs_incremental.shortcuts import Compiled
from mkdocs_incremental.store import Row
from mkdocs_incremental.theme import Listed


@dataclass
class Memory:
    """Kept from build to build."""

    rows: dict[tuple[str, str, str], Row] = field(default_factory=dict)
    """Rows of the store that were read."""
    blobs: dict[str, bytes] = field(default_factory=dict)
    """The templates' byte code."""
    listed: Listed = field(default_factory=Listed)
    compiled: Compiled = field(default_factory=Compiled)
    sources: dict[str, tuple[Any, str, bytes]] = field(default_factory=dict)
    """Sources by their files: times and size, Markdown, and front matter."""

    def attach(self, page: Page, config: MkDocsConfig) -> None:
        """Have a page's source read only if its file has changed."""
        path = page.file.abs_src_path
        if path and page.file._content is None and not config.plugins.events["page_read_source"]:
            page.read_source = lambda config: self._read(page, path, config)  # type: ignore[method-assign]

    def _read(self, page: Page, path: str, config: MkDocsConfig) -> None:
        try:
            status = os.stat(path)
        except OSError:
            return type(page).read_source(page, config)  # which reports it
        stamp = (status.st_mtime_ns, status.st_ctime_ns, status.st_size)
        known = self.sources.get(path)
        if known and known[0] == stamp:
            page.markdown, page.meta = known[1], pickle.loads(known[2])
            return None
        type(page).read_source(page, config)
        try:
            self.sources[path] = (stamp, page.markdown or "", pickle.dumps(page.meta))
        except (pickle.PicklingError, TypeError, AttributeError):
            self.sources.pop(path, None)
        return None

    def forget(self, variant: str, names: set[str], paths: set[str]) -> None:
        """Forget what belongs to other settings, or to pages that are gone."""
        self.rows = {place: row for place, row in self.rows.items() if place[0] == variant and place[2] in names}
        self.sources = {path: known for path, known in self.sources.items() if path in paths}
