"""All checks of the data, in one list: `python -m archdata check` prints them, a strict build refuses their errors."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from archdata import bibliography_checks, explorables, glossary_checks, intake, models, notation_checks, specs
from archdata.errors import DataError

CHECKS: tuple[Callable[[Path], Iterable[DataError]], ...] = (
    bibliography_checks.check,
    specs.check,
    models.check,
    explorables.check,
    glossary_checks.check,
    notation_checks.check,
)
"""Each takes the folder of the pages and yields what is wrong with a part of its data."""


def check(docs: Path, *, warnings: bool = False) -> list[DataError]:
    """Return the faults of the data under `docs`, in the order of files and lines; warnings only when asked for.

    Files that are not let in come alone: nothing else reads them.
    """
    refused = list(intake.check(docs))
    found = refused or [error for run in CHECKS for error in run(docs) if warnings or error.severity == "error"]
    return sorted(found, key=lambda error: (error.file or "", error.line or 0, error.column or 0, error.message))
