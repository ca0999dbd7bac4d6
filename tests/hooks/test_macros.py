"""The macros that pages may call are those that authors can look up."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from macros import define_env

ROOT = Path(__file__).resolve().parents[2]


def registered() -> set[str]:
    """The names of all macros that are registered."""
    names: set[str] = set()

    def macro(function: Any) -> None:
        names.add(function.__name__)

    define_env(SimpleNamespace(conf={"docs_dir": str(ROOT / "docs")}, macro=macro, filter=lambda *_: None))
    return names


def test_authors_can_look_up_every_macro_and_no_other() -> None:
    text = (ROOT / "docs" / "contribute" / "writing.md").read_text("utf-8")
    table = text.partition("| Macro | Result |")[2].partition("\n\n")[0]
    described = {name for row in table.splitlines() for name in re.findall(r"`(\w+)\(", row.partition(" | ")[0])}
    assert described == registered()
