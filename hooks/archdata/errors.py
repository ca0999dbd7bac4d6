"""The one error of the data: which file and line is wrong, how, and what mends it."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path


class DataError(ValueError):
    """A fault in a data file, raised where it stops the work and collected where checks go on.

    Attributes:
        file: the file at fault, or None where the fault lies in a call (a macro given an unknown key).
        line: line of the fault, counted from 1, or None.
        column: column of the fault, counted from 1, or None.
        message: what is wrong, in one sentence without a full stop.
        remedy: what mends it, likewise; may be empty.
        severity: "error", or "warning" for what a strict build need not refuse.
    """

    def __init__(
        self,
        file: str | Path | None,
        line: int | None,
        column: int | None,
        message: str,
        remedy: str = "",
        *,
        severity: str = "error",
    ) -> None:
        self.file = None if file is None else str(file)
        self.line = line
        self.column = column
        self.message = message
        self.remedy = remedy
        self.severity = severity
        super().__init__(str(self))

    def __str__(self) -> str:
        """`file:line:column: message; remedy`, leaving out what is unknown, always in one line."""
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)
        text = "; ".join(part for part in (self.message, self.remedy) if part)
        return " ".join((f"{place}: {text}" if place else text).split())


def nearest(key: str, known: Iterable[str]) -> str | None:
    """Return the member of `known` most like `key` (case aside), or None when none is alike."""
    by_folded = {name.casefold(): name for name in known}
    matches = get_close_matches(key.casefold(), by_folded, n=1, cutoff=0.6)
    return by_folded[matches[0]] if matches else None


def unknown(
    kind: str,
    key: str,
    known: Iterable[str],
    *,
    file: str | Path | None = None,
    line: int | None = None,
    column: int | None = None,
) -> DataError:
    """Return the error for a key that names nothing: `unknown("model", "lama-2", models)` suggests llama-2."""
    candidate = nearest(key, known)
    remedy = f'did you mean "{candidate}"?' if candidate else f"no {kind} has a similar name"
    return DataError(file, line, column, f'unknown {kind} "{key}"', remedy)
