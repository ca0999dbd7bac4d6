"""Plugins that leave a page's text alone, and those that find the files of links; any other may have its own syntax.

Each name was looked up in the plugin's own code: `tests/docscheck/plugins.yml` says where, and what it reads.
"""

from __future__ import annotations

from functools import lru_cache

from docscheck.config import Config
from docscheck.languages import LANGUAGES

_HARMLESS_TEXT = """
search social minify minify-html offline privacy git-revision-date-localized git-revision-date git-committers
git-authors git-latest-changes glightbox redirects tags blog rss section-index awesome-pages awesome-nav literate-nav
optimize mermaid2 meta typeset info group projects autorefs mkdocstrings print-site exclude exclude-search
gen-files i18n macros monorepo multirepo swagger-ui-tag render-swagger to-pdf pdf-export with-pdf mike jupyter
jupyterlite image-captions charts coverage kroki drawio plantuml include-exclude-files include-markdown file-filter
unused-files exclude-unused-files no-sitemap htmlproofer open-in-new-tab enumerate-headings add-number llmstxt simple
callouts gh-admonitions same-dir api-autonav codeinclude table-reader encryptcontent video statistics
markdownextradata spellcheck link-marker meta-manager document-dates exporter include-dir-to-nav panzoom d2
techdocs-core termynal markdown-exec neoteroi.contribs alternate-link bibtex
"""
_HARMLESS = frozenset(_HARMLESS_TEXT.split())
_FENCE_OWNERS_TEXT = "markdown-exec mermaid2 kroki codeinclude thebe pyodide termynal charts"
_FENCE_OWNERS = frozenset(_FENCE_OWNERS_TEXT.split())
_PLAIN = LANGUAGES - {"mermaid", "console"} | {""}
"""What stands behind the marks of a fence that no plugin reads."""
_NOTHING_OF_FENCES = frozenset(("mdx_math", "markdown_include", "markdown_include.include"))
"""Extensions that read formulas, or the name of a file that is put there, and nothing of a fence."""
_TEMPLATES_TEXT = "git-latest-changes include-markdown macros markdownextradata statistics table-reader"
_TEMPLATES = frozenset(_TEMPLATES_TEXT.split())
_ADDS_ENDING = "alternate-link"
_FROM_DOCS = frozenset(("ezlinks", "ezlinked"))
_BY_NUMBER = "zettelkasten"
"""It finds files, too, and reads more."""
_BY_NAME = frozenset(("autolinks", "ezlinks", "ezlinked", "roamlinks"))


@lru_cache(maxsize=8)
def own_syntax(config: Config) -> bool:
    """Whether a plugin that nobody here knows may read what would otherwise be printed."""
    return any(_plain(name) not in _HARMLESS and not config.is_harmless(name) for name in config.plugins)


@lru_cache(maxsize=8)
def reads_unknown(config: Config) -> bool:
    """The same, but for plugins that are known to read nothing except links by name."""
    known = _HARMLESS | _BY_NAME
    return any(_plain(name) not in known and not config.is_harmless(name) for name in config.plugins)


@lru_cache(maxsize=8)
def leaves_templates(config: Config) -> bool:
    """Whether no plugin of the site reads `{{ … }}` and `{% … %}`, but for the dates and authors that git knows."""
    known = _HARMLESS - _TEMPLATES
    return not config.reading_extensions and all(_plain(name) in known for name in config.plugins)


@lru_cache(maxsize=8)
def owns_fences(config: Config) -> bool:
    """Whether another extension, plugin or a relaxed setting may read what stands behind the marks of a fence."""
    return bool(_reads_all_fences(config) or _FENCE_OWNERS & config.plugins.keys())


def owns_fence(config: Config, info: str) -> bool:
    """The same of one fence: a plugin that reads those of its own language leaves all others alone."""
    if _reads_all_fences(config):
        return True
    return bool(_FENCE_OWNERS & config.plugins.keys()) and info.strip() not in _PLAIN


def _reads_all_fences(config: Config) -> bool:
    relaxed = config.option("pymdownx.superfences", "relaxed_headers")
    return bool(relaxed or config.reading_extensions - _NOTHING_OF_FENCES)


@lru_cache(maxsize=8)
def finds_by_name(config: Config) -> bool:
    """Whether a plugin leads a link to the file of its name, wherever that stands."""
    return any(_plain(name) in _BY_NAME or _plain(name) == _BY_NUMBER for name in config.plugins)


@lru_cache(maxsize=8)
def reads_from_docs(config: Config) -> bool:
    """Whether a plugin takes a slash at the beginning of a link for the folder of the pages."""
    return any(_plain(name) in _FROM_DOCS for name in config.plugins)


@lru_cache(maxsize=8)
def adds_endings(config: Config) -> bool:
    """Whether a plugin puts `.md` to a link that lacks it."""
    return finds_by_name(config) or any(_plain(name) == _ADDS_ENDING for name in config.plugins)


def _plain(name: str) -> str:
    """A plugin's name without what only says that it is one."""
    return name.replace("_", "-").removeprefix("mkdocs-").removesuffix("-plugin")
