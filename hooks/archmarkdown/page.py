"""The page that MkDocs is rendering, as an extension of Python-Markdown can know it.

MkDocs registers its own tree processor for links, which has the file, all files and the configuration. Nothing of
MkDocs is imported: under plain Python-Markdown there is no such processor, and no page.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markdown import Markdown


@dataclass(frozen=True)
class Page:
    """A page under MkDocs; the fields hold MkDocs' own objects."""

    mkdocs_file: Any
    mkdocs_files: Any
    config: Any

    @property
    def path(self) -> str:
        """Path under docs/, with slashes."""
        return str(self.mkdocs_file.src_uri)

    @property
    def file(self) -> str:
        """Path to print in a message: relative to where the build was started."""
        source = self.mkdocs_file.abs_src_path
        return os.path.relpath(source) if source else self.path

    @property
    def source(self) -> str:
        """The file as written, front matter included."""
        return str(self.mkdocs_file.content_string)

    @property
    def root(self) -> Path:
        """The folder of mkdocs.yml."""
        return Path(self.config.config_file_path or "mkdocs.yml").resolve().parent

    @property
    def docs(self) -> Path:
        """The folder of the pages."""
        return Path(self.config.docs_dir)

    @property
    def meta(self) -> dict[str, Any]:
        """The front matter."""
        return dict(getattr(self.mkdocs_file.page, "meta", None) or {})

    @property
    def url(self) -> str:
        """The address at which the page is published, or an empty string."""
        return str(getattr(self.mkdocs_file.page, "canonical_url", None) or "")

    @property
    def site(self) -> str:
        """The site's name."""
        return str(self.config.site_name)

    def all_pages(self) -> Iterator[tuple[str, str]]:
        """Yield (path, source) of each page of the build."""
        for file in self.mkdocs_files.documentation_pages():
            yield file.src_uri, file.content_string


def page_of(md: Markdown) -> Page | None:
    """Return the page MkDocs is rendering with `md`, or None under plain Python-Markdown."""
    if "relpath" not in md.treeprocessors:
        return None
    links: Any = md.treeprocessors["relpath"]
    return Page(links.file, links.files, links.config)
