"""Builds that fail, are killed, or run out of disk: the site built last is as it was, to the byte."""

from __future__ import annotations

import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

HOOKS = Path(__file__).resolve().parents[2] / "hooks"
SETTINGS = """site_name: Small
theme: {name: mkdocs}
plugins: [search, atomic]
hooks: [slow.py]
"""
SLOW = """import os, time
def on_post_page(output, **_):
    time.sleep(float(os.environ.get("SLOW", "0")))
    return output
def on_post_build(config):
    if os.environ.get("FAIL") == "error":
        raise RuntimeError("a fault in a hook")
    if os.environ.get("FAIL") == "exit":
        raise SystemExit(7)
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of twenty pages, built once."""
    root = tmp_path_factory.mktemp("built")
    (root / "docs").mkdir()
    (root / "mkdocs.yml").write_text(SETTINGS)
    (root / "slow.py").write_text(SLOW)
    write(root, "first")
    done = build(root)
    assert done.returncode == 0, done.stderr
    return root


@pytest.fixture
def site(built: Path, tmp_path: Path) -> Path:
    """A copy of it for each test."""
    shutil.copytree(built, tmp_path, dirs_exist_ok=True)
    return tmp_path


def write(root: Path, word: str, pages: int = 20) -> None:
    for number in range(pages):
        name = "index" if number == 0 else f"page-{number}"
        (root / "docs" / f"{name}.md").write_text(f"# Page {number}\n\nThe {word} text.\n")


def command(*options: str) -> list[str]:
    return [sys.executable, "-m", "mkdocs", "build", *options]


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(HOOKS), "NO_MKDOCS_2_WARNING": "1", **more}


def build(
    root: Path, *options: str, limit: Callable[[], None] | None = None, **more: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*options),
        cwd=root,
        env=environment(**more),
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=limit,
    )


def content(root: Path) -> dict[str, bytes]:
    site = root / "site"
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in sorted(site.rglob("*")) if path.is_file()}


def left(root: Path) -> list[str]:
    return sorted(path.name for path in root.iterdir() if path.name.startswith(".site"))


def test_a_build_replaces_the_site(site: Path) -> None:
    before = content(site)
    write(site, "second")
    shutil.move(site / "docs/page-3.md", site / "docs/other.md")
    assert build(site).returncode == 0

    after = content(site)
    assert b"second" in after["index.html"]
    assert after.keys() == before.keys() - {"page-3/index.html"} | {"other/index.html"}
    assert left(site) == []


@pytest.mark.parametrize(("how", "code"), [("error", 1), ("exit", 7)])
def test_a_fault_leaves_the_site(site: Path, how: str, code: int) -> None:
    before = content(site)
    write(site, "second")
    done = build(site, FAIL=how)

    assert done.returncode == code
    assert content(site) == before
    assert left(site) == []


def test_a_warning_in_strict_mode_leaves_the_site(site: Path) -> None:
    before = content(site)
    write(site, "second")
    (site / "docs/page-1.md").write_text("[x](nowhere.md)\n")
    done = build(site, "--strict")

    assert done.returncode == 1
    assert "Aborted with 1 warnings in strict mode" in done.stderr + done.stdout
    assert content(site) == before
    assert build(site).returncode == 0
    assert content(site) != before


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_kill_at_any_moment_leaves_a_whole_site(site: Path, number: int) -> None:
    """The old one or, if the kill came too late, the new one."""
    old = content(site)
    write(site, "second")
    began = time.monotonic()
    assert build(site, "--site-dir", "other", SLOW="0.01").returncode == 0
    takes = time.monotonic() - began
    new = {path.relative_to(site / "other").as_posix() for path in (site / "other").rglob("*") if path.is_file()}
    chance = random.Random(20261128 + number)
    for _ in range(8):
        running = subprocess.Popen(
            command(),
            cwd=site,
            env=environment(SLOW="0.01"),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(chance.uniform(0.2, 1.0) * takes)
        running.send_signal(number)
        running.wait()
        now = content(site)
        assert now == old or (now.keys() == new and b"second" in now["index.html"])
    assert build(site).returncode == 0
    assert b"second" in content(site)["index.html"]
    assert left(site) == []


def test_files_that_cannot_grow_leave_the_site(site: Path) -> None:
    """A limit on the size of files stands for a disk that is full in the middle of one."""
    before = content(site)
    write(site, "second")
    done = build(site, limit=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000)))

    assert done.returncode == 1
    assert "File too large" in done.stdout
    assert "the site built last is unchanged" in done.stdout
    assert "Traceback" not in done.stderr + done.stdout
    assert content(site) == before
    assert left(site) == []


def test_a_full_disk_leaves_the_site(site: Path) -> None:
    disk = site / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=20m", "tmpfs", str(disk)], capture_output=True)
    if mounted.returncode:
        pytest.skip("no disk can be mounted here")
    try:
        assert build(site, "--site-dir", "disk/site").returncode == 0
        before = {path: path.read_bytes() for path in (disk / "site").rglob("*") if path.is_file()}
        (disk / "filler").write_bytes(b"x" * (shutil.disk_usage(disk).free - 1_000_000))
        write(site, "second")
        done = build(site, "--site-dir", "disk/site")

        assert done.returncode == 1
        assert "No space left on device" in done.stdout
        assert "Traceback" not in done.stderr + done.stdout
        assert {path: path.read_bytes() for path in (disk / "site").rglob("*") if path.is_file()} == before
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_folder_that_cannot_be_written_is_told(site: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root writes everywhere")
    site.chmod(0o555)
    try:
        done = build(site)
    finally:
        site.chmod(0o755)

    assert "No folder can be made beside the site" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_link_as_site_keeps_being_one(site: Path) -> None:
    (site / "site").rename(site / "real")
    (site / "site").symlink_to("real")
    write(site, "second")
    assert build(site).returncode == 0

    assert (site / "site").is_symlink()
    assert b"second" in (site / "real/index.html").read_bytes()


def test_a_dirty_build_adds_to_the_site(site: Path) -> None:
    (site / "docs/page-1.md").write_text("# Page\n\nThe second text.\n")
    os.utime(site / "docs/page-1.md", (time.time() + 10, time.time() + 10))
    assert build(site, "--dirty").returncode == 0

    assert b"second" in content(site)["page-1/index.html"]
    assert b"first" in content(site)["page-2/index.html"]


def test_two_builds_at_once_give_a_whole_site(site: Path) -> None:
    write(site, "second")
    both = [
        subprocess.Popen(command(), cwd=site, env=environment(SLOW="0.01"), stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    for running in both:
        _, told = running.communicate()
        assert running.returncode == 0, told

    assert b"second" in content(site)["index.html"]
    assert left(site) == []
