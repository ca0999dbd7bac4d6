"""The panel as a part of the application that serves the site."""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Callable, Iterable
from http import HTTPStatus
from importlib.resources import files
from typing import Any, Protocol, TypeVar
from urllib.parse import parse_qs

from docscheck_panel.panel import Panel, RefusedError

log = logging.getLogger("docscheck.panel")

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

ROOT = "/.docscheck/"
SCRIPT = f'<script src="{ROOT}panel.js" data-mount="%s" defer></script>'.encode()
_LOCAL = ("localhost", "127.0.0.1", "[::1]")
_LARGEST = 100_000
"""Bytes of a request that are read at most."""


class Server(Protocol):
    """What is known of the server, for instance of MkDocs' own."""

    mount_path: str

    def get_app(self) -> Any:
        """The application that it serves."""

    def set_app(self, app: Any) -> None:
        """Let it serve another."""


S = TypeVar("S", bound=Server)


def serve_with(server: S, panel: Panel, host: str) -> S:
    """Let a server show the panel; `host` is the name or number by which it is reached."""
    server.set_app(PanelApplication(server.get_app(), panel, server.mount_path, (host,)))
    return server


class PanelApplication:
    """Answers what the panel asks, puts it into pages, and leaves everything else to the application around it.

    Other sites that are open in the author's browser must not get at it. Findings and the secret that a fix needs can
    only be read from the same origin; a host name that is not the server's own is refused, so that no name of somebody
    else that leads to this machine counts as the same origin.
    """

    def __init__(self, inner: Application, panel: Panel, mount: str, hosts: Iterable[str] = ()) -> None:
        self._inner, self._panel, self._mount = inner, panel, mount
        self._hosts = {*_LOCAL, *hosts}
        self._secret = secrets.token_urlsafe(18)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer a request."""
        path = str(environ.get("PATH_INFO", ""))
        if not path.startswith(ROOT):
            return self._with_script(environ, start_response)
        try:
            status, kind, body = self._answer(path.removeprefix(ROOT), environ)
        except Exception:
            log.exception("the panel has failed")
            status, kind, body = HTTPStatus.INTERNAL_SERVER_ERROR, "text/plain", b"see the terminal"
        headers = [
            ("Content-Type", f"{kind}; charset=utf-8"),
            ("Content-Length", str(len(body))),
            ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
            ("Cross-Origin-Resource-Policy", "same-origin"),
        ]
        start_response(f"{status.value} {status.phrase}", headers)
        return [body]

    def _answer(self, name: str, environ: dict[str, Any]) -> tuple[HTTPStatus, str, bytes]:
        if not self._is_own(str(environ.get("HTTP_HOST", ""))):
            return HTTPStatus.FORBIDDEN, "text/plain", b"not by this name"
        method = environ["REQUEST_METHOD"]
        if name == "panel.js" and method == "GET":
            return HTTPStatus.OK, "text/javascript", files(__package__).joinpath("panel.js").read_bytes()
        if name == "findings" and method == "GET":
            address = parse_qs(str(environ.get("QUERY_STRING", ""))).get("address", [""])[0]
            return _json(self._panel.page(address) | {"secret": self._secret})
        if name == "fix" and method == "POST":
            return self._fix(environ)
        return HTTPStatus.NOT_FOUND, "text/plain", b"nothing is here"

    def _fix(self, environ: dict[str, Any]) -> tuple[HTTPStatus, str, bytes]:
        if not secrets.compare_digest(str(environ.get("HTTP_X_DOCSCHECK", "")).encode(), self._secret.encode()):
            return HTTPStatus.FORBIDDEN, "text/plain", b"the secret is missing"
        try:
            length = int(environ.get("CONTENT_LENGTH") or 0)
            asked = json.loads(environ["wsgi.input"].read(min(length, _LARGEST)))
            wanted = str(asked["page"]), str(asked["code"]), int(asked["line"]), str(asked["excerpt"])
        except (ValueError, KeyError, TypeError):
            return HTTPStatus.BAD_REQUEST, "text/plain", b"not a finding"
        try:
            self._panel.fix(*wanted)
        except RefusedError as reason:
            return _json({"refused": str(reason)})
        return _json({"refused": ""})

    def _is_own(self, host: str) -> bool:
        name = host if host.endswith("]") else host.rsplit(":", 1)[0] if ":" in host else host
        return name.lower() in self._hosts

    def _with_script(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """What the site answers; a page with the panel before its end."""
        begun: list[tuple[str, list[tuple[str, str]]]] = []

        def begin(status: str, headers: list[tuple[str, str]], *_: Any) -> None:
            begun.append((status, headers))

        answer = self._inner(environ, begin)
        status, headers = begun[0]
        kind = next((value for name, value in headers if name.lower() == "content-type"), "")
        if not kind.startswith("text/html"):
            start_response(status, headers)
            return answer
        body = b"".join(answer)
        if hasattr(answer, "close"):
            answer.close()
        head, end, tail = body.rpartition(b"</body>")
        if end:
            body = head + SCRIPT % self._mount.encode() + end + tail
        kept = [(name, value) for name, value in headers if name.lower() != "content-length"]
        start_response(status, [*kept, ("Content-Length", str(len(body)))])
        return [body]


def _json(value: dict[str, Any]) -> tuple[HTTPStatus, str, bytes]:
    return HTTPStatus.OK, "application/json", json.dumps(value, ensure_ascii=False).encode()
