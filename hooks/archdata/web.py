"""One polite request: a time limit, a size limit, and waiting where a server asks for it."""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from collections.abc import Callable
from http.client import HTTPException

from docscheck.online.ask import retry_after

from archdata.errors import DataError

AGENT = "generative-architectures/0.1 (bibliography; one request per paper)"
LIMIT = 2_000_000
"""Bytes read of an answer; a paper's metadata is a few thousand."""
PATIENCE = 60.0
"""Seconds to wait at most when a server asks for patience."""
TRIES = 3


class ServiceError(DataError):
    """A service did not give what was asked of it."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(None, None, None, message, remedy)


def get(
    url: str, accept: str, *, timeout: float = 20.0, wait: Callable[[float], None] = time.sleep
) -> tuple[bytes, str]:
    """Return body and content type of `url`.

    Args:
        url: an http or https address.
        accept: the media types wanted.
        timeout: seconds for each try.
        wait: called with the seconds to wait before another try (on 429, 502, 503 and 504).

    Raises `ServiceError` with what to do: nothing there (404), too busy, no answer in time, no connection.
    """
    request = urllib.request.Request(url, headers={"Accept": accept, "User-Agent": AGENT})
    for attempt in range(1, TRIES + 1):
        try:
            with urllib.request.urlopen(request, timeout=timeout) as answer:
                body = answer.read(LIMIT + 1)
                if len(body) > LIMIT:
                    raise ServiceError(f"{url} answers with too many bytes", "is it the service?")
                if answer.length:
                    raise ServiceError(f"{url}: the answer ended too early", "try again later")
                return body, answer.headers.get_content_type()
        except urllib.error.HTTPError as error:
            _after_status(url, error, attempt, wait)
        except TimeoutError as error:
            raise ServiceError(f"{url} did not answer within {timeout:g} s", "try again later") from error
        except (urllib.error.URLError, HTTPException, OSError) as error:
            if isinstance(getattr(error, "reason", None), TimeoutError):
                message = f"{url} did not answer within {timeout:g} s"
                raise ServiceError(message, "try again later") from error
            reason = getattr(error, "reason", error)
            remedy = "is this machine online? `add-paper --bibtex FILE` works without a connection"
            raise ServiceError(f"{url} cannot be reached: {reason}", remedy) from error
    raise AssertionError("the last try returns or raises")


def _after_status(url: str, error: urllib.error.HTTPError, attempt: int, wait: Callable[[float], None]) -> None:
    """Wait where another try may help; raise where not."""
    with error:
        if error.code == 404:
            raise ServiceError(f"{url}: there is no such paper (404)", "compare the id with its page")
        if error.code not in (429, 502, 503, 504):
            raise ServiceError(f"{url} answers {error.code} {error.reason}", "try again later")
        seconds = retry_after(error.headers.get("Retry-After"), default=2.0**attempt)
    if attempt == TRIES or seconds > PATIENCE:
        remedy = f"try again in {seconds:.0f} seconds" if seconds > PATIENCE else "try again later"
        raise ServiceError(f"{url} is too busy ({error.code})", remedy)
    wait(seconds)
