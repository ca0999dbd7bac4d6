"""BibTeX text: entries read with their lines, written in the house form, inserted in order."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from pathlib import Path

from bibtexparser.entrypoint import parse_string
from bibtexparser.model import DuplicateBlockKeyBlock, DuplicateFieldKeyBlock, ParsingFailedBlock
from bibtexparser.model import Entry as Raw

from archdata.entries import Entry, parse_people, plain
from archdata.errors import DataError

# The order of fields in an entry, as in CONTRIBUTING; others follow.
_ORDER = ("title", "author", "year", "date", "eprint", "eprinttype", "doi", "url")
_LAST = ("annotation", "checked", "source")


def parse(text: str, file: str | Path | None = None) -> tuple[list[Entry], list[DataError]]:
    """Return the entries of `text` in their order, and a fault for each part that could not be read."""
    # The library reports the same faults through logging, without the file.
    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)
    entries: list[Entry] = []
    faults: list[DataError] = []
    for block in parse_string(text).blocks:
        if isinstance(block, Raw):
            entries.append(_entry(block))
        elif isinstance(block, ParsingFailedBlock):
            faults.append(_fault(block, file))
    return entries, faults


def _entry(block: Raw) -> Entry:
    fields = {item.key.lower(): " ".join(str(item.value).split()) for item in block.fields}
    authors, others = parse_people(fields.get("author", ""))
    year = re.match(r"\d{4}", fields.get("year") or fields.get("date", ""))
    return Entry(
        key=block.key,
        kind=block.entry_type.lower(),
        title=plain(fields.get("title", "")),
        authors=authors,
        others=others,
        year=int(year[0]) if year else None,
        fields=fields,
        line=(block.start_line or 0) + 1,
        raw=block.raw or "",
    )


def _fault(block: ParsingFailedBlock, file: str | Path | None) -> DataError:
    line = (block.start_line or 0) + 1
    if isinstance(block, DuplicateBlockKeyBlock):
        message = f'the key "{block.key}" is used twice'
        return DataError(file, line, 1, message, "remove one, or add a letter to its key")
    if isinstance(block, DuplicateFieldKeyBlock):
        names = ", ".join(sorted(block.duplicate_keys))
        return DataError(file, line, 1, f"the entry gives {names} twice", "keep one")
    head = (block.raw or "").strip().splitlines()
    return DataError(
        file,
        line,
        1,
        f"this entry cannot be read: {head[0] if head else 'empty'}",
        "check its commas, braces and quotes",
    )


def write(entry: Entry) -> str:
    """Return the entry in the house form: fields in one order, aligned, no newline at the end."""
    names = [name for name in _ORDER if name in entry.fields]
    names += sorted(name for name in entry.fields if name not in (*_ORDER, *_LAST))
    names += [name for name in _LAST if name in entry.fields]
    width = max((len(name) for name in names), default=0)
    lines = [f"  {name:<{width}} = {{{entry.fields[name]}}}," for name in names]
    return "\n".join([f"@{entry.kind}{{{entry.key},", *lines, "}"])


def insert(text: str, entries: Sequence[Entry]) -> str:
    """Return `text` with `entries` written before the first entry whose key is greater.

    Everything that was there stays as it was, comments included.
    """
    for entry in entries:
        present, _ = parse(text)
        after = next((other for other in present if other.key > entry.key), None)
        if after is None:
            text = f"{text.rstrip()}\n\n{write(entry)}\n".lstrip("\n")
            continue
        lines = text.splitlines(keepends=True)
        at = after.line - 1
        text = "".join([*lines[:at], write(entry), "\n\n", *lines[at:]])
    return text
