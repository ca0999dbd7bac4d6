"""The bibliography `docs/_data/references.bib`: read once for each of its states, kept in parsed form."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any

from archdata import bibtex
from archdata.entries import Entry, Person
from archdata.errors import DataError, unknown

PATH = "_data/references.bib"
"""Where the bibliography lies under docs/."""

# Part of the name of a kept file: raise it when `Entry` or the parser changes.
_FORM = 1


class Bibliography(Mapping[str, Entry]):
    """The entries by key, in the file's order, and what could not be read."""

    def __init__(self, path: Path, entries: list[Entry], faults: list[DataError]) -> None:
        self.path = path
        self.faults = faults
        self._entries = {entry.key: entry for entry in entries}

    def __getitem__(self, key: str) -> Entry:
        return self._entries[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, key: object) -> bool:
        return key in self._entries

    def entry(self, key: str) -> Entry:
        """Return the entry of `key`.

        Raises `DataError` naming the nearest key when there is none.
        """
        if key not in self._entries:
            raise unknown("citation key", key, self._entries)
        return self._entries[key]


def load(path: Path) -> Bibliography:
    """Return the bibliography at `path`; a missing file is an empty one.

    The same state of the file is parsed once for each process, and once for each machine: the parsed form lies
    under `.cache/`, named by the file's hash.
    """
    if not path.is_file():
        return Bibliography(path, [], [])
    status = path.stat()
    return _load(path, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=4)
def _load(path: Path, _changed: int, _size: int) -> Bibliography:
    content = path.read_bytes()
    kept = _kept_at(path, content)
    if kept and kept.is_file():
        try:
            return _thaw(path, json.loads(kept.read_text("utf-8")))
        except (ValueError, TypeError, KeyError):
            pass  # cut short or of another form: parsed again below, and replaced
    entries, faults = bibtex.parse(content.decode("utf-8", "replace"), path)
    if kept:
        _keep(kept, entries, faults)
    return Bibliography(path, entries, faults)


def cache_folder(path: Path) -> Path | None:
    """Return the `.cache` folder of the project `path` belongs to, or None outside a project."""
    for folder in path.resolve().parents:
        if (folder / "mkdocs.yml").is_file() or (folder / "pyproject.toml").is_file():
            return folder / ".cache"
    return None


def _kept_at(path: Path, content: bytes) -> Path | None:
    folder = cache_folder(path)
    digest = hashlib.sha256(content).hexdigest()[:24]
    return folder / "archdata" / f"bibliography-{_FORM}-{digest}.json" if folder else None


def _keep(path: Path, entries: list[Entry], faults: list[DataError]) -> None:
    data = {
        "entries": [asdict(entry) for entry in entries],
        "faults": [[fault.line, fault.column, fault.message, fault.remedy] for fault in faults],
    }
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        for old in path.parent.glob("bibliography-*.json"):
            old.unlink(missing_ok=True)
        write_whole(path, json.dumps(data, ensure_ascii=False))
    except OSError:
        return  # a read-only checkout builds all the same, a little slower


def _thaw(path: Path, data: dict[str, Any]) -> Bibliography:
    entries = [
        Entry(**{**item, "authors": tuple(Person(**person) for person in item["authors"])}) for item in data["entries"]
    ]
    return Bibliography(path, entries, [DataError(path, *fault) for fault in data["faults"]])


def write_whole(path: Path, text: str) -> None:
    """Write `text` to `path` so that a reader sees the old content or the new, never a part."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
        if path.exists():
            os.chmod(name, path.stat().st_mode & 0o777)
        else:
            os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
