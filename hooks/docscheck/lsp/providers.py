"""Who answers for a site: the providers of installed packages, and the one for citations by key."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from importlib.metadata import entry_points
from typing import Any

from docscheck.config import Config
from docscheck.lsp.bibliography import BibliographyProvider
from docscheck.lsp.provider import Provider, log

_GROUP = "docscheck.providers"


def providers_of(config: Config) -> list[Provider]:
    """The providers that answer for a site, those of installed packages first."""
    offered = (_made(make, config) for make in _installed())
    return [*(provider for provider in offered if provider is not None), BibliographyProvider(config)]


def _made(make: Any, config: Config) -> Provider | None:
    try:
        found: Provider | None = make(config)
    except Exception:
        log.exception("a provider does not start")
        return None
    return found


@lru_cache(maxsize=1)
def _installed() -> list[Any]:
    return list(_load())


def _load() -> Iterator[Any]:
    for entry in entry_points(group=_GROUP):
        try:
            yield entry.load()
        except Exception:
            log.exception("the provider %s cannot be loaded", entry.name)
