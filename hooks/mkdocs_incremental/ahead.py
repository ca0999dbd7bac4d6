"""What worker processes do ahead of a build: render Markdown, and look through the HTML for the search index."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from mkdocs_incremental.pool import Pool
from mkdocs_incremental.rendering import Renderer
from mkdocs_incremental.searching import SearchEntries
from mkdocs_incremental.store import Store

FEW = 6
"""Pages for which starting workers costs more than they save."""


def render_ahead(
    waiting: Sequence[File],
    config: MkDocsConfig,
    files: Files,
    renderer: Renderer,
    entries: SearchEntries,
    store: Store,
    workers: int,
) -> Pool | None:
    """Start to render the Markdown of these files' pages, and to take their entries for the search index."""
    if workers == 0 or len(waiting) < FEW:
        return None
    by_name = {file.src_uri: file for file in waiting}
    mine = [True]

    def work(name: str) -> Any:
        if mine:  # the first task of this worker
            mine.clear()
            store.disown()
            entries.is_worker = True
        file = by_name[name]
        if file.page is None:
            Page(None, file, config)
        assert file.page is not None
        config._current_page = file.page
        page = config.plugins.on_pre_page(file.page, config=config, files=files)
        page.read_source(config)
        page.markdown = config.plugins.on_page_markdown(page.markdown or "", page=page, config=config, files=files)
        key = renderer.key(page, config)
        made = None if not key or renderer.has(name, key) else renderer.make(page, config, key)
        found = entries.take(page) if made else None
        page.markdown, page.content, page.toc = None, None, []  # type: ignore[assignment]
        if made:
            made.value = None  # which the packed form holds
        shared, renderer.reads.shared = renderer.reads.shared, {}
        return made, shared, found

    return Pool(list(by_name), work, workers)
