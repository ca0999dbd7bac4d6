"""Findings that a site has accepted for now, so that only new ones are reported.

A finding is known by its path from the baseline's own folder, its rule and its source line's text, not by the line's
number: a baseline survives edits elsewhere on the page, and holds wherever the command is run. A mended fault leaves
its entry unused, which is said; writing the baseline again drops it.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from docscheck.config import ConfigError
from docscheck.diagnostics import Diagnostic
from docscheck.report.harmless import in_json

Key = tuple[str, str, str]


def without_known(diagnostics: Iterable[Diagnostic], file: Path) -> list[Diagnostic]:
    """The findings that the baseline does not hold. Raises ConfigError where the file is no baseline."""
    return compared(diagnostics, file)[0]


def compared(diagnostics: Iterable[Diagnostic], file: Path) -> tuple[list[Diagnostic], Counter[str]]:
    """The findings that the baseline does not hold, and how often the rules of those that are there no more."""
    known = read(file)
    new = []
    for diagnostic in diagnostics:
        key = _key(diagnostic, file)
        if known[key]:
            known[key] -= 1
        else:
            new.append(diagnostic)
    gone: Counter[str] = Counter()
    for (_, rule, _), count in known.items():
        gone[rule] += count
    return new, gone


def write(diagnostics: Iterable[Diagnostic], file: Path) -> None:
    """Make these findings the baseline."""
    counts = Counter(_key(diagnostic, file) for diagnostic in diagnostics)
    entries = [
        {"path": path, "rule": rule, "text": text, "count": count}
        for (path, rule, text), count in sorted(counts.items())
    ]
    text = in_json(json.dumps({"version": 1, "findings": entries}, indent=1, ensure_ascii=False)) + "\n"
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"cannot write the baseline {file}: {error.strerror}") from error


def _key(diagnostic: Diagnostic, file: Path) -> Key:
    path = os.path.relpath(diagnostic.path, file.parent).replace(os.sep, "/")
    return path, diagnostic.rule, " ".join(diagnostic.excerpt.split())


def read(file: Path) -> Counter[Key]:
    """What a baseline holds, and how often. Raises ConfigError where the file is none."""
    try:
        entries = json.loads(file.read_text(encoding="utf-8"))["findings"]
        return Counter({(entry["path"], entry["rule"], entry["text"]): int(entry["count"]) for entry in entries})
    except OSError as error:
        remedy = f"; `--write-baseline {file}` makes one" if isinstance(error, FileNotFoundError) else ""
        raise ConfigError(f"cannot read the baseline {file}: {error.strerror}{remedy}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise ConfigError(f"{file} is not a baseline; `--write-baseline {file}` makes one") from error
