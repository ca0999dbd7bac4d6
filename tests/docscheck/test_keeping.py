"""What is made of the files of words is made again whenever they are others, and never read where it is broken."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from docscheck.words import keeping
from docscheck.words.kinds import kinds
from docscheck.words.making import made

Asked = Callable[[], dict[str, int]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of words, older than this process."""
    for name in ("code.py", "words.txt", "other.md"):
        (tmp_path / name).write_text("tea", "utf-8")
    return tmp_path


@pytest.fixture
def asked(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Asked:
    """Asks for what is kept, as a process of its own does, and tells how often it was made."""
    monkeypatch.setattr(keeping, "_BEGUN", keeping._BEGUN + 1e6)
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", None)
    calls: list[None] = []

    def make() -> dict[str, int]:
        calls.append(None)
        return {"made": len(calls)}

    def ask() -> dict[str, int]:
        keeping._hash_of.cache_clear()
        return keeping.kept("tea", make, folder)

    return ask


@pytest.fixture(autouse=True)
def forget() -> None:
    """Tests have folders of their own."""
    keeping._hash_of.cache_clear()


def _kept_in(folder: Path) -> Path:
    (file,) = (folder / "__pycache__").iterdir()
    return file


def test_it_is_made_once(folder: Path, asked: Asked) -> None:
    assert [asked(), asked()] == [{"made": 1}] * 2
    (folder / "other.md").write_text("leaf", "utf-8")
    assert asked() == {"made": 1}


@pytest.mark.parametrize("name", ["code.py", "words.txt", "new.py"])
def test_other_sources_are_noticed_whatever_their_times_and_sizes(folder: Path, asked: Asked, name: str) -> None:
    asked()
    file = folder / name
    before = file.stat() if file.exists() else None
    file.write_text("pea", "utf-8")
    if before:
        os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert asked() == {"made": 2}
    assert asked() == {"made": 2}


def test_a_source_that_goes_is_noticed(folder: Path, asked: Asked) -> None:
    asked()
    (folder / "words.txt").unlink()
    assert asked() == {"made": 2}


def test_broken_at_any_place_it_is_made_anew(folder: Path, asked: Asked) -> None:
    asked()
    file = _kept_in(folder)
    whole = file.read_bytes()
    for at in range(len(whole)):
        for broken in (whole[:at], whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]):
            file.write_bytes(broken)
            made_before = asked()["made"]
            file.write_bytes(broken)
            assert asked()["made"] == made_before + 1


def test_what_another_version_of_python_kept_is_not_read(
    folder: Path, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked()
    monkeypatch.setattr(keeping, "source_hash", lambda source: b"another!")
    assert asked() == {"made": 2}


def test_where_nothing_can_be_written_it_is_made_each_time(folder: Path, asked: Asked) -> None:
    (folder / "__pycache__").write_text("in the way", "utf-8")
    assert [asked(), asked()] == [{"made": 1}, {"made": 2}]


def test_nothing_is_written_where_python_is_told_to_write_nothing(
    folder: Path, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert [asked(), asked()] == [{"made": 1}, {"made": 2}]
    assert not (folder / "__pycache__").exists()


def test_of_sources_newer_than_the_process_nothing_is_kept(
    folder: Path, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its code may be older than they are."""
    monkeypatch.setattr(keeping, "_BEGUN", (folder / "words.txt").stat().st_ctime)
    asked()
    assert not (folder / "__pycache__").exists()


def test_where_python_keeps_no_modules_nothing_is_kept(
    folder: Path, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.implementation, "cache_tag", None)
    assert [asked(), asked()] == [{"made": 1}, {"made": 2}]
    assert not (folder / "__pycache__").exists()


def test_what_is_kept_of_the_words_is_what_is_made_of_them(tmp_path: Path) -> None:
    """Also by another process, whose hashes of words are others."""
    there = {**os.environ, "PYTHONPYCACHEPREFIX": str(tmp_path), "PYTHONHASHSEED": "7"}
    there.pop("PYTHONDONTWRITEBYTECODE", None)
    program = "from docscheck.words.slips import slips; slips()"
    hooks = Path(keeping.__file__).parents[2]
    subprocess.run([sys.executable, "-c", program], check=True, env={**there, "PYTHONPATH": str(hooks)})
    assert len(list(tmp_path.rglob("*.words"))) == 2
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "pycache_prefix", str(tmp_path))
        again = keeping.kept("slips", lambda: ())
        assert keeping.kept("kinds", lambda: {}) == kinds()
    assert again == tuple(made())
