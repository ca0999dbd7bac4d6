"""A small site with this site's settings, hooks, theme and data, to build what an attacker sends."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from few_data import left_out

ROOT = Path(__file__).resolve().parents[2]
SECRET = "a-secret-of-the-machine"


@dataclass
class Site:
    """The folder of the small site, and what a build of it made."""

    root: Path

    def page(self, text: str, name: str = "attack.md") -> None:
        """Write a page."""
        path = self.root / "docs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def build(self, *options: str) -> subprocess.CompletedProcess[str]:
        """Build as an author does, with something in the environment that nobody is to see."""
        environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "SECRET": SECRET}
        command = [sys.executable, "-m", "mkdocs", "build", "--site-dir", str(self.root / "site"), *options]
        return subprocess.run(
            command, cwd=self.root, env=environment, capture_output=True, text=True, check=False, timeout=300
        )

    def published(self) -> str:
        """Everything that was published as text, one after the other."""
        files = [path for path in sorted((self.root / "site").rglob("*")) if path.is_file()]
        kinds = {".html", ".json", ".xml", ".txt", ".md", ".csv"}
        return "\n".join(path.read_text("utf-8", errors="replace") for path in files if path.suffix in kinds)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A site of one page."""
    return small_site(tmp_path)


def small_site(folder: Path) -> Site:
    """A site of one page in a folder."""
    root = folder / "repository"
    root.mkdir()
    for name in ("hooks", "overrides"):
        (root / name).symlink_to(ROOT / name)
    for name in ("_data", "assets"):
        shutil.copytree(ROOT / "docs" / name, root / "docs" / name, ignore=left_out)
    (root / "docs/_data/addresses.txt").unlink()
    settings = (ROOT / "mkdocs.yml").read_text("utf-8")
    before, _, rest = settings.partition("\nnav:")
    (root / "mkdocs.yml").write_text(before + "\n\n" + rest[rest.index("\n#") :], "utf-8")
    made = Site(root)
    made.page("---\ntitle: Home\ndescription: A page.\n---\n\nText.\n", "index.md")
    return made
