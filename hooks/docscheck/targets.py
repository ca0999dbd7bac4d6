"""Where a link of a page leads: the files of a site, their addresses, and how MkDocs and a browser resolve a path."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from enum import Enum, auto
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from docscheck.config import Config
from docscheck.once import cached_property
from docscheck.patterns import lazy
from docscheck.programs import is_generated, makes_files
from docscheck.site_files import MARKDOWN, SiteFiles
from docscheck.translations import Translations, translations
from docscheck.words.distance import closest, distance


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
        only_in: Mapping[str, str] | None = None,
    ) -> None:
        self.built = built
        self.excluded = excluded
        self.directory_urls = directory_urls
        self.base = base
        """The path under which the site stands on its host."""
        self.redirects = redirects or {}
        """Paths of pages that are no more, and where a reader is led from their addresses."""
        self.translations = translations if translations and translations.by_suffix else None
        self.only_in = only_in or {}
        """What exists in one language only, and not in that of the site, by its name without the language."""
        self._judged: dict[tuple[str, str], Target] = {}

    def judge(self, page: str, path: str) -> Target:
        """Where the path of a link in a page leads; percent signs are decoded, query and fragment already cut off."""
        beside = page[: page.rfind("/") + 1] + path
        other = self.only_in.get(posixpath.normpath(unquote(beside))) if self.only_in else None
        if other and self.translations and self.translations.language(page) != self.translations.split(other)[1]:
            return Target(Verdict.MISSING, other)
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
    def _index_pages(self) -> dict[str, list[str]]:
        """The first pages of folders, by the name of the folder."""
        named: dict[str, list[str]] = {}
        for file in (*self._by_name.get("index.md", ()), *self._by_name.get("readme.md", ())):
            named.setdefault(posixpath.basename(posixpath.dirname(file)).lower(), []).append(file)
        return named

    @cached_property
    def _by_name(self) -> dict[str, list[str]]:
        named: dict[str, list[str]] = {}
        for file in sorted(self.built):
            named.setdefault(posixpath.basename(file).lower(), []).append(file)
        return named

    @cached_property
    def _in_folder(self) -> dict[str, list[str]]:
        """The names of the files in each folder."""
        inside: dict[str, list[str]] = {}
        for file in self.built:
            folder, _, name = file.rpartition("/")
            inside.setdefault(folder, []).append(name)
        return inside

    def is_name(self, name: str) -> bool:
        """Whether a file of the site, in whatever folder, has this name."""
        return name.lower() in self._by_name

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
        stem, suffix = posixpath.splitext(name)
        for candidate in (name, f"{stem}.md") if suffix in _OF_PAGES else (name,):
            if len(self._by_name.get(candidate, ())) == 1:
                return self._by_name[candidate][0]
        if suffix == ".md" and len(self._index_pages.get(stem, ())) == 1:
            return self._index_pages[stem][0]
        folder = posixpath.normpath(posixpath.join(posixpath.dirname(page), posixpath.dirname(path)))
        near = closest(name, self._in_folder.get("" if folder == "." else folder, []), 0.75)
        is_of_series = _NUMBERS.sub("", stem) == _NUMBERS.sub("", posixpath.splitext(near)[0])
        if is_of_series and _NUMBERS.findall(near) != _NUMBERS.findall(name) and distance(name, near) > 1:
            return ""  # one of them is as good as any
        return posixpath.normpath(posixpath.join(folder, near)) if near else ""


_NUMBERS = lazy(r"\d+")


_OF_PAGES = frozenset(("", ".md", ".markdown", ".html", ".htm", ".php", ".rst", ".txt", ".adoc", ".ipynb"))
"""How the name of what was a page may end: no picture was meant for one."""


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
def files_of(site: SiteFiles) -> Files:
    """The files of a site, pages and others: its own, the theme's, and those that are generated before a build."""
    every = frozenset(site.files) | _theme_files(site.config) | _to_come(site)
    languages = translations(site.config)
    only_in = _in_one_language(every, languages) if languages and languages.by_suffix and languages.default else {}
    if languages and languages.by_suffix:
        every |= _in_every_language(every, languages)
    elif languages and languages.default:
        every |= _taken_over(every, languages)
    base = base_path(site.config.site_url or (_COMPONENT if "techdocs-core" in site.config.plugins else ""))
    directory_urls, redirects = site.config.directory_urls, _redirects(site.config)
    return Files(every - site.excluded, site.excluded, directory_urls, base, redirects, languages, only_in)


_COMPONENT = "https://backstage.example/docs/default/component/site/"
"""Where Backstage puts a site, with others beside it."""


def _in_one_language(files: frozenset[str], languages: Translations) -> dict[str, str]:
    """Files that are there in one language only, and not in the one that others fall back to."""
    found: dict[str, list[tuple[str, str]]] = {}
    for file in files:
        plain, language = languages.split(file)
        if language and plain not in files:
            found.setdefault(plain, []).append((language, file))
    default = languages.default
    return {plain: known[0][1] for plain, known in found.items() if len(known) == 1 and known[0][0] != default}


def _to_come(site: SiteFiles) -> frozenset[str]:
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


def _taken_over(files: frozenset[str], languages: Translations) -> set[str]:
    """The names of what other languages take over from the folder of the one that they fall back to."""
    own = {plain for plain, language in map(languages.split, files) if language == languages.default}
    return {
        languages.named(f"{languages.default}/{plain}", language) for plain in own for language in languages.languages
    }


def translated(site: SiteFiles, page: str, file: str) -> str:
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


def _theme_files(config: Config) -> frozenset[str]:
    """What the theme puts on every site: the files of `custom_dir`, and the icons that pages link to."""
    found = {"img/favicon.ico", "assets/images/favicon.png"}
    custom = config.theme.get("custom_dir")
    folder = config.root / str(custom) if custom else None
    if folder and folder.is_dir():
        files = (file for file in folder.rglob("*") if file.is_file() and file.suffix != ".html")
        found |= {file.relative_to(folder).as_posix() for file in files}
    return frozenset(found)


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
