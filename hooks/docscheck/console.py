"""What the commands share: exit codes, what is said beside the findings, and which settings are meant."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from docscheck.config import ConfigError, resolved
from docscheck.report.harmless import harmless
from docscheck.stamps import SETTINGS

CLEAN, FINDINGS, CANNOT_RUN = 0, 1, 2


def told_plainly(run: Callable[[], int]) -> int:
    """Run a command and return its exit code; what keeps it from running is said in a line."""
    try:
        return run()
    except ConfigError as error:
        say(str(error))
    except BrokenPipeError:  # whoever reads the output has left
        raise
    except OSError as error:
        say(_told(error))
    return CANNOT_RUN


def say(text: str) -> None:
    """Tell whoever runs the command something that is no finding."""
    print(f"docscheck: {harmless(text)}", file=sys.stderr)


def _told(error: OSError) -> str:
    """A fault of the system in words: which file, and what is the matter."""
    reason = error.strerror or str(error)
    return f"{error.filename}: {reason}" if error.filename else reason


def config_file(given: Path | None, paths: Sequence[Path] = ()) -> Path:
    """The configuration that was named, or the nearest one above the pages or the working directory."""
    if given is not None:
        return given
    for path in paths:
        if not path.exists() and not path.is_symlink():
            raise ConfigError(f"{path} does not exist")
    first = paths[0] if paths else Path.cwd()
    start = resolved(first if first.exists() else first.parent)
    for folder in (start, *start.parents):
        for name in SETTINGS:
            if (folder / name).is_file():
                return folder / name
    below = [path for name in SETTINGS for path in sorted(start.glob(f"*/{name}")) if start.is_dir()]
    meant = f", such as {os.path.relpath(below[0])}" if below else ""
    raise ConfigError(f"no mkdocs.yml or zensical.toml here or above; name one with --config-file{meant}")
