"""Which files are read, or looked for, while pages are rendered: seen by Python's own audit events, and by `os.stat`.

A file that a reader opens afresh for each page belongs to that page; what anything else opens may be remembered for
other pages by whoever opened it, so it belongs to all. Code that says itself what a page's rendering rests on (see the
plugin's setting `accounted`) is left out. Programs and connections have effects that no digest covers: a page that uses
them is rendered in each build.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import sys
import sysconfig
import threading
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mkdocs_incremental.states import says_less, state_of_asked, state_of_file, state_of_folder

PER_PAGE = frozenset({"pymdownx.snippets", "pymdownx.b64", "markdown_include.include"})
"""Modules that open a file anew for every page that names it."""

_LISTINGS = frozenset({"os.listdir", "os.scandir"})
_EFFECTS = frozenset({"subprocess.Popen", "os.system", "os.posix_spawn", "socket.connect", "os.exec"})
_PACKAGE = __name__.partition(".")[0]
_DEEP = 80
"""Frames looked through for who opens a file."""


last_read: dict[str, str] = {}
"""The state of each file that bears on all pages when this process last opened it: what the process goes by."""


class Reads:
    """What a build has read so far, each with the digest of what was found there."""

    def __init__(self, accounted: Collection[str], ignored: Collection[Path]) -> None:
        self.shared: dict[str, str] = {}
        """Of all pages. A folder stands for the names in it."""
        self.changes = 0
        """How often something was added to that, or found in another state."""
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
        elif event == "stat":
            self._note(os.path.abspath(os.fsdecode(args[0])), state_of_asked)
        elif event in _EFFECTS and not self._is_accounted(_callers()):
            self.effect = f"{event} {args[0]!r}"

    def _note(self, path: str, state: Any) -> None:
        if os.path.normcase(path).startswith(self._elsewhere) or "__pycache__" in path or _is_device(path):
            return
        callers = list(_callers())
        if callers[:1] == ["importlib._bootstrap_external"] or self._is_accounted(callers):
            return  # code is watched as code
        with paused():
            found = state(path)
            if path == self.source or not PER_PAGE.isdisjoint(callers):
                if not says_less(found, self.own.get(path, "")):
                    self.own[path] = found
            elif not says_less(found, self.shared.get(path, "")):
                self.add({path: found})

    def add(self, states: Mapping[str, str]) -> None:
        """Add files that bear on all pages."""
        for path, state in states.items():
            if self.shared.get(path) != state:
                self.shared[path] = last_read[path] = state
                self.changes += 1

    def _is_accounted(self, callers: Collection[str] | Iterator[str]) -> bool:
        return any(is_below(name, self._accounted) for name in callers)


class Opened:
    """Every file below a folder that the process opens to read, caches and output left out."""

    def __init__(self, root: Path, ignored: Collection[Path], accounted: Collection[str]) -> None:
        self.files: set[str] = set()
        self.early: dict[str, str] | None = {}
        """What the site's own code has read before pages are rendered: it may remember that while they are."""
        self._root = _folder(str(root))
        self._elsewhere = tuple(_folder(str(path)) for path in ignored)
        self._accounted = tuple(accounted)

    def see(self, path: str) -> None:
        """Take note of a file; of compiled code, its source."""
        place = os.path.normcase(path)
        if not place.startswith(self._root) or place.startswith(self._elsewhere):
            return
        if path.endswith(".pyc"):
            with contextlib.suppress(ValueError):
                path = importlib.util.source_from_cache(path)
        self.files.add(path)
        if self.early is not None and self._by_own_code():
            with paused():
                self.early[path] = state_of_file(path)

    def _by_own_code(self) -> bool:
        """Tell whether code of the site, not accounted for elsewhere, opens a file, other than to import it."""
        found = False
        for name, file in _frames():
            if name == "importlib._bootstrap_external" or is_below(name, (*self._accounted, _PACKAGE)):
                return False
            found = found or (os.path.normcase(file).startswith(self._root) and "site-packages" not in file)
        return found


_watching: Reads | None = None
_thread = 0
"""Who watches: a server's other threads look at files too."""
_opened: Opened | None = None
_installed_hook = False


def collect(opened: Opened | None) -> None:
    """Let `opened` see what the process opens from now on."""
    global _opened
    _opened = opened
    _install_hook()


def forget() -> None:
    """Take note that what was read will be read anew: the code that may remember it has been unloaded."""
    last_read.clear()
    held.clear()


held: set[str] = set()
"""Files that have changed and were not opened again, though every page was rendered: this process remembers them."""


def _install_hook() -> None:
    global _installed_hook
    if not _installed_hook:  # a hook stays for the life of the process
        sys.addaudithook(_hook)
        _installed_hook = True


def _hook(event: str, args: tuple[Any, ...]) -> None:
    if event == "open" and _opened is not None and not isinstance(args[0], int) and _reads(args[1] or "r"):
        _opened.see(os.path.abspath(os.fsdecode(args[0])))
    if _watching is not None and (event == "open" or event in _LISTINGS or event in _EFFECTS):
        _watching.see(event, args)


@contextmanager
def watched(reads: Reads) -> Iterator[None]:
    """Let `reads` see what happens inside."""
    global _watching, _thread
    _install_hook()
    before, _watching, _thread = _watching, reads, threading.get_ident()
    os.stat = _stat_and_see
    try:
        yield
    finally:
        _watching = before
        if before is None:
            os.stat = _stat


_stat = os.stat


def _stat_and_see(path: Any, *args: Any, **options: Any) -> os.stat_result:
    """Do what `os.stat` does, of which there is no audit event: whoever finds no file may find one next time."""
    reads = _watching
    is_path = not isinstance(path, int) and options.get("dir_fd") is None
    if reads is not None and is_path and _thread == threading.get_ident():
        reads.see("stat", (path,))
    return _stat(path, *args, **options)


for _able in (os.supports_fd, os.supports_dir_fd, os.supports_follow_symlinks):
    if _stat in _able:
        _able.add(_stat_and_see)


@contextmanager
def paused() -> Iterator[None]:
    """See nothing of what happens inside."""
    global _watching, _opened
    before, opened = _watching, _opened
    _watching = _opened = None
    try:
        yield
    finally:
        _watching, _opened = before, opened


def _reads(mode: str) -> bool:
    return not any(letter in mode for letter in "wax+")


def _callers() -> Iterator[str]:
    """The names of the modules on the stack, innermost first, this one left out."""
    return (name for name, _ in _frames())


def _frames() -> Iterator[tuple[str, str]]:
    """Yield module and file of what is on the stack, innermost first, this module left out."""
    frame = sys._getframe(1)
    for _ in range(_DEEP):
        name = str(frame.f_globals.get("__name__", ""))
        if name != __name__:
            yield name, frame.f_code.co_filename
        if frame.f_back is None:
            return
        frame = frame.f_back


def is_below(name: str, packages: Collection[str]) -> bool:
    """Whether a module is one of some packages or lies in one."""
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def _installed() -> set[str]:
    """Where Python and what is installed lie; versions stand for their content."""
    paths = sysconfig.get_paths()
    return {paths[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")} | {"/proc"}


def _is_device(path: str) -> bool:
    return path.startswith("/dev/") and not path.startswith("/dev/shm/")  # which is a disk in memory


def _folder(path: str) -> str:
    """Return how the paths of all files below a folder begin, as `normcase` writes them."""
    return os.path.normcase(os.path.abspath(path) + os.sep)
