"""What can be seen on Linux of how the plugins work elsewhere: no fork, no word of closed files, names in any case."""

from __future__ import annotations

import errno
import os
import sys
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import small_site
import watchdog.events
from mkdocs_incremental import serving
from mkdocs_incremental.reads import Opened, Reads
from mkdocs_incremental.serving import Server, _Handler
from small_site import FILES, put, same


@pytest.mark.parametrize("system", ["win32", "darwin"])
def test_a_build_without_a_fork(system: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is none, or where it is unsafe, the build does all by itself, whatever the settings ask for."""
    monkeypatch.setenv("PRETENDED_SYSTEM", system)
    files = {**FILES, "mkdocs.yml": FILES["mkdocs.yml"].replace("workers: 1", "workers: 3")}
    root = small_site.write(tmp_path / "site", files)

    assert same(root).made > 6
    put(root, "docs/guide/use.md", "# Using it\n\nAgain.\n")
    assert same(root).made == 1


def test_names_in_any_case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A system that does not tell cases apart may name a folder in another one than the settings do."""
    monkeypatch.setattr(os.path, "normcase", str.lower)
    root, kept = tmp_path / "Site", tmp_path / "Site/Cache"
    reads, opened = Reads([], [kept]), Opened(root, [kept], [])
    for path in (str(kept).upper() + "/x", str(kept).lower() + "/x"):
        reads.see("open", (path, "r", 0))
        opened.see(path)
    opened.see(str(root).upper() + "/PAGE.md")

    assert reads.shared == {}
    assert opened.files == {str(root).upper() + "/PAGE.md"}


def test_a_watched_file_in_another_case(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os.path, "normcase", str.lower)
    told: list[str] = []
    handler = _Handler(lambda path, whole: told.append(path), only="/Site/mkdocs.yml")
    for name in ("/site/MkDocs.yml", "/site/other.yml"):
        handler.on_any_event(watchdog.events.FileModifiedEvent(name))

    assert told == ["/site/MkDocs.yml"]


@pytest.mark.parametrize(("system", "is_whole"), [("linux", False), ("darwin", True), ("win32", True)])
def test_a_system_that_does_not_say_when_a_file_is_closed(
    system: str, is_whole: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There a change counts at once; on Linux the word that the file is closed is waited for."""
    monkeypatch.setattr(sys, "platform", system)
    told: list[bool] = []
    handler = _Handler(lambda path, whole: told.append(whole), only=None)

    handler.on_any_event(watchdog.events.FileModifiedEvent("/site/page.md"))

    assert told == [is_whole]


def test_no_more_watches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the system refuses to tell of changes, files are looked at instead; a change is still seen."""

    class Refusing(serving.watchdog.observers.polling.PollingObserver):  # type: ignore[misc]
        def start(self) -> None:
            raise OSError(errno.ENOSPC, "inotify watch limit reached")

    monkeypatch.setattr(serving.watchdog.observers, "Observer", Refusing)
    (tmp_path / "docs").mkdir()
    plain = SimpleNamespace(
        server_address=("127.0.0.1", 0), builder=lambda: None, mount_path="/", server_close=lambda: None,
        _watched_paths={str(tmp_path / "docs"): 1},
    )  # fmt: skip
    site: Any = SimpleNamespace()
    server = Server(plain, str(tmp_path / "site"), site, [])  # type: ignore[arg-type]
    server._start_watching()
    try:
        seen = threading.Event()
        monkeypatch.setattr(server, "_note", lambda path, whole: seen.set())
        for watch in server._watch_refs.values():
            for handler in server.observer._handlers[watch]:
                monkeypatch.setattr(handler, "_tell", lambda path, whole: seen.set())
        (tmp_path / "docs/new.md").write_text("# New\n", "utf-8")

        assert seen.wait(20)
        assert isinstance(server.observer, serving.watchdog.observers.polling.PollingObserver)
    finally:
        server.observer.stop()
        server.observer.join()
        server.server_close()
