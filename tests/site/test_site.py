"""The site as a whole: palettes, old addresses, a missing page, reading without JavaScript, printing."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser


def test_the_palette_can_be_changed_and_is_remembered(browser: Any, site_address: str) -> None:
    context = browser.new_context(color_scheme="light")
    tab = context.new_page()
    tab.goto(site_address)
    seen = {tab.evaluate("document.body.dataset.mdColorScheme")}
    for _ in range(3):
        tab.locator(".md-header__option label:visible").click()
        seen.add(tab.evaluate("document.body.dataset.mdColorScheme"))
    while tab.evaluate("document.body.dataset.mdColorScheme") != "slate":
        tab.locator(".md-header__option label:visible").click()
    tab.goto(site_address + "architectures/")

    assert seen == {"default", "slate"}
    assert tab.evaluate("document.body.dataset.mdColorScheme") == "slate"
    context.close()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("architectures/classes/transformers/", "architectures/transformers/"),
        ("architectures/classes/diffusers/", "architectures/diffusion/"),
    ],
)
def test_old_addresses_lead_to_the_new_ones(browser: Any, site_address: str, old: str, new: str) -> None:
    tab = browser.new_page()
    tab.goto(site_address + old)
    tab.wait_for_url(site_address + new)
    tab.close()


def test_a_missing_page_helps(browser: Any, site_address: str) -> None:
    tab = browser.new_page()
    response = tab.goto(site_address + "architectures/nothing-here/")

    assert response.status == 404
    assert tab.locator("h1").inner_text() == "This page is not here"
    tab.click("main >> text=Glossary")
    assert tab.locator("h1").inner_text() == "Glossary"
    tab.close()


def test_pages_read_without_javascript(browser: Any, site_address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(site_address + "architectures/recurrent/retnet/")

    for selector in ("h1", ".at-a-glance", "svg.ad", ".katex-html", "#references", "pre code"):
        assert tab.locator(selector).first.is_visible(), selector
    context.close()


def test_print_leaves_the_navigation_out_and_the_text_in(browser: Any, site_address: str) -> None:
    tab = browser.new_page()
    tab.goto(site_address + "architectures/recurrent/retnet/")
    tab.emulate_media(media="print")

    assert not tab.locator(".md-header").is_visible()
    assert not tab.locator(".md-sidebar--primary").is_visible()
    assert tab.locator("svg.ad").first.is_visible()
    tab.close()


def test_a_figure_beside_the_box_can_be_enlarged(browser: Any, site_address: str) -> None:
    tab = browser.new_page(viewport={"width": 1280, "height": 800})
    tab.goto(site_address + "architectures/recurrent/retnet/")
    figure, button = tab.locator(".ad-figure").first, tab.locator(".enlarge")
    small = figure.bounding_box()["width"]
    button.click()

    assert figure.bounding_box()["width"] > 1.3 * small
    assert button.inner_text() == "Make smaller"
    button.click()
    assert figure.bounding_box()["width"] == small
    tab.close()


def test_the_models_table_sorts_and_filters(browser: Any, site_address: str) -> None:
    tab = browser.new_page()
    tab.goto(site_address + "enablement/models/")
    rows = tab.locator(".data-table tbody tr")
    everything = rows.count()
    tab.select_option("select[aria-label='Filter by Family']", "hybrid")
    shown = tab.eval_on_selector_all(".data-table tbody tr", "rows => rows.filter(r => !r.hidden).length")
    tab.select_option("select[aria-label='Filter by Family']", "")
    for name, wanted in (("Parameters", "150B and more"), ("Attention", "latent attention"), ("Released", "2024")):
        tab.select_option(f"select[aria-label='Filter by {name}']", wanted)
    left = tab.eval_on_selector_all(
        ".data-table tbody tr", "rows => rows.filter(r => !r.hidden).map(r => r.cells[0].textContent)"
    )
    for name in ("Parameters", "Attention", "Released"):
        tab.select_option(f"select[aria-label='Filter by {name}']", "")
    tab.click(".data-table th:has-text('Parameters') button")
    first = rows.first.inner_text()
    tab.close()

    assert 0 < shown < everything
    assert sorted(left) == ["DeepSeek-V2", "DeepSeek-V3"]
    assert "M" in first


def test_a_filtered_table_is_kept_in_the_address(browser: Any, site_address: str) -> None:
    count = "() => [...document.querySelectorAll('.data-table tbody tr')].filter(r => !r.hidden).length"
    tab = browser.new_page()
    tab.goto(site_address + "tools/timeline/?rows=2026&other=1#as-a-table")
    by_link = tab.evaluate(count)
    everything = tab.locator(".data-table tbody tr").count()
    tab.fill("[aria-label='Filter rows by text']", "")
    tab.select_option("select[aria-label='Filter by Kind']", "architecture")
    address, by_hand = tab.url, tab.evaluate(count)
    tab.goto(address)
    again = tab.evaluate(count)
    tab.close()

    assert 0 < by_link < everything
    assert address.endswith("tools/timeline/?other=1&kind=architecture#as-a-table")
    assert 0 < by_hand == again < everything


def test_every_page_can_be_edited_and_is_described(built_site: Path) -> None:
    for path in built_site.rglob("index.html"):
        html = path.read_text(encoding="utf-8")
        if 'http-equiv="refresh"' in html:
            continue
        assert re.search(r'<meta name="?description"? content="[^"]{10,}', html), path
        if path.parent != built_site:
            assert 'rel="edit"' in html, path


def test_downloads_are_published(built_site: Path) -> None:
    assert json.loads((built_site / "data/models.json").read_text(encoding="utf-8"))
    assert (built_site / "data/models.csv").stat().st_size > 1000
    assert "@" in (built_site / "data/references.bib").read_text(encoding="utf-8")


def test_every_page_has_its_copy_its_picture_and_tells_what_it_is(built_site: Path) -> None:
    pages = [
        path for path in built_site.rglob("index.html") if '<meta http-equiv="refresh"' not in path.read_text("utf-8")
    ]
    for path in pages:
        address = path.parent.relative_to(built_site).as_posix()
        address = "index" if address == "." else address
        assert (built_site / f"{address}.md").read_text("utf-8").startswith("# "), address
        assert (built_site / f"assets/cards/{address}.png").is_file(), address
        found = re.search(r'<script type="application/ld\+json">(.*?)</script>', path.read_text("utf-8"))
        assert found, address
        kinds = {part["@type"] for part in json.loads(found[1])["@graph"]}
        assert kinds & {"TechArticle", "WebPage"}, address

    assert len(pages) > 200
    assert sum(path.stat().st_size for path in (built_site / "assets/cards").rglob("*.png")) < 6_000_000
    overview = (built_site / "llms.txt").read_text("utf-8")
    assert overview.count("\n- [") == len(pages)
    for copy in re.findall(r"\]\(http://127.0.0.1:8000/([^)]+\.md)\)", overview):
        assert (built_site / copy).is_file(), copy
