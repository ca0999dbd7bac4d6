"""Code that belongs to no package, imported for the tests: what stands beside the pages, and programs."""

from __future__ import annotations

import importlib.util
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"


def load(path: str) -> ModuleType:
    """Import `docs/<path>.py` and return the module, whose experiment is made once however many tests look at it.

    Raises `FileNotFoundError` when there is no such file.
    """
    file = DOCS / f"{path}.py"
    if not file.is_file():
        raise FileNotFoundError(file)
    module = load_file(file, "example_" + path.replace("/", "_").replace("-", "_"))
    if hasattr(module, "experiment"):
        vars(module)["experiment"] = cache(module.experiment)
    return module


def load_file(file: Path, name: str) -> ModuleType:
    """Import a file of code as the module `name`, which no folder of packages holds."""
    spec = importlib.util.spec_from_file_location(name, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module
