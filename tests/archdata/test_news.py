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


def test_every_page_that_is_read_for_its_own_sake_is_new_once() -> None:
    found = [addition.page for addition in news.additions(DOCS)]

    assert len(set(found)) == len(found)
    assert set(found) >= {s.page for s in specs.load(DOCS).values()}
    assert {"learning/perplexity.md", "architectures/transformers/kv-cache.md"} <= set(found)
    assert not {"index.md", "tools/calculators.md", "contribute/index.md"} & set(found)
    assert all(later.day >= earlier.day for later, earlier in pairwise(news.additions(DOCS)))
    assert all(addition.summary and addition.name for addition in news.additions(DOCS))
    assert not list(news.check(DOCS))


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


def _page(folder: Path, name: str, front: str) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(f"---\n{front}---\n", "utf-8")


def test_a_page_without_data_is_dated_by_its_front_matter(tmp_path: Path) -> None:
    head = "page-type: concept\nfamily: learning\nadded: 2026-03-04\n"
    _page(tmp_path, "learning/dated.md", f"title: 'Losses (all): what they count'\ndescription: All of them.\n{head}")
    _page(tmp_path, "learning/hub.md", "title: Learning\npage-type: hub\nfamily: learning\n")
    [only] = news.additions(tmp_path)

    assert (only.name, only.title, only.day) == ("Losses", "Losses (all): what they count", date(2026, 3, 4))
    assert "[Losses](learning/dated.md)" in news.recent_additions(tmp_path, 1, "index.md")
    assert not list(news.check(tmp_path))


@pytest.mark.parametrize(("added", "line"), [("", 3), ("added: soon\n", 5)], ids=["no day", "not a day"])
def test_a_page_that_nothing_dates_is_a_fault(tmp_path: Path, added: str, line: int) -> None:
    _page(tmp_path, "learning/new.md", f"title: New\npage-type: concept\nfamily: learning\n{added}")
    [fault] = news.check(tmp_path)

    assert (fault.file, fault.line) == (str(tmp_path / "learning/new.md"), line)
    assert "nothing says when this page was added" in fault.message
    assert "`added: 2026-11-24`" in fault.remedy


def test_a_page_dated_twice_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "_data/architectures").mkdir(parents=True)
    (tmp_path / "_data/architectures/one.yml").write_text(
        "name: One\nshort: One\nfamily: learning\npage: learning/one.md\n"
        "introduced: {date: '2020'}\nadded: 2026-01-01\n"
    )
    _page(tmp_path, "learning/one.md", "title: One\npage-type: concept\nfamily: learning\nadded: 2026-01-02\n")
    [fault] = news.check(tmp_path)

    assert (fault.line, fault.message) == (5, "`added` stands in the page's data too")


def test_the_head_of_a_page_names_families_as_the_data_do() -> None:
    template = (ROOT / "overrides/partials/page-head.html").read_text("utf-8")
    block = template.partition("{% set families = {")[2].partition("} %}")[0]

    assert dict(re.findall(r'"([a-z-]+)": "([^"]+)"', block)) == specs.FAMILIES
