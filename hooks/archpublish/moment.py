"""The moment a site is of: that of its last commit, so that the same commit gives the same bytes on any day."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

VARIABLE = "SOURCE_DATE_EPOCH"
"""What MkDocs, and other tools, take as the present: https://reproducible-builds.org/specs/source-date-epoch/."""


def set_to_commit(root: Path) -> None:
    """Set the moment, unless somebody has; without git, or outside a repository, it stays the present."""
    if VARIABLE in os.environ:
        return
    try:
        told = subprocess.run(
            ["git", "log", "-1", "--format=%ct"], cwd=root, capture_output=True, text=True, check=True, timeout=20
        ).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return
    if told.isdecimal():
        os.environ[VARIABLE] = told
