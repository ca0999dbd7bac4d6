"""The link checker, which asks addresses that a stranger wrote, from inside somebody's network."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from docscheck.online import guard
from docscheck.online.ask import Asking, ask
from docscheck.online.report import markdown
from docscheck.online.result import Link, Place, Result, State


class Handler(BaseHTTPRequestHandler):
    """Answers as its path says."""

    server: Any

    def do_GET(self) -> None:
        self.server.asked.append((self.path, dict(self.headers)))
        kind, _, rest = self.path.lstrip("/").partition("/")
        if kind == "to":
            self.send_response(302)
            self.send_header("Location", self.server.targets[rest])
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif kind == "drip":
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            for _ in range(200):
                try:
                    self.wfile.write(b"x")
                    self.wfile.flush()
                except OSError:
                    return
                time.sleep(0.05)
        elif kind == "heads":
            self.wfile.write(b"HTTP/1.1 200 OK\r\n")
            for number in range(100_000):
                try:
                    self.wfile.write(f"X-{number}: {'y' * 1000}\r\n".encode())
                except OSError:
                    return
        elif kind == "long":
            self.wfile.write(b"HTTP/1.1 200 " + b"x" * 1_000_000 + b"\r\n\r\n")
        elif kind == "bomb":
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Encoding", "gzip")
            self.end_headers()
            try:
                for _ in range(200):
                    self.wfile.write(b"\x1f\x8b" + b"\0" * 100_000)
            except OSError:
                return
        else:
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.send_header("ETag", '"a"')
            self.end_headers()

    do_HEAD = do_GET  # noqa: N815

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A server on 127.0.0.1, which for once counts as a public address; all others are judged as ever."""
    judge = guard.is_public
    monkeypatch.setattr(guard, "is_public", lambda address: address == "127.0.0.1" or judge(address))
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        running.asked = []  # type: ignore[attr-defined]
        running.targets = {}  # type: ignore[attr-defined]
        running.daemon_threads = True
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield running
        running.shutdown()


def link(url: str, title: str = "") -> Link:
    return Link(url, (), title) if title else Link(url, ())


PRIVATE = [
    "http://127.0.0.1/",
    "http://localhost/",
    "http://127.1/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0177.0.0.1/",
    "http://0/",
    "http://0.0.0.0/",
    "http://10.0.0.1/",
    "http://172.16.0.1/",
    "http://192.168.1.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://100.100.100.200/",
    "http://192.0.0.192/",
    "http://198.18.0.1/",
    "http://224.0.0.1/",
    "http://255.255.255.255/",
    "http://[::1]/",
    "http://[::]/",
    "http://[::127.0.0.1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[64:ff9b:1::7f00:1]/",
    "http://[2002:7f00:1::]/",
    "http://[fe80::1]/",
    "http://[fd00:ec2::254]/",
    "http://[fec0::1]/",
    "http://user:password@127.0.0.1/",
    "http://127.0.0.1:22/",
    "http://①②⑦.⓪.⓪.①/",
]


@pytest.mark.parametrize("url", PRIVATE)
def test_a_private_address_is_not_asked(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    def connect(*_: Any, **__: Any) -> None:
        raise AssertionError("a connection was begun")

    monkeypatch.setattr(socket, "create_connection", connect)
    result = ask(link(url), Asking(timeout=1))

    assert result.state in (State.REFUSED, State.UNREACHABLE)
    assert (
        "not a public address" in result.detail or "no such host" in result.detail or "not an address" in result.detail
    )


TARGETS = [
    "http://127.0.0.2/",
    "http://[::1]/",
    "http://169.254.169.254/latest/meta-data/iam/",
    "//10.0.0.1/",
    "http://localhost.localdomain:1/@127.0.0.1/",
    "http://2130706434/",
]


@pytest.mark.parametrize("target", TARGETS)
def test_a_redirect_to_a_private_address_is_not_followed(server: Any, target: str) -> None:
    server.targets["x"] = target
    result = ask(link(f"http://127.0.0.1:{server.server_port}/to/x"), Asking(timeout=2))

    assert result.state in (State.REFUSED, State.UNREACHABLE), result
    assert result.detail


@pytest.mark.parametrize(
    "target", ["file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1/", "data:,x", "ssh://x"]
)
def test_a_redirect_to_another_scheme_is_not_followed(server: Any, target: str) -> None:
    server.targets["x"] = target
    result = ask(link(f"http://127.0.0.1:{server.server_port}/to/x"), Asking(timeout=2))

    assert result.state is State.UNREACHABLE
    assert "is not an address of the web" in result.detail


@pytest.mark.parametrize(
    "path",
    [
        "x%0d%0aX-Injected:%201",
        "x\r\nX-Injected: 1",
        "x HTTP/1.1\r\nX-Injected: 1\r\n\r\n",
        "x\tX",
        "x?a=\r\nX-Injected: 1",
    ],
)
def test_an_address_adds_no_header(server: Any, path: str) -> None:
    ask(link(f"http://127.0.0.1:{server.server_port}/{path}"), Asking(timeout=2))

    assert server.asked, "the address is asked for, with all that is odd in it quoted"
    for _, headers in server.asked:
        assert "X-Injected" not in headers
        assert set(headers) <= {"Host", "User-Agent", "Accept", "Accept-Encoding", "If-None-Match"}


def test_a_kept_etag_adds_no_header(server: Any) -> None:
    """The cache is a file of the repository, which a pull request can change."""
    url = f"http://127.0.0.1:{server.server_port}/x"
    result = ask(link(url), Asking(timeout=2), etag='"a"\r\nX-Injected: 1')

    assert all("X-Injected" not in headers for _, headers in server.asked)
    assert result.state is State.UNREACHABLE
    assert "Invalid header value" in result.detail


def test_a_host_adds_no_header(monkeypatch: pytest.MonkeyPatch) -> None:
    result = ask(link("http://127.0.0.1\r\nX-Injected: 1/"), Asking(timeout=2))

    assert result.state in (State.REFUSED, State.UNREACHABLE)


def test_a_name_is_looked_up_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that is public when it is looked at, and private when it is asked."""
    answers = iter([[(2, 1, 6, "", ("93.184.215.14", 80))], [(2, 1, 6, "", ("127.0.0.1", 80))]])
    asked: list[Any] = []

    def connect(pair: tuple[str, int], *_: Any) -> None:
        asked.append(pair)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: next(answers))
    monkeypatch.setattr(socket, "create_connection", connect)
    ask(link("http://rebind.example/"), Asking(timeout=1))

    assert set(asked) == {("93.184.215.14", 80)}


@pytest.mark.parametrize("kind", ["drip", "heads", "long", "bomb"])
def test_an_endless_answer_ends(server: Any, kind: str) -> None:
    began = time.monotonic()
    result = ask(link(f"http://127.0.0.1:{server.server_port}/{kind}/#x"), Asking(timeout=0.5))

    assert time.monotonic() - began < 8
    assert result.state is not State.WRONG_TITLE
    assert len(result.detail) < 500


def test_redirects_without_end_end(server: Any) -> None:
    server.targets["x"] = "/to/x"
    result = ask(link(f"http://127.0.0.1:{server.server_port}/to/x"), Asking(timeout=2))

    assert result.state is State.BROKEN
    assert "more than 10 redirects" in result.detail


def test_the_report_shows_a_strangers_title_as_text() -> None:
    """The report becomes an issue: no mention, no picture, no link, no heading out of a title."""
    url = "https://example.org/"
    detail = "its title is “@everyone ![x](https://evil.example) <img src=x> # a\n## b | `c`”"
    report = markdown([Result(url, State.WRONG_TITLE, detail)], {url: Link(url, (Place("a.md", 1, 1),))}, _today())

    assert "\\@everyone \\!\\[x" in report or "\\@everyone !\\[x\\]" in report
    assert "\n## b" not in report
    assert "\\<img" in report


def _today() -> Any:
    from datetime import date

    return date(2026, 11, 28)
