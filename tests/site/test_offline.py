"""The archive read from a disk, and the cheat sheets on paper."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from archpublish import offline, sheets

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def unpacked(built_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("offline")
    offline.archive(built_site, folder / "site.zip")
    with zipfile.ZipFile(folder / "site.zip") as packed:
        packed.extractall(folder)
    return folder / offline.FOLDER


@pytest.fixture
def tab(browser: Any) -> Iterator[Any]:
    """A page that fails the test when anything it reads is missing or goes wrong."""
    page = browser.new_page()
    faults: list[str] = []
    page.on("requestfailed", lambda request: faults.append(request.url))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    yield page
    page.close()
    assert not faults


def test_search_finds_and_leads_from_a_disk(tab: Any, unpacked: Path) -> None:
    tab.goto((unpacked / "index.html").as_uri())
    tab.keyboard.press("/")
    tab.keyboard.type("retentive netwrk")
    tab.wait_for_selector('dialog[data-answered="retentive netwrk"] .site-search__excerpt mark')
    tab.keyboard.press("Enter")
    tab.wait_for_url("file://**/retnet/index.html")

    assert tab.locator("h1").inner_text() == "Retentive network (RetNet)"


def test_figures_that_run_do_so_from_a_disk(tab: Any, unpacked: Path) -> None:
    tab.goto((unpacked / "architectures/recurrent/retnet/index.html").as_uri())
    tab.locator("[data-explorable]").scroll_into_view_if_needed()
    tab.locator("[data-explorable] input").first.focus()
    tab.keyboard.press("ArrowRight")

    assert tab.locator(".ex-live svg").count() > 0


@pytest.mark.parametrize("page", ["tools/calculators", "tools/compare"])
def test_tools_have_their_data_from_a_disk(tab: Any, unpacked: Path, page: str) -> None:
    tab.goto((unpacked / page / "index.html").as_uri())
    tab.locator("[data-explorable]").scroll_into_view_if_needed()
    tab.wait_for_selector(".ex-live select")

    assert tab.locator(".ex-live select option").count() > 20


def test_every_link_within_the_archive_leads_to_a_file(unpacked: Path) -> None:
    number = 0
    for file in unpacked.rglob("*.html"):
        for target in re.findall(r'<\w[^<>]*?\s(?:href|src)="([^"#?]+)', file.read_text("utf-8")):
            if ":" in target or target.startswith("//"):
                continue
            number += 1
            assert (file.parent / target).resolve().is_file(), f"{file.relative_to(unpacked)}: {target}"

    assert number > 10_000


def test_the_same_site_makes_the_same_archive(built_site: Path, tmp_path: Path) -> None:
    for name in ("one.zip", "two.zip"):
        offline.archive(built_site / "assets", tmp_path / name)

    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_each_cheat_sheet_fits_on_one_page(browser: Any, built_site: Path) -> None:
    tab = browser.new_page(bypass_csp=True)
    hubs = list(sheets.hubs(built_site))
    for hub in hubs:
        pdf = sheets.sheet(tab, (hub / "index.html").as_uri(), "CC BY 4.0")
        assert sheets.page_count(pdf) == 1, hub
        assert tab.locator(".sheet table tr").count() > 4, hub
        assert float(tab.evaluate("document.querySelector('.sheet').style.zoom")) >= 0.7, hub
    tab.close()

    assert len(hubs) >= 9
