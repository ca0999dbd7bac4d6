"""What a page shows as output is what its code prints."""

from __future__ import annotations

import subprocess
import sys

import pytest
from examples import DOCS

SCRIPTS = sorted(path for path in DOCS.rglob("*.py") if path.with_suffix(".out").is_file())


def test_there_are_scripts_and_none_is_without_its_output() -> None:
    assert len(SCRIPTS) > 10
    without = [path for path in DOCS.rglob("*.py") if "__main__" in path.read_text("utf-8") and path not in SCRIPTS]
    assert without == []


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.relative_to(DOCS).as_posix())
def test_the_stored_output_is_what_the_script_prints(script) -> None:  # type: ignore[no-untyped-def]
    done = subprocess.run([sys.executable, script.name], cwd=script.parent, capture_output=True, text=True, check=True)

    assert done.stdout == script.with_suffix(".out").read_text(encoding="utf-8")
