"""What plugins, hooks, scripts and version control do to a site's files and pages, as far as their text tells."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Set
from functools import lru_cache
from pathlib import Path

from docscheck.config import Config
from docscheck.patterns import lazy
from docscheck.site_files import SiteFiles
from docscheck.translations import PLUGINS, translations

_PAGE_MAKERS = """
gen-files mkdocs-gen-files monorepo multirepo i18n static-i18n blogging api-autonav autoapi mkdocs-jupyter simple
techdocs-core same-dir external-files typedoc coverage swagger-ui-tag openapi-markdown ezglossary document-dates
"""
PAGE_MAKERS = frozenset(_PAGE_MAKERS.split())
"""Plugins that add pages whose sources are not under docs_dir."""


def is_generated(site: SiteFiles, path: str) -> bool:
    """Whether a path under docs_dir is filled later: by a program, as version control ignores it, or from elsewhere."""
    folder = posixpath.relpath(site.config.docs_dir.as_posix(), site.config.root.as_posix())
    if is_ignored(site, posixpath.normpath(posixpath.join(folder, path))):
        return True
    folders = (folder, str(site.config.theme.get("custom_dir") or folder))
    return any(waits_for_submodule(site, posixpath.join(at, path)) for at in folders)


def waits_for_submodule(site: SiteFiles, path: str) -> bool:
    """Whether a path, seen from the folder of mkdocs.yml, is in another repository that is not fetched here."""
    place = posixpath.normpath(path) + "/"
    inside = [at for at in _SUBMODULE.findall(_text(site, ".gitmodules")) if place.startswith(at.rstrip("/") + "/")]
    return any(not (folder := site.config.root / at).is_dir() or not any(folder.iterdir()) for at in inside)


_SUBMODULE = lazy(r"^[ \t]*path[ ]*=[ ]*(\S.*?)[ \t]*$", re.M)


def is_ignored(site: SiteFiles, path: str) -> bool:
    """Whether version control ignores a path, seen from the folder of mkdocs.yml."""
    parts = site.config.root.parts
    for up, name in enumerate(ignore_files(site.config.root)):
        lines = _text(site, name).splitlines()
        above = parts[len(parts) - up :]
        inside = posixpath.normpath(posixpath.join(*above, path))
        if not lines or inside.startswith("../"):
            continue
        from pathspec.gitignore import GitIgnoreSpec  # asked for when something is missing

        ignored = GitIgnoreSpec.from_lines(lines)
        if ignored.match_file(inside) and not ignored.match_file(posixpath.join(*above, site.config.file.name)):
            return True  # where all of the site is ignored, that says nothing of a file
    return False


@lru_cache(maxsize=8)
def ignore_files(root: Path) -> tuple[str, ...]:
    """What tells version control to ignore files: beside the settings, and above them up to the repository."""
    names, folder = [".gitignore"], root
    for up in range(1, _HIGHEST):
        if (folder / ".git").exists():
            return tuple(names)
        folder = folder.parent
        names.append("../" * up + ".gitignore")
    return tuple(names[: 1 + next((up for up in range(_NEAR) if (root / names[up]).exists()), 0)])


_HIGHEST = 5
"""So many folders up a repository is looked for."""
_NEAR = 4
"""So many folders, that of the settings included, may hold the ignore file of a copy without its repository."""


def _makers(site: SiteFiles) -> Set[str]:
    """The plugins that may add pages; `monorepo` adds none where the navigation takes in no other site."""
    makers = PAGE_MAKERS & site.config.plugins.keys()
    takes_in = makers.isdisjoint(_MONOREPO) or _TAKES_IN.search(str(site.config.values.get("nav") or "!include "))
    return makers if takes_in else makers - _MONOREPO


_MONOREPO = frozenset(("monorepo", "techdocs-core"))
"""The plugin, and one that brings it along."""


_TAKES_IN = lazy(r"[!*]include ")
_TAKEN_IN = lazy(r"[!*]include ([^'\",}\]]+)")


def taken_in(config: Config) -> list[str]:
    """The settings of other sites that the navigation takes in, as it names them."""
    nav = config.values.get("nav") if not _MONOREPO.isdisjoint(config.plugins) else None
    return [name.strip() for name in _TAKEN_IN.findall(str(nav or ""))]


@lru_cache(maxsize=4)
def makes_files(site: SiteFiles, suffix: str = "") -> bool:
    """Whether a plugin or a hook may add files that are not under docs_dir: then a missing one proves nothing.

    A hook that adds files is taken to add pages only where it speaks of `.md`.
    """
    makers = _makers(site)
    if suffix == ".md":
        makers -= {"mkdocs-jupyter"}  # it makes pages of notebooks
    if suffix not in ("", ".html"):
        makers -= {"swagger-ui-tag"}  # it makes what its own tag shows
    languages = translations(site.config)
    only_translates = languages is not None and (languages.by_suffix or languages.default) and makers <= PLUGINS
    if makers and not only_translates:
        return True
    texts = [text for hook in site.config.hooks if "on_files" in (text := _text(site, hook)) and "File" in text]
    return any(suffix != ".md" or ".md" in text for text in texts)


_GENERATORS = frozenset(["gen-files", "mkdocs-gen-files"])
_COPIES_PAGES = lazy(r"\*\.md|endswith\(\s*[\"']\.md|suffix\s*==\s*[\"']\.md|os\.walk|copytree|\.ipynb")


def may_generate(site: SiteFiles, path: str) -> bool:
    """Whether what makes pages of the site may make this one: the scripts of `gen-files` name the folders they fill."""
    makers = _makers(site)
    if not makers <= _GENERATORS or not makers:
        return True
    scripts = [script for maker in makers for script in site.config.plugins[maker].get("scripts") or ()]
    texts = [_text(site, str(script)) for script in scripts]
    if not texts or not all(texts) or any(_COPIES_PAGES.search(text) for text in texts):
        return True
    names = {path.partition("/")[0], posixpath.splitext(posixpath.basename(path))[0]}
    return any(name in text for name in names for text in texts)


@lru_cache(maxsize=4)
def rewrites_pages(site: SiteFiles) -> bool:
    """Whether a hook changes pages before or after they are rendered."""
    return bool(_rewriters(site))


@lru_cache(maxsize=4)
def rewrites_links(site: SiteFiles) -> bool:
    """Whether a hook that changes pages may turn paths out of docs_dir into addresses."""
    return any(not text or _LINKS.search(text) for text in _rewriters(site))


def reads(site: SiteFiles | None, *signs: str) -> bool:
    """Whether something of the site's own reads one of these signs.

    Its settings say so, or a hook that changes pages names the sign, escaped or not, or cannot be read.
    """
    if site is None:
        return False
    said = site.config.settings["reads"]
    if said and any(known in sign for known in said for sign in signs):
        return True
    texts = _rewriters(site)
    return any(not text or sign in text or sign in text.replace("\\", "") for text in texts for sign in signs)


@lru_cache(maxsize=4)
def fills_templates(site: SiteFiles) -> bool:
    """Whether a hook may put something in the place of `{{ … }}` and `{% … %}`, or cannot be read."""
    texts = [_text(site, hook) for hook in site.config.hooks]
    return any(not text or _TEMPLATING.search(text) for text in texts)


_TEMPLATING = lazy(r"\{\\?[{%]|jinja|templat|render|\bformat_map\b", re.I)


_LINKS = lazy(r"\.\./|\]\(|\]\\\(|href|outside")
_SETS_ADDRESS = lazy(r"""(?:attr|setAttribute)\(\s*["']href["']\s*,|\.href\s*=(?!=)""")
_CLIMBS = lazy(r"""["']\^?((?:\.\./)*\.\./?)["']""")


@lru_cache(maxsize=4)
def led_elsewhere(site: SiteFiles) -> tuple[str, ...]:
    """The beginnings of the paths out of docs_dir that a script of the site turns into addresses."""
    own = [path for path in site.config.paths("extra_javascript") if not path.startswith(("http", "//"))]
    texts = [_text(site, str(site.config.docs_dir / path)) for path in own]
    chosen = (text for text in texts if "href^=" in text and _SETS_ADDRESS.search(text))
    return tuple(start for text in chosen for start in _CLIMBS.findall(text))


@lru_cache(maxsize=4)
def named_by_hooks(site: SiteFiles) -> tuple[str, ...]:
    """The beginnings of paths that a hook which changes pages names: it may lead them elsewhere."""
    return tuple(start for text in _rewriters(site) if _LINKS.search(text) for start in _BEGINNING.findall(text))


_BEGINNING = lazy(r"""["'](?:\]\()?((?:\.{1,2}/)*[\w%.-]+/[^"'\s*{}()<>\\]*|(?:\.\./)+[\w%.-]+)["']""")


@lru_cache(maxsize=4)
def _rewriters(site: SiteFiles) -> tuple[str, ...]:
    """The texts of the hooks that change pages; empty for one that cannot be read."""
    texts = [text for hook in site.config.hooks if _changes_pages(text := _text(site, hook))]
    plugin = site.config.plugins.get("mkdocs-simple-hooks") or site.config.plugins.get("simple-hooks") or {}
    named = plugin.get("hooks")
    for event, function in named.items() if isinstance(named, dict) else ():
        if _changes_pages(str(event)):
            path = str(function).partition(":")[0].replace(".", "/") + ".py"
            tries = [path, path.rpartition("/")[2], f"../{path}", f"../../{path}"]
            texts.append(next((text for name in tries if (text := _text(site, name))), ""))
    return tuple(texts)


def _changes_pages(text: str) -> bool:
    return "on_page_markdown" in text or "on_page_content" in text


@lru_cache(maxsize=4)
def adds_ids(site: SiteFiles) -> bool:
    """Whether a hook that changes pages may add headings or other places to link to."""
    texts = [_text(site, hook) for hook in site.config.hooks]
    return any(_MAKES_IDS.search(text) for text in texts if _changes_pages(text))


_MAKES_IDS = lazy(r"\bid=|anchor|<h\d|<a |[\"'`\n]#{1,6} \w|\btoc\b|include|read_text|\.format\(|render", re.I)


@lru_cache(maxsize=64)
def _text(site: SiteFiles, path: str) -> str:
    try:
        return (site.config.root / path).read_text("utf-8", errors="replace")
    except OSError:
        return ""
