"""Builds the package with setuptools, whose sources do not lie beside its pyproject.toml in the repository.

There they are the folders of the checks themselves and the pages that explain them, so they are laid out in a folder of
their own first. That makes `pip install git+…#subdirectory=packaging/docscheck` work, without the rest of the
repository and what it depends on. In an sdist, everything already lies beside this file.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import chdir, contextmanager
from pathlib import Path
from typing import Any

from setuptools import build_meta

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]


def lay_out(folder: Path) -> None:
    """Put the sources of the package together in `folder`."""
    ignored = shutil.ignore_patterns("__pycache__", "build", "*.egg-info")
    shutil.copytree(HERE, folder, dirs_exist_ok=True, ignore=ignored)
    for name in ("LICENSE", "LICENSE-TEXT", "hooks/docscheck_plugin.py"):
        shutil.copy(REPOSITORY / name, folder)
    for name in ("docscheck", "docscheck_panel"):
        shutil.copytree(REPOSITORY / "hooks" / name, folder / name, ignore=ignored)
    pages = shutil.ignore_patterns("index.md")  # `docscheck explain` prints them
    shutil.copytree(REPOSITORY / "docs/contribute/checks", folder / "docscheck/explained", ignore=pages)


@contextmanager
def _sources() -> Iterator[None]:
    """Work where the sources lie."""
    if (HERE / "docscheck").is_dir():
        yield
        return
    with tempfile.TemporaryDirectory() as folder:
        lay_out(Path(folder))
        with chdir(folder):
            yield


def _built(build: Callable[..., str], out: str, *arguments: Any) -> str:
    out = os.path.abspath(out)
    with _sources():
        return build(out, *arguments)


def build_wheel(wheel_directory: str, config_settings: Any = None, metadata_directory: str | None = None) -> str:
    """The wheel's name."""
    return _built(build_meta.build_wheel, wheel_directory, config_settings)


def build_sdist(sdist_directory: str, config_settings: Any = None) -> str:
    """The sdist's name."""
    return _built(build_meta.build_sdist, sdist_directory, config_settings)


def prepare_metadata_for_build_wheel(metadata_directory: str, config_settings: Any = None) -> str:
    """The name of the folder with what pip wants to know before it builds."""
    return _built(build_meta.prepare_metadata_for_build_wheel, metadata_directory, config_settings)
