"""Workers: what they send is used, what they do not send is done by the build, and where none may be started."""

from __future__ import annotations

import os
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
import small_site
from mkdocs_incremental import pool
from mkdocs_incremental.pool import Pool, workers_possible
from small_site import FILES, put, same

NAMES = [f"page {number}" for number in range(40)]
needs_fork = pytest.mark.skipif(sys.platform != "linux", reason="workers are forks, and started on Linux only")
MEGABYTE = 1 << 20


def taken(work: Any, workers: int, slow: float = 0.0) -> dict[str, Any]:
    """Take all tasks in order, as a build does that needs some time for those it does itself."""
    found = {}
    workshop = Pool(NAMES, work, workers)
    try:
        for name in NAMES:
            found[name] = workshop.take(name)
            if found[name] is None:
                time.sleep(slow)
    finally:
        workshop.close()
    return found


@needs_fork
@pytest.mark.parametrize("workers", [1, 3])
def test_the_build_and_its_workers_meet(workers: int) -> None:
    """Workers begin at the end; nothing is done by both but what lies where they meet."""
    found = taken(lambda name: (time.sleep(0.003), f"{name} done", os.getpid()), workers, slow=0.003)

    results = [found[name] for name in NAMES]
    done_here = results.index(next(filter(None, results)))
    assert all(results[done_here:])
    assert 0 < done_here < len(NAMES) - 4
    assert all(result[1] == f"{name} done" for name, result in zip(NAMES, results, strict=True) if result)
    assert os.getpid() not in {result[2] for result in results if result}


@needs_fork
def test_a_build_that_is_quicker_waits_for_no_one_but_who_is_at_it() -> None:
    began = time.monotonic()
    found = taken(lambda name: time.sleep(0.3) or name, 1)

    assert list(filter(None, found.values())) in ([], [NAMES[-1]])
    assert time.monotonic() - began < 5


@needs_fork
@pytest.mark.parametrize("fatal", [NAMES[-1], NAMES[30]])
def test_a_worker_that_dies(fatal: str) -> None:
    """What it was at is done by the build; what it sent before is used."""

    def work(name: str) -> str:
        if name == fatal:
            os._exit(9)
        return name

    found = taken(work, 1, slow=0.002)

    after = NAMES[NAMES.index(fatal) + 1 :]
    assert [found[name] for name in after] == after
    assert found[fatal] is None


@needs_fork
def test_a_task_that_fails_is_left_to_the_build() -> None:
    def work(name: str) -> str:
        if name == NAMES[38]:
            raise SystemExit(3)
        return name

    found = taken(work, 1, slow=0.002)

    assert found[NAMES[38]] is None
    assert found[NAMES[39]] == NAMES[39]


@needs_fork
def test_a_build_that_is_left_leaves_no_worker() -> None:
    workshop = Pool(NAMES, lambda name: name * 1000, 2)
    children = list(workshop._children)
    workshop.take(NAMES[0])

    workshop.close()

    assert len(children) == 2
    for child in children:
        with pytest.raises(ChildProcessError):
            os.waitpid(child, os.WNOHANG)


@pytest.mark.parametrize("system", ["darwin", "win32", "cygwin", "freebsd13"])
def test_workers_are_for_linux_only(system: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fork is unsafe on macOS, and Windows has none; not even a number in the settings changes that."""
    monkeypatch.setattr(sys, "platform", system)

    assert workers_possible(None, 100 * MEGABYTE) == workers_possible(8, 100 * MEGABYTE) == 0


def test_no_fork_no_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "fork", raising=False)

    assert workers_possible(8, 100 * MEGABYTE) == 0


@needs_fork
def test_no_workers_beside_threads() -> None:
    """A fork copies locks that other threads hold."""
    end = threading.Event()
    thread = threading.Thread(target=end.wait)
    thread.start()
    try:
        assert workers_possible(8, 100 * MEGABYTE) == 0
    finally:
        end.set()
        thread.join()


@needs_fork
def test_workers_are_started_for_sites_that_are_large_beside_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker comes to take memory of its own: no more than a fifth of what the build takes."""
    monkeypatch.setattr(pool.threading, "active_count", lambda: 1)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)))
    monkeypatch.setattr(pool, "_memory", lambda: 40 * MEGABYTE)

    numbers = [workers_possible(None, size * MEGABYTE) for size in (0, 1, 3, 5, 10, 50, 500)]

    assert numbers == [0, 0, 0, 1, 1, 6, 7]
    assert workers_possible(None, 0) == workers_possible(1, MEGABYTE) == workers_possible(0, MEGABYTE) == 0
    assert workers_possible(2, 0) == 1


@pytest.mark.slow
def test_a_build_with_workers_is_a_plain_one(tmp_path: Path) -> None:
    """Also with pages that log, that take files in, and that are never kept."""
    files = {**FILES, "mkdocs.yml": FILES["mkdocs.yml"].replace("workers: 1", "workers: 3")}
    assert files["mkdocs.yml"] != FILES["mkdocs.yml"]
    root = small_site.write(tmp_path / "site", files)
    for number in range(30):
        put(root, f"docs/more/p{number}.md", f"# More {number}\n\n[gone](gone{number}.md) {'text ' * 200}\n")

    same(root)
    again = same(root)

    assert again.made == 0
