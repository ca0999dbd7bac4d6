"""Where a link of a page leads: the files of a site, their addresses, and how MkDocs and a browser resolve a path."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping, Set
from enum import Enum, auto
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from docscheck.config import Config
from docscheck.once import cached_property
from docscheck.patterns import lazy
from docscheck.site import MARKDOWN, Site
from docscheck.spelling_distance import closest
from docscheck.translations import PLUGINS, Translations, translations

_PAGE_MAKERS = """
gen-files mkdocs-gen-files monorepo multirepo i18n static-i18n blogging api-autonav autoapi mkdocs-jupyter simple
techdocs-core same-dir external-files typedoc coverage swagger-ui-tag openapi-markdown ezglossary document-dates
"""
PAGE_MAKERS = frozenset(_PAGE_MAKERS.split())
"""Plugins that add pages whose sources are not under docs_dir."""


class Verdict(Enum):
    """What is to be said of where a link leads."""

    FILE = auto()
    """A file of the site."""
    EXCLUDED = auto()
    """A file that the site leaves out."""
    WRONG_CASE = auto()
    """No file, but one whose name differs in capitals only."""
    OUTSIDE = auto()
    """Above the folder of the pages."""
    PAGE_ADDRESS = auto()
    """No file, but the address at which one will stand: a reader gets there, MkDocs cannot check it."""
    ASTRAY = auto()
    """Meant as the address of a page, but from this page it leads somewhere else."""
    MISSING = auto()
    """Nothing of the site."""


class Target(NamedTuple):
    """Where a link leads, as far as the files tell."""

    verdict: Verdict
    file: str = ""
    """The file it leads to, or the one that was probably meant; relative to the folder of the pages."""


class Files:
    """The files of a site, by their paths under the folder of the pages."""

    def __init__(
        self,
        built: frozenset[str],
        excluded: frozenset[str] = frozenset(),
        directory_urls: bool = True,
        base: str = "/",
        redirects: Mapping[str, str] | None = None,
        translations: Translations | None = None,
    ) -> None:
        self.built = built
        self.excluded = excluded
        self.directory_urls = directory_urls
        self.base = base
        """The path under which the site stands on its host."""
        self.redirects = redirects or {}
        """Paths of pages that are no more, and where a reader is led from their addresses."""
        self.translations = translations if translations and translations.by_suffix else None
        self._judged: dict[tuple[str, str], Target] = {}

    def judge(self, page: str, path: str) -> Target:
        """Where the path of a link in a page leads; percent signs are decoded, query and fragment already cut off."""
        beside = page[: page.rfind("/") + 1] + path
        if beside in self.built and "%" not in path:  # what most links are
            return Target(Verdict.FILE, beside)
        key = posixpath.dirname(page) if posixpath.splitext(path)[1] else page, path
        if key not in self._judged:
            self._judged[key] = self._judge(page, unquote(path))
        return self._judged[key]

    def judge_address(self, page: str, path: str) -> Target:
        """The same for a path that a browser resolves: in raw HTML, nobody rewrites it to the target's address."""
        resolved = _resolved(self.address(page), unquote(path), self.base)
        for form in (resolved, resolved + "/"):  # a server adds the slash that a folder's address lacks
            if form in self.addresses:
                return Target(Verdict.FILE, self.addresses[form])
        meant = self.judge(page, path)
        return Target(Verdict.ASTRAY if meant.verdict is Verdict.FILE else Verdict.MISSING, meant.file)

    def judge_absolute(self, path: str) -> Target:
        """The same for a path from the root of the site."""
        plain = unquote(path).lstrip("/")
        if plain in self.addresses or plain + "/" in self.addresses:
            return Target(Verdict.FILE, self.addresses.get(plain) or self.addresses.get(plain + "/", ""))
        return Target(Verdict.MISSING, self._meant("index.md", plain))

    def leaves_site(self, page: str, path: str) -> bool:
        """Whether a browser finds a path above the site, which stands in a folder of its host."""
        return _resolved(self.address(page), path, self.base).startswith("../")

    def address(self, file: str) -> str:
        """The address of a file, relative to the site's; a folder's ends with a slash, the root's is empty."""
        if self.translations:
            plain, language = self.translations.split(file)
            if language and language != self.translations.default:
                return f"{language}/{self._address(plain)}"
            return self._address(plain)
        return self._address(file)

    def _address(self, file: str) -> str:
        stem, suffix = posixpath.splitext(file)
        if suffix.lower() not in MARKDOWN:
            return file
        if posixpath.basename(stem) not in ("index", "README"):
            return stem + ("/" if self.directory_urls else ".html")
        folder = posixpath.dirname(stem)
        address = folder + "/" if folder else ""
        return address if self.directory_urls else address + "index.html"

    @cached_property
    def addresses(self) -> dict[str, str]:
        """Files by address; a folder's also with `index.html`, a page's also with its `index.html`."""
        found = {}
        for file in sorted(self.built) if self.translations else self.built:
            address = self.address(file)
            found[address] = file
            if file.endswith(".ipynb"):
                found.setdefault(self.address(file.removesuffix("ipynb") + "md"), file)  # a plugin makes a page of it
            if address.endswith("/") or not address:
                found.setdefault(address + "index.html", file)
            elif address.endswith("index.html"):
                found.setdefault(address.removesuffix("index.html"), file)
        for old, new in self.redirects.items():
            found.setdefault(self.address(old), new if new in self.built else "")
        return found

    @cached_property
    def _lower(self) -> dict[str, str]:
        return {file.lower(): file for file in sorted(self.built)}

    @cached_property
    def _by_name(self) -> dict[str, list[str]]:
        named: dict[str, list[str]] = {}
        for file in sorted(self.built):
            named.setdefault(posixpath.basename(file).lower(), []).append(file)
        return named

    def _judge(self, page: str, path: str) -> Target:
        joined = posixpath.normpath(posixpath.join(posixpath.dirname(page), path))
        if joined in self.built:
            return Target(Verdict.FILE, joined)
        if joined in self.excluded:
            return Target(Verdict.EXCLUDED, joined)
        if joined.lower() in self._lower:
            return Target(Verdict.WRONG_CASE, self._lower[joined.lower()])
        if posixpath.splitext(path.rstrip("/"))[1] in ("", ".html"):
            return self._judge_address(page, path, joined)
        meant = self._meant(page, path)
        return Target(Verdict.OUTSIDE if joined.startswith("../") and not meant else Verdict.MISSING, meant)

    def _judge_address(self, page: str, path: str, joined: str) -> Target:
        """A link that names no source file: MkDocs leaves it as it is, and a browser resolves it."""
        address = _resolved(self.address(page), path, self.base)
        for form in (address, address + "/"):
            if form in self.addresses:
                return Target(Verdict.PAGE_ADDRESS, self.addresses[form])
        named = self._page_of(joined.removesuffix(".html"))
        if named:
            return Target(Verdict.ASTRAY, named)
        return Target(Verdict.MISSING, self._meant(page, path.rstrip("/") + ".md"))

    def _page_of(self, joined: str) -> str:
        """The page a path without suffix names, if its file stands there."""
        candidates = (f"{joined}.md", f"{joined}/index.md", f"{joined}/README.md")
        return next((file for file in candidates if posixpath.normpath(file) in self.built), "")

    def _meant(self, page: str, path: str) -> str:
        """The file that was probably meant: the only one of that name elsewhere, else a like name beside it."""
        name = posixpath.basename(path.rstrip("/")).lower()
        for candidate in (name, posixpath.splitext(name)[0] + ".md"):
            if len(self._by_name.get(candidate, ())) == 1:
                return self._by_name[candidate][0]
        folder = posixpath.normpath(posixpath.join(posixpath.dirname(page), posixpath.dirname(path)))
        beside = [file for file in self.built if posixpath.dirname(file) == ("" if folder == "." else folder)]
        near = closest(name, [posixpath.basename(file) for file in beside], 0.75)
        return posixpath.normpath(posixpath.join(folder, near)) if near else ""


def relative(file: str, page: str) -> str:
    """How a page names another file of the site."""
    return posixpath.relpath(file, posixpath.dirname(page) or ".")


def from_root(path: str) -> str:
    """An absolute path as a browser reads it: at the root of the host there is no folder above."""
    if "/." not in path:
        return path
    return posixpath.normpath(path) + ("/" if path.endswith("/") else "")


def base_path(site_url: str) -> str:
    """The path under which a site stands, with a slash at both ends; `/` at the root of a domain."""
    path = urlsplit(site_url).path
    return path if path.endswith("/") else path + "/"


def validation(config: Config, name: str) -> str:
    """What the site's settings ask of MkDocs for a kind of link: `warn`, `info`, …; empty where they are silent."""
    chosen = config.values.get("validation")
    if not isinstance(chosen, Mapping):
        return ""
    links = chosen.get("links")
    return str({**chosen, **(links if isinstance(links, Mapping) else {})}.get(name) or "")


def begins_like_ours(files: Files, path: str) -> bool:
    """Whether the first folder of a path from the site's root is one of the site's."""
    first = path.partition("/")[0]
    return "/" in path and any(address.startswith(first + "/") for address in files.addresses)


@lru_cache(maxsize=4)
def files_of(site: Site) -> Files:
    """The files of a site, pages and others: its own, the theme's, and those that are generated before a build."""
    every = frozenset(site.files) | _theme_files(site.config) | _to_come(site)
    languages = translations(site.config)
    if languages and languages.by_suffix:
        every |= _in_every_language(every, languages)
    base = base_path(site.config.site_url)
    directory_urls, redirects = site.config.directory_urls, _redirects(site.config)
    return Files(every - site.excluded, site.excluded, directory_urls, base, redirects, languages)


def _to_come(site: Site) -> frozenset[str]:
    """What the navigation names and a program may still make; not what is missing among pages that are there."""
    named = {entry for entry in map(posixpath.normpath, site.nav or ()) if entry.endswith(MARKDOWN)}
    absent = named - site.files.keys()
    if absent and not makes_files(site, ".md"):
        folders = {posixpath.dirname(entry) for entry in named - absent}
        absent = {
            entry
            for entry in absent
            if posixpath.dirname(entry) not in folders
            or (site.config.root / posixpath.basename(entry)).is_file()
            or is_generated(site, entry)
        }
    return frozenset(absent)


def _in_every_language(files: frozenset[str], languages: Translations) -> set[str]:
    """The names under which files may be linked to: without their language, and with each of those that there are."""
    plain = {languages.split(file)[0] for file in files}
    return plain | {languages.named(file, language) for file in plain for language in languages.languages}


def translated(site: Site, page: str, file: str) -> str:
    """The file a link on a page leads to where its name leaves the language open: that in the language of the page."""
    languages = translations(site.config)
    if languages is None or languages.split(file)[1]:
        return file
    names = (languages.named(file, language) for language in (languages.language(page), languages.default))
    return next((name for name in names if name in site.files), file)


def _redirects(config: Config) -> dict[str, str]:
    """What mkdocs-redirects leads on, and where: `{old.md: new.md}`."""
    redirects = config.plugins.get("redirects", {}).get("redirect_maps")
    if not isinstance(redirects, Mapping):
        return {}
    return {str(old): str(new).partition("#")[0] for old, new in redirects.items()}


def is_generated(site: Site, path: str) -> bool:
    """Whether a path under docs_dir is filled later: by a program, as version control ignores it, or from elsewhere."""
    folder = posixpath.relpath(site.config.docs_dir.as_posix(), site.config.root.as_posix())
    if is_ignored(site, posixpath.normpath(posixpath.join(folder, path))):
        return True
    folders = (folder, str(site.config.theme.get("custom_dir") or folder))
    return any(waits_for_submodule(site, posixpath.join(at, path)) for at in folders)


def waits_for_submodule(site: Site, path: str) -> bool:
    """Whether a path, seen from the folder of mkdocs.yml, is in another repository that is not fetched here."""
    place = posixpath.normpath(path) + "/"
    inside = [at for at in _SUBMODULE.findall(_text(site, ".gitmodules")) if place.startswith(at.rstrip("/") + "/")]
    return any(not (folder := site.config.root / at).is_dir() or not any(folder.iterdir()) for at in inside)


_SUBMODULE = lazy(r"^[ \t]*path[ ]*=[ ]*(\S.*?)[ \t]*$", re.M)


def is_ignored(site: Site, path: str) -> bool:
    """Whether version control ignores a path, seen from the folder of mkdocs.yml."""
    lines = _text(site, ".gitignore").splitlines()
    if not lines or path.startswith("../"):
        return False
    from pathspec.gitignore import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(lines).match_file(path)


def _theme_files(config: Config) -> frozenset[str]:
    """What the theme puts on every site: the files of `custom_dir`, and the icons that pages link to."""
    found = {"img/favicon.ico", "assets/images/favicon.png"}
    custom = config.theme.get("custom_dir")
    folder = config.root / str(custom) if custom else None
    if folder and folder.is_dir():
        files = (file for file in folder.rglob("*") if file.is_file() and file.suffix != ".html")
        found |= {file.relative_to(folder).as_posix() for file in files}
    return frozenset(found)


def _makers(site: Site) -> Set[str]:
    """The plugins that may add pages; `monorepo` adds none where the navigation takes in no other site."""
    makers = PAGE_MAKERS & site.config.plugins.keys()
    takes_in = "monorepo" not in makers or _TAKES_IN.search(str(site.config.values.get("nav") or "!include "))
    return makers if takes_in else makers - {"monorepo"}


_TAKES_IN = lazy(r"[!*]include ")


@lru_cache(maxsize=4)
def makes_files(site: Site, suffix: str = "") -> bool:
    """Whether a plugin or a hook may add files that are not under docs_dir: then a missing one proves nothing.

    A hook that adds files is taken to add pages only where it speaks of `.md`.
    """
    makers = _makers(site)
    if suffix == ".md":
        makers -= {"mkdocs-jupyter"}  # it makes pages of notebooks
    languages = translations(site.config)
    only_translates = languages is not None and languages.by_suffix and makers <= PLUGINS
    if makers and not only_translates:
        return True
    texts = [text for hook in site.config.hooks if "on_files" in (text := _text(site, hook)) and "File" in text]
    return any(suffix != ".md" or ".md" in text for text in texts)


_GENERATORS = frozenset(["gen-files", "mkdocs-gen-files"])
_COPIES_PAGES = lazy(r"\*\.md|endswith\(\s*[\"']\.md|suffix\s*==\s*[\"']\.md|os\.walk|copytree|\.ipynb")


def may_generate(site: Site, path: str) -> bool:
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
def rewrites_pages(site: Site) -> bool:
    """Whether a hook changes pages before or after they are rendered."""
    return bool(_rewriters(site))


@lru_cache(maxsize=4)
def rewrites_links(site: Site) -> bool:
    """Whether a hook that changes pages may turn paths out of docs_dir into addresses."""
    return any(not text or _LINKS.search(text) for text in _rewriters(site))


def hook_reads(site: Site, sign: str) -> bool:
    """Whether a hook that changes pages names a sign of theirs, or cannot be read."""
    return any(not text or sign in text for text in _rewriters(site))


@lru_cache(maxsize=4)
def named_by_hooks(site: Site) -> tuple[str, ...]:
    """The beginnings of paths that a hook which changes pages names: it may lead them elsewhere."""
    return tuple(start for text in _rewriters(site) if _LINKS.search(text) for start in _BEGINNING.findall(text))


_BEGINNING = lazy(r"""["'](?:\]\()?((?:\.{1,2}/)*[\w%.-]+/[^"'\s*{}()<>\\]*|(?:\.\./)+[\w%.-]+)["']""")
_LINKS = lazy(r"\.\./|\]\(|\]\\\(|href|outside")
_SETS_ADDRESS = lazy(r"""(?:attr|setAttribute)\(\s*["']href["']\s*,|\.href\s*=(?!=)""")
_CLIMBS = lazy(r"""["']\^?((?:\.\./)*\.\./?)["']""")


@lru_cache(maxsize=4)
def led_elsewhere(site: Site) -> tuple[str, ...]:
    """The beginnings of the paths out of docs_dir that a script of the site turns into addresses."""
    own = [path for path in site.config.paths("extra_javascript") if not path.startswith(("http", "//"))]
    texts = [_text(site, str(site.config.docs_dir / path)) for path in own]
    chosen = (text for text in texts if "href^=" in text and _SETS_ADDRESS.search(text))
    return tuple(start for text in chosen for start in _CLIMBS.findall(text))


@lru_cache(maxsize=4)
def _rewriters(site: Site) -> tuple[str, ...]:
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
def adds_ids(site: Site) -> bool:
    """Whether a hook that changes pages may add headings or other places to link to."""
    texts = [_text(site, hook) for hook in site.config.hooks]
    return any(_MAKES_IDS.search(text) for text in texts if _changes_pages(text))


_MAKES_IDS = lazy(r"\bid=|anchor|<h\d|<a |[\"'`\n]#{1,6} \w|\btoc\b|include|read_text|\.format\(|render", re.I)


@lru_cache(maxsize=64)
def _text(site: Site, path: str) -> str:
    try:
        return (site.config.root / path).read_text("utf-8", errors="replace")
    except OSError:
        return ""


def _resolved(address: str, path: str, base: str) -> str:
    """A path as a browser resolves it on the page at `address`: dots followed, never above the root of the host.

    What lies above the site, under its host, is written with `../`.
    """
    *folders, name = (address[: address.rfind("/") + 1] + path).split("/")
    parts: list[str] = []
    for part in [*folders, name] if name in (".", "..") else folders:
        if part == "..":
            if base != "/" and (not parts or parts[-1] == ".."):
                parts.append(part)
            else:
                del parts[-1:]
        elif part not in ("", "."):
            parts.append(part)
    return "/".join([*parts, "" if name in (".", "..") else name])
