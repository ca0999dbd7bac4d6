"""Two folders that take each other's place."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from mkdocs_atomic import swap


def folder(path: Path, **files: str) -> Path:
    """A folder with files; `__` in a name stands for a slash, `_at_` for a dot in front."""
    for name, text in files.items():
        target = path / name.replace("_at_", ".").replace("__", "/")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    return path


def content(path: Path) -> dict[str, str]:
    return {file.relative_to(path).as_posix(): file.read_text() for file in sorted(path.rglob("*")) if file.is_file()}


@pytest.fixture
def made(tmp_path: Path) -> Path:
    return folder(swap.staging(tmp_path / "site"), index="new", a__page="new")


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return folder(tmp_path / "site", index="old", b__page="old")


def test_the_first_site_takes_its_place(made: Path, tmp_path: Path) -> None:
    swap.publish(made, tmp_path / "site")

    assert content(tmp_path / "site") == {"index": "new", "a/page": "new"}
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


@pytest.mark.parametrize("can_exchange", [True, False])
def test_a_later_site_replaces_all_of_the_one_before(
    made: Path, site: Path, monkeypatch: pytest.MonkeyPatch, can_exchange: bool
) -> None:
    if not can_exchange:
        monkeypatch.setattr(swap, "_exchanged", lambda *_: False)
    swap.publish(made, site)

    assert content(site) == {"index": "new", "a/page": "new"}
    assert [path.name for path in site.parent.iterdir()] == ["site"]


def test_this_system_exchanges_in_one_step(made: Path, site: Path) -> None:
    if not swap._exchanged(made, site):
        pytest.skip("this file system, or this system, exchanges no folders")

    assert content(site)["index"] == "new"
    assert content(made)["index"] == "old"


def test_hidden_files_stay(made: Path, site: Path) -> None:
    """As with MkDocs itself: the site may be a checkout, with its `.git`."""
    folder(site, _at_git__HEAD="ref", _at_nojekyll="")
    swap.publish(made, site)

    assert content(site) == {"index": "new", "a/page": "new", ".git/HEAD": "ref", ".nojekyll": ""}
    assert not (site / "b").exists()


def test_a_disk_mounted_there_is_filled_file_by_file(made: Path, site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rename = Path.rename

    def refuse(self: Path, target: Any) -> Path:
        if self == site:
            raise OSError(errno.EBUSY, "Device or resource busy")
        return rename(self, target)

    monkeypatch.setattr(swap, "_exchanged", lambda *_: False)
    monkeypatch.setattr(Path, "rename", refuse)
    swap.publish(made, site)

    assert content(site) == {"index": "new", "a/page": "new"}


def test_a_second_step_that_fails_undoes_the_first(made: Path, site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rename = Path.rename

    def refuse(self: Path, target: Any) -> Path:
        if self == made:
            raise OSError(errno.EIO, "Input/output error")
        return rename(self, target)

    monkeypatch.setattr(swap, "_exchanged", lambda *_: False)
    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(OSError, match="Input/output"):
        swap.publish(made, site)

    assert content(site) == {"index": "old", "b/page": "old"}


def test_a_kill_between_the_steps_is_undone(site: Path) -> None:
    site.rename(site.with_name(".site.before"))
    swap.recover(site)

    assert content(site) == {"index": "old", "b/page": "old"}


def test_folders_of_builds_that_are_no_more_are_removed(site: Path) -> None:
    dead = folder(site.with_name(".site.building-999999999"), x="x")
    alive = folder(site.with_name(f".site.building-{os.getppid()}"), x="x")
    other = folder(site.with_name(".site2.building-999999999"), x="x")
    swap.staging(site)

    assert not dead.exists()
    assert alive.exists()
    assert other.exists()


class Kernel:
    """What Windows says of processes: one runs, one may not be asked about, one has ended, the others never were."""

    RUNNING, FOREIGN, ENDED = 41, 42, 43

    def OpenProcess(self, right: int, inherits: bool, process: int) -> int:  # noqa: N802 - the names of Windows
        self.error = {self.FOREIGN: 5}.get(process, 87)
        return process if process in (self.RUNNING, self.ENDED) else 0

    def GetLastError(self) -> int:  # noqa: N802
        return self.error

    def GetExitCodeProcess(self, handle: int, code: Any) -> int:  # noqa: N802
        code._obj.value = 259 if handle == self.RUNNING else 0
        return 1

    def CloseHandle(self, handle: int) -> int:  # noqa: N802
        return 1


def test_on_windows_a_process_is_asked_about_and_not_interrupted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There `os.kill` with 0 is an interrupt: it would end the other build, or name a running one ended."""
    monkeypatch.setattr(swap.sys, "platform", "win32")
    monkeypatch.setattr(swap.ctypes, "windll", SimpleNamespace(kernel32=Kernel()), raising=False)
    monkeypatch.setattr(swap.os, "kill", lambda *_: pytest.fail("interrupted"))
    for process in (Kernel.RUNNING, Kernel.FOREIGN, Kernel.ENDED, 44):
        (tmp_path / f".site.building-{process}").mkdir()

    swap.staging(tmp_path / "site")

    left = {path.name for path in tmp_path.iterdir()} - {f".site.building-{os.getpid()}"}
    assert left == {f".site.building-{process}" for process in (Kernel.RUNNING, Kernel.FOREIGN)}


def test_on_windows_an_open_file_leaves_the_site_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither can its folder be renamed, nor the open file be replaced; the others are."""
    site, made = tmp_path / "site", tmp_path / "made"
    for folder, text in ((site, "old"), (made, "new")):
        folder.mkdir()
        for name in ("a.css", "b.html", "open.html"):
            (folder / name).write_text(text, "utf-8")
    replace = os.replace

    def refusing(one: Any, other: Any) -> None:
        if str(other).endswith("open.html"):
            raise PermissionError(errno.EACCES, "in use by another process")
        replace(one, other)

    def no_rename(self: Path, to: Any) -> Path:
        raise PermissionError(errno.EACCES, "in use by another process")

    monkeypatch.setattr(swap, "_exchanged", lambda *_: False)
    monkeypatch.setattr(Path, "rename", no_rename)
    monkeypatch.setattr(swap.os, "replace", refusing)

    with pytest.raises(PermissionError):
        swap.publish(made, site)

    assert {name: (site / name).read_text("utf-8") for name in ("a.css", "b.html", "open.html")} == {
        "a.css": "new",
        "b.html": "new",
        "open.html": "old",
    }
    assert len(list(site.iterdir())) == 3
