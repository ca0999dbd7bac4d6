"""The answer of the last run, given again when nothing it rests on has changed. Imports next to nothing."""

from __future__ import annotations

import json
import os
import sys
import time
from itertools import pairwise
from typing import Any, NamedTuple

from docscheck.stamps import environment_names, package_key, settings_files, stamp, tree

_VALUED = ("--config-file", "--format", "--select", "--ignore", "--baseline")
_SETTINGS = ("mkdocs.yml", "mkdocs.yaml")


class Answer(NamedTuple):
    """What a run printed, and its exit code."""

    output: str
    code: int


def recall(given: list[str]) -> Answer | None:
    """The answer to these arguments, if it is known and still holds."""
    file = _record_file(given)
    if file is None:
        return None
    try:
        with open(file, encoding="utf-8") as stored:
            record: dict[str, Any] = json.load(stored)
        if record["state"] == json.loads(json.dumps(state(record["config"], record["files"], record["folders"]))):
            return Answer(record["output"], record["code"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return None


def state(config_file: str, files: list[str], folders: list[str]) -> dict[str, Any]:
    """Everything an answer rests on: settings, files, folders, environment, this package and the month."""
    return {
        "package": package_key(),
        "python": sys.version,
        "month": time.strftime("%Y-%m"),
        "environment": {name: os.environ.get(name) for name in environment_names(config_file)},
        "settings": {path: stamp(path) for path in settings_files(config_file)},
        "files": {path: stamp(path) for path in files},
        "folders": {folder: sorted(tree(folder).items()) for folder in folders},
    }


def remember(
    given: list[str], config_file: str, files: list[str], folders: list[str], before: Any, answer: Answer
) -> None:
    """Keep an answer, unless what it rests on has changed since `before`."""
    file = _record_file(given)
    if file is None or before != state(config_file, files, folders):
        return
    record = {"config": config_file, "files": files, "folders": folders, "state": before, **answer._asdict()}
    try:
        os.makedirs(os.path.dirname(file), exist_ok=True)
        with open(f"{file}.{os.getpid()}", "w", encoding="utf-8") as partial:
            json.dump(record, partial)
        os.replace(f"{file}.{os.getpid()}", file)
    except OSError:
        return


def _record_file(given: list[str]) -> str | None:
    """Where the answer to these arguments lies; None for arguments whose answer is not kept."""
    values = dict(pairwise(given))
    words = iter(given)
    for word in words:
        if word in _VALUED:
            next(words, None)
        elif not word.startswith(tuple(f"{option}=" for option in _VALUED)):
            return None
    named = values.get("--config-file") or next((w[14:] for w in given if w.startswith("--config-file=")), None)
    config = os.path.abspath(named) if named else _nearest()
    if config is None:
        return None
    name = "".join(character if character.isalnum() else "-" for character in " ".join([os.getcwd(), *given]))
    return os.path.join(os.path.dirname(config), ".cache", "docscheck", f"run-{name[-180:]}.json")


def _nearest() -> str | None:
    folder = os.getcwd()
    while True:
        for name in _SETTINGS:
            if os.path.isfile(os.path.join(folder, name)):
                return os.path.join(folder, name)
        if folder == os.path.dirname(folder):
            return None
        folder = os.path.dirname(folder)
