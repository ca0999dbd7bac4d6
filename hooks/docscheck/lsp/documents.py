"""The pages that an editor has open."""

from __future__ import annotations

from typing import NamedTuple

from docscheck.diagnostics import Diagnostic
from docscheck.lsp.positions import Positions
from docscheck.lsp.sites import OpenSite


class Document:
    """An open page."""

    def __init__(self, site: OpenSite, uri: str, address: str) -> None:
        self.site = site
        self.uri = uri
        """Its path under docs_dir."""
        self.address = address
        """What the client calls it."""
        self.version: int | None = None
        self.raw = ""
        self.positions = Positions("")
        self.found: list[Diagnostic] = []
        self.judged = ""
        """The text in which that was found."""
        self.took = 0.0
        """Seconds that the last whole check took."""
        self.told: object = None
        """What the client was told last."""

    def take(self, raw: str, version: int | None, encoding: str) -> None:
        """The client's text is now this."""
        self.raw, self.version = raw, version
        self.positions = Positions(raw, encoding)
        self.site.put(self.uri, self.positions.text)


class Place(NamedTuple):
    """A place that the client asks about."""

    document: Document
    offset: int
