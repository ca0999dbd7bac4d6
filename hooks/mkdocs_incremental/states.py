"""The state of what a page may rest on outside its source, as a short text that is the same as long as it is."""

from __future__ import annotations

import os
from pathlib import Path

from mkdocs_incremental.digests import file_digest, text_digest

FOLDER = "folder"
"""The state of a folder that was only asked whether it is one."""
_NAMES = "names"
_MOST = 2000
"""Files of a tree whose content counts."""


def state_of_file(path: str) -> str:
    """The digest of a file's content; empty where there is no readable file."""
    return file_digest(path)


def state_of_folder(path: str) -> str:
    """The digest of the names in a folder."""
    try:
        return f"{_NAMES} " + text_digest("\n".join(sorted(os.listdir(path))))
    except OSError:
        return _NAMES


def state_of_tree(path: str) -> str:
    """The digest of all files below a folder."""
    files = sorted(file for file in Path(path).rglob("*") if "__pycache__" not in file.parts and file.is_file())
    return text_digest("\n".join(f"{file}\0{file_digest(file)}" for file in files[:_MOST]))


def state_of_asked(path: str) -> str:
    """What a look whether a path is there tells: of a file its content too, since it is then read as a rule."""
    return FOLDER if os.path.isdir(path) else file_digest(path)


def state_now(path: str, before: str) -> str:
    """The present state of what was in the state `before`."""
    if before.startswith(_NAMES):
        return state_of_folder(path)
    return state_of_asked(path)


def says_less(state: str, other: str) -> bool:
    """Tell whether the first of two states of a folder says less, and nothing that the second does not."""
    return state == FOLDER and (other == FOLDER or other.startswith(_NAMES))
