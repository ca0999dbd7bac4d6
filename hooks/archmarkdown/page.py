"""The page that is being converted, as an extension of Python-Markdown can know it, whichever generator asked.

MkDocs registers a tree processor for links that has the file, all files and the configuration; Zensical registers a
preprocessor that has the page and the configuration. Neither is imported: under plain Python-Markdown there is no such
processor, and no page.
"""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markdown import Markdown


class Page(ABC):
    """A page that a site generator converts."""

    path: str
    """Path under docs/, with slashes."""
    root: Path
    """The folder of the settings."""
    docs: Path
    """The folder of the pages."""
    meta: Mapping[str, Any]
    """The front matter."""
    url: str
    """The address at which the page is published, or an empty string."""
    site: str
    """The site's name."""
    build: object
    """The same object for all pages of one build."""

    @property
    def file(self) -> str:
        """Path to print in a message: relative to where the build was started."""
        return os.path.relpath(self.docs / self.path)

    @property
    @abstractmethod
    def source(self) -> str:
        """The file as written, front matter included."""

    @abstractmethod
    def all_pages(self) -> Iterator[tuple[str, str]]:
        """Yield (path, source) of each page of the build."""


class MkDocsPage(Page):
    """A page that MkDocs builds."""

    def __init__(self, file: Any, files: Any, config: Any) -> None:
        self._file = file
        self.path = str(file.src_uri)
        self.root = Path(config.config_file_path or "mkdocs.yml").resolve().parent
        self.docs = Path(config.docs_dir)
        self.meta = dict(getattr(file.page, "meta", None) or {})
        self.url = str(getattr(file.page, "canonical_url", None) or "")
        self.site = str(config.site_name)
        self.build = files

    @property
    def source(self) -> str:
        return str(self._file.content_string)

    def all_pages(self) -> Iterator[tuple[str, str]]:
        build: Any = self.build
        for file in build.documentation_pages():
            yield file.src_uri, file.content_string


class _ZensicalPage(Page):
    def __init__(self, context: Any) -> None:
        """`context` is the preprocessor that Zensical registers."""
        settings: Mapping[str, Any] = context.config
        self.path = str(context.page.path)
        self.root = Path(settings.get("root_dir") or ".").resolve()
        self.docs = self.root / str(settings.get("docs_dir") or "docs")
        self.meta = dict(context.page.meta)
        self.url = str(settings.get("site_url") or "").rstrip("/") + "/" + str(context.page.url).lstrip("/")
        self.site = str(settings.get("site_name") or "")
        self.build = settings

    @property
    def source(self) -> str:
        return (self.docs / self.path).read_text(encoding="utf-8-sig")

    def all_pages(self) -> Iterator[tuple[str, str]]:
        for file in sorted(self.docs.rglob("*.md")):
            yield file.relative_to(self.docs).as_posix(), file.read_text(encoding="utf-8-sig")


def page_of(md: Markdown) -> Page | None:
    """Return the page that `md` converts, or None under plain Python-Markdown."""
    if "relpath" in md.treeprocessors:
        links: Any = md.treeprocessors["relpath"]
        return MkDocsPage(links.file, links.files, links.config)
    if "rendering_context" in md.preprocessors:
        return _ZensicalPage(md.preprocessors["rendering_context"])
    return None


@dataclass(frozen=True)
class SourcePage:
    """The page that is being converted, as far as messages need it."""

    path: str
    """Path under docs/, empty in plain Python-Markdown."""
    text: str
    """The source as written."""

    def line_of(self, part: str) -> int:
        """The line, from 1, where `part` first stands; 0 where it does not."""
        before, found, _ = self.text.partition(part)
        return before.count("\n") + 1 if found and part else 0

    def place_of(self, part: str) -> str:
        """ "docs/page.md:12", or what is known of it."""
        line = self.line_of(part)
        return f"{'docs/' + self.path if self.path else 'page'}{f':{line}' if line else ''}"


def source_page(md: Markdown) -> SourcePage:
    """The source of what `md` converts: the page's, or the text itself under plain Python-Markdown."""
    page = page_of(md)
    return SourcePage(page.path, page.source) if page else SourcePage("", "\n".join(getattr(md, "lines", [])))
