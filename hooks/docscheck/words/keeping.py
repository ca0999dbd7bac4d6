"""What is made of the files of words, kept beside the compiled modules as Python keeps those, and for the same reason.

To make it takes longer than to read a page, to read it again hardly any time. It is kept under a hash of the bytes of
which it was made, code included: where they are others, or where what is kept is broken, it is made anew.
"""

from __future__ import annotations

import marshal
import os
import sys
import time
from collections.abc import Callable
from functools import lru_cache
from importlib.util import cache_from_source, source_hash
from pathlib import Path
from typing import Any, TypeVar

Plain = TypeVar("Plain")
"""A value of Python's own types, which `marshal` can write down: of no class of ours."""
_FOLDER = Path(__file__).parent
_BEGUN = time.time()
_HASH = 8
"""So many bytes are a hash."""


def kept(name: str, make: Callable[[], Plain], folder: Path = _FOLDER) -> Plain:
    """What `make` makes of the files in this folder, or what it made of the same bytes before."""
    sources = _hash_of(folder)
    file = _file(name, folder)
    known = _read(file, sources)
    if known is not None:
        again: Plain = marshal.loads(known)
        return again
    made = make()
    if file and not sys.dont_write_bytecode and not _has_changed(folder):
        plain: Any = made
        _write(file, sources, marshal.dumps(plain))
    return made


@lru_cache(maxsize=1)
def _hash_of(folder: Path) -> bytes:
    """A hash of names and contents, which this version of Python alone gives."""
    files = sorted((entry.name, entry.path) for entry in _sources(folder))
    return source_hash(b"".join([name.encode() + _bytes(path) for name, path in files]))


def _sources(folder: Path) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return [entry for entry in entries if entry.name.endswith((".py", ".txt"))]


def _has_changed(folder: Path) -> bool:
    """Whether a file is newer than this process, which may have read it as it was before."""
    stamps = [entry.stat() for entry in _sources(folder)]
    return max(max(stamp.st_mtime, stamp.st_ctime) for stamp in stamps) >= _BEGUN


def _bytes(file: str) -> bytes:
    with open(file, "rb", buffering=0) as opened:
        return opened.read()


def _file(name: str, folder: Path) -> str:
    """Where Python would keep a module of this name; nowhere if it keeps none."""
    try:
        return cache_from_source(str(folder / f"{name}.py"), optimization="").removesuffix("pyc") + "words"
    except NotImplementedError:
        return ""


def _read(file: str, sources: bytes) -> bytes | None:
    """What is kept in a file, if it was made of these sources and is whole."""
    try:
        stored = _bytes(file)
    except OSError:
        return None
    made = stored[2 * _HASH :]
    return made if stored[: 2 * _HASH] == sources + source_hash(made) else None


def _write(file: str, sources: bytes, made: bytes) -> None:
    """Keep it; a folder that cannot be written is no error."""
    partial = f"{file}.{os.getpid()}"
    try:
        os.makedirs(os.path.dirname(file), exist_ok=True)
        with open(partial, "wb") as opened:
            opened.write(sources + source_hash(made) + made)
        os.replace(partial, file)
    except OSError:
        return
