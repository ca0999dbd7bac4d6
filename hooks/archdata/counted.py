"""Parameters that no formula of the site gives: `docs/_data/counted.yml`, each with what was built and counted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from archdata import documents
from archdata.errors import DataError, unknown

NAME = "counted"


def check(docs: Path) -> Iterator[DataError]:
    """Yield every fault of form."""
    yield from documents.in_form(docs, NAME)


def parameters(docs: Path, key: str) -> int:
    """The parameters counted under `key`.

    Raises `DataError` naming the nearest key when there is none.
    """
    file = docs / f"_data/{NAME}.yml"
    entries: dict[str, dict[str, Any]] = documents.read(file).data
    if key not in entries:
        raise unknown("count", key, entries, file=file)
    return int(entries[key]["parameters"])
