"""Two folders that take each other's place."""

from __future__ import annotations

import errno
import os
from pathlib import Path
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


def test_the_first_site(made: Path, tmp_path: Path) -> None:
    swap.publish(made, tmp_path / "site")

    assert content(tmp_path / "site") == {"index": "new", "a/page": "new"}
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


@pytest.mark.parametrize("can_exchange", [True, False])
def test_a_later_site(made: Path, site: Path, monkeypatch: pytest.MonkeyPatch, can_exchange: bool) -> None:
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
