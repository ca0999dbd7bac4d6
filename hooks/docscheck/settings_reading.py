"""The file with a site's settings, mkdocs.yml or zensical.toml, read without importing anything that it names."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from docscheck.parse import safe_yaml
from docscheck.patterns import lazy
from docscheck.settings_file import ConfigError, Inert, resolved
from docscheck.stamps import Stamp, stamp


class Reading(NamedTuple):
    """What was read."""

    values: dict[str, Any]
    files: list[tuple[str, Stamp]]
    """The files that were read, with their stamps before that."""
    is_fixed: bool
    """Whether nothing but these files bears on the values: neither the environment nor a tag by another name."""


def read(file: Path) -> Reading:
    """What mkdocs.yml and the files that it inherits from say, or a zensical.toml.

    Raises ConfigError, with the place where it is known, if one of them cannot be read.
    """
    layers: list[_Layer] = []
    while file not in [layer.file for layer in layers]:
        layers.append(_layer(file, layers))
        parent = layers[-1].values.pop("INHERIT", None)
        if not parent:
            break
        file = resolved(file.parent / str(parent))
    else:
        raise ConfigError(f"{file} inherits from itself")
    values: dict[str, Any] = {}
    for layer in reversed(layers):
        values = _merged(values, layer.values)
    return Reading(
        values, [(str(layer.file), layer.stamp) for layer in layers], all(layer.is_fixed for layer in layers)
    )


class _Layer(NamedTuple):
    """What one file says."""

    file: Path
    stamp: Stamp
    values: dict[str, Any]
    is_fixed: bool


def unusable(file: Path, error: Exception) -> ConfigError:
    """The error for a file whose text cannot be read, as `file:line:column: what is wrong`."""
    line = column = 0
    what = str(error)
    if isinstance(error, yaml.MarkedYAMLError):
        what, mark = _told(error), error.problem_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
    elif isinstance(error, UnicodeDecodeError):
        what = "this is not UTF-8; save the file as UTF-8"
        before = error.object[: error.start].decode("utf-8").split("\n")
        line, column = len(before), len(before[-1]) + 1
    elif place := _TOML_PLACE.search(what):
        what, line, column = what[: place.start()], int(place[1]), int(place[2])
    where = f"{file}:{line}:{column}" if line else str(file)
    return ConfigError(f"{where}: {what}", max(line - 1, 0))


_TOML_PLACE = lazy(r" \(at line (\d+), column (\d+)\)$")
"""How `tomllib` ends its messages; before Python 3.14 its errors have the numbers nowhere else."""


def _told(error: yaml.MarkedYAMLError) -> str:
    """What is wrong with some YAML, in a line."""
    begun = error.context_mark
    context = f" {error.context}" if error.context else ""
    where = f", which begins in line {begun.line + 1}" if context and begun else ""
    return f"{error.problem}{context}{where}"


def _layer(file: Path, heirs: Sequence[_Layer]) -> _Layer:
    """Read one file, from which others may inherit."""
    before = stamp(file)
    try:
        text = file.read_text(encoding="utf-8-sig")
        values = _values(file, text)
    except OSError as error:
        heir = f", from which {heirs[-1].file.name} inherits" if heirs else ""
        raise ConfigError(f"cannot read {file}{heir}: {error.strerror}") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:  # ValueError: no UTF-8, or no TOML
        raise unusable(file, error) from error
    if values is None and heirs:  # MkDocs takes an empty file for one without settings
        values = {}
    if not isinstance(values, dict):
        raise ConfigError(f"{file} holds no settings; they are lines such as `site_name: Tea`")
    return _Layer(file, before, values, "!ENV" not in text and "%TAG" not in text)


def _values(file: Path, text: str) -> Any:
    if file.suffix == ".toml":
        from docscheck import zensical  # few sites have settings of this kind

        return zensical.settings(text)
    try:
        return safe_yaml.load(text, FastLoader)
    except yaml.YAMLError:
        return safe_yaml.load(text, Loader)  # fails as well, and says why


def _merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in over.items():
        both = isinstance(value, dict) and isinstance(merged.get(key), dict)
        merged[key] = _merged(merged[key], value) if both else value
    return merged


class Loader(yaml.SafeLoader):
    """Reads the tags that mkdocs.yml files use, and says best what is wrong with one."""


class FastLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """The same, in a tenth of the time."""


def _env(loader: yaml.SafeLoader, node: yaml.Node) -> Any:
    if isinstance(node, yaml.SequenceNode):
        *names, default = [loader.construct_object(child, deep=True) for child in node.value] or [None]
    else:
        names, default = [loader.construct_scalar(node)], None  # type: ignore[arg-type]
    found = next((os.environ[name] for name in names if name in os.environ), None)
    return default if found is None else yaml.safe_load(found)


def _inert(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> Inert:
    name = suffix.split(":", 1)[-1]
    if isinstance(node, yaml.MappingNode):
        return Inert(name, loader.construct_mapping(node, deep=True))
    if isinstance(node, yaml.SequenceNode):
        return Inert(name, loader.construct_sequence(node, deep=True))
    return Inert(name, node.value or None)


for _reader in (Loader, FastLoader):
    _reader.add_constructor("!ENV", _env)
    _reader.add_multi_constructor("tag:yaml.org,2002:python/", _inert)
    _reader.add_multi_constructor("!", _inert)
