"""Two builds of the same pages: what differs is found."""

from __future__ import annotations

from pathlib import Path

import pytest
from archpublish.differences import differences

PAGE = "<html><body><article><h1 id='a'>Title</h1>\n<p>one two three four</p></article></body></html>"


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/index.md").write_text("# Title\n", "utf-8")
    for site in ("one", "other"):
        (tmp_path / site).mkdir()
        (tmp_path / site / "index.html").write_text(PAGE, "utf-8")
    return tmp_path / "docs"


def found(docs: Path, html: str) -> list[str]:
    (docs.parent / "other/index.html").write_text(html, "utf-8")
    return list(differences(docs.parent / "one", docs.parent / "other", docs))


def test_what_is_laid_out_differently_is_the_same(docs: Path) -> None:
    assert found(docs, PAGE.replace("<p>", "<div><p id='__x'>\n  ").replace("</p>", "</p></div>")) == []


def test_another_word_is_found_with_its_place(docs: Path) -> None:
    assert found(docs, PAGE.replace("four", "five")) == ["index.md: after “one two three”: “four” became “five”"]


def test_another_target_is_found(docs: Path) -> None:
    assert found(docs, PAGE.replace("'a'", "'b'")) == ["index.md: targets of links that only one has: a, b"]


def test_a_page_that_is_missing_is_found(docs: Path) -> None:
    (docs.parent / "other/index.html").unlink()

    assert list(differences(docs.parent / "one", docs.parent / "other", docs)) == [
        f"index.md: only in {docs.parent / 'one'}"
    ]


def test_two_empty_pages_are_not_alike(docs: Path) -> None:
    for site in ("one", "other"):
        (docs.parent / site / "index.html").write_text("<html></html>", "utf-8")

    assert list(differences(docs.parent / "one", docs.parent / "other", docs)) == ["index.md: no text was found"]
