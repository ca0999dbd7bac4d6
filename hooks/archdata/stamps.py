"""Whether files are what they were, told by their times and sizes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

Stamp = tuple[str, int, int, int]
"""A file's name or path, when its content and when its status changed, in nanoseconds, and its size."""


def stamps(folder: Path, ending: str) -> tuple[Stamp, ...]:
    """Return the stamps of the files of a folder whose names end so, in the order of their names."""
    with os.scandir(folder) as entries:
        return tuple(sorted(_stamp(entry.name, entry) for entry in entries if entry.name.endswith(ending)))


def tree(folder: Path) -> Iterator[Stamp]:
    """Yield the stamps of all files below a folder, by their paths, in no particular order."""
    waiting = [os.fspath(folder)]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if entry.is_dir():
                    if entry.name != "__pycache__":
                        waiting.append(entry.path)
                else:
                    yield _stamp(entry.path, entry)


def _stamp(name: str, entry: os.DirEntry[str]) -> Stamp:
    status = entry.stat()
    return name, status.st_mtime_ns, status.st_ctime_ns, status.st_size
