"""YAML data files: read with the line of every key, and held against a JSON Schema."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from docscheck.parse.safe_yaml import load
from jsonschema import Draft202012Validator

from archdata.errors import DataError, nearest


@dataclass(frozen=True)
class Document:
    """The content of a YAML file and where its keys stand."""

    path: Path
    data: dict[str, Any]
    lines: dict[tuple[str | int, ...], tuple[int, int]]
    """Line and column, from 1, of the value at each path of keys."""

    def place(self, path: tuple[str | int, ...]) -> tuple[int, int]:
        """Where the value at `path` stands, or the nearest one around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, (1, 1))

    def error(self, path: tuple[str | int, ...], message: str, remedy: str = "") -> DataError:
        """A finding at the value at `path`."""
        line, column = self.place(path)
        return DataError(self.path, line, column, message, remedy)


def read(path: Path) -> Document:
    """Read a YAML file.

    Raises `DataError` with the place when it is not YAML or not a mapping.
    """
    try:
        text = path.read_text(encoding="utf-8")
        data = load(text)
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except UnicodeDecodeError as error:
        raise DataError(path, None, None, "the file is not UTF-8", str(error)) from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (None, None)
        raise DataError(
            path, line, column, f"not YAML: {error.problem}", "put values that contain a colon or a # in quotes"
        ) from error
    except yaml.YAMLError as error:
        raise DataError(path, None, None, f"this YAML cannot be read: {error}") from error
    if not isinstance(data, dict):
        raise DataError(path, 1, 1, "the file is not a mapping of keys to values", "begin with `name: …`")
    return Document(path, data, dict(_lines(node)))


def faults(document: Document, schema: dict[str, Any]) -> Iterator[DataError]:
    """Yield a finding for everything in the document that its schema refuses."""
    data = json.loads(json.dumps(document.data, default=_plain))
    for error in sorted(Draft202012Validator(schema).iter_errors(data), key=lambda error: list(map(str, error.path))):
        path = tuple(error.path)
        if error.validator == "additionalProperties":
            known = error.schema.get("properties", {})
            for key in sorted(set(error.instance) - set(known)):
                near = nearest(key, known)
                remedy = f"did you mean `{near}`?" if near else f"known keys: {', '.join(known)}"
                yield document.error((*path, key), f"unknown key `{key}`", remedy)
        elif error.validator == "required":
            missing = error.message.split("'")[1]
            yield document.error(path, f"`{missing}` is missing", _description(error.schema, missing))
        else:
            name = ".".join(map(str, path)) or "file"
            yield document.error(path, f"`{name}`: {error.message}", str(error.schema.get("description", "")))


def in_form(docs: Path, name: str) -> Generator[DataError, None, Document | None]:
    """Yield the faults of form of one data file; return it where there are none, and nothing where it is missing."""
    path = docs / f"_data/{name}.yml"
    if not path.is_file():
        return None
    document = read(path)
    found = list(faults(document, schema(docs / f"_data/schema/{name}.json")))
    yield from found
    return None if found else document


Stamp = tuple[tuple[Path, int], ...]
_held: dict[Path, Stamp] | None = None


def stamp(folder: Path) -> Stamp:
    """The data files of a folder and when each was last written: the same files with the same times hold the same data.

    While a build holds them (`hold`), the folder is looked at once.
    """
    if _held is not None and folder in _held:
        return _held[folder]
    found = tuple((path, path.stat().st_mtime_ns) for path in sorted(folder.glob("*.yml")))
    if _held is not None:
        _held[folder] = found
    return found


def hold() -> None:
    """Take the data files as unchanging from now on, until `release` or the next `hold`."""
    global _held
    _held = {}


def release() -> None:
    """Look at the files again whenever they are asked for."""
    global _held
    _held = None


@lru_cache(maxsize=16)
def schema(path: Path) -> dict[str, Any]:
    """A JSON Schema file."""
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


def _description(schema_part: dict[str, Any], key: str) -> str:
    described = schema_part.get("properties", {}).get(key, {}).get("description", "")
    return f"add it: {described}" if described else f"add `{key}`"


def _plain(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{value!r} has no JSON form")


def _lines(
    node: yaml.Node | None, path: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], tuple[int, int]]]:
    if node is None:
        return
    yield path, (node.start_mark.line + 1, node.start_mark.column + 1)
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _lines(value, (*path, key.value))
            yield (*path, key.value), (key.start_mark.line + 1, key.start_mark.column + 1)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield from _lines(value, (*path, index))
