"""The page that is converted is known under each generator, without importing any."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

from archmarkdown.page import page_of, source_page
from markdown import Markdown
from markdown.preprocessors import Preprocessor


class _Context(Preprocessor):
    """What Zensical leaves with the converter."""

    def __init__(self, md: Markdown, docs: Path) -> None:
        super().__init__(md)
        self.page = SimpleNamespace(path="a/page.md", url="a/page/", meta={"title": "A page"})
        self.config = {
            "root_dir": str(docs.parent),
            "docs_dir": docs.name,
            "site_url": "https://x.org/",
            "site_name": "X",
        }


def test_there_is_no_page_in_plain_markdown() -> None:
    md = Markdown()
    md.convert("text $x$")

    assert page_of(md) is None
    assert source_page(md).line_of("$x$") == 1


def test_zensicals_page_is_known(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    (docs / "a").mkdir(parents=True)
    (docs / "a" / "page.md").write_text("one\n\ntwo $x$\n", encoding="utf-8")
    (docs / "index.md").write_text("home\n", encoding="utf-8")
    md = Markdown()
    md.preprocessors.register(_Context(md, docs), "rendering_context", 0)

    page = page_of(md)

    assert page is not None
    assert (page.path, page.url, page.site, page.meta["title"]) == ("a/page.md", "https://x.org/a/page/", "X", "A page")
    assert (page.root, page.docs) == (tmp_path.resolve(), docs.resolve())
    assert dict(page.all_pages()) == {"a/page.md": "one\n\ntwo $x$\n", "index.md": "home\n"}
    assert source_page(md).place_of("$x$") == "docs/a/page.md:3"
