"""Runs the rules: proposals of the source scan, confirmed by the rendered page where they speak of rendering."""

from __future__ import annotations

import gc
import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from docscheck.baseline import without_known
from docscheck.config import Config, ConfigError, load_config
from docscheck.diagnostics import Diagnostic, Finding, Severity, located
from docscheck.page import Page
from docscheck.rules import SITE_RULES, page_checks
from docscheck.rules.syntax.printed_syntax import second_witness
from docscheck.selection import chosen, named_in_settings, refuse_unknown
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

    What the baseline holds that the site's settings name is left out.
    With `remember`, a whole site is checked with what is remembered of it in `.cache/docscheck`.
    Raises ConfigError where mkdocs.yml, its docs_dir or the baseline cannot be read.
    """
    remember = remember and not paths
    site = open_site(config_file, working_directory, remember=remember)
    refuse_unknown([*select, *ignore])
    if remember:
        from docscheck import incremental  # which builds on this module

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
    found = check_pages(site, wanted_pages(site, paths), select=select, ignore=ignore)
    lost = chosen(site, lost_files(site, paths), select, ignore)
    return sorted([*lost, *found], key=lambda diagnostic: diagnostic.order) if lost else found


def lost_files(site: Site, paths: Collection[str | Path] = ()) -> list[Diagnostic]:
    """Links of the file system, among the files of the site, that lead nowhere: a build stops at each."""
    lost = [uri for uri, file in site.files.items() if site.stamps[file] is None and os.path.islink(file)]
    if not lost:
        return []
    from docscheck.programs import waits_for_submodule
    from docscheck.rules.links.missing_file import RULE  # hardly a site has any

    wanted = [Path(os.path.abspath(path)) for path in paths]
    found = []
    for uri in lost:
        file = Path(os.path.abspath(site.files[uri]))
        target = os.path.relpath(file.parent / os.readlink(file), site.config.root).replace(os.sep, "/")
        if (
            uri in site.excluded
            or waits_for_submodule(site, target)
            or (wanted and not any(file == path or path in file.parents for path in wanted))
        ):
            continue
        message = f"this file is a symbolic link to `{os.readlink(file)}`, which does not exist: MkDocs stops at it"
        help = "remove the link, or put the file where it leads"
        shown, place = site.shown(uri), f"{uri} -> {os.readlink(file)}"
        found.append(Diagnostic(shown, 1, 1, 1, 1, RULE.code, RULE.name, Severity.ERROR, message, help, excerpt=place))
    return found


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


class PageReport(NamedTuple):
    """What reading one page gives."""

    facts: dict[str, Any]
    """What the rules that compare pages want to know, as plain values."""
    own: list[Diagnostic]
    """What is found in the page without a look at others."""
    found: list[Finding] | None
    """The same before it is located, to be told with what the comparison finds; None where that may change it."""


_TOGETHER = 16
"""So many pages are read together, rule by rule.

A rule is faster on several pages in a row than in turn with all others: the processor still has at hand what the rule
needs. With many more pages, theirs would no longer be.
"""


def read_pages(pages: Iterable[Page]) -> Iterator[tuple[Page, PageReport]]:
    """Read pages, in their order."""
    waiting = iter(pages)
    while together := list(islice(waiting, _TOGETHER)):
        facts = _facts(together)
        found = _findings(together)
        for page in together:
            leftovers = second_witness(page, found[page])
            diagnostics = _located(page, [*found[page], *leftovers])
            yield page, PageReport(facts[page], diagnostics, None if leftovers else _proved(found[page]))


def _proved(findings: Iterable[Finding]) -> list[Finding]:
    """The findings without their proofs, which would keep the page from being forgotten."""
    return [finding._replace(proof=None) for finding in findings]


def page_facts(page: Page) -> dict[str, Any]:
    """What the rules that compare pages want to know of one."""
    return _facts([page])[page]


def _facts(pages: Sequence[Page]) -> dict[Page, dict[str, Any]]:
    facts: dict[Page, dict[str, Any]] = {page: {} for page in pages}
    for rule in SITE_RULES:
        for page in pages:
            facts[page][rule.name] = rule.module.facts(page)
    return facts


def site_findings(site: Site, facts: Mapping[str, Mapping[str, Any]]) -> dict[str, list[Finding]]:
    """What the rules that compare pages find, by page."""
    found: dict[str, list[Finding]] = {}
    for rule in SITE_RULES:
        for uri, finding in rule.module.compare(site, {uri: known[rule.name] for uri, known in facts.items()}):
            if _is_on(finding, site.config) and (finding.proof is None or _stands(finding, site.page(uri))):
                found.setdefault(uri, []).append(finding)
    return found


def page_diagnostics(page: Page, more: Iterable[Finding], found: list[Finding] | None = None) -> list[Diagnostic]:
    """What is found in a page, with what the comparison of pages found in it.

    What its report says was found is not looked for again: the second witness, who had nothing to add, will not have
    more to add on fewer lines. It might where a proof has had the page rendered since.
    """
    if found is not None and not page.is_rendered:
        return _located(page, [*found, *more])
    return _diagnostics(page, [*page_findings(page), *more])


def page_steps(page: Page, more: Iterable[Finding]) -> Iterator[list[Diagnostic]]:
    """`page_diagnostics` with rests between the findings, at which nothing is handed out; what is found comes last."""
    found = []
    for check_one, _ in page_checks([page]):
        for finding in check_one(page):
            if _is_on(finding, page.config) and _stands(finding, page):
                found.append(finding)
            yield []
        yield []
    yield _diagnostics(page, [*found, *more])


def _diagnostics(page: Page, found: list[Finding]) -> list[Diagnostic]:
    return _located(page, [*found, *second_witness(page, found)])


def _located(page: Page, found: list[Finding]) -> list[Diagnostic]:
    return [located(finding, page.source) for finding in apply_suppressions(page, _without_echoes(found))]


def page_findings(page: Page) -> list[Finding]:
    """What the rules that read one page find in it."""
    return _findings([page])[page]


def page_proposals(page: Page) -> list[Finding]:
    """What the rules that read one page would find in it, whatever the rendered page says to that."""
    return [finding for check, _ in page_checks([page]) for finding in check(page) if _is_on(finding, page.config)]


def _findings(pages: Sequence[Page]) -> dict[Page, list[Finding]]:
    found: dict[Page, list[Finding]] = {page: [] for page in pages}
    for check_one, concerned in page_checks(pages):
        for page in concerned:
            for finding in check_one(page):
                if _is_on(finding, page.config) and _stands(finding, page):
                    found[page].append(finding)
    return found


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


def is_among(paths: Collection[str], file: str) -> bool:
    """Whether a file, or a folder around it, is one of the paths, all of them resolved."""
    above = os.path.dirname(file)
    return file in paths or (above != file and is_among(paths, above))
