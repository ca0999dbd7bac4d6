"""What worker processes do ahead of a build: render Markdown, and make pages by templates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import jinja2
from mkdocs.commands.build import get_context
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page

from mkdocs_incremental.pool import Pool
from mkdocs_incremental.rendering import Renderer
from mkdocs_incremental.searching import SearchEntries
from mkdocs_incremental.store import Store
from mkdocs_incremental.templates import Pages

FEW = 6
"""Pages for which starting workers costs more than they save."""


def render_ahead(
    waiting: Sequence[File], config: MkDocsConfig, files: Files, renderer: Renderer, store: Store, workers: int
) -> Pool | None:
    """Start to render the Markdown of these files' pages."""
    if workers == 0 or len(waiting) < FEW:
        return None
    by_name = {file.src_uri: file for file in waiting}
    mine = [True]

    def work(name: str) -> Any:
        if mine:  # the first task of this worker
            mine.clear()
            store.disown()
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
        page.markdown, page.content, page.toc = None, None, []  # type: ignore[assignment]
        if made:
            made.value = None  # which the packed form holds
        shared, renderer.reads.shared = renderer.reads.shared, {}
        return made, shared

    return Pool(list(by_name), work, workers)


def make_ahead(
    waiting: Sequence[File],
    config: MkDocsConfig,
    documents: Sequence[File],
    nav: Navigation,
    env: jinja2.Environment,
    pages: Pages,
    entries: SearchEntries,
    store: Store,
    workers: int,
) -> Pool | None:
    """Start to make these files' pages and their search entries."""
    if workers == 0 or len(waiting) < FEW:
        return None
    by_name = {file.src_uri: file for file in waiting}
    mine = [True]

    def work(name: str) -> Any:
        if mine:
            mine.clear()
            store.disown()
            entries.is_worker = True
        page = by_name[name].page
        assert page is not None
        config._current_page = page
        page.active = True
        try:
            made = _make(page, config, documents, nav, env, pages)
        finally:
            page.active = False
        page.content = None
        return made, entries.made.pop(name, None)

    return Pool(list(by_name), work, workers)


def _make(
    page: Page,
    config: MkDocsConfig,
    documents: Sequence[File],
    nav: Navigation,
    env: jinja2.Environment,
    pages: Pages,
) -> Any:
    context = get_context(nav, documents, config, page)
    template = env.get_template(page.meta.get("template", "main.html"))
    context = config.plugins.on_page_context(context, page=page, config=config, nav=nav)
    base = pages.base(template, context)
    if not base or pages.has(page.file.src_uri, base, context):
        return None
    return pages.make(template, context, base)[1]
