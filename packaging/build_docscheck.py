"""Build the package `docscheck`, as sdist and wheel, from hooks/: `python packaging/build_docscheck.py dist`.

The sources are copied into a folder of their own first, so that nothing else of this repository gets in.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HERE = ROOT / "packaging/docscheck"


def assemble(folder: Path) -> None:
    """Lay the sources of the package out in `folder`."""
    shutil.copytree(HERE, folder, dirs_exist_ok=True)
    for name in ("LICENSE", "LICENSE-TEXT"):
        shutil.copy(ROOT / name, folder)
    shutil.copy(ROOT / "hooks/docscheck_plugin.py", folder)
    for name in ("docscheck", "docscheck_panel"):
        source = ROOT / "hooks" / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    pages = shutil.ignore_patterns("index.md")  # `docscheck explain` prints them
    shutil.copytree(ROOT / "docs/contribute/checks", folder / "docscheck/explained", ignore=pages)


def main(arguments: list[str] | None = None) -> None:
    """Build both into the folder that is named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path, help="where the two files go")
    parser.add_argument("--tag", default="", help="the tag of a release, which has to name the version")
    options = parser.parse_args(arguments)
    version = tomllib.loads((HERE / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    if options.tag and options.tag != f"docscheck-{version}":
        raise SystemExit(f"the tag is {options.tag}, the version {version}: they have to agree")
    with tempfile.TemporaryDirectory() as folder:
        assemble(Path(folder))
        # With the setuptools that is installed, which the lock holds; isolated, it would be the newest of the day.
        command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(options.out.resolve()), folder]
        raise SystemExit(subprocess.run(command, check=False).returncode)


if __name__ == "__main__":
    main()
