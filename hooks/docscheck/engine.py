"""Runs the rules: proposals of the source scan, confirmed by the rendered page where they speak of rendering."""

from __future__ import annotations

import gc
import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from docscheck.config import Config, ConfigError, load_config
from docscheck.diagnostics import Diagnostic, Finding, located
from docscheck.page import Page
from docscheck.rules import SITE_RULES, page_checks
from docscheck.rules.syntax.printed_syntax import second_witness
from docscheck.site import Site
from docscheck.source import Source
from docscheck.suppress import apply_suppressions


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

    With `remember`, a whole site is checked with what is remembered of it in `.cache/docscheck`.
    Raises ConfigError where mkdocs.yml or its docs_dir cannot be read.
    """
    site = open_site(config_file, working_directory)
    if remember and not paths:
        from docscheck import incremental  # which builds on this module

        return incremental.check(site, select=select, ignore=ignore)
    return check(site, paths, select=select, ignore=ignore)


def open_site(config_file: str | Path, working_directory: Path | None = None) -> Site:
    """The site of an mkdocs.yml. Raises ConfigError where that or its docs_dir cannot be read."""
    config = load_config(Path(config_file))
    if not config.docs_dir.is_dir():
        raise ConfigError(f"{config.docs_dir} is not a folder")
    return Site(config, working_directory)


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


@contextmanager
def collecting_rarely() -> Iterator[None]:
    """Look for garbage rarely: a page is taken apart when it has been read, so hardly anything is left to be found."""
    usual = gc.get_threshold()
    gc.set_threshold(200_000, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


@collecting_rarely()
def check(
    site: Site, paths: Collection[str | Path] = (), *, select: Collection[str] = (), ignore: Collection[str] = ()
) -> list[Diagnostic]:
    """Check a site."""
    return check_pages(site, wanted_pages(site, paths), select=select, ignore=ignore)


def wanted_pages(site: Site, paths: Collection[str | Path]) -> Iterator[Page]:
    """The pages that are, or lie under, one of the paths; all pages where none is given."""
    wanted = [Path(path).resolve() for path in paths]
    return (site.page(uri) for uri in site.page_uris if not wanted or _is_wanted(site, uri, wanted))


def check_pages(
    site: Site, pages: Iterable[Page], *, select: Collection[str] = (), ignore: Collection[str] = ()
) -> list[Diagnostic]:
    """Check these pages of a site."""
    reports = {}
    for page in pages:
        reports[page.uri] = read_page(page)
        site.forget(page)
    shared = site_findings(site, {uri: report.facts for uri, report in reports.items()})
    found: list[Diagnostic] = []
    for uri, report in reports.items():
        found += page_diagnostics(site.page(uri), shared[uri]) if uri in shared else report.own
    return chosen(site, found, select, ignore)


class PageReport(NamedTuple):
    """What reading one page gives."""

    facts: dict[str, Any]
    """What the rules that compare pages want to know, as plain values."""
    own: list[Diagnostic]
    """What is found in the page without a look at others."""


def read_page(page: Page) -> PageReport:
    """Read a page."""
    return PageReport(page_facts(page), page_diagnostics(page, ()))


def page_facts(page: Page) -> dict[str, Any]:
    """What the rules that compare pages want to know of one."""
    return {rule.name: rule.module.facts(page) for rule in SITE_RULES}


def site_findings(site: Site, facts: Mapping[str, Mapping[str, Any]]) -> dict[str, list[Finding]]:
    """What the rules that compare pages find, by page."""
    found: dict[str, list[Finding]] = {}
    for rule in SITE_RULES:
        for uri, finding in rule.module.compare(site, {uri: known[rule.name] for uri, known in facts.items()}):
            if _is_on(finding, site.config) and (finding.proof is None or _stands(finding, site.page(uri))):
                found.setdefault(uri, []).append(finding)
    return found


def page_diagnostics(page: Page, more: Iterable[Finding]) -> list[Diagnostic]:
    """What is found in a page, with what the comparison of pages found in it."""
    found = [*page_findings(page), *more]
    found += second_witness(page, found)
    return [located(finding, page.source) for finding in apply_suppressions(page, _without_echoes(found))]


def chosen(
    site: Site, diagnostics: Iterable[Diagnostic], select: Collection[str], ignore: Collection[str]
) -> list[Diagnostic]:
    """The findings that the site's settings and the caller want, in order."""
    settings = site.config.settings
    select = [*select, *_codes(settings.get("select"))]
    ignore = [*ignore, *_codes(settings.get("ignore"))]
    kept = [diagnostic for diagnostic in diagnostics if _is_chosen(diagnostic, select, ignore)]
    return sorted(kept, key=lambda diagnostic: diagnostic.order)


def page_findings(page: Page) -> Iterator[Finding]:
    """What the rules that read one page find in it."""
    for check_one in page_checks(page):
        for finding in check_one(page):
            if _is_on(finding, page.config) and _stands(finding, page):
                yield finding


def _is_on(finding: Finding, config: Config) -> bool:
    return not finding.rule.profile or finding.rule.profile == config.profile


def _stands(finding: Finding, page: Page) -> bool:
    """Whether the rendered page, if it is to be asked, bears the finding out."""
    if finding.proof is None:
        return True
    rendered = page.rendered
    return bool(rendered.failed) or finding.proof(rendered)


def _without_echoes(findings: list[Finding]) -> list[Finding]:
    """Drop repeated findings of one rule at one place."""
    seen: dict[tuple[str, int, int], Finding] = {}
    for finding in findings:
        seen.setdefault((finding.rule.code, finding.span.start, finding.span.end), finding)
    return list(seen.values())


def _is_chosen(diagnostic: Diagnostic, select: Collection[str], ignore: Collection[str]) -> bool:
    names = (diagnostic.code, diagnostic.rule)
    if any(_names(entry, names) for entry in ignore):
        return False
    return not select or any(_names(entry, names) for entry in select)


def _names(entry: str, names: tuple[str, str]) -> bool:
    """Whether an entry of --select or --ignore means a rule: its code, the code's beginning, or its name."""
    return names[0].startswith(entry.upper()) or entry == names[1]


def _codes(setting: object) -> list[str]:
    if isinstance(setting, str):
        return [part for part in setting.replace(",", " ").split() if part]
    return [str(part) for part in setting] if isinstance(setting, list) else []


def _is_wanted(site: Site, uri: str, wanted: list[Path]) -> bool:
    resolved = Path(os.path.abspath(site.files[uri])).resolve()
    return any(resolved == path or path in resolved.parents for path in wanted)
