"""Adding papers to the bibliography: keyed by the house rule, in order, never twice."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from pathlib import Path

from archdata import bibtex
from archdata.bibliography import cache_folder, write_whole
from archdata.entries import Entry, ascii_word, house_key
from archdata.errors import DataError
from archdata.locking import locked


def add(path: Path, entries: Sequence[Entry]) -> list[Entry]:
    """Write `entries` into the bibliography at `path` and return them as written.

    An entry that comes without a key gets the one of the house rule. Other processes may add at the same time.
    Raises `DataError` when an entry is there already (by key, arXiv id, DOI or title), or when the file cannot
    be read; nothing is written then.
    """
    folder = cache_folder(path) or path.parent
    with locked(folder / f"{path.name}.lock"):
        text = path.read_text("utf-8") if path.is_file() else ""
        present, faults = bibtex.parse(text, path)
        if faults:
            raise faults[0]
        added: list[Entry] = []
        for entry in entries:
            keyed = _keyed(entry)
            _refuse_duplicate(keyed, [*present, *added], path)
            added.append(keyed)
        write_whole(path, bibtex.insert(text, added))
    return added


def _keyed(entry: Entry) -> Entry:
    if entry.key:
        return entry
    return dataclasses.replace(entry, key=house_key(entry.authors, entry.year, entry.title))


def _refuse_duplicate(entry: Entry, present: Iterable[Entry], path: Path) -> None:
    for other in present:
        shared = same(entry, other)
        if shared:
            raise DataError(
                path,
                other.line or None,
                None,
                f'"{entry.key}" has the {shared} of "{other.key}"',
                f"cite [@{other.key}]" if shared != "key" else "cite that one, or add a letter to the new key",
            )


def same(one: Entry, other: Entry) -> str:
    """Return what shows that two entries are one paper (key, arXiv id, DOI or title), or an empty string."""
    if one.key == other.key:
        return "key"
    if one.arxiv and one.arxiv == other.arxiv:
        return "arXiv id"
    if one.doi and one.doi.lower() == other.doi.lower():
        return "DOI"
    if one.title and ascii_word(one.title) == ascii_word(other.title):
        return "title"
    return ""
