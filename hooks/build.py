"""The site's MkDocs events, a few lines each; the work is done by the packages beside this file.

`on_pre_build` checks data and sources before MkDocs empties the output folder: in strict mode a finding stops
the build there, and the site built last stays as it was.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from html import escape
from pathlib import Path

import archdata.checks
import archdata.documents
import archdata.downloads
import archdata.intake
import archdata.news
import archpublish.site
from archdata.errors import DataError
from archmarkdown.safe_html import TooLargeError, TooSlowError
from archmarkdown.taken_in import TakenInError
from archpublish import access, addresses, moment, opening, policy, styles
from archpublish.head import with_head
from archpublish.pages import BuiltPage
from docscheck.config import ConfigError
from docscheck.report.logs import make_harmless
from docscheck_panel import Note, Panel, serve_with
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from pymdownx.snippets import SnippetMissingError
from yaml import YAMLError

log = logging.getLogger("mkdocs.checks")
_serving = False
"""Whether the site is only shown to its author, who needs no cards."""

_OF_MARKDOWN = (SnippetMissingError, TakenInError, TooLargeError, TooSlowError)
_OF_PAGES = (MemoryError, RecursionError, UnicodeError, YAMLError, *_OF_MARKDOWN)
"""Errors that a page brings about, whatever code they arise in."""

_panel: Panel | None = None
"""What is found, for as long as a site is served."""

_sheets: list[str] = []
"""The stylesheets that the pages of this build would link."""


def on_startup(command: str, **_: object) -> None:
    """Remember what the build is for, and print nothing of a page that a terminal would obey."""
    global _serving
    _serving = command == "serve"
    make_harmless("mkdocs")


def on_config(config: MkDocsConfig) -> None:
    """Let the same commit give the same site on any day."""
    moment.set_to_commit(Path(config.config_file_path).parent)


def on_pre_build(config: MkDocsConfig) -> None:
    """Log every finding; in strict mode refuse to build over any of them, and always over files that may do harm."""
    archdata.documents.hold()
    docs = Path(config.docs_dir)
    here = docs.relative_to(Path.cwd()) if docs.is_relative_to(Path.cwd()) else docs
    refused = list(archdata.intake.check(here))
    for error in refused:
        log.error("%s", error)
    if refused:
        raise Abort(f"{len(refused)} files are not allowed; nothing was built and the last site is untouched")
    global _panel
    _panel = _panel if _panel and _serving else Panel(config.config_file_path, more=lambda: _faults(here))
    try:
        news = _panel.news()
    except ConfigError as error:
        raise PluginError(f"docscheck: {error}") from error
    for finding in news:
        log.warning("%s", finding)
    if _panel.count and config.strict:
        raise Abort(f"{_panel.count} findings; nothing was built and the last site is untouched")


def _faults(docs: Path) -> Iterator[Note]:
    for error in archdata.checks.errors(docs):
        yield Note(error.file or "", error.line or 0, error.message, error.remedy, str(error))


def on_serve(server: LiveReloadServer, config: MkDocsConfig, **_: object) -> LiveReloadServer:
    """Show findings on the pages themselves."""
    assert _panel
    return serve_with(server, _panel, config.dev_addr.host)


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add what has no source page: redirects from old addresses, the data as downloads, and the feed of new pages."""
    generated = archpublish.site.without_source(config)
    # Written when the pages are built; named here, so that pages can link to them.
    generated |= dict.fromkeys(("llms.txt", "llms-full.txt"), "")
    for path, content in generated.items():
        files.append(File.generated(config, path, content=content))
    return files


def on_page_markdown(markdown: str, page: Page, **_: object) -> str:
    """Leave the theme's search without entries: ours is made from the built pages."""
    page.meta["search"] = {"exclude": True}
    return markdown


def on_page_content(html: str, page: Page, **_: object) -> str:
    """Gather a page's opening; a title that comes from a heading stands in the theme's templates as it is."""
    if page.title and "<" in str(page.title):
        page.title = escape(str(page.title))
    return opening.gathered(html)


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    """Tell other programs in the page's head what it is, and give it one stylesheet and names that are unique."""
    told = BuiltPage(page.file.src_uri, dict(page.meta), "")
    output = with_head(access.mended(output), told, archpublish.site.about(config), Path(config.docs_dir))
    if not _serving:
        _sheets.extend([] if _sheets else styles.linked(output, told.address))
        output = styles.with_one(output, told.address, _sheets)
    return _with_policy(output, page.file.src_uri, config)


def on_post_template(output_content: str, template_name: str, config: MkDocsConfig) -> str:
    """Give pages that have no source their policy too."""
    return _with_policy(output_content, template_name, config) if template_name.endswith(".html") else output_content


def _with_policy(html: str, name: str, config: MkDocsConfig) -> str:
    """`mkdocs serve` puts a script of its own into pages, so its pages go without."""
    if _serving:
        return html
    try:
        return policy.with_policy(html, Path(config.site_dir))
    except policy.UnknownScriptError as error:
        remedy = "if the theme was updated, look at `python -m archpublish scripts SITE` of a build without this hook"
        raise PluginError(f"{name}: {error}; {remedy}") from error


def on_build_error(error: Exception, **_: object) -> None:
    """Let go of the data when a build is left before its end, and end with a sentence where a page is at fault."""
    archdata.documents.release()
    if isinstance(error, DataError):
        raise Abort(f"{error}: nothing was published and the last site is untouched")
    if isinstance(error, _OF_PAGES):  # MkDocs has named the page
        raise Abort(f"{type(error).__name__}: nothing was published and the last site is untouched")


def on_post_build(config: MkDocsConfig) -> None:
    """Add what is made from the built pages: the search index, copies for machines and, where published, cards."""
    site, docs = Path(config.site_dir), Path(config.docs_dir)
    if _sheets:
        styles.write(site, docs, _sheets)
        _sheets.clear()
    archpublish.site.write(site, docs, archpublish.site.about(config), pictures=not _serving)
    if not _serving:
        policy.write_headers(site)
        for address in addresses.vanished(site, docs):
            log.warning("/%s was published but no longer exists; redirect it with a line in `extra.moved`", address)
    archdata.documents.release()
