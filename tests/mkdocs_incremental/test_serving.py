"""`mkdocs serve`: an edited page is shown at once, and what is served in the end is what plain MkDocs would serve."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import small_site
from served_site import LIMIT, Served, Tab
from small_site import FILES, put

PAGES = ("/", "/guide/", "/guide/install/", "/guide/use/", "/guide/deep/tricks/", "/guide/deep/traps/", "/orphan/")
OTHERS = ("/reference/", "/reference/api/", "/search/search_index.json", "/extra.css", "/404.html")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The small site, served; every test leaves it as it found it."""
    running = Served(small_site.write(tmp_path_factory.mktemp("served") / "site"))
    yield running
    running.stop()


@pytest.fixture
def site(served: Served) -> Iterator[Served]:
    """The site before and after a test."""
    yield served
    before = served.builds()
    changed = False
    for path in sorted(served.root.rglob("*")):
        name = path.relative_to(served.root).as_posix()
        if path.is_file() and not name.startswith((".cache", "__pycache__")) and name not in FILES:
            path.unlink()
            changed = True
    for name, text in FILES.items():
        if not (served.root / name).is_file() or (served.root / name).read_text("utf-8") != text:
            put(served.root, name, text)
            changed = True
    if changed:
        served.settle(before + 1)
        time.sleep(0.5)


def is_plain(served: Served, tmp_path: Path, *more: str, less: tuple[str, ...] = ()) -> None:
    """See that plain MkDocs serves the same."""
    copy = tmp_path / "site"
    shutil.copytree(served.root, copy, ignore=shutil.ignore_patterns(".cache", "__pycache__"))
    plain = Served(copy, plain=True)
    try:
        for path in {*PAGES, *OTHERS, *more} - {*less}:
            assert served.get(path) == plain.get(path), path
    finally:
        plain.stop()


def test_an_edited_page_is_shown_first(site: Served, tmp_path: Path) -> None:
    builds, tab, other = site.builds(), Tab(site, "/guide/use/"), Tab(site, "/reference/api/")

    put(site.root, "docs/guide/use.md", FILES["docs/guide/use.md"] + "\nOne more line.\n")

    assert tab.told.wait(LIMIT)
    assert "One more line." in site.get("/guide/use/")
    site.settle(builds + 1)
    assert not other.told.is_set(), "a page that has not changed need not be loaded again"
    is_plain(site, tmp_path)


def test_what_is_wrong_is_printed_once(site: Served) -> None:
    builds, before = site.builds(), len(site.said())

    put(site.root, "docs/guide/use.md", "# Using it\n\n[Not here](not-here.md)\n")

    site.settle(builds + 1)
    assert site.said()[before:].count("'not-here.md'") == 1


def test_other_pages_follow(site: Served, tmp_path: Path) -> None:
    builds, tab = site.builds(), Tab(site, "/guide/deep/tricks/")

    text = FILES["docs/guide/deep/traps.md"].replace("Traps and falls", "Pitfalls")
    put(site.root, "docs/guide/deep/traps.md", text)

    assert tab.told.wait(LIMIT), "the page shows the other's title"
    site.settle(builds + 1)
    assert "Pitfalls" in site.get("/guide/deep/tricks/")
    is_plain(site, tmp_path)


def test_a_changed_style_is_shown(site: Served) -> None:
    tab = Tab(site, "/guide/use/")

    put(site.root, "docs/extra.css", "p { color: green }\n")

    assert tab.told.wait(LIMIT)
    assert "green" in site.get("/extra.css")


def test_data_are_shown_on_the_page_that_is_looked_at(site: Served, tmp_path: Path) -> None:
    builds, tab = site.builds(), Tab(site, "/guide/install/")

    put(site.root, "docs/_data/facts.yml", "height: 99 m\nwidth: 3 m\n")

    assert tab.told.wait(LIMIT)
    assert "99 m" in site.get("/guide/install/")
    site.settle(builds + 1)
    is_plain(site, tmp_path)


def test_a_changed_template_is_shown(site: Served, tmp_path: Path) -> None:
    builds, tab = site.builds(), Tab(site, "/guide/use/")

    put(site.root, "overrides/partials/mark.html", "<p class=mark>Marked anew</p>\n")

    assert tab.told.wait(LIMIT)
    assert "Marked anew" in site.get("/guide/use/")
    site.settle(builds + 1)
    is_plain(site, tmp_path)


def test_pages_come_and_go(site: Served, tmp_path: Path) -> None:
    builds = site.builds()
    put(site.root, "docs/guide/new.md", "# New\n\nSee [use](use.md).\n")
    site.settle(builds + 1)
    is_plain(site, tmp_path / "added", "/guide/new/")

    (site.root / "docs/guide/new.md").unlink()
    (site.root / "docs/orphan.md").unlink()
    site.wait_for(lambda: site.status("/orphan/") == 404)
    site.settle(builds + 2)
    is_plain(site, tmp_path / "removed", less=("/orphan/",))
    assert site.status("/guide/new/") == 404


@pytest.mark.parametrize("name", ["hook.py", "shout.py", "macros_of_site.py", "words.txt", "mkdocs.yml"])
def test_changed_code_and_settings_are_loaded(name: str, site: Served, tmp_path: Path) -> None:
    """Code is loaded anew, which plain MkDocs does only when it is started."""
    old, new = {
        "hook.py": ('"©"', '"(c)"'),
        "shout.py": ("word.upper()", "word.title()"),
        "macros_of_site.py": ("[name]", "[name].upper()"),
        "words.txt": ("loud", "warning"),
        "mkdocs.yml": ("site_name: Small", "site_name: Little"),
    }[name]
    builds = site.builds()

    put(site.root, name, FILES[name].replace(old, new))

    site.settle(builds + 1)
    is_plain(site, tmp_path)


def test_a_page_that_cannot_be_built(site: Served) -> None:
    builds = site.builds()
    put(site.root, "docs/guide/use.md", "# Using it\n\n{{ fact('no such') }}\n")
    site.wait_for(lambda: "no such" in site.said() or site.builds() > builds)

    put(site.root, "docs/guide/use.md", "# Using it\n\nMended.\n")

    site.wait_for(lambda: "Mended." in site.get("/guide/use/"))
    site.wait_for(lambda: site.builds() > builds)


def test_edits_in_a_row(site: Served, tmp_path: Path) -> None:
    """Each is shown, though the builds behind them may be left for the next."""
    builds = site.builds()
    for number in range(6):
        put(site.root, "docs/guide/use.md", f"# Using it\n\nLine {number}.\n")
        site.wait_for(lambda number=number: f"Line {number}." in site.get("/guide/use/"))
        put(site.root, "docs/index.md", f"# Small\n\nStart {number}.\n")
        site.wait_for(lambda number=number: f"Start {number}." in site.get("/"))
    site.wait_for(lambda: site.builds() > builds)
    time.sleep(2)
    is_plain(site, tmp_path)


def test_settings_that_are_broken_for_a_while(site: Served) -> None:
    before = len(site.said())
    put(site.root, "mkdocs.yml", "site_name: [x\n")
    site.wait_for(lambda: "The server will appear stuck" in site.said()[before:])
    assert "while parsing a flow sequence" in site.said()[before:]
    assert "Traceback" not in site.said()[before:]
    put(site.root, "docs/guide/use.md", "# Using it\n\nMeanwhile.\n")

    put(site.root, "mkdocs.yml", FILES["mkdocs.yml"])

    site.wait_for(lambda: "Meanwhile." in site.get("/guide/use/"))


def test_a_folder_that_is_moved_out_of_sight(site: Served, tmp_path: Path) -> None:
    """Of the files in it there are no events."""
    builds = site.builds()

    (site.root / "docs/guide/deep").rename(tmp_path / "deep")

    site.wait_for(lambda: site.status("/guide/deep/traps/") == 404)
    site.settle(builds + 1)


def test_another_folder_in_the_place_of_a_watched_one(site: Served, tmp_path: Path) -> None:
    """As when a branch without it is looked at: the system goes on to watch the one that is gone."""
    shutil.copytree(site.root / "docs", tmp_path / "docs")
    shutil.rmtree(site.root / "docs")
    site.wait_for(lambda: "isn't an existing directory" in site.said())
    builds = site.builds()
    (tmp_path / "docs").rename(site.root / "docs")
    site.settle(builds + 1)

    put(site.root, "docs/guide/use.md", "# Using it\n\nIn the new folder.\n")

    site.wait_for(lambda: "In the new folder." in site.get("/guide/use/"))


def test_an_editor_that_puts_a_new_file_in_place(site: Served) -> None:
    tab = Tab(site, "/guide/use/")
    put(site.root, "docs/guide/.use.md.swp", "")
    new = site.root / "docs/guide/use.md~new"
    new.write_text("# Using it\n\nReplaced.\n", "utf-8")

    new.replace(site.root / "docs/guide/use.md")

    assert tab.told.wait(LIMIT)
    assert "Replaced." in site.get("/guide/use/")
    (site.root / "docs/guide/.use.md.swp").unlink()


@pytest.mark.browser
def test_the_time_until_a_browser_shows_an_edit(site: Served, browser: Any) -> None:
    """Generous, for busy machines; the benchmark measures."""
    page = browser.new_page()
    page.goto(site.address + "/guide/use/")
    page.wait_for_timeout(500)
    taken = []
    for number in range(3):
        began = time.monotonic()
        put(site.root, "docs/guide/use.md", f"# Using it\n\nSaved {number} times.\n")
        page.wait_for_selector(f"text=Saved {number} times.", timeout=1000 * LIMIT)
        taken.append(time.monotonic() - began)
        page.wait_for_timeout(1500)
    page.close()
    assert min(taken) < 2
