"""Markdown to HTML, once for each state of what a page is rendered from.

Every page goes through MkDocs as ever: its source is read, the events of all plugins run, its links are validated.
Only the call of Python-Markdown is answered from the store when the final Markdown, the front matter, the address,
the settings and everything the rendering asked for last time are the same.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import AnchorLink, TableOfContents

from mkdocs_incremental import logs, snippets
from mkdocs_incremental.digests import NoDigestError, digest, file_digest, text_digest
from mkdocs_incremental.ground import Ground
from mkdocs_incremental.lookups import AskedFiles, same_answers
from mkdocs_incremental.reads import Reads, watched
from mkdocs_incremental.states import state_now
from mkdocs_incremental.store import Row, Store, pack, unpack

KIND = "html"

Inputs = Callable[[Page, Files, MkDocsConfig], Any]
"""What code that accounts for itself says a page's rendering rests on, besides its Markdown and front matter."""

_RENDERED = ("content", "toc", "_title_from_render", "present_anchor_ids", "links_to_anchors")
"""What rendering sets on a page."""


@dataclass
class Made:
    """A page rendered now: what is stored of it, or why it may not be stored."""

    key: str
    recipe: Any
    packed: bytes
    refused: str = ""
    value: Any = None


class Renderer:
    """Renders the pages of one build."""

    def __init__(self, store: Store, ground: Ground, settings: str, files: AskedFiles, inputs: Inputs | None) -> None:
        self.ready: dict[str, Made] = {}
        """Results that worker processes have sent."""
        self.refused: dict[str, str] = {}
        """Pages that cannot be kept, and why."""
        self.made: set[str] = set()
        """Pages rendered in this build."""
        self._contents: dict[str, tuple[str, str]] = {}
        """The HTML of each page with its digest."""
        self._store = store
        self._ground = ground
        self._settings = settings
        self._files = files
        self._inputs = inputs
        self._states: dict[str, str] = {}
        self._own: set[str] = set()
        """What pages that were rendered in this build have read or looked for."""

    @property
    def reads(self) -> Reads:
        """What rendering has read."""
        return self._ground.reads

    def own_paths(self) -> set[str]:
        """Return the files that single pages rest on, or have looked for."""
        return self._own | self._states.keys()

    def look_again(self) -> None:
        """Forget what was seen of files that single pages read."""
        self._states.clear()

    def attach(self, page: Page) -> None:
        """Have this page rendered by `render`."""
        page.render = lambda config, files: self.render(page, config)  # type: ignore[method-assign]

    def render(self, page: Page, config: MkDocsConfig) -> None:
        """Do what `Page.render` does."""
        name = page.file.src_uri
        key = self.key(page, config)
        if key and (row := self._stored(name, key)):
            _apply(row.value, page, self._files)
            self._contents[name] = (row.value["content"], row.recipe["content"])
            return
        made = self.ready.pop(name, None)
        if made and key and made.key == key and not made.refused:
            made.value = unpack(made.packed)
            _apply(made.value, page, self._files)
        else:
            made = self.make(page, config, key)
        self.made.add(name)
        self._contents[name] = (page.content or "", made.recipe["content"])
        self._keep(name, made)

    def content_digest(self, page: Page) -> str:
        """Return the digest of a page's HTML, which plugins may have changed."""
        content, known = self._contents.get(page.file.src_uri, ("", ""))
        return known if known and page.content is content else text_digest(page.content or "")

    def key(self, page: Page, config: MkDocsConfig) -> str:
        """Return the digest of everything known beforehand that decides the page's HTML; empty where there is none."""
        file = page.file
        facts = [file.src_uri, file.dest_uri, file.inclusion, page.url, page.canonical_url, page.edit_url]
        try:
            inputs = self._inputs(page, self._files, config) if self._inputs else None
            about = digest(facts, vars(page).get("title"), page.meta, inputs)
        except NoDigestError as error:
            self.refused[file.src_uri] = f"no digest of {error}"
            return ""
        return text_digest("\0".join([self._settings, self._ground.epoch, about, page.markdown or ""]))

    def is_likely_stored(self, file: File) -> bool:
        """Tell whether a page of this source is likely to be found in the store."""
        row = self._store.recipe(KIND, file.src_uri)
        return row is not None and row.recipe["from"] == [self._ground.epoch, source_digest(file)]

    def has(self, name: str, key: str) -> bool:
        """Tell whether the store has the page."""
        row = self._store.recipe(KIND, name)
        return row is not None and row.key == key and self._holds(row.recipe)

    def _stored(self, name: str, key: str) -> Row | None:
        row = self._store.get(KIND, name)
        return row if row and row.key == key and self._holds(row.recipe) else None

    def _holds(self, recipe: Mapping[str, Any]) -> bool:
        own = recipe["own"]
        return same_answers(self._files, recipe["asked"]) and all(self._state(p, own[p]) == own[p] for p in own)

    def _state(self, path: str, before: str) -> str:
        if path not in self._states:
            self._states[path] = state_now(path, before)
        return self._states[path]

    def make(self, page: Page, config: MkDocsConfig, key: str) -> Made:
        """Render the page; print what is logged meanwhile."""
        before = _outside(page)
        self._files.start()
        reads = self._ground.reads
        reads.own, reads.effect, reads.source = {}, "", page.file.abs_src_path or ""
        with logs.caught() as caught:
            try:
                with watched(reads):
                    type(page).render(page, config, self._files)
            finally:
                records = caught.records
        refused = (
            ("a log record of another logger" if caught.foreign else "")
            or reads.effect
            or (f"{self._files.walked} walks through all files" if self._files.walked else "")
            or ("" if _outside(page) == before else "rendering changed the page's attributes")
        )
        own = {**snippets.candidates(page.markdown or "", config), **reads.own}
        self._own |= own.keys()
        value = {"records": records}
        try:
            value.update(_value(page))
        except _OddTocError:
            refused = refused or "an unusual table of contents"
        logs.replay(records)
        recipe = {
            "asked": self._files.asked,
            "own": own,
            "content": text_digest(page.content or ""),
            "from": [self._ground.epoch, source_digest(page.file)],
        }
        return Made(key, recipe, b"" if refused else pack(value), refused, value)

    def _keep(self, name: str, made: Made) -> None:
        self._ground.note()
        if made.refused or not made.key:
            self.refused[name] = made.refused or self.refused.get(name, "")
        else:
            self._store.put(KIND, name, made.key, made.recipe, made.packed, made.value)


def source_digest(file: File) -> str:
    """Return the digest of a page's source as written."""
    if file.abs_src_path:
        return file_digest(file.abs_src_path)
    return text_digest(file.content_string)


class _OddTocError(Exception):
    """A table of contents of objects that cannot be made again from what is stored."""


def _outside(page: Page) -> Any:
    """Return the page's attributes that rendering has no business with."""
    rest = {name: value for name, value in vars(page).items() if name not in _RENDERED}
    try:
        meta = digest(rest.pop("meta", None))
    except NoDigestError:
        meta = ""
    return meta, {name: id(value) for name, value in rest.items()}


def _value(page: Page) -> dict[str, Any]:
    links = {file.src_uri: anchors for file, anchors in (page.links_to_anchors or {}).items()}
    return {
        "content": page.content,
        "toc": [_toc_item(item) for item in page.toc],
        "title": page._title_from_render,
        "anchors": sorted(page.present_anchor_ids or ()),
        "links": links,
    }


def _apply(value: Mapping[str, Any], page: Page, files: Files) -> None:
    """Set on the page what rendering sets, and log what it logged."""
    page.content = value["content"]
    page.toc = TableOfContents([_anchor_link(item) for item in value["toc"]])
    if value["toc"]:
        page.toc.items[0].active = True  # type: ignore[attr-defined]  # as MkDocs does
    page._title_from_render = value["title"]
    page.present_anchor_ids = set(value["anchors"])
    targets = {Files.get_file_from_path(files, uri): anchors for uri, anchors in value["links"].items()}
    page.links_to_anchors = {file: anchors for file, anchors in targets.items() if file is not None}
    logs.replay(value["records"])


def _toc_item(item: AnchorLink) -> list[Any]:
    if type(item) is not AnchorLink or not vars(item).keys() <= {"title", "id", "level", "children", "active"}:
        raise _OddTocError
    return [item.title, item.id, item.level, [_toc_item(child) for child in item.children]]


def _anchor_link(stored: list[Any]) -> AnchorLink:
    title, identifier, level, children = stored
    link = AnchorLink(title, identifier, level)
    link.children = [_anchor_link(child) for child in children]
    return link


def relative(path: str) -> str:
    """Return a path as a message shows it."""
    try:
        return Path(path).relative_to(Path.cwd()).as_posix()
    except ValueError:
        return os.fspath(path)
