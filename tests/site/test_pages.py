"""Every page in a real browser: no error, nothing that its policy refuses, no request to another host, one title,
readable on a phone; some against axe.

`python -m archpublish measure` does more of this, more slowly: it scrolls through each page, holds every one of them
against axe in both palettes, and asks Lighthouse.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

import pytest
from archpublish.measure import SHIFTS, violations

pytestmark = pytest.mark.browser

DOCS = Path(__file__).resolve().parents[2] / "docs"
AXE = Path(__file__).with_name("axe.min.js").read_text(encoding="utf-8")


def address(source: Path) -> str:
    """The page's address below the site's root."""
    path = source.relative_to(DOCS).with_suffix("").as_posix()
    return path.removesuffix("index") if path.endswith("index") else path + "/"


REFUSED = """window.refused = []; document.addEventListener('securitypolicyviolation',
    (event) => window.refused.push(`${event.violatedDirective}: ${event.blockedURI}`))"""
CHECKS = sorted(address(path) for path in DOCS.glob("contribute/checks/*.md"))
OTHERS = sorted({address(path) for path in DOCS.rglob("*.md") if "_data" not in path.parts} - {*CHECKS})
PAGES = [*OTHERS, *CHECKS[::6]]
"""Of the pages of the checks, which are made alike, each sixth."""
AXED = {*PAGES[::15], "", "enablement/models/", *(page for page in PAGES if page.startswith(("tools/", "reference/")))}
"""Every kind of page, and of the many that are alike each fifteenth."""


@pytest.fixture(scope="module")
def page(browser: Any) -> Iterator[Any]:
    """One tab for all pages, in the light palette, at the width of a laptop."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 900}, color_scheme="light", reduced_motion="reduce"
    )
    context.add_init_script(SHIFTS)
    context.add_init_script(REFUSED)
    yield context.new_page()
    context.close()


def test_there_are_pages() -> None:
    assert len(PAGES) > 30
    assert "" in PAGES


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_sound(page: Any, site_address: str, path: str) -> None:
    errors: list[str] = []
    foreign: list[str] = []
    host = urlparse(site_address).netloc

    def listen(request: Any) -> None:
        if urlparse(request.url).scheme in ("http", "https") and urlparse(request.url).netloc != host:
            foreign.append(request.url)

    def hear(message: Any) -> None:
        if message.type == "error":
            errors.append(message.text)

    def fail(error: Any) -> None:
        errors.append(str(error))

    page.goto("about:blank")  # rather than lay the page before this one out again
    page.set_viewport_size({"width": 1280, "height": 900})
    page.wait_for_function("window.innerWidth === 1280")  # else the next page may be laid out for a phone at first
    heard = {"request": listen, "console": hear, "pageerror": fail}
    for event, listener in heard.items():
        page.on(event, listener)
    response = page.goto(site_address + path)
    for event, listener in heard.items():
        page.remove_listener(event, listener)

    assert response.status == 200
    assert not errors
    assert not foreign
    assert page.locator("h1").count() == 1
    assert page.locator(".maths-error, .ad-missing").count() == 0
    if path in AXED:
        page.evaluate(AXE)
        assert violations(page) == []
        page.evaluate("document.body.dataset.mdColorScheme = 'slate'")
        assert violations(page, colours_only=True) == []
    assert page.evaluate("window.shifted") < 0.02

    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390

    # What loads only when it comes near has its turn, too.
    page.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)")
    assert page.locator('meta[http-equiv="Content-Security-Policy"]').count() == 1
    assert page.evaluate("window.refused") == []


def test_the_system_s_dark_palette_is_taken(browser: Any, site_address: str) -> None:
    context = browser.new_context(color_scheme="dark")
    tab = context.new_page()
    tab.goto(site_address)

    assert tab.evaluate("document.body.dataset.mdColorScheme") == "slate"
    context.close()
