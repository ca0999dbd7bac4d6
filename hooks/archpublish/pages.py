"""The pages of a built site: each source under docs/ with its address, its front matter and what was built from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from docscheck.parse.front_matter import parse_front_matter

from archpublish.article import Element, article


@dataclass(frozen=True)
class BuiltPage:
    """A page, as written and as built."""

    path: str
    """The source under docs/, with slashes."""
    meta: dict[str, Any]
    """The front matter."""
    html: str
    """The whole page as built."""

    @property
    def address(self) -> str:
        """Below the site's root: empty for the home page, otherwise ending in a slash."""
        bare = self.path.removesuffix(".md")
        return bare.removesuffix("index") if bare == "index" or bare.endswith("/index") else bare + "/"

    @property
    def title(self) -> str:
        """As its front matter says, or its first heading."""
        if title := self.meta.get("title"):
            return str(title)
        heading = next((part for part in self.article.walk() if part.tag == "h1"), None)
        return heading.text.strip() if heading else self.path

    @property
    def description(self) -> str:
        """One sentence, or nothing."""
        return str(self.meta.get("description", ""))

    @property
    def kind(self) -> str:
        """The page's type."""
        return str(self.meta.get("page-type", ""))

    @cached_property
    def article(self) -> Element:
        """The tree of its content."""
        return article(self.html)


def built_pages(site: Path, docs: Path) -> Iterator[BuiltPage]:
    """Yield every page of `docs` that was built into `site`, in the order of their paths."""
    for source in sorted(docs.rglob("*.md")):
        page = BuiltPage(source.relative_to(docs).as_posix(), front_matter(source.read_text(encoding="utf-8-sig")), "")
        built = site / page.address / "index.html"
        if built.is_file():
            yield BuiltPage(page.path, page.meta, built.read_text(encoding="utf-8"))


def front_matter(source: str) -> dict[str, Any]:
    """The keys at the top of a page; none where it has none."""
    return dict(parse_front_matter(source).data)
