"""The site's own Python code loaded anew while a server runs; MkDocs itself loads it once."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection
from pathlib import Path

from mkdocs.config.config_options import Hooks

from mkdocs_incremental.ground import forget_code
from mkdocs_incremental.reads import forget


def unload(root: Path, keep: Collection[str]) -> None:
    """Forget every module whose file lies under `root`, so that the next import reads it; these packages stay."""
    below = os.path.normcase(os.path.abspath(root) + os.sep)
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if (
            not isinstance(file, str)
            or not os.path.normcase(os.path.abspath(file)).startswith(below)
            or _is_installed(file)
        ):
            continue
        if name.partition(".")[0] not in keep:
            del sys.modules[name]
            forget_code([os.path.abspath(file)])
    Hooks._load_hook.cache_clear()
    forget()


def _is_installed(file: str) -> bool:
    return "site-packages" in file or "dist-packages" in file
