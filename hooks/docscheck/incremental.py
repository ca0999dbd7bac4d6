"""What the last run found, remembered for each page: only pages that changed, or that ask one that did, are read again.

The memory lies in `.cache/docscheck` beside mkdocs.yml. A page is known by its file's time and size; everything that
bears on all pages (settings, styles, hooks, the names of the files, this package itself) is one key, and another key
forgets everything.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Collection, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from docscheck import bibliography
from docscheck.build_commands import command_files
from docscheck.config import Config
from docscheck.diagnostics import Diagnostic, Edit, Severity, located
from docscheck.included import base_folders, snippets, templates
from docscheck.lost_files import lost_files
from docscheck.memory import file_for, keep
from docscheck.page import Page
from docscheck.programs import ignore_files
from docscheck.rules.links import missing_anchor, printed_link
from docscheck.running import PageReport, collecting_rarely, page_diagnostics, read_pages, site_findings
from docscheck.selection import chosen, named_in_settings, refuse_unknown
from docscheck.site import Site
from docscheck.source import Span
from docscheck.stamps import Stamp, environment_names, package_key, settings_files, stamp, tree
from docscheck.suppress import has_any
from docscheck.words.codes import RIGHT

Entry = dict[str, Any]
"""What is remembered of a page: `stamp`, `own` findings, `facts`, pages it `asks`, `files` it takes in."""


class Memory:
    """The findings of the last run by page: a line of JSON for each, behind the key and the words."""

    def __init__(self, key: str, words: Collection[str] = (), lines: Collection[str] = ()) -> None:
        self.key = key
        self.words = words
        """What was read and holds no misspelt word."""
        self.pages: dict[str, Entry] = dict(json.loads(f"[{','.join(lines)}]"))
        self._lines = dict(zip(self.pages, lines, strict=True))
        """As the pages are written down: to write all of them anew would take longer than to check one."""

    @classmethod
    def load(cls, file: Path, key: str) -> Memory:
        """What is remembered under the key; nothing where the key has changed or the file cannot be read."""
        try:
            known, words, *lines = file.read_text("utf-8").split("\n")
            return cls(key, [*json.loads(words)], lines) if known == key else cls(key)
        except (OSError, ValueError, TypeError):
            return cls(key)

    def save(self, file: Path, changed: Collection[str]) -> None:
        """Store it, with these pages as they are now; a folder that cannot be written is no error."""
        for uri in changed:
            self._lines[uri] = json.dumps([uri, self.pages[uri]], separators=(",", ":"))
        keep(file, "\n".join([self.key, json.dumps(sorted(RIGHT)), *map(self._lines.__getitem__, self.pages)]))
        taken_in = sorted({path for entry in self.pages.values() for path in entry["files"]})
        keep(_list_file(file), json.dumps(taken_in))

    def stale(self, stamps: Mapping[str, Stamp]) -> set[str]:
        """The pages to be read again."""
        changed = {uri for uri, now in stamps.items() if self.pages.get(uri, {}).get("stamp") != now}
        changed |= {uri for uri in stamps.keys() - changed if _took_in_others(self.pages[uri])}
        return {uri for uri in stamps if uri in changed or not changed.isdisjoint(self.pages[uri]["asks"])}


def memory_file(config: Config) -> Path:
    """Where the memory of a site lies."""
    return file_for(config.file, "pages")


@collecting_rarely()
def check(site: Site, *, select: Collection[str] = (), ignore: Collection[str] = ()) -> list[Diagnostic]:
    """Check a whole site, with what is remembered of it."""
    file = memory_file(site.config)
    memory = Memory.load(file, site_key(site))
    RIGHT.update(memory.words)
    if not memory.pages:  # what is remembered was found with the same settings
        refuse_unknown(named_in_settings(site.config))
    stamps = {uri: site.stamps[site.files[uri]] for uri in site.checked_uris}
    stale = memory.stale(stamps)
    read: dict[str, PageReport] = {}
    for page, report in read_pages(site.page(uri) for uri in stale):
        read[page.uri] = report
        memory.pages[page.uri] = _entry(page, stamps[page.uri], report)
        site.forget(page)
    shared = site_findings(site, {uri: memory.pages[uri]["facts"] for uri in stamps})
    found = lost_files(site)
    for uri in stamps:
        if uri in shared and uri in stale:
            diagnostics = page_diagnostics(site.page(uri), shared[uri], read[uri].found)
            places = {located(finding, site.page(uri).source).order for finding in shared[uri]}
            memory.pages[uri]["own"] = [_stored(d) for d in diagnostics if d.order not in places]
            found += diagnostics
            continue
        shown = site.shown(uri)
        found += [_restored(shown, values) for values in memory.pages[uri]["own"]]
        found += [located(finding, site.page(uri).source) for finding in shared.get(uri, ())]
    forgotten = memory.pages.keys() - stamps.keys()
    for uri in forgotten:
        del memory.pages[uri]
    if stale or forgotten:
        memory.save(file, stale)
    return chosen(site, found, select, ignore)


def grounds(config: Config) -> tuple[list[str], list[str]]:
    """The files and folders, besides the settings, that decide what is found on a site."""
    custom = config.theme.get("custom_dir")
    folders = [str(config.docs_dir), *([str(config.root / str(custom))] if custom else [])]
    makers = [config.plugins.get(name, {}).get("scripts") or () for name in ("gen-files", "mkdocs-gen-files")]
    scripts = [str(script) for named in makers for script in named]
    named = [
        *config.hooks,
        *scripts,
        *config.paths("extra_css"),
        *ignore_files(config.root),
        ".gitmodules",
        "pyproject.toml",
        *command_files(config.root),
        *config.appended_snippets,
    ]
    files = {str(config.root / path) for path in named} | {str(path) for path in bibliography.files(config)}
    with suppress(OSError, ValueError):
        files.update(json.loads(_list_file(memory_file(config)).read_text("utf-8")))
    return sorted(files), folders


def _list_file(memory: Path) -> Path:
    """Where the names of the files that pages take in lie, to be read without the rest."""
    return memory.with_name(f"{memory.stem}-files.json")


def site_key(site: Site) -> str:
    """Everything that bears on all pages."""
    config = site.config
    custom = config.theme.get("custom_dir")
    paths = [
        *config.hooks,
        *config.paths("extra_css"),
        *ignore_files(config.root),
        ".gitmodules",
        "pyproject.toml",
        *command_files(config.root),
        *config.appended_snippets,
    ]
    parts = (
        package_key(),
        sys.version,
        time.strftime("%Y-%m"),
        "\n".join(site.files),
        [(uri, site.stamps[file]) for uri, file in site.files.items() if _is_read(uri)],
        [(path, stamp(config.root / path)) for path in paths],
        [(path, stamp(path)) for path in [*settings_files(config.file), *map(str, bibliography.files(config))]],
        tree(config.root / str(custom)) if custom else {},
        [(name, os.environ.get(name)) for name in environment_names(config.file)],
    )
    return repr(parts)


def _is_read(uri: str) -> bool:
    return uri.endswith((".css", ".html", ".yml", ".yaml", ".bib"))


def _entry(page: Page, now: Stamp, report: PageReport) -> Entry:
    taken_in = [folder / snippet.path for snippet in snippets(page) for folder in base_folders(page)]
    asked = sorted(missing_anchor.asked_pages(page) | printed_link.asked_pages(page))
    including = page.site if "include-markdown" in page.config.plugins else None
    for other in (page, *(including.page(uri) for uri in asked if including)):
        if other.shows("{%") or including:
            taken_in += templates(other).files
    return {
        "stamp": [0, 0] if has_any(page) else now,  # suppressions are judged anew each time
        "own": [_stored(diagnostic) for diagnostic in report.own],
        "facts": report.facts,
        "asks": asked,
        "files": {str(path): stamp(path) for path in taken_in},
    }


def _took_in_others(entry: Entry) -> bool:
    """Whether a file that the page takes in has changed."""
    return any(stamp(Path(path)) != before for path, before in entry["files"].items())


def _stored(diagnostic: Diagnostic) -> list[Any]:
    fix = diagnostic.fix
    return [
        diagnostic.line,
        diagnostic.column,
        diagnostic.end_line,
        diagnostic.end_column,
        diagnostic.code,
        diagnostic.rule,
        diagnostic.severity.value,
        diagnostic.message,
        diagnostic.help,
        diagnostic.label,
        diagnostic.excerpt,
        [fix.span.start, fix.span.end, fix.replacement] if fix else None,
    ]


def _restored(path: str, values: list[Any]) -> Diagnostic:
    line, column, end_line, end_column, code, rule, severity, message, help, label, excerpt, fix = values
    edit = Edit(Span(fix[0], fix[1]), fix[2]) if fix else None
    return Diagnostic(
        path, line, column, end_line, end_column, code, rule, Severity(severity), message, help, label, excerpt, edit
    )
