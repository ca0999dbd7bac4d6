"""The files of a site: which exist, what they are called, what is left out."""

from __future__ import annotations

import contextlib
import datetime
import os
import posixpath
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from docscheck.config import Config, ConfigError
from docscheck.once import cached_property
from docscheck.patterns import lazy
from docscheck.stamps import Stamp, tree

MARKDOWN = (".md", ".markdown", ".mdown", ".mkdn", ".mkd")
_MADE = lazy(r"(?:(?:category|archive|author)/[^/]+(?:/page/\d+)?|page/\d+|\d{4}(?:/\d\d){0,2}(?:/[^/]+)?)/?$")
"""What the blog plugin makes in its folder: lists by category, year and author, further pages of them, and posts."""


class SiteFiles:
    """The files under docs_dir."""

    def __init__(
        self, config: Config, working_directory: Path | None = None, today: datetime.date | None = None
    ) -> None:
        self.config = config
        self.root = working_directory or Path.cwd()
        self.today = today or datetime.date.today()

    @cached_property
    def files(self) -> Mapping[str, str]:
        """Every file under docs_dir by its path there, with slashes, those left out of the site included."""
        top = str(self.config.docs_dir)
        return {path[len(top) + 1 :].replace(os.sep, "/"): path for path in self.stamps}

    @cached_property
    def stamps(self) -> Mapping[str, Stamp]:
        """The times and sizes of the files under docs_dir, by their paths: a folder's files before its folders."""
        return tree(self.config.docs_dir)

    @cached_property
    def excluded(self) -> frozenset[str]:
        """Files that `exclude_docs`, MkDocs' own rules or a README beside an index keep off the site."""
        lines = str(self.config.values.get("exclude_docs") or "").splitlines()
        out = {uri for uri in self.files if uri.startswith((".", "templates/")) or "/." in uri}
        if lines:
            from pathspec.gitignore import GitIgnoreSpec  # MkDocs matches with it

            matcher = GitIgnoreSpec.from_lines([".*", "/templates/", *lines])
            out = {uri for uri in self.files if matcher.match_file(uri)}
        if "exclude" in self.config.plugins:
            out |= self._excluded_by_plugin(self.config.plugins["exclude"])
        for uri in self.files:
            folder, name = posixpath.split(uri)
            if name == "README.md" and posixpath.join(folder, "index.md") in self.files:
                out.add(uri)
        return frozenset(out)

    def _excluded_by_plugin(self, settings: Mapping[str, object]) -> set[str]:
        """The files that mkdocs-exclude takes away: by patterns of a shell, or by regular expressions."""
        from fnmatch import fnmatch

        globs, expressions = (
            [str(item) for item in ([given] if isinstance(given, str) else given if isinstance(given, list) else [])]
            for given in (settings.get("glob"), settings.get("regex"))
        )
        found = {uri for uri in self.files if any(fnmatch(uri, glob) for glob in globs)}
        with contextlib.suppress(re.error):
            found |= {uri for uri in self.files if any(re.match(expression, uri) for expression in expressions)}
        return found

    @cached_property
    def posts(self) -> str:
        """The folder whose pages the blog plugin moves to addresses of its own; empty without it."""
        if "blog" not in self.config.plugins:
            return ""
        return posixpath.normpath(posixpath.join(self.blog, "posts")) + "/"

    @cached_property
    def blog(self) -> str:
        """The folder of the blog, as the blog plugin's settings name it."""
        return posixpath.normpath(str(self.config.plugins.get("blog", {}).get("blog_dir") or "blog"))

    def is_of_blog(self, address: str) -> bool:
        """Whether the blog plugin may make what is at an address: a list of posts, or a post at its day."""
        folder = "" if self.blog == "." else f"{self.blog}/"
        return bool(self.posts) and address.startswith(folder) and _MADE.match(address, len(folder)) is not None

    @cached_property
    def page_uris(self) -> tuple[str, ...]:
        """The pages of the site in order of their paths."""
        files, stamps, excluded = self.files, self.stamps, self.excluded
        return tuple(
            uri for uri in files if uri.lower().endswith(MARKDOWN) and uri not in excluded and stamps[files[uri]]
        )

    @cached_property
    def checked_uris(self) -> tuple[str, ...]:
        """The pages that are checked: all but those that our own setting `exclude` leaves out."""
        patterns = self.config.settings["exclude"]
        if not patterns:
            return self.page_uris
        from pathspec.gitignore import GitIgnoreSpec

        try:
            left_out = GitIgnoreSpec.from_lines(patterns)
        except ValueError as error:
            raise ConfigError(f"`exclude` in the settings: {error}") from error
        return tuple(uri for uri in self.page_uris if not left_out.match_file(uri))

    @cached_property
    def places(self) -> Mapping[str, str]:
        """The file of each page, links of the file system followed."""
        return {uri: os.path.realpath(self.files[uri]) for uri in self.page_uris}

    def shown(self, uri: str) -> str:
        """How reports name a file under docs_dir: as seen from the working directory."""
        return uri if self._shown_folder == "." else f"{self._shown_folder}/{uri}"

    @cached_property
    def _shown_folder(self) -> str:
        try:
            return os.path.relpath(self.config.docs_dir, self.root).replace(os.sep, "/")
        except ValueError:  # another drive
            return str(self.config.docs_dir)

    @cached_property
    def nav(self) -> tuple[str, ...] | None:
        """The files that `nav` names; None where the site has none."""
        nav = self.config.values.get("nav")
        return tuple(_nav_paths(nav)) if isinstance(nav, list) else None

    @cached_property
    def box_types(self) -> frozenset[str]:
        """Class names that the site's own style sheets, templates or style blocks give to boxes."""
        from docscheck.box_types import site_types

        return site_types(self.config, self.files)

    @cached_property
    def css_classes(self) -> frozenset[str]:
        """Every class name in the site's own style sheets."""
        from docscheck.box_types import css_classes

        return css_classes(self.config)


def _nav_paths(nav: object) -> Iterator[str]:
    if isinstance(nav, str):
        yield nav
    elif isinstance(nav, list):
        for entry in nav:
            yield from _nav_paths(entry)
    elif isinstance(nav, dict):
        for entry in nav.values():
            yield from _nav_paths(entry)
