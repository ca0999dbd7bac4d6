"""A site as an editor sees it: the texts it holds over the files on disk, with what is known of every other page."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from docscheck.config import Config, ConfigError
from docscheck.diagnostics import Diagnostic, Finding
from docscheck.engine import usable_config
from docscheck.incremental import Memory, grounds, memory_file, site_key
from docscheck.lsp.provider import Provider, log
from docscheck.lsp.providers import providers_of
from docscheck.page import Page
from docscheck.rendering import Rendered, render
from docscheck.rules import every_rule
from docscheck.running import page_facts, page_steps, site_findings
from docscheck.selection import chosen, named_in_settings, refuse_unknown
from docscheck.site import Site
from docscheck.site_files import MARKDOWN
from docscheck.source import Source
from docscheck.stamps import SETTINGS, Stamp, settings_files, stamp, tree

LARGE = 300_000
"""A page with more characters takes Python-Markdown seconds."""
LONG = 30_000
MOST_WORK = 500_000_000
"""Characters times links and marks in one paragraph: a third of a second."""
_INLINE = "*_`[<&!~^=+${:\\"
_PARTS = ("front_matter", "fences", "comments", "html_blocks", "tree", "nodes", "masked", "tags", "prose", "links")
"""What nearly every rule reads of a page."""
_UNSAVED: Stamp = [0, 0, 0]
Facts = Mapping[str, Any]


class SettingsFault(NamedTuple):
    """Why the settings of a site cannot be used; the last ones that could be are used meanwhile."""

    message: str
    line: int = 0
    """From 0."""


class EditedPage(Page):
    """A page that is open: one too long to be rendered after each change is not."""

    @cached_property
    def burden(self) -> str:
        """Why the page is not rendered, nor a fix tried on it; empty for nearly every page."""
        length = len(self.source.text)
        if length > LARGE:
            return f"it has {length:,} characters, more than {LARGE:,}"
        if length > LONG and any(_work(block) > MOST_WORK for block in self.source.text.split("\n\n")):
            return f"it has a paragraph with thousands of links or marks on more than {LONG:,} characters"
        return ""

    @cached_property
    def rendered(self) -> Rendered:
        """The page as its reader sees it, if that is known soon enough."""
        return Rendered(failed=self.burden) if self.burden else render(self)


def _work(block: str) -> int:
    """What a paragraph costs Python-Markdown, which writes all of it anew for each link or mark in it."""
    return len(block) * sum(map(block.count, _INLINE)) if len(block) > LONG else 0


class EditedSite(Site):
    """A site that also has the pages which are open and not saved yet."""

    unsaved: frozenset[str] = frozenset()
    """Paths of files that are on no disk."""

    @cached_property
    def stamps(self) -> Mapping[str, Stamp]:
        """The files on disk, and those that will be."""
        on_disk = super().stamps
        return {**on_disk, **dict.fromkeys(self.unsaved - on_disk.keys(), _UNSAVED)}


class OpenSite:
    """One site, checked page by page."""

    def __init__(self, config_file: Path) -> None:
        self.config_file = config_file
        self.fault: SettingsFault | None = None
        self.providers: list[Provider] = []
        self.texts: dict[str, str] = {}
        """The texts of open pages, by their paths under docs_dir."""
        self.config = Config(config_file)
        self.site = EditedSite(self.config, config_file.parent)
        self._facts: dict[str, Facts] = {}
        self._stamps: dict[str, Stamp] = {}
        """The state of each file of which facts are known."""
        self._more: dict[str, tuple[Page, list[Finding]]] = {}
        self._settings: object = None
        self._disk: object = None
        self._is_known = False
        """Whether there are settings to judge by."""
        self.look_again()

    # What is there.

    def look_again(self) -> bool:
        """Take in what has changed on disk; whether anything has that can change findings."""
        settings = [(path, stamp(path)) for path in settings_files(self.config_file)]
        if settings != self._settings:
            self._settings = settings
            self._read_settings()
            self._disk = self._state_of_disk()
            return True
        disk = self._state_of_disk()
        if disk == self._disk:
            return False
        self._disk = disk
        self._open_site()
        return True

    def _state_of_disk(self) -> object:
        files, folders = grounds(self.config)
        return [(path, stamp(path)) for path in files], [tree(folder) for folder in folders]

    def _read_settings(self) -> None:
        try:
            config = usable_config(self.config_file)
            refuse_unknown(named_in_settings(config))
            self._use(config)
            self.fault, self._is_known = None, True
        except ConfigError as error:
            self.fault = SettingsFault(str(error), error.line)
        except Exception as error:  # settings of a shape that nobody thought of
            log.exception("the settings of %s cannot be used", self.config_file)
            self.fault = SettingsFault(f"these settings cannot be used: {error}")

    def _use(self, config: Config) -> None:
        before = self.config, self.site
        self.config = config
        try:
            self._facts, self._stamps = {}, {}
            self._open_site()
            _ = self.site.checked_uris  # fails here rather than later
        except Exception:
            self.config, self.site = before
            raise
        self.providers = providers_of(config)
        self._recall()

    def _open_site(self) -> None:
        """A site with the files of now; what is known of pages that are as they were stays known."""
        site = EditedSite(self.config, self.config_file.parent)
        site.unsaved = frozenset(str(self.config.docs_dir / uri) for uri in self.texts)
        self.site = site
        for uri in [uri for uri, known in self._stamps.items() if site.stamps.get(site.files.get(uri, "")) != known]:
            self._facts.pop(uri, None)
            del self._stamps[uri]
        for uri, text in self.texts.items():
            site.add(self._page_of(uri, text))

    def _recall(self) -> None:
        """Take over what the last run of the command knows of pages."""
        site = self.site
        try:
            memory = Memory.load(memory_file(self.config), site_key(site))
            stamps = {uri: site.stamps[site.files[uri]] for uri in site.checked_uris}
            stale = memory.stale(stamps)
            for uri in stamps.keys() - stale - self.texts.keys():
                self._facts[uri] = memory.pages[uri]["facts"]
                self._stamps[uri] = stamps[uri]
        except (OSError, ValueError, KeyError, TypeError):
            log.info("nothing is remembered of %s", self.config_file)

    def uri_of(self, file: Path) -> str:
        """The path of a page under docs_dir; empty for a file that is no page of the site."""
        try:
            relative = file.relative_to(self.config.docs_dir.resolve())
        except ValueError:
            return ""
        uri = relative.as_posix()
        return uri if uri.lower().endswith(MARKDOWN) else ""

    def is_page(self, uri: str) -> bool:
        """Whether the site is built with this page."""
        return uri in self.site.page_uris

    # Open pages.

    def put(self, uri: str, text: str) -> None:
        """An open page has this text, with the line ends of a `Source`."""
        is_new = uri not in self.site.files
        self.texts[uri] = text
        if is_new:
            self._open_site()
        else:
            self.site.add(self._page_of(uri, text))

    def close(self, uri: str) -> None:
        """The page is what the disk says again."""
        self.texts.pop(uri, None)
        self._facts.pop(uri, None)
        self._stamps.pop(uri, None)
        self._more.pop(uri, None)
        self.site.drop(uri)
        self._open_site()

    def page(self, uri: str) -> Page:
        """A page, as it is open or on disk."""
        return self.site.page(uri)

    def _page_of(self, uri: str, text: str) -> Page:
        return EditedPage(Source(self.site.shown(uri), text), self.config, uri, self.site)

    # Findings.

    def warm(self) -> None:
        """Load what the first check that needs it would wait for: every rule, and the converter."""
        every_rule()
        _ = self._page_of("", '!!! note "Open').rendered

    def unread(self) -> Iterator[str]:
        """The pages to be checked of which nothing is known yet."""
        return (uri for uri in self.site.checked_uris if uri not in self._facts)

    def read(self, uri: str) -> None:
        """Learn from a page on disk what the rules that compare pages want to know."""
        site = self.site
        if uri not in site.files or uri in self.texts:
            return
        self._stamps[uri] = site.stamps[site.files[uri]]
        try:
            page = site.page(uri)
            self._facts[uri] = page_facts(page)
        except Exception as error:  # it has gone, or may not be read: it counts as empty until it changes
            log.log(logging.INFO if isinstance(error, OSError) else logging.ERROR, "%s: %s", uri, error, exc_info=error)
            self._facts[uri] = page_facts(self._page_of(uri, ""))
            return
        site.forget(page)

    def check(self, uri: str) -> list[Diagnostic]:
        """Everything that is found in an open page; nothing in one that the site or our settings leave out."""
        *_, found = self.checking(uri)
        return found

    def checking(self, uri: str) -> Iterator[list[Diagnostic]]:
        """`check`, with rests at which something else can be done, or the check be given up; the last list counts."""
        if not self._is_known or uri not in self.site.checked_uris:
            yield []
            return
        site, page = self.site, self.page(uri)
        for part in _PARTS:
            getattr(page, part)
            yield []
        self._facts[uri] = page_facts(page)
        yield []
        more = list(self._provided(page))
        if not any(True for _ in self.unread()):
            facts = {known: self._facts[known] for known in site.checked_uris}
            more += site_findings(site, facts).get(uri, ())
        self._more[uri] = page, more
        for found in page_steps(page, more):
            yield chosen(site, found, (), ()) if found else []

    def beyond(self, uri: str) -> list[Finding]:
        """What the last check found in an open page that the rules for one page do not; nothing after a change."""
        page, more = self._more.get(uri, (None, []))
        return more if page is self.page(uri) else []

    def _provided(self, page: Page) -> Iterator[Finding]:
        for provider in self.providers:
            try:
                yield from list(provider.findings(page))
            except Exception:
                log.exception("%s fails on %s", type(provider).__name__, page.path)


class Sites:
    """Every site of which a page is open."""

    def __init__(self) -> None:
        self.folders: list[Path] = []
        """The folders of the editor's workspace: a site's pages need not lie below its settings."""
        self.opened: dict[Path, OpenSite] = {}

    def of(self, path: str) -> tuple[OpenSite, str] | None:
        """The site a file is a page of, and its path there; the nearest settings come first."""
        for file in dict.fromkeys((Path(os.path.abspath(path)), Path(os.path.realpath(path)))):
            for settings in self._around(file):
                site = self.opened.get(settings) or self.opened.setdefault(settings, OpenSite(settings))
                uri = site.uri_of(file)
                if uri:
                    return site, uri
        return None

    def _around(self, file: Path) -> Iterator[Path]:
        """The settings that may have a file among their pages, each once."""
        places = [folder / name for folder in (*file.parents, *self.folders) for name in SETTINGS]
        found = (place.resolve() for place in places if place.is_file() or place.resolve() in self.opened)
        yield from dict.fromkeys(found)
