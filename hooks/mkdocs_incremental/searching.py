"""A page's entries in the search index, taken from its HTML once for each state of it.

Both search plugins, MkDocs' own and Material's, have an index that parses a page and adds entries to a list. It is the
parsing that costs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.pages import Page

from mkdocs_incremental.digests import NoDigestError, digest
from mkdocs_incremental.navigation import toc_shape
from mkdocs_incremental.store import Store, pack, unpack

KIND = "search"


@dataclass
class Made:
    """The entries of a page taken now, as they are stored."""

    key: str
    packed: bytes


class SearchEntries:
    """The entries of one build's search index."""

    def __init__(
        self, store: Store, settings: str, config: MkDocsConfig, content_digest: Callable[[Page], str]
    ) -> None:
        self.ready: dict[str, Made] = {}
        """Results that worker processes have sent."""
        self._indexes: list[tuple[Any, list[Any]]] = []
        self._made: dict[str, Made] = {}
        """Results of this process that wait to be sent; filled in workers only."""
        self.is_worker = False
        self._store = store
        self._settings = settings
        self._content_digest = content_digest
        for plugin in config.plugins.values():
            index = getattr(plugin, "search_index", None)
            entries = getattr(index, "entries", getattr(index, "_entries", None))
            if type(plugin).__module__ in _PLUGINS and isinstance(entries, list):
                self._attach(index, entries)

    def _attach(self, index: Any, entries: list[Any]) -> None:
        original = index.add_entry_from_context

        def add(page: Page) -> None:
            name = page.file.src_uri
            key = self._key(page)
            stored = self._found(name, key) if key else None
            if stored is not None:
                entries.extend(stored)
                return
            before = len(entries)
            original(page)
            if key:
                made = Made(key, pack(entries[before:]))
                if self.is_worker:
                    self._made[name] = made
                    return
                self._store.put(KIND, name, key, None, made.packed, entries[before:])

        index.add_entry_from_context = add
        self._indexes.append((index, entries))

    def take(self, page: Page) -> Made | None:
        """Return the entries of a page, of which the index of this process keeps none."""
        for index, entries in self._indexes:
            index.add_entry_from_context(page)
            entries.clear()
        return self._made.pop(page.file.src_uri, None)

    def _found(self, name: str, key: str) -> list[Any] | None:
        row = self._store.get(KIND, name)
        if row and row.key == key:
            return list(row.value)
        made = self.ready.pop(name, None)
        if made and made.key == key:
            taken = list(unpack(made.packed))
            self._store.put(KIND, name, key, None, made.packed, taken)
            return taken
        return None

    def _key(self, page: Page) -> str:
        try:
            toc = [toc_shape(item) for item in page.toc]
            return digest(self._settings, self._content_digest(page), repr(toc), page.meta, page.title, page.url)
        except NoDigestError:
            return ""


_PLUGINS = frozenset({"material.plugins.search.plugin", "mkdocs.contrib.search"})
