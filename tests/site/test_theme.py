"""What theme.js does in place of the theme's script: drawer, table of contents, way back, tooltips, scrolling boxes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from archpublish import styles
from docscheck.box_types import MATERIAL
from docscheck.config import load_config
from patience import until

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
PAGE = "architectures/recurrent/retnet/"


@pytest.fixture
def tab(browser: Any, site_address: str) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    page = context.new_page()
    page.goto(site_address + PAGE)
    yield page
    context.close()


def test_the_drawer_opens_and_closes_by_keyboard(browser: Any, site_address: str) -> None:
    tab = browser.new_page(viewport={"width": 390, "height": 800})
    tab.goto(site_address + PAGE)
    tab.focus("button[aria-label=Navigation]")
    tab.keyboard.press("Enter")
    opened = tab.is_checked("#__drawer")
    tab.keyboard.press("Escape")

    assert opened
    assert not tab.is_checked("#__drawer")
    tab.close()


def test_the_drawer_is_as_tall_as_the_screen(browser: Any, site_address: str) -> None:
    tab = browser.new_page(viewport={"width": 390, "height": 800})
    tab.goto(site_address + PAGE)
    tab.click("button[aria-label=Navigation]")

    assert tab.locator(".md-sidebar--primary").bounding_box()["height"] == 800
    tab.close()


def test_the_table_of_contents_follows(tab: Any) -> None:
    tab.evaluate("document.getElementById('what-it-costs').scrollIntoView()")
    until(tab, "document.querySelector('.md-sidebar--secondary .md-nav__link--active')?.hash === '#what-it-costs'")


def test_the_way_back_to_the_top_shows_when_the_reader_turns(tab: Any) -> None:
    tab.mouse.move(600, 400)
    tab.mouse.wheel(0, 2500)
    until(tab, "scrollY > 2000")
    tab.mouse.wheel(0, -200)
    tab.click(".md-top:not([hidden])")
    until(tab, "scrollY === 0")


def test_a_term_is_explained_on_focus_and_keeps_its_title(tab: Any) -> None:
    term = tab.locator("article a.term").first
    meaning = term.get_attribute("title")
    term.focus()
    shown = tab.locator("[role=tooltip]").inner_text()
    described = term.get_attribute("aria-describedby")
    tab.keyboard.press("Escape")

    assert shown == meaning
    assert described == "tip"
    assert not tab.locator("[role=tooltip]").is_visible()
    assert term.get_attribute("title") == meaning


def test_a_box_of_every_type_stands_in_the_text(tab: Any) -> None:
    out_of_it = tab.evaluate(
        """types => types.filter(type => {
            const box = document.querySelector("article").appendChild(document.createElement("div"));
            box.className = `admonition ${type}`;
            return !["static", "relative"].includes(getComputedStyle(box).position);
        })""",
        sorted(MATERIAL),
    )

    assert out_of_it == []


def test_sidebars_stay_within_the_screen(tab: Any) -> None:
    tab.evaluate("scrollTo(0, 1500)")
    boxes = tab.locator(".md-sidebar__scrollwrap").all()
    assert boxes
    for box in boxes:
        place = box.bounding_box()
        assert place["y"] >= 40
        assert place["y"] + place["height"] <= 800


def test_code_can_be_copied(browser: Any, site_address: str) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    tab = context.new_page()
    tab.goto(site_address + PAGE)
    code = tab.locator(".highlight pre > code").first.text_content()
    tab.locator(".highlight .copy").first.focus()
    tab.keyboard.press("Enter")
    tab.wait_for_selector(".copy:has-text('Copied')")

    assert tab.evaluate("navigator.clipboard.readText()").strip() == code.strip()
    context.close()


def test_what_is_wider_than_a_phone_is_scrolled_with_the_keys(browser: Any, site_address: str) -> None:
    tab = browser.new_page(viewport={"width": 390, "height": 800})
    tab.goto(site_address + "architectures/transformers/attention/", wait_until="load")
    boxes = tab.evaluate(
        "[...document.querySelectorAll('.md-typeset__scrollwrap, .ad-scroll, pre > code')]"
        ".filter(box => box.scrollWidth > box.clientWidth + 1 && !box.closest('[role=region]'))"
        ".map(box => [box.tabIndex, box.getAttribute('aria-label') || box.tagName])"
    )

    assert boxes
    assert all(index == 0 and name for index, name in boxes)
    tab.close()


def test_paper_is_light_and_the_screen_is_dark_again_after_it(browser: Any, site_address: str) -> None:
    context = browser.new_context(color_scheme="dark")
    tab = context.new_page()
    tab.goto(site_address + PAGE)
    seen = tab.evaluate(
        "['beforeprint', 'afterprint'].map(name => { dispatchEvent(new Event(name));"
        " return document.body.dataset.mdColorScheme })"
    )

    assert seen == ["default", "slate"]
    context.close()


STYLES = """() => [...document.querySelectorAll("*")].filter((_, i) => i < 400 || i % 13 === 0).map((part) => {
  const style = getComputedStyle(part);
  const names = [...style].filter((name) => !name.startsWith("--"));
  return part.tagName + names.map((name) => name + style.getPropertyValue(name));
})"""


@pytest.mark.slow
@pytest.mark.parametrize("width", [390, 1280])
def test_the_sheet_without_unused_rules_styles_a_page_as_the_whole_one(
    browser: Any, built_site: Path, site_address: str, width: int
) -> None:
    theme = sorted(path.relative_to(built_site).as_posix() for path in built_site.glob("assets/stylesheets/*.min.css"))
    own = load_config(ROOT / "mkdocs.yml").values["extra_css"]
    whole = styles.merged(built_site, [*theme, *own])
    found = []
    for cut in (True, False):
        tab = browser.new_page(viewport={"width": width, "height": 800}, reduced_motion="reduce")
        if not cut:
            tab.route("**/all.css", lambda route: route.fulfill(body=whole, content_type="text/css"))
        tab.goto(site_address + PAGE)
        tab.wait_for_load_state("networkidle")
        found.append(tab.evaluate(STYLES))
        tab.close()

    assert len(whole) > 1.5 * (built_site / styles.PATH).stat().st_size
    assert found[0] == found[1]
