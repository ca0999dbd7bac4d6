"""Plugins that leave a page's text alone; any other may have a syntax of its own."""

from __future__ import annotations

from functools import lru_cache

from docscheck.config import Config

_HARMLESS_TEXT = """
search social minify offline privacy git-revision-date-localized git-revision-date git-committers git-committers-2
git-authors git-latest-changes glightbox redirects tags blog rss section-index awesome-pages awesome-nav literate-nav
optimize optimise mermaid2 meta typeset info group projects autorefs mkdocstrings print-site exclude exclude-search
gen-files i18n static-i18n macros monorepo multirepo rtd-dropdown swagger-ui-tag render-swagger to-pdf pdf-export
with-pdf mike version jupyter jupyterlite lightbox img2fig image-captions charts coverage kroki drawio plantuml
include-exclude-files include-markdown file-filter unused-files link-checker htmlproofer linkcheck open-in-new-tab
external-links enumerate-headings add-number badges feedback llmstxt robotstxt sitemap alias simple callouts
gh-admonitions same-dir api-autonav codeinclude table-reader encryptcontent caption video tooltips statistics
markdownextradata extrameta bibtex
"""
_HARMLESS = frozenset(_HARMLESS_TEXT.split())


@lru_cache(maxsize=8)
def own_syntax(config: Config) -> bool:
    """Whether a plugin that nobody here knows may read what would otherwise be printed."""
    return any(_plain(name) not in _HARMLESS for name in config.plugins)


def _plain(name: str) -> str:
    """A plugin's name without what only says that it is one."""
    return name.replace("_", "-").removeprefix("mkdocs-").removesuffix("-plugin")
