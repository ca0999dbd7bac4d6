"""The panel: what it shows, whom it answers, what it mends, and that no built page knows of it."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from docscheck_panel import Note, Panel
from docscheck_panel.application import PanelApplication
from docscheck_panel.panel import RefusedError
from patience import until
from served_site import Served

SETTINGS = """\
site_name: A site
site_url: https://example.org/sub/
theme: {name: mkdocs}
markdown_extensions: [admonition]
plugins: [docscheck]
"""
HOME = """\
# Home

Good text.

!!! note "Unclosed
    What the box says.
"""
OTHER = "# Other\n\nSee [nothing](nowhere.md).\n"
SHOWN = b"<!doctype html><html><body><h1>Home</h1><p>!!! note &quot;Unclosed What the box says.</p></body></html>"


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "site of an author"
    (root / "docs").mkdir(parents=True)
    (root / "mkdocs.yml").write_text(SETTINGS, "utf-8")
    (root / "docs/index.md").write_text(HOME, "utf-8")
    (root / "docs/other.md").write_text(OTHER, "utf-8")
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def panel(site: Path) -> Panel:
    return Panel(site / "mkdocs.yml")


def test_a_page_is_told_its_own_findings_and_how_many_there_are_elsewhere(panel: Panel) -> None:
    told = panel.page("")

    [finding] = told["findings"]
    assert (finding["code"], finding["line"], finding["excerpt"]) == ("BOX101", 5, '!!! note "Unclosed')
    assert '-!!! note "Unclosed' in finding["change"]
    assert '+!!! note "Unclosed"' in finding["change"]
    assert told["elsewhere"] == [{"path": "docs/other.md", "count": 1, "url": "other/"}]
    assert [one["code"] for one in panel.page("other/")["findings"]] == ["LNK101"]


def test_what_is_mended_is_told_no_more(panel: Panel, site: Path) -> None:
    assert panel.page("other/")["findings"]
    (site / "docs/other.md").write_text("# Other\n\nSee [home](index.md), mended.\n", "utf-8")

    assert panel.page("other/")["findings"] == []
    assert panel.page("")["elsewhere"] == []


def test_a_fix_is_written_to_the_file(panel: Panel, site: Path) -> None:
    file = site / "docs/index.md"
    file.write_bytes(HOME.replace("\n", "\r\n").encode())
    panel.fix("index.md", "BOX101", 5, '!!! note "Unclosed')

    assert file.read_bytes() == HOME.replace('"Unclosed', '"Unclosed"').replace("\n", "\r\n").encode()
    assert panel.page("")["findings"] == []


def test_a_file_that_is_read_only_is_not_mended(panel: Panel, site: Path) -> None:
    (site / "docs/index.md").chmod(0o444)
    with pytest.raises(RefusedError, match="read-only"):
        panel.fix("index.md", "BOX101", 5, '!!! note "Unclosed')

    assert (site / "docs/index.md").read_text("utf-8") == HOME


@pytest.mark.parametrize(
    ("uri", "code", "line", "excerpt"),
    [
        ("index.md", "BOX101", 5, '!!! note "Another'),
        ("index.md", "BOX101", 4, ""),
        ("other.md", "LNK101", 3, "See [nothing](nowhere.md)."),
        ("../mkdocs.yml", "BOX101", 1, "site_name: A site"),
    ],
)
def test_a_fix_of_what_is_not_there_or_not_certain_is_refused(
    panel: Panel, site: Path, uri: str, code: str, line: int, excerpt: str
) -> None:
    with pytest.raises(RefusedError):
        panel.fix(uri, code, line, excerpt)

    assert (site / "docs/index.md").read_text("utf-8") == HOME
    assert (site / "docs/other.md").read_text("utf-8") == OTHER
    assert (site / "mkdocs.yml").read_text("utf-8") == SETTINGS


def test_the_terminal_is_told_once(panel: Panel, site: Path) -> None:
    assert [one.split("\n")[0].split(" ")[0] for one in panel.news()] == ["docs/index.md:5:10:", "docs/other.md:3:15:"]
    assert panel.news() == []
    (site / "docs/other.md").write_text(OTHER + "\nAnd [lids](never.md).\n", "utf-8")

    assert [one.split(" ")[0] for one in panel.news()] == ["docs/other.md:5:12:"]
    assert panel.count == 3


def test_other_checks_speak_in_the_same_place(site: Path) -> None:
    note = Note(
        "docs/index.md", 1, "the description is missing", "add it", "docs/index.md:1: the description is missing"
    )
    panel = Panel(site / "mkdocs.yml", more=lambda: [note])

    assert [one["message"] for one in panel.page("")["findings"]][-1] == "the description is missing"
    assert panel.news()[0] == note.said


def test_settings_that_cannot_be_read_are_a_finding(panel: Panel, site: Path) -> None:
    (site / "mkdocs.yml").write_text("site_name: [", "utf-8")

    assert "mkdocs.yml" in panel.page("")["findings"][0]["message"]


def the_site(_: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    start_response("200 OK", [("Content-Type", "text/html"), ("Content-Length", str(len(SHOWN)))])
    return [SHOWN]


class Browser:
    """Asks an application as a browser does."""

    def __init__(self, app: PanelApplication) -> None:
        self.app = app

    def ask(self, path: str, body: bytes = b"", **more: str) -> tuple[str, dict[str, str], bytes]:
        path, _, query = path.partition("?")
        environ: dict[str, Any] = {
            "REQUEST_METHOD": "POST" if body else "GET",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "HTTP_HOST": "127.0.0.1:8000",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
            **more,
        }
        begun: list[Any] = []
        answer = b"".join(self.app(environ, lambda status, headers: begun.append((status, dict(headers)))))
        return *begun[0], answer


@pytest.fixture
def app(panel: Panel) -> Browser:
    return Browser(PanelApplication(the_site, panel, "/sub/"))


WANTED = json.dumps({"page": "index.md", "code": "BOX101", "line": 5, "excerpt": '!!! note "Unclosed'}).encode()


def test_a_page_is_served_with_the_panel(app: Browser) -> None:
    status, headers, body = app.ask("/sub/")

    assert status == "200 OK"
    assert int(headers["Content-Length"]) == len(body) > len(SHOWN)
    assert body.count(b'<script src="/.docscheck/panel.js"') == 1


def test_a_fix_needs_the_secret_that_only_the_same_origin_can_read(app: Browser, site: Path) -> None:
    assert app.ask("/.docscheck/fix", WANTED)[0].startswith("403")
    assert app.ask("/.docscheck/fix", WANTED, HTTP_X_DOCSCHECK="guess")[0].startswith("403")
    assert (site / "docs/index.md").read_text("utf-8") == HOME

    secret = json.loads(app.ask("/.docscheck/findings?address=")[2])["secret"]
    status, _, body = app.ask("/.docscheck/fix", WANTED, HTTP_X_DOCSCHECK=secret)

    assert (status, json.loads(body)) == ("200 OK", {"refused": ""})
    assert '"Unclosed"' in (site / "docs/index.md").read_text("utf-8")


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", ""])
def test_a_name_of_somebody_else_is_refused(app: Browser, host: str) -> None:
    assert app.ask("/.docscheck/findings?address=", HTTP_HOST=host)[0].startswith("403")


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b'{"page": 1}', b"\xff", b'{"page":"index.md","code":"X","line":"x","excerpt":""}']
)
def test_what_is_no_finding_is_refused(app: Browser, body: bytes) -> None:
    secret = json.loads(app.ask("/.docscheck/findings?address=")[2])["secret"]

    assert app.ask("/.docscheck/fix", body, HTTP_X_DOCSCHECK=secret)[0].startswith("400")


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def address(panel: Panel) -> Iterator[str]:
    with make_server("127.0.0.1", 0, PanelApplication(the_site, panel, "/sub/"), handler_class=_Quiet) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/sub/"
        server.shutdown()


@pytest.mark.browser
def test_in_a_browser_the_place_is_marked_and_the_fix_is_made(browser: Any, address: str, site: Path) -> None:
    tab = browser.new_page(viewport={"width": 390, "height": 700})
    tab.goto(address)
    tab.wait_for_selector("#docscheck-panel details")

    assert tab.locator("p.docscheck-finding.error").inner_text().startswith("!!! note")
    assert tab.locator("#docscheck-panel summary").inner_text() == "1 finding on this page"
    tab.get_by_role("button", name="Show").click()
    until(tab, "document.querySelector('.docscheck-finding-now') !== null")
    tab.get_by_role("button", name="Apply the fix").click()
    until(tab, "!document.querySelector('.docscheck-finding')")
    assert '"Unclosed"' in (site / "docs/index.md").read_text("utf-8")
    assert tab.locator("#docscheck-panel summary").inner_text() == "1 finding elsewhere"
    tab.close()


def test_mkdocs_serves_the_panel_and_builds_no_page_with_it(site: Path) -> None:
    served = Served(site, plain=True)
    try:
        assert "/.docscheck/panel.js" in served.raw("/sub/")
        findings = json.loads(served.raw("/.docscheck/findings?address="))["findings"]
        assert [one["code"] for one in findings] == ["BOX101"]
        assert served.said().count("BOX101") == 1
    finally:
        served.stop()
    subprocess.run([sys.executable, "-m", "mkdocs", "build", "-q"], check=True, capture_output=True)
    assert "docscheck" not in (site / "site/index.html").read_text("utf-8")
