"""Checks a site, some of its pages, or a text: the way in for the command, the build and the panel."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from docscheck.baseline import without_known
from docscheck.config import Config, ConfigError, load_config
from docscheck.diagnostics import Diagnostic
from docscheck.lost_files import lost_files
from docscheck.page import Page
from docscheck.running import PageReport, collecting_rarely, page_diagnostics, read_pages, site_findings
from docscheck.selection import chosen, named_in_settings, refuse_unknown
from docscheck.site import Site
from docscheck.source import Source


def check_site(
    config_file: str | Path,
    paths: Collection[str | Path] = (),
    *,
    select: Collection[str] = (),
    ignore: Collection[str] = (),
    working_directory: Path | None = None,
    remember: bool = False,
) -> list[Diagnostic]:
    """Check a site's pages, or those among `paths` only; every finding in order of path and place.

    What the baseline holds that the site's settings name is left out.
    With `remember`, a whole site is checked with what is remembered of it in `.cache/docscheck`.
    Raises ConfigError where mkdocs.yml, its docs_dir or the baseline cannot be read.
    """
    remember = remember and not paths
    site = open_site(config_file, working_directory, remember=remember)
    refuse_unknown([*select, *ignore])
    if remember:
        from docscheck import incremental  # not needed where nothing is to be remembered

        found = incremental.check(site, select=select, ignore=ignore)
    else:
        found = check(site, paths, select=select, ignore=ignore)
    return without_known(found, site.config.baseline) if site.config.baseline else found


def open_site(config_file: str | Path, working_directory: Path | None = None, *, remember: bool = False) -> Site:
    """The site of an mkdocs.yml. Raises ConfigError where that, its docs_dir or our settings cannot be read."""
    return Site(usable_config(config_file, remember=remember), working_directory)


def usable_config(config_file: str | Path, *, remember: bool = False) -> Config:
    """The settings of a site, looked at: a fault in them is told now rather than between two pages."""
    config = load_config(Path(config_file), remember=remember)
    if not config.docs_dir.is_dir():
        named = f"`docs_dir` of {config.file.name} has to name the folder of the pages"
        raise ConfigError(f"{config.docs_dir} is not a folder; {named}")
    if not os.access(config.docs_dir, os.R_OK | os.X_OK):
        raise ConfigError(f"cannot read {config.docs_dir}: Permission denied")
    _ = config.settings
    return config


def check_page(text: str, path: str = "page.md", config: Config | None = None) -> list[Diagnostic]:
    """Check a text as the only page of a site with these settings."""
    settings = config or Config(Path.cwd() / "mkdocs.yml", DEFAULTS)
    site = Site(settings)
    page = Page(Source(path, text), settings, path, site)
    site.add(page)
    return check_pages(site, [page])


DEFAULTS = {
    "theme": {"name": "material"},
    "markdown_extensions": [
        "abbr",
        "admonition",
        "attr_list",
        "def_list",
        "footnotes",
        "md_in_html",
        "tables",
        "toc",
        {"pymdownx.arithmatex": {"generic": True}},
        "pymdownx.betterem",
        "pymdownx.caret",
        "pymdownx.mark",
        "pymdownx.tilde",
        "pymdownx.critic",
        "pymdownx.details",
        "pymdownx.highlight",
        "pymdownx.inlinehilite",
        "pymdownx.keys",
        "pymdownx.superfences",
        {"pymdownx.tabbed": {"alternate_style": True}},
        "pymdownx.tasklist",
        "pymdownx.emoji",
        "pymdownx.snippets",
        "pymdownx.blocks.admonition",
        "pymdownx.blocks.details",
        "pymdownx.blocks.tab",
    ],
}
"""Settings for a text that belongs to no site: what Material for MkDocs recommends."""


@collecting_rarely()
def check(
    site: Site, paths: Collection[str | Path] = (), *, select: Collection[str] = (), ignore: Collection[str] = ()
) -> list[Diagnostic]:
    """Check a site."""
    found = check_pages(site, wanted_pages(site, paths), select=select, ignore=ignore)
    lost = chosen(site, lost_files(site, paths), select, ignore)
    return sorted([*lost, *found], key=lambda diagnostic: diagnostic.order) if lost else found


def wanted_pages(site: Site, paths: Collection[str | Path]) -> Iterator[Page]:
    """The pages that are, or lie under, one of the paths; all pages where none is given."""
    return (site.page(uri) for uri in wanted_uris(site, paths))


def wanted_uris(site: Site, paths: Collection[str | Path]) -> Iterator[str]:
    """The paths of these pages under docs_dir."""
    wanted = {os.path.realpath(path) for path in paths}
    return (uri for uri in site.checked_uris if not wanted or is_among(wanted, site.places[uri]))


def check_pages(
    site: Site, pages: Iterable[Page], *, select: Collection[str] = (), ignore: Collection[str] = ()
) -> list[Diagnostic]:
    """Check these pages of a site."""
    refuse_unknown(named_in_settings(site.config))
    reports: dict[str, PageReport] = {}
    for page, report in read_pages(pages):
        reports[page.uri] = report
        site.forget(page)
    shared = site_findings(site, {uri: report.facts for uri, report in reports.items()})
    found: list[Diagnostic] = []
    for uri, report in reports.items():
        found += page_diagnostics(site.page(uri), shared[uri], report.found) if uri in shared else report.own
    return chosen(site, found, select, ignore)


def is_among(paths: Collection[str], file: str) -> bool:
    """Whether a file, or a folder around it, is one of the paths, all of them resolved."""
    above = os.path.dirname(file)
    return file in paths or (above != file and is_among(paths, above))
