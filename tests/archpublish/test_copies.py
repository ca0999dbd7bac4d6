"""Copies for machines, what a page's head tells, and the picture of a page."""

from __future__ import annotations

import json
import re
import struct
import zlib
from pathlib import Path

import pytest
from archpublish import cards, copies, head
from archpublish.copies import About
from archpublish.letters import faces
from archpublish.pages import BuiltPage

ABOUT = About("Site", "What it is.", "https://x.org/s/", "CC BY 4.0", {"Section": ["a/b.md", "a/index.md"]})
HTML = "<head></head><article><p>Text with <a href='../c/#d'>a link</a>.</p></article>"
META = {
    "title": "B & b",
    "description": "It is </b>.",
    "page-type": "architecture",
    "checked": "2026-01-02",
    "aliases": ["bee"],
}
PAGE = BuiltPage("a/b.md", META, HTML)
HOME = BuiltPage("index.md", {"title": "Home", "page-type": "landing"}, HTML)
HUB = BuiltPage("a/index.md", {"title": "A", "page-type": "hub"}, HTML)


def made() -> dict[str, str]:
    return dict(copies.files([HOME, PAGE, HUB], ABOUT))


def test_each_page_has_a_copy_at_its_address() -> None:
    assert {"index.md", "a/b.md", "a.md", "llms.txt", "llms-full.txt"} == set(made())


def test_a_copy_stands_by_itself() -> None:
    text = made()["a/b.md"]

    assert text.startswith("# B & b\n\n> It is </b>.\n\n- Address: https://x.org/s/a/b/\n")
    assert "- Also called: bee" in text
    assert "Text with [a link](https://x.org/s/a/c/#d)." in text
    assert text.endswith("CC BY 4.0\n")


def test_a_title_leads_nowhere_else() -> None:
    page = BuiltPage("a/b.md", {**META, "title": "x](https://evil.example) [y"}, HTML)

    listed = dict(copies.files([page], ABOUT))["llms.txt"]
    assert r"- [x\](https://evil.example) \[y](https://x.org/s/a/b.md): It is </b>." in listed


@pytest.mark.parametrize(
    ("target", "leads"),
    [
        ("../c/", "https://x.org/s/a/c/"),
        ("../../data/m.json", "https://x.org/s/data/m.json"),
        ("..", "https://x.org/s/a/"),
        ("#here", "#here"),
        ("https://y.org/z", "https://y.org/z"),
        ("mailto:x@y.org", "mailto:x@y.org"),
    ],
)
def test_links_hold_without_the_page(target: str, leads: str) -> None:
    assert copies.link(target, PAGE, ABOUT.url) == leads


def test_the_overview_lists_pages_in_the_order_of_the_navigation() -> None:
    text = made()["llms.txt"]

    assert re.findall(r"^(?:## |- \[)([^\]\n]+)", text, re.M) == ["Section", "B & b", "A", "Optional", "Home"]


def test_navigation_becomes_sections() -> None:
    nav = [{"Home": "index.md"}, {"Parts": ["p/index.md", {"Deep": ["p/d/x.md", {"Named": "p/d/y.md"}]}]}]

    assert copies.sections(nav) == {"Start": ["index.md"], "Parts": ["p/index.md"], "Deep": ["p/d/x.md", "p/d/y.md"]}


def linked(html: str) -> dict[str, dict[str, object]]:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', html)
    assert found
    return {part["@type"]: part for part in json.loads(found[1])["@graph"]}


def test_the_head_tells_what_the_page_is(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "index.md").write_text("---\ntitle: Home\n---\n", encoding="utf-8")
    (tmp_path / "a/index.md").write_text("---\ntitle: A\n---\n", encoding="utf-8")
    html = head.with_head(HTML, PAGE, ABOUT, tmp_path)
    data = linked(html)

    assert data["TechArticle"]["dateModified"] == "2026-01-02"
    assert data["TechArticle"]["description"] == "It is </b>."
    assert [step["name"] for step in data["BreadcrumbList"]["itemListElement"]] == ["Home", "A", "B & b"]  # type: ignore[attr-defined]
    assert '<meta property="og:title" content="B &amp; b">' in html
    assert 'type="text/markdown" href="https://x.org/s/a/b.md"' in html
    assert head.with_head(html, PAGE, ABOUT, tmp_path) == html


def test_the_home_page_tells_how_to_search() -> None:
    data = linked(head.head(HOME, [], ABOUT))

    assert data["WebSite"]["potentialAction"]["target"]["urlTemplate"].startswith("https://x.org/s/?q=")  # type: ignore[index]


def pixels(png: bytes) -> tuple[int, int, list[bytes]]:
    width, height = struct.unpack(">II", png[16:24])
    start = png.index(b"IDAT")
    raw = zlib.decompress(png[start + 4 : start + 4 + struct.unpack(">I", png[start - 4 : start])[0]])
    return width, height, [raw[row * (width + 1) + 1 : (row + 1) * (width + 1)] for row in range(height)]


def test_a_card_is_a_picture_with_text_inside_its_margins(tmp_path: Path) -> None:
    page = BuiltPage("a/b.md", {"title": "Word " * 60, "description": "more " * 200}, "")
    png = cards.card(page, "Site", "Section", tmp_path)
    width, height, rows = pixels(png)

    assert (width, height) == (1200, 630)
    assert all(not any(row[905:940]) for row in rows)
    assert any(any(row[72:900]) for row in rows[128:300])
    assert len(png) < 40_000
    assert cards.card(page, "Site", "Section", tmp_path) == png
    assert len(list(tmp_path.iterdir())) == 1
    assert cards.card(PAGE, "Site", "Section") != png


def test_lines_fit_and_end_in_an_ellipsis() -> None:
    face = faces()["title"]
    lines = cards.wrapped(face, "several words that fill more than two lines of this width, certainly", 500, 2)

    assert len(lines) == 2
    assert all(face.width(line) <= 500 for line in lines)
    assert lines[-1].endswith("…")


def test_every_letter_of_every_title_is_drawn() -> None:
    docs = Path(__file__).resolve().parents[2] / "docs"
    known = set(faces()["title"].glyphs)
    pages = list(docs.rglob("*.md"))
    assert pages
    for path in pages:
        meta = head.front_matter(path.read_text(encoding="utf-8-sig"))
        assert set(f"{meta.get('title', '')}{meta.get('description', '')}") <= known, path
