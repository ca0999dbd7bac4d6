"""Which files are read while pages are rendered, seen by Python's own audit events.

A file that a reader opens afresh for each page belongs to that page; what anything else opens may be remembered for
other pages by whoever opened it, so it belongs to all. Code that says itself what a page's rendering rests on (see the
plugin's setting `accounted`) is left out. Programs and connections have effects that no digest covers: a page that uses
them is rendered in each build.
"""

from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mkdocs_incremental.digests import file_digest, text_digest

PER_PAGE = frozenset({"pymdownx.snippets", "pymdownx.b64", "markdown_include.include"})
"""Modules that open a file anew for every page that names it."""

_LISTINGS = frozenset({"os.listdir", "os.scandir"})
_EFFECTS = frozenset({"subprocess.Popen", "os.system", "os.posix_spawn", "socket.connect", "os.exec"})
_DEEP = 80
"""Frames looked through for who opens a file."""


class Reads:
    """What has been read so far, each with the digest of what was found there."""

    def __init__(self, accounted: Collection[str], ignored: Collection[Path]) -> None:
        self.shared: dict[str, str] = {}
        """Of all pages. A folder stands for the names in it."""
        self.own: dict[str, str] = {}
        """Of the page being rendered."""
        self.source = ""
        """The source of the page being rendered: what reads it reads it for this page."""
        self.effect = ""
        """What the page being rendered does that cannot be watched."""
        self._accounted = tuple(accounted)
        self._elsewhere = tuple(_folder(path) for path in {*_installed(), *map(str, ignored)})

    def see(self, event: str, args: tuple[Any, ...]) -> None:
        """Take note of an audit event."""
        if event == "open":
            path, mode = args[0], args[1]
            if isinstance(path, int) or (mode is not None and not _reads(mode)):
                return
            self._note(os.path.abspath(os.fsdecode(path)), state_of_file)
        elif event in _LISTINGS:
            path = args[0] if args and args[0] is not None else "."
            if not isinstance(path, int):
                self._note(os.path.abspath(os.fsdecode(path)), state_of_folder)
        elif event in _EFFECTS and not self._is_accounted(_callers()):
            self.effect = f"{event} {args[0]!r}"

    def _note(self, path: str, state: Any) -> None:
        if path.startswith(self._elsewhere) or "__pycache__" in path:
            return
        callers = list(_callers())
        if callers[:1] == ["importlib._bootstrap_external"] or self._is_accounted(callers):
            return  # code is watched as code
        noted = self.own if path == self.source or not PER_PAGE.isdisjoint(callers) else self.shared
        if path not in noted:
            with paused():
                noted[path] = state(path)

    def _is_accounted(self, callers: Collection[str] | Iterator[str]) -> bool:
        return any(name == known or name.startswith(f"{known}.") for name in callers for known in self._accounted)


def state_of_file(path: str) -> str:
    """The digest of a file's content."""
    return file_digest(path)


def state_of_folder(path: str) -> str:
    """The digest of the names in a folder."""
    try:
        return "names " + text_digest("\n".join(sorted(os.listdir(path))))
    except OSError:
        return "names"


def state_now(path: str, before: str) -> str:
    """The present state of what was in the state `before`."""
    return state_of_folder(path) if before.startswith("names") else state_of_file(path)


_watching: Reads | None = None
_installed_hook = False


def _hook(event: str, args: tuple[Any, ...]) -> None:
    if _watching is not None and (event == "open" or event in _LISTINGS or event in _EFFECTS):
        _watching.see(event, args)


@contextmanager
def watched(reads: Reads) -> Iterator[None]:
    """Let `reads` see what happens inside."""
    global _watching, _installed_hook
    if not _installed_hook:  # a hook stays for the life of the process
        sys.addaudithook(_hook)
        _installed_hook = True
    before, _watching = _watching, reads
    try:
        yield
    finally:
        _watching = before


@contextmanager
def paused() -> Iterator[None]:
    """See nothing of what happens inside."""
    global _watching
    before, _watching = _watching, None
    try:
        yield
    finally:
        _watching = before


def _reads(mode: str) -> bool:
    return not any(letter in mode for letter in "wax+")


def _callers() -> Iterator[str]:
    """The names of the modules on the stack, innermost first, each once in a row, from outside this package."""
    frame = sys._getframe(2)
    last = ""
    for _ in range(_DEEP):
        name = str(frame.f_globals.get("__name__", ""))
        if name != last and name != __name__:
            yield name
            last = name
        if frame.f_back is None:
            return
        frame = frame.f_back


def _installed() -> set[str]:
    """Where Python and what is installed lie; versions stand for their content."""
    paths = sysconfig.get_paths()
    return {paths[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")} | {"/dev", "/proc"}


def _folder(path: str) -> str:
    return os.path.abspath(path) + os.sep
