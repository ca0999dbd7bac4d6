"""What is new is listed whole days at a time, and the feed is Atom as readers' programs expect it."""

import re
from datetime import date
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from archdata import news, specs
from examples import DOCS, ROOT

ATOM = "{http://www.w3.org/2005/Atom}"
URL = "https://example.org/guide"


def _feed(url: str = URL) -> ElementTree.Element:
    return ElementTree.fromstring(news.feed(DOCS, url, "A & B")["feed.xml"])


def _texts(root: ElementTree.Element, name: str) -> list[str]:
    return [node.findtext(f"{ATOM}{name}") or "" for node in root.findall(f"{ATOM}entry")]


def test_every_page_with_data_is_new_once() -> None:
    found = news.additions(DOCS)

    assert sorted(addition.spec.page for addition in found) == sorted({s.page for s in specs.load(DOCS).values()})
    assert all(later.day >= earlier.day for later, earlier in pairwise(found))
    assert all(addition.summary for addition in found)


def test_the_list_shows_whole_days_until_there_are_enough_pages() -> None:
    newest = news.additions(DOCS)[0].day
    on_it = [addition for addition in news.additions(DOCS) if addition.day == newest]
    text = news.recent_additions(DOCS, 1, "index.md")

    assert f"{len(on_it)} page" in text
    assert text.count("](") == len(on_it)
    everything = news.recent_additions(DOCS, 10_000, "index.md")
    assert everything.count("](") == len(news.additions(DOCS))


def test_within_a_day_families_stand_in_the_sites_order_and_links_lead_to_pages() -> None:
    text = news.recent_additions(DOCS, 10_000, "index.md")
    names = list(specs.FAMILIES.values())
    for day in text.split("**")[2::2]:
        shown = [names.index(name) for name in re.findall(r"^- \*(.+?)\*:", day, re.MULTILINE)]
        assert shown == sorted(shown)
    for target in re.findall(r"\]\((.+?)\)", text):
        assert (DOCS / target).is_file()


def test_the_feed_has_what_atom_requires() -> None:
    root = _feed()

    assert root.tag == f"{ATOM}feed"
    assert root.findtext(f"{ATOM}title") == "A & B: new pages"
    assert root.findtext(f"{ATOM}author/{ATOM}name") == "A & B"
    for name in ("id", "title", "updated", "published", "summary"):
        values = _texts(root, name)
        assert len(values) > 10
        assert all(values)
    assert len(set(_texts(root, "id"))) == len(_texts(root, "id"))
    for moment in [root.findtext(f"{ATOM}updated") or "", *_texts(root, "updated")]:
        assert re.fullmatch(r"\d{4}-\d{2}-\d{2}T00:00:00Z", moment)
        date.fromisoformat(moment[:10])
    assert _texts(root, "updated") == sorted(_texts(root, "updated"), reverse=True)
    assert root.findtext(f"{ATOM}updated") == _texts(root, "updated")[0]


@pytest.mark.parametrize("url", [URL, URL + "/"])
def test_addresses_are_those_of_the_published_site(url: str) -> None:
    root = _feed(url)
    own = [node.get("href") for node in root.findall(f"{ATOM}link") if node.get("rel") == "self"]

    assert own == [URL + "/feed.xml"]
    for address in _texts(root, "id"):
        path = urlsplit(address).path.removeprefix("/guide/")
        assert address.startswith(URL + "/")
        assert path.endswith("/")
        assert (DOCS / (path.rstrip("/") + ".md")).is_file() or (DOCS / path / "index.md").is_file()


def test_two_builds_give_the_same_file_and_without_an_address_there_is_none() -> None:
    assert news.feed(DOCS, URL, "A") == news.feed(DOCS, URL, "A")
    assert news.feed(DOCS, "", "A") == {}


def test_a_page_that_describes_several_designs_is_new_once(tmp_path: Path) -> None:
    folder = tmp_path / "_data/architectures"
    folder.mkdir(parents=True)
    (tmp_path / "learning").mkdir()
    (tmp_path / "learning/two.md").write_text("---\ntitle: Two & more\ndescription: Of <two>.\nspec: second\n---\n")
    for slug, day in (("first", "2026-01-01"), ("second", "2026-02-02")):
        (folder / f"{slug}.yml").write_text(
            f"name: {slug}\nshort: {slug}\nfamily: learning\npage: learning/two.md\n"
            f"introduced: {{date: '2020'}}\nadded: {day}\n"
        )
    [only] = news.additions(tmp_path)

    assert (only.title, only.day) == ("Two & more", date(2026, 2, 2))
    assert "<title>Two &amp; more</title>" in news.feed(tmp_path, URL, "S")["feed.xml"]
    assert "Of &lt;two&gt;." in news.feed(tmp_path, URL, "S")["feed.xml"]


def test_the_head_of_a_page_names_families_as_the_data_do() -> None:
    template = (ROOT / "overrides/partials/page-head.html").read_text("utf-8")
    block = template.partition("{% set families = {")[2].partition("} %}")[0]

    assert dict(re.findall(r'"([a-z-]+)": "([^"]+)"', block)) == specs.FAMILIES
