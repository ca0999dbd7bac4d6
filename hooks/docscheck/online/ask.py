"""One link asked: HEAD, then GET where that says too little; redirects followed and remembered."""

from __future__ import annotations

import contextlib
import http.client
import re
import socket
import ssl
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import SplitResult, quote, unquote, urldefrag, urljoin, urlsplit

from docscheck.online.guard import PrivateAddressError, connection
from docscheck.online.html import has_fragment, targets
from docscheck.online.result import Link, Result, State
from docscheck.papers import same_title

AGENT = "docscheck/1 (checks that links still lead somewhere; a few requests a week)"
LIMIT = 2_000_000
"""Bytes of a page that are read in search of an id or a title."""
MOST_REDIRECTS = 10
WHOLE = 3
"""How many time limits a whole answer may take."""
# Answers to HEAD after which GET is tried: some servers do not know the method, or answer it wrongly.
_HEAD_MISLEADS = frozenset({400, 401, 403, 404, 405, 406, 410, 500, 501, 502})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_FOR_GOOD = frozenset({301, 308})
_BUSY = frozenset({429, 503})
_COME_AGAIN = 30.0
"""Seconds after which a busy host is asked again that names no time."""
# Fragments that no server's HTML can show: text fragments, routes and lines a script draws.
_DRAWN = re.compile(r":~:|!|/|L\d+(-L\d+)?$")


class BusyError(Exception):
    """The server asks to come again after `seconds`."""

    def __init__(self, status: int, seconds: float) -> None:
        super().__init__(f"{status}, come again in {seconds:.0f} s")
        self.seconds = seconds


@dataclass(frozen=True)
class Answer:
    """The last answer on the way of an address."""

    status: int
    reason: str
    url: str
    """Where the way ended."""
    for_good: bool
    """Whether every redirect on the way was permanent."""
    etag: str = ""
    kind: str = ""
    charset: str = "utf-8"
    body: bytes = b""


@dataclass(frozen=True)
class Asking:
    """How to ask: seconds for each request, and whether private addresses may be asked."""

    timeout: float = 20.0
    private: bool = False


def ask(link: Link, asking: Asking, *, etag: str = "") -> Result:
    """Return what has become of a link.

    `etag` is that of a former good answer; an unchanged page is not read again. Raises `BusyError` when the
    server asks for patience.
    """
    url, fragment = urldefrag(link.url)
    fragment = "" if _DRAWN.match(fragment) else unquote(fragment)
    wants_body = bool(fragment or link.title)
    try:
        answer = _follow(url, "GET" if wants_body else "HEAD", asking, etag, read=wants_body)
        if answer.status in _HEAD_MISLEADS and not wants_body:
            answer = _follow(url, "GET", asking, "")
    except PrivateAddressError as error:
        return Result(link.url, State.REFUSED, str(error))
    except (OSError, http.client.HTTPException, ValueError) as error:
        return Result(link.url, State.UNREACHABLE, _why(error, asking))
    return _judge(link, answer, fragment)


def _judge(link: Link, answer: Answer, fragment: str) -> Result:
    """Say what an answer means for the link."""
    if answer.status == 304:
        return Result(link.url, State.OK, etag=answer.etag, title=link.title)
    if answer.status in _REDIRECTS:
        return Result(link.url, State.BROKEN, f"more than {MOST_REDIRECTS} redirects, or one without an address")
    if not 200 <= answer.status < 300:
        return Result(link.url, State.BROKEN, f"{answer.status} {answer.reason}".strip(), _elsewhere(link, answer))
    found = targets(answer.body, answer.charset) if answer.body and "html" in answer.kind else None
    if fragment and found and found.ids and not has_fragment(found, fragment):
        return Result(link.url, State.NO_FRAGMENT, f"the page has no #{fragment}", _elsewhere(link, answer))
    if link.title and found and found.title and same_title(found.title) != same_title(link.title):
        detail = f"its title is “{found.title}”, the bibliography says “{link.title}”"
        return Result(link.url, State.WRONG_TITLE, detail, title=link.title)
    location = _elsewhere(link, answer) if answer.for_good else ""
    if location:
        return Result(link.url, State.MOVED, f"moved to {location}", location, answer.etag, title=link.title)
    return Result(link.url, State.OK, etag=answer.etag, title=link.title)


def _elsewhere(link: Link, answer: Answer) -> str:
    """Return the address at the end of the way, with the link's fragment, where it is another one."""
    url, fragment = urldefrag(link.url)
    if answer.url == _sendable(url):
        return ""
    return f"{answer.url}#{fragment}" if fragment and "#" not in answer.url else answer.url


def _follow(url: str, method: str, asking: Asking, etag: str, *, read: bool = False) -> Answer:
    """Ask, and go where the answers lead; every step is looked at before it is taken."""
    url = _sendable(url)
    for_good = True
    for _ in range(MOST_REDIRECTS):
        answer, location = _request(url, method, asking, etag, for_good, read=read)
        if answer.status not in _REDIRECTS or not location:
            return answer
        for_good = for_good and answer.status in _FOR_GOOD
        url = _sendable(urldefrag(urljoin(url, location))[0])
        etag = ""
    return answer


def _request(url: str, method: str, asking: Asking, etag: str, for_good: bool, *, read: bool) -> tuple[Answer, str]:
    """Send one request; return the answer, with its body when that is to be read, and where it leads."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"{url} is not an address of the web")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    opened = connection(parts.scheme, parts.hostname, port, asking.timeout, private=asking.private)
    # A time limit holds for each piece; a server that sends a byte now and then is left as a whole.
    left: list[bool] = []
    timer = threading.Timer(WHOLE * asking.timeout, _leave, (opened.sock, left))
    timer.daemon = True
    timer.start()
    try:
        headers = {"User-Agent": AGENT, "Accept": "text/html,*/*;q=0.8", "Accept-Encoding": "identity"}
        if etag:
            headers["If-None-Match"] = etag
        opened.request(method, _target(parts), headers=headers)
        response = opened.getresponse()
        if response.status in _BUSY:
            raise BusyError(response.status, retry_after(response.getheader("Retry-After"), default=_COME_AGAIN))
        body = response.read(LIMIT) if read and response.status == 200 else b""
        if left:
            raise TimeoutError
        if read and response.length and len(body) < LIMIT:
            raise http.client.HTTPException("the answer ended too early")
        return _answer(response, url, for_good, etag, body), response.getheader("Location") or ""
    except (OSError, http.client.HTTPException):
        if left:
            raise TimeoutError from None
        raise
    finally:
        timer.cancel()
        opened.close()


def _answer(response: http.client.HTTPResponse, url: str, for_good: bool, etag: str, body: bytes) -> Answer:
    return Answer(
        response.status,
        response.reason,
        url,
        for_good,
        response.getheader("ETag") or etag,
        response.headers.get_content_type(),
        response.headers.get_content_charset("utf-8"),
        body,
    )


def _leave(stream: socket.socket, left: list[bool]) -> None:
    """End a connection from another thread."""
    left.append(True)
    with contextlib.suppress(OSError):
        stream.shutdown(socket.SHUT_RDWR)


def _target(parts: SplitResult) -> str:
    path = parts.path or "/"
    return f"{path}?{parts.query}" if parts.query else path


def _sendable(url: str) -> str:
    """Return an address in ASCII, as it goes over the wire; what is quoted already stays so."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    try:
        host = host.encode("ascii").decode()
    except UnicodeEncodeError:
        host = host.encode("idna").decode()
    if ":" in host:
        host = f"[{host}]"
    netloc = f"{host}:{parts.port}" if parts.port else host
    path = quote(parts.path, safe="/%:@!$&'()*+,;=~-._[]")
    query = quote(parts.query, safe="/%:@!$&'()*+,;=~-._[]?")
    return f"{parts.scheme.lower()}://{netloc}{path}" + (f"?{query}" if query else "")


def retry_after(value: str | None, default: float) -> float:
    """Return the seconds a Retry-After header asks for, given as a number or as a date; `default` without one."""
    if not value:
        return default
    if value.strip().isascii() and value.strip().isdigit():
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return default
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def _why(error: Exception, asking: Asking) -> str:
    """Return a clause that says why there was no answer."""
    if isinstance(error, TimeoutError):
        return f"no answer within {asking.timeout:g} s"
    if isinstance(error, socket.gaierror):
        return "there is no such host"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not valid: {error.verify_message}"
    if isinstance(error, ssl.SSLError):
        return f"no secure connection: {error.reason or error}"
    if isinstance(error, ConnectionRefusedError):
        return "the connection was refused"
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
