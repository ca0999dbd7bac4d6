"""What the site's own code names in its constants: files that it reads while it is imported, environment variables.

A module that `markdown_extensions` names is imported before any plugin, so nobody sees which files it reads meanwhile;
and nobody sees at all who reads an environment variable. So the constants are looked through of code that does either.
A name that is put together from parts is not found here.
"""

from __future__ import annotations

import contextlib
import dis
import importlib.util
import os
import re
import sys
import types
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from mkdocs_incremental.digests import text_digest
from mkdocs_incremental.states import state_of_file, state_of_tree

_VARIABLE_IS, _TREE_IS = "$", "tree:"
"""What stands before the name of an environment variable, and of a folder with all that is in it; no path begins so."""
_VARIABLE = re.compile(r"[A-Z][A-Z0-9_]{2,}")
_PATH = re.compile(r"[^\s<>{}*?|\"'\x00]+(?: [^\s<>{}*?|\"'\x00]+){0,3}")
_FILE = re.compile(r"\.[a-z0-9]{1,5}$")
"""The end of a file's name: such a file may be looked for before it is there."""
_LONGEST = 200
_ASKING = frozenset({"environ", "getenv"})
_READING = frozenset({"open", "read_text", "read_bytes", "glob", "rglob", "iterdir", "listdir", "scandir", "walk"})
_MARKDOWN = (".md", ".markdown")

_found: dict[str, dict[str, str]] = {}
"""What each file of code names, with the state in which that was when the code was first seen loaded."""
_states: dict[str, str] = {}


def named(file: str, docs: Path, left_out: Collection[Path]) -> dict[str, str]:
    """Return what a file of code names, with the states that this process goes by.

    Markdown pages, the folder `docs` as a whole, and whatever is in `left_out` are known otherwise.
    """
    if file not in _found:
        _found[file] = dict(_named(file, docs, tuple(os.path.abspath(path) + os.sep for path in left_out)))
    return _found[file]


def _named(file: str, docs: Path, left_out: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    module = next((one for one in list(sys.modules.values()) if getattr(one, "__file__", None) == file), None)
    here = os.path.dirname(file)
    code = _code(module, file)
    if code is None:
        return
    parts = list(_parts(code))
    reads, asks = _reads_at_import(code, parts), any(not _ASKING.isdisjoint(part.co_names) for part in parts)
    for name in {constant for part in parts for constant in _texts(part.co_consts)} if reads or asks else ():
        if _VARIABLE.fullmatch(name):
            if asks:
                yield _VARIABLE_IS + name, _state_of_variable(name)
            continue
        if not reads:
            continue
        for folder in {here, os.getcwd()}:
            path = os.path.abspath(os.path.join(folder, name))
            if path == file or path.endswith(_MARKDOWN) or f"{path}{os.sep}".startswith(left_out):
                continue
            is_folder = os.path.isdir(path)
            key = _TREE_IS + path if is_folder else path
            if key not in _states:
                _states[key] = _state(path, here, docs)
            if _states[key] or (not is_folder and _FILE.search(name)):
                yield key, _states[key]


def now(key: str) -> str | None:
    """The present state of a variable or a tree; None for any other key."""
    if key.startswith(_VARIABLE_IS):
        return _state_of_variable(key.removeprefix(_VARIABLE_IS))
    return state_of_tree(key.removeprefix(_TREE_IS)) if key.startswith(_TREE_IS) else None


def concerns(changed: Collection[str]) -> bool:
    """Tell whether one of these files is named, or lies in a folder that is."""
    trees = tuple(key.removeprefix(_TREE_IS) + os.sep for key in _states if key.startswith(_TREE_IS) and _states[key])
    return any(path in _states or path.startswith(trees) for path in changed)


def forget(files: Collection[str]) -> None:
    """Take note that these files of code will be loaded anew."""
    if files:
        _found.clear()  # what they read they may have given to others
        _states.clear()


def _state_of_variable(name: str) -> str:
    """The digest of an environment variable's value; empty where it is not set."""
    value = os.environ.get(name)
    return "" if value is None else text_digest(value)


def _state(path: str, here: str, docs: Path) -> str:
    if not os.path.isdir(path):
        # Most of what code names are no paths at all: to open them would count as having looked for them.
        return state_of_file(path) if _FILE.search(path) or os.path.lexists(path) else ""
    # A folder beside the code may be read whole; one elsewhere is rather named for its place.
    is_beside = path.startswith(here + os.sep) and not docs.is_relative_to(path) and not Path(path).is_relative_to(docs)
    return state_of_tree(path) if is_beside else ""


def _code(module: types.ModuleType | None, file: str) -> types.CodeType | None:
    with contextlib.suppress(Exception):  # a loader of any kind
        spec = module.__spec__ if module else None
        code = spec.loader.get_code(spec.name) if spec else None  # type: ignore[union-attr]
        if code is not None:
            return code  # type: ignore[no-any-return]
    with contextlib.suppress(OSError, SyntaxError, ValueError):
        return compile(importlib.util.decode_source(Path(file).read_bytes()), file, "exec")
    return None


def _parts(code: types.CodeType) -> Iterator[types.CodeType]:
    """Yield a module's code and that of everything defined in it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _parts(constant)


def _texts(constants: Iterable[object]) -> Iterator[str]:
    for value in constants:
        if isinstance(value, tuple | frozenset):
            yield from _texts(value)
        elif isinstance(value, str) and len(value) < _LONGEST and _PATH.fullmatch(value):
            yield value


def _reads_at_import(code: types.CodeType, parts: list[types.CodeType]) -> bool:
    """Tell whether a module reads a file when it is imported, itself or by a function of its own that it calls."""
    readers = {part.co_name for part in parts if not _READING.isdisjoint(part.co_names)}
    return any(
        step.argval in _READING or (step.argval in readers and step.opname.startswith("LOAD_NAME"))
        for step in dis.get_instructions(code)
        if step.opname.startswith("LOAD_")
    )
