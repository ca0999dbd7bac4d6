"""A small site with one of everything that a page may rest on, and a way to build it twice: plain and kept."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
HOOKS = HERE.parent / "hooks"

FILES = {
    path.relative_to(HERE / "mkdocs_incremental/small_site").as_posix(): path.read_text("utf-8")
    for path in sorted((HERE / "mkdocs_incremental/small_site").rglob("*"))
    if path.is_file() and path.suffix != ".pyc"
}
"""The site's files by their paths."""


def write(root: Path, files: dict[str, str] = FILES) -> Path:
    """Write the site under `root`."""
    for name, text in files.items():
        put(root, name, text)
    return root


def put(root: Path, name: str, text: str) -> None:
    """Write one file of the site."""
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


@dataclass(frozen=True)
class Built:
    """A build: its exit code, what it printed, every file it wrote."""

    code: int
    output: tuple[str, ...]
    files: dict[str, bytes]
    made: int
    """Pages rendered from Markdown; -1 for a plain build."""
    shown: int
    """Pages made by templates."""


def build(
    root: Path, *options: str, kinds: tuple[str, ...] = ("plain", "kept"), path: Path = HOOKS
) -> dict[str, Built]:
    """Build the site in one new process for each of the kinds, one after the other."""
    environment = {**os.environ, "PYTHONPATH": f"{path}{os.pathsep}{root}", "NO_MKDOCS_2_WARNING": "1"}
    environment.pop("MKDOCS_NO_CACHE", None)
    command = [sys.executable, str(HERE / "build_in_turn.py"), ",".join(kinds), *options]
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    results: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return {
        kind: Built(r["code"], tuple(r["output"]), _files(root / f"site-{kind}"), r["made"], r["shown"])
        for kind, r in results.items()
    }


def _files(folder: Path) -> dict[str, bytes]:
    found = {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
    return {name: content for name, content in found.items() if not name.startswith("sitemap.xml")}


def same(root: Path, *options: str, path: Path = HOOKS) -> Built:
    """Build both ways, see that nothing tells the results apart, and return the one made with the plugin."""
    built = build(root, *options, path=path)
    plain, kept = built["plain"], built["kept"]
    assert kept.code == plain.code, kept.output
    assert kept.output == plain.output
    names = plain.files.keys() | kept.files.keys()
    different = sorted(name for name in names if plain.files.get(name) != kept.files.get(name))
    assert not different
    return kept
