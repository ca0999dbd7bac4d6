"""Folders that take each other's place."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

_BUILDING = ".building-"
_BEFORE = ".before"
_HERE = -100
"""The working directory, for system calls that take a folder."""
_EXCHANGE = 2
_ASK, _ACTIVE, _DENIED = 0x1000, 259, 5
"""Of Windows: the right to ask about a process, the exit code of one that runs, and the error where one may not ask."""


def staging(site: Path) -> Path:
    """Return a new, empty folder beside `site`; remove those of builds that are no more.

    Raises `OSError` where there cannot be one.
    """
    for left in _left_over(site):
        shutil.rmtree(left, ignore_errors=True)
    folder = site.with_name(f".{site.name}{_BUILDING}{os.getpid()}")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def recover(site: Path) -> None:
    """Put the site back that a build killed between two steps has set aside."""
    before = _before(site)
    if before.is_dir() and not site.exists():
        before.rename(site)


def publish(made: Path, site: Path) -> None:
    """Let the folder `made` take the place of `site`, whose hidden files stay, as MkDocs leaves them.

    Raises `OSError` when that is not possible; `site` is then as it was, or, where folders cannot be exchanged, holds
    whole files.
    """
    recover(site)
    if not site.exists():
        site.parent.mkdir(parents=True, exist_ok=True)
        made.rename(site)
    elif any(path.name.startswith(".") for path in site.iterdir()):
        _replace_files(made, site)
    elif _exchanged(made, site):
        shutil.rmtree(made, ignore_errors=True)
    else:
        _step_aside(made, site)


def _exchanged(one: Path, other: Path) -> bool:
    """Exchange two folders in one step, where the system can; tell whether it could."""
    try:
        library = ctypes.CDLL(None, use_errno=True)
        if sys.platform == "darwin":
            call = library.renamex_np
            result = call(os.fsencode(one), os.fsencode(other), _EXCHANGE)
        else:
            call = library.renameat2
            result = call(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE)
    except (OSError, AttributeError, TypeError):  # no such library, or no such function in it
        return False
    return bool(result == 0)


def _step_aside(made: Path, site: Path) -> None:
    """Two steps; after a kill between them, `recover` undoes the first."""
    before = _before(site)
    shutil.rmtree(before, ignore_errors=True)
    try:
        site.rename(before)
    except OSError as error:
        if error.errno in (errno.EBUSY, errno.EXDEV, errno.EACCES, errno.EPERM):  # a place where a disk is mounted
            _replace_files(made, site)
            return
        raise
    try:
        made.rename(site)
    except OSError:
        before.rename(site)
        raise
    shutil.rmtree(before, ignore_errors=True)


def _replace_files(made: Path, site: Path) -> None:
    """File by file, pages last, so that a page never names what is not there; then what is no longer made goes."""
    files = sorted(_files(made), key=lambda path: (path.endswith(".html"), path))
    for path in files:
        target = site / path
        target.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(OSError):
            os.replace(made / path, target)
            continue
        part = target.with_name(f".{target.name}.part")
        try:
            shutil.copyfile(made / path, part)
            os.replace(part, target)
        except OSError:
            part.unlink(missing_ok=True)
            raise
    kept = set(files)
    for path in sorted(_files(site), reverse=True):
        if path not in kept:
            (site / path).unlink()
    for folder, _, _ in sorted(os.walk(site), reverse=True):
        if not os.path.relpath(folder, site).startswith("."):
            with contextlib.suppress(OSError):
                os.rmdir(folder)
    shutil.rmtree(made, ignore_errors=True)


def _files(root: Path) -> Iterator[str]:
    """Paths of files below a folder, hidden ones left out."""
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            if not name.startswith("."):
                yield os.path.relpath(os.path.join(folder, name), root).replace(os.sep, "/")


def _before(site: Path) -> Path:
    return site.with_name(f".{site.name}{_BEFORE}")


def _left_over(site: Path) -> Iterator[Path]:
    """Folders of builds whose process has ended."""
    with contextlib.suppress(OSError):
        for path in site.parent.glob(f".{site.name}{_BUILDING}*"):
            number = path.name.rpartition("-")[2]
            if number.isdecimal() and not _runs(int(number)):
                yield path
    if site.exists() and _before(site).is_dir():
        yield _before(site)


def _runs(process: int) -> bool:
    if process == os.getpid():
        return False
    if sys.platform == "win32":
        return _runs_on_windows(process)
    try:
        os.kill(process, 0)
    except PermissionError:
        return True
    except OSError:
        return False
    return True


def _runs_on_windows(process: int) -> bool:
    """`os.kill(process, 0)` only asks on other systems: there it interrupts the process."""
    kernel = vars(ctypes)["windll"].kernel32
    handle = kernel.OpenProcess(_ASK, False, process)
    if not handle:
        return bool(kernel.GetLastError() == _DENIED)
    code = ctypes.c_ulong()
    told = kernel.GetExitCodeProcess(handle, ctypes.byref(code))
    kernel.CloseHandle(handle)
    return not told or code.value == _ACTIVE
