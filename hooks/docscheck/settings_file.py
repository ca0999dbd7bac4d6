"""The file with a site's settings, mkdocs.yml or zensical.toml: what is wrong with it, and what can stand in it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, NamedTuple


class ConfigError(Exception):
    """The settings are missing or cannot be used."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.line = line
        """Where they cannot, from 0; the first line where that is not known."""


class Inert(NamedTuple):
    """A value that names Python code (`!!python/name:…` and its like): its name is known, it is never run."""

    name: str
    arguments: Any = None


def resolved(path: str | Path) -> Path:
    """What `Path.resolve` says, which before Python 3.13 ends at a link to itself with an error of its own."""
    return Path(os.path.realpath(path))
