"""Whether files are still what they were, told by their times and sizes; imports next to nothing."""

from __future__ import annotations

import os
import re
import sys
from functools import lru_cache
from pathlib import Path
from stat import S_ISREG

from docscheck.patterns import lazy

Stamp = list[int] | None
"""Times of the last change of contents and of status in nanoseconds, and size; None where there is no file.

The time of contents can be copied from another file; that of the status cannot.
"""

SETTINGS = ("mkdocs.yml", "mkdocs.yaml", "zensical.toml")
"""Names of files that say how a site is built; where there are several, the first one speaks."""
_INHERIT = lazy(r"^INHERIT\s*:\s*[\"']?([^\"'\s#]+)", re.M)
_ENV = lazy(r"!ENV\s+(?:\[([^\]]*)\]|(\w+))")


def stamp(path: str | Path) -> Stamp:
    """The stamp of a file."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    return [status.st_mtime_ns, status.st_ctime_ns, status.st_size]


def tree(folder: str | Path) -> dict[str, Stamp]:
    """The stamps of all files under a folder, by their paths, in order; a folder's files come before its folders."""
    found: dict[str, Stamp] = {}
    waiting = [str(folder)]
    while waiting:
        try:
            entries = sorted(os.scandir(waiting.pop()), key=_name)
        except OSError:
            continue
        folders = []
        for entry in entries:
            if entry.is_dir():
                if entry.name not in (".git", "__pycache__", "node_modules"):
                    folders.append(entry.path)
            else:
                found[entry.path] = _stamp_of(entry)
        waiting += reversed(folders)
    return found


def _name(entry: os.DirEntry[str]) -> str:
    return entry.name


def _stamp_of(entry: os.DirEntry[str]) -> Stamp:
    try:
        status = entry.stat()
    except OSError:  # a link to nowhere
        return None
    if not S_ISREG(status.st_mode):  # who reads a pipe waits for a writer
        return None
    return [status.st_mtime_ns, status.st_ctime_ns, status.st_size]


@lru_cache(maxsize=1)
def package_key() -> str:
    """What changes when this package, or a parser whose results it describes, does."""
    own = tree(os.path.dirname(__file__))
    code = sorted((path, stamp) for path, stamp in own.items() if path.endswith((".py", ".txt")))
    parsers = [
        (folder, stamp(os.path.join(folder, name, "__init__.py")))
        for folder in sys.path
        for name in ("markdown", "pymdownx")
        if os.path.isdir(os.path.join(folder, name))
    ]
    return repr((code, parsers))


def settings_files(config_file: str | Path) -> list[str]:
    """mkdocs.yml and what it inherits from, one after the other."""
    files: list[str] = []
    path = str(config_file)
    while path not in files:
        files.append(path)
        parent = _INHERIT.search(_read(path))
        if parent:
            path = os.path.normpath(os.path.join(os.path.dirname(path), parent[1]))
    return files


def environment_names(config_file: str | Path) -> list[str]:
    """The environment variables that the settings read."""
    names: set[str] = set()
    for file in settings_files(config_file):
        for several, one in _ENV.findall(_read(file)):
            names.update(re.findall(r"[A-Za-z_]\w*", several or one))
    return sorted(names)


def _read(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return ""
