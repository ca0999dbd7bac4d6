"""Sites in several languages: how mkdocs-static-i18n tells the language of a page, and where it puts the page."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from docscheck.config import Config
from docscheck.patterns import lazy

PLUGINS = frozenset(["i18n", "static-i18n"])
_SUFFIX = lazy(r"\.([a-z]{2,3}(?:[-_][A-Za-z]{2,4})?)(?=\.\w+$)")


class Translations(NamedTuple):
    """The languages of a site, and how the names of its files tell them."""

    default: str
    """The language whose pages stand at the root of the site; empty where the settings do not name it."""
    languages: frozenset[str]
    by_suffix: bool
    """Whether translations stand beside each other, as `page.fr.md` and `page.de.md`, and not in folders."""

    def split(self, uri: str) -> tuple[str, str]:
        """The path without its language, which is what links may name, and the language; empty where it tells none."""
        if self.by_suffix:
            match = _SUFFIX.search(uri)
            if match and match[1] in self.languages:
                return uri[: match.start()] + uri[match.end() :], match[1]
            return uri, ""
        folder, _, rest = uri.partition("/")
        return (rest, folder) if rest and folder in self.languages else (uri, "")

    def language(self, uri: str) -> str:
        """The language of a page."""
        return self.split(uri)[1] or self.default

    def named(self, uri: str, language: str) -> str:
        """The name of a page's translation."""
        plain, _ = self.split(uri)
        stem, suffix = posixpath.splitext(plain)
        return f"{stem}.{language}{suffix}" if self.by_suffix else f"{language}/{plain}"


@lru_cache(maxsize=8)
def translations(config: Config) -> Translations | None:
    """What the plugin's settings say of languages: a list, or a mapping in its older versions; None without it."""
    name = next((name for name in PLUGINS if name in config.plugins), None)
    if name is None:
        return None
    settings = config.plugins[name]
    given = settings.get("languages")
    default = str(settings.get("default_language") or "")
    found = {default} if default else set()
    for entry in given if isinstance(given, (list, Mapping)) else ():
        locale = str(entry.get("locale") if isinstance(entry, Mapping) else entry)
        found.add(locale)
        if isinstance(entry, Mapping) and entry.get("default"):
            default = locale
    by_suffix = str(settings.get("docs_structure") or "suffix") == "suffix"
    return Translations(default, frozenset(found), by_suffix)
