"""The settings of a site as they were read last, kept as JSON: to import PyYAML takes longer than to check a page.

They hold while the files in which they stand are what they were. What the environment bears on is read each time.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docscheck.memory import file_for, keep
from docscheck.settings_file import Inert
from docscheck.stamps import package_key, stamp

if TYPE_CHECKING:
    from docscheck.settings_reading import Reading

_INERT = "!inert"
"""The one key of an object that stands for an inert value; settings with such a key of their own are not kept."""
_SIMPLE = (str, bool, int, float, type(None))


class _NotPlainError(Exception):
    """A value that JSON has no word for."""


def read(file: Path) -> dict[str, Any]:
    """The settings, as they are remembered or read anew. Raises ConfigError where they cannot be read."""
    memory = file_for(file, "settings")
    known = _recalled(memory)
    if known is not None:
        return known
    from docscheck import settings_reading  # imports PyYAML

    reading = settings_reading.read(file)
    if reading.is_fixed:
        _remember(memory, reading)
    return reading.values


def _key() -> str:
    return repr((package_key(), sys.version))


def _recalled(memory: Path) -> dict[str, Any] | None:
    """What is remembered, if it still holds."""
    try:
        stored = json.loads(memory.read_text("utf-8"), object_hook=_restored)
        holds = stored["key"] == _key() and all(stamp(path) == known for path, known in stored["files"])
        values = stored["values"]
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return None
    return values if holds and isinstance(values, dict) else None


def _remember(memory: Path, reading: Reading) -> None:
    try:
        text = json.dumps({"key": _key(), "files": reading.files, "values": _plain(reading.values)})
    except (_NotPlainError, ValueError, RecursionError):  # ValueError: a number with thousands of digits
        return
    keep(memory, text)


def _plain(value: Any) -> Any:
    """A value as JSON can tell it, from which `_restored` makes the same value again."""
    if type(value) in _SIMPLE:
        return value
    if isinstance(value, Inert):
        return {_INERT: [value.name, _plain(value.arguments)]}
    if type(value) is list:
        return [_plain(one) for one in value]
    if type(value) is dict and _INERT not in value and all(type(key) is str for key in value):
        return {key: _plain(one) for key, one in value.items()}
    raise _NotPlainError


def _restored(known: dict[str, Any]) -> Any:
    return Inert(*known[_INERT]) if _INERT in known else known
