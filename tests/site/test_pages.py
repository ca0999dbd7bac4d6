"""Every page in a real browser: no error, no request to another host, one title, readable on a phone, accessible."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

import pytest

pytestmark = pytest.mark.browser

DOCS = Path(__file__).resolve().parents[2] / "docs"
AXE = Path(__file__).with_name("axe.min.js").read_text(encoding="utf-8")


def address(source: Path) -> str:
    """The page's address below the site's root."""
    path = source.relative_to(DOCS).with_suffix("").as_posix()
    return path.removesuffix("index") if path.endswith("index") else path + "/"


PAGES = sorted(address(path) for path in DOCS.rglob("*.md") if "_data" not in path.parts)


@pytest.fixture(scope="module")
def page(browser: Any) -> Iterator[Any]:
    """One tab for all pages, in the light palette, at the width of a laptop."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme="light")
    context.add_init_script(
        "window.refused = []; document.addEventListener('securitypolicyviolation', (event) => "
        "window.refused.push(`${event.violatedDirective}: ${event.blockedURI}`))"
    )
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

    page.on("request", listen)
    page.on("console", hear)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.set_viewport_size({"width": 1280, "height": 900})
    response = page.goto(site_address + path)
    page.remove_listener("request", listen)
    page.remove_listener("console", hear)

    assert response.status == 200
    assert not errors
    assert not foreign
    assert page.locator("meta[http-equiv='Content-Security-Policy']").count() == 1
    assert page.evaluate("window.refused") == []
    assert page.locator("h1").count() == 1
    assert page.locator(".maths-error, .ad-missing").count() == 0
    assert _violations(page) == []

    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize(
    "path", ["", "architectures/", "architectures/recurrent/retnet/", "enablement/models/", "reference/bibliography/"]
)
def test_the_dark_palette_is_accessible_too(browser: Any, site_address: str, path: str) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme="dark")
    tab = context.new_page()
    tab.goto(site_address + path)

    assert tab.evaluate("document.body.dataset.mdColorScheme") == "slate"
    assert _violations(tab) == []
    context.close()


def _violations(page: Any) -> list[str]:
    """What axe calls serious or critical, one line each."""
    page.evaluate(AXE)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    return [
        f"{item['id']}: {item['nodes'][0]['html'][:160]}" for item in found if item["impact"] in ("serious", "critical")
    ]
