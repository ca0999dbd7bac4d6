"""All checks of the data, in one list: `python -m archdata check` prints them, a strict build refuses their errors."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from datetime import date
from hashlib import blake2b
from pathlib import Path
from typing import Any

from archdata import (
    bibliography_checks,
    counted,
    explorables,
    glossary_checks,
    intake,
    measured,
    models,
    news,
    notation_checks,
    specs,
)
from archdata.bibliography import cache_folder, write_whole
from archdata.errors import DataError
from archdata.stamps import tree

Check = Callable[[Path], Iterable[DataError]]

OF_DATA: tuple[Check, ...] = (bibliography_checks.check, specs.check, models.check, counted.check, measured.check)
"""Whose errors depend on the data, and on which other files there are."""
OF_PAGES: tuple[Check, ...] = (explorables.check, glossary_checks.check, notation_checks.check, news.check)
"""Whose errors depend on what pages say, too."""
CHECKS = (*OF_DATA, *OF_PAGES)
"""Each takes the folder of the pages and yields what is wrong with a part of its data."""


def check(docs: Path, *, warnings: bool = False) -> list[DataError]:
    """Return the faults of the data under `docs`, in the order of files and lines; warnings only when asked for.

    Files that are not let in come alone: nothing else reads them.
    """
    refused = list(intake.check(docs))
    return _in_order(
        refused or (error for run in CHECKS for error in run(docs) if warnings or error.severity == "error")
    )


def errors(docs: Path) -> list[DataError]:
    """Return the errors of files that were let in; those of unchanged data are remembered from the last time."""
    file, state = _memory(docs), _state(docs)
    found = _remembered(file, state)
    if found is None:
        found = [error for run in OF_DATA for error in run(docs) if error.severity == "error"]
        _remember(file, state, found)
    return _in_order([*found, *(error for run in OF_PAGES for error in run(docs) if error.severity == "error")])


def _in_order(found: Iterable[DataError]) -> list[DataError]:
    return sorted(found, key=lambda error: (error.file or "", error.line or 0, error.column or 0, error.message))


def _state(docs: Path) -> str:
    """A digest of the data, of the names of all files, of this package, and of the day (no date may lie after it)."""
    names = sorted(os.path.join(folder, name) for folder, _, found in os.walk(docs) for name in found)
    data = sorted(tree(docs / "_data")) if (docs / "_data").is_dir() else []
    parts = [str(docs), data, names, sorted(tree(Path(__file__).parent)), date.today()]
    return blake2b(repr(parts).encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()


def _memory(docs: Path) -> Path | None:
    folder = cache_folder(docs)
    return folder / "archdata" / "checks.json" if folder else None


def _remembered(file: Path | None, state: str) -> list[DataError] | None:
    try:
        kept: dict[str, Any] = json.loads(file.read_text("utf-8")) if file else {}
        if kept.get("state") == state:
            return [DataError(*fault) for fault in kept["errors"]]
    except (OSError, ValueError, KeyError, TypeError):
        pass  # cut short or of another form: checked again
    return None


def _remember(file: Path | None, state: str, found: list[DataError]) -> None:
    kept = [[error.file, error.line, error.column, error.message, error.remedy] for error in found]
    try:
        if file:
            file.parent.mkdir(parents=True, exist_ok=True)
            write_whole(file, json.dumps({"state": state, "errors": kept}, ensure_ascii=False))
    except OSError:
        return  # a read-only checkout is checked each time
