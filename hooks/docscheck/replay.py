"""The answer of the last run, given again when nothing it rests on has changed. Imports next to nothing."""

from __future__ import annotations

import json
import os
import sys
import time
from itertools import pairwise
from typing import Any, NamedTuple

from docscheck.stamps import SETTINGS, environment_names, package_key, settings_files, stamp, tree

_VALUED = ("--config-file", "--format", "--select", "--ignore", "--baseline")


class Answer(NamedTuple):
    """What a run printed, and its exit code."""

    output: str
    code: int
    remark: str = ""
    """What is said beside the findings."""

    def tell(self) -> int:
        """Print it, and return the exit code; before a terminal in colours, and in words where nothing was found."""
        remark = self.remark or ("nothing found" if not self.output and sys.stderr.isatty() else "")
        if remark:
            print(f"docscheck: {remark}", file=sys.stderr)
        if not self.output:
            return self.code
        if sys.stdout.isatty():
            from docscheck.report import colour  # most runs are read by no one, or by programs

            sys.stdout.write(colour.painted(self.output) if colour.has_colours(sys.stdout) else self.output)
        else:
            sys.stdout.write(self.output)
        return self.code


class Grounds:
    """What an answer rests on: settings, files, folders, environment, this package and the month, at one time."""

    def __init__(self, config_file: str, files: list[str], folders: list[str]) -> None:
        self.named = config_file, files, folders
        self.trees = {folder: tree(folder) for folder in folders}
        """The files of each folder with their stamps."""
        parts = (
            package_key(),
            sys.version,
            time.strftime("%Y-%m"),
            [(name, os.environ.get(name)) for name in environment_names(config_file)],
            [(path, stamp(path)) for path in settings_files(config_file)],
            [(path, stamp(path)) for path in files],
            list(self.trees.values()),
        )
        self.state = repr(parts)
        """All of it, on one line."""


def recall(given: list[str]) -> Answer | Grounds | None:
    """The answer to these arguments if it is known and still holds; else what the last one rested on, as it is now."""
    file = _record_file(given)
    if file is None:
        return None
    try:
        with open(file, encoding="utf-8") as stored:
            header, before, output = stored.read().split("\n", 2)
        record: dict[str, Any] = json.loads(header)
        now = Grounds(record["config"], record["files"], record["folders"])
        return Answer(output, record["code"], record["remark"]) if before == now.state else now
    except (OSError, ValueError, KeyError, TypeError):
        return None


def remember(given: list[str], grounds: Grounds, answer: Answer) -> None:
    """Keep an answer with its grounds as they were before anything was read: what has changed since, will not match."""
    file = _record_file(given)
    if file is None:
        return
    config_file, files, folders = grounds.named
    told = {"code": answer.code, "remark": answer.remark}
    header = json.dumps({"config": config_file, "files": files, "folders": folders, **told})
    try:
        os.makedirs(os.path.dirname(file), exist_ok=True)
        with open(f"{file}.{os.getpid()}", "w", encoding="utf-8") as partial:
            partial.write(f"{header}\n{grounds.state}\n{answer.output}")
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
    return os.path.join(os.path.dirname(config), ".cache", "docscheck", f"run-{name[-180:]}.txt")


def _nearest() -> str | None:
    folder = os.getcwd()
    while True:
        for name in SETTINGS:
            if os.path.isfile(os.path.join(folder, name)):
                return os.path.join(folder, name)
        if folder == os.path.dirname(folder):
            return None
        folder = os.path.dirname(folder)
