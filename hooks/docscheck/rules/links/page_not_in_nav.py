"""A page that the navigation leaves out, on a site whose settings want to be told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.page import Page
from docscheck.site_files import SiteFiles
from docscheck.source import Span

RULE = Rule("LNK120", "page-not-in-nav", Severity.WARNING)
_PLUGINS = """
awesome-pages awesome-nav literate-nav section-index include_dir_to_nav gen-files i18n monorepo multirepo blog
mkdocs-nav-weight nav-weight api-autonav same-dir simple
"""
_NAV_MAKERS = frozenset(_PLUGINS.split())


def facts(page: Page) -> None:
    """Nothing but that the page exists."""


def compare(site: SiteFiles, pages: Mapping[str, None]) -> Iterator[tuple[str, Finding]]:
    """Compare the pages with `nav`, where `validation.omitted_files` is `warn` and no plugin writes the navigation."""
    validation = site.config.values.get("validation")
    chosen = validation if isinstance(validation, dict) else {}
    nav_rules = chosen.get("nav")
    level = nav_rules.get("omitted_files") if isinstance(nav_rules, dict) else chosen.get("omitted_files")
    if site.nav is None or level != "warn" or _NAV_MAKERS & site.config.plugins.keys():
        return
    from pathspec.gitignore import GitIgnoreSpec

    spared = GitIgnoreSpec.from_lines(str(site.config.values.get("not_in_nav") or "").splitlines())
    folders = tuple(entry for entry in site.nav if entry.endswith("/"))
    for uri in pages:
        if uri not in site.nav and not uri.startswith(folders or ("\0",)) and not spared.match_file(uri):
            yield uri, RULE.at(Span(0, 0), "no entry of the navigation leads to this page", help="add it to `nav`")
