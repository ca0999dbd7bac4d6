"""Build the package of the checks, as sdist and wheel: `python packaging/build_docscheck.py dist`."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tomllib
from pathlib import Path

HERE = Path(__file__).resolve().parent / "docscheck"


def main(arguments: list[str] | None = None) -> None:
    """Build both into the folder that is named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path, help="where the two files go")
    parser.add_argument("--tag", default="", help="the tag of a release, which has to name the version")
    options = parser.parse_args(arguments)
    version = tomllib.loads((HERE / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    if options.tag and options.tag != f"docscheck-{version}":
        raise SystemExit(f"the tag is {options.tag}, the version {version}: they have to agree")
    # With the setuptools that is installed, which the lock holds; isolated, it would be the newest of the day.
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(options.out.resolve()), str(HERE)]
    raise SystemExit(subprocess.run(command, check=False).returncode)


if __name__ == "__main__":
    main()
