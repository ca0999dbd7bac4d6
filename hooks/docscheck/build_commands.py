"""The commands by which a site is built, as files beside its settings hold them."""

from __future__ import annotations

import os
from pathlib import Path

from docscheck.patterns import lazy

_FILES_TEXT = """
Makefile makefile Dockerfile justfile Justfile Taskfile.yml tox.ini noxfile.py package.json netlify.toml vercel.json
.readthedocs.yml .readthedocs.yaml .gitlab-ci.yml azure-pipelines.yml
"""
_FILES = tuple(_FILES_TEXT.split())
_WORKFLOWS = os.path.join(".github", "workflows")
_BUILD = lazy(r"\bmkdocs[\"',]*[ ]+[\"']?(?:build|gh-deploy)\b([^\n]*)")
_FLAT = "--no-directory-urls"


def command_files(root: Path) -> list[str]:
    """Files beside the settings, there or not, and workflows, in which a site may be built."""
    try:
        workflows = sorted(os.listdir(os.path.join(root, _WORKFLOWS)))
    except OSError:
        workflows = []
    return [*_FILES, *(os.path.join(_WORKFLOWS, name) for name in workflows if name.endswith((".yml", ".yaml")))]


def is_built_flat(root: Path) -> bool:
    """Whether every command that builds the site asks for addresses without folders."""
    options: list[str] = []
    for name in command_files(root):
        try:
            text = (root / name).read_text("utf-8", errors="replace")
        except OSError:
            continue
        options += _BUILD.findall(text) if "mkdocs" in text else ()
    return bool(options) and all(_FLAT in option for option in options)
