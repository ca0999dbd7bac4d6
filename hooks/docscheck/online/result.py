"""What is asked about an external link, and what came back."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """What a link turned out to be."""

    OK = "ok"
    MOVED = "moved"
    """It leads on for good; the page should name the new address."""
    BROKEN = "broken"
    """The server says that there is no such page, or that nobody may see it."""
    NO_FRAGMENT = "no-fragment"
    """The page is there, the part after # is not."""
    WRONG_TITLE = "wrong-title"
    """An arXiv page whose title is not the bibliography's."""
    UNREACHABLE = "unreachable"
    """No such host, no connection, no valid certificate, or no answer in time."""
    BUSY = "busy"
    """The server asked for patience and kept asking; nothing is known."""
    REFUSED = "refused"
    """A private, loopback or link-local address: not asked."""


GOOD = frozenset({State.OK, State.BUSY})
"""States that ask nothing of anybody."""


@dataclass(frozen=True, order=True)
class Place:
    """Where a link stands: path, line and column, from 1."""

    path: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


@dataclass(frozen=True)
class Link:
    """An external address, where it stands, and the title its page must have (empty: any)."""

    url: str
    places: tuple[Place, ...] = ()
    title: str = ""


@dataclass(frozen=True)
class Result:
    """What came of asking for one address."""

    url: str
    state: State
    detail: str = ""
    """A clause: "404 Not Found", "the title is …"."""
    location: str = ""
    """Where it leads, when that is another address."""
    etag: str = ""
    checked: str = ""
    """ISO date on which it was asked."""
    title: str = ""
    """The title that was compared."""
