"""What a page shows as output is what its code prints."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from examples import DOCS

SCRIPTS = sorted(path for path in DOCS.rglob("*.py") if path.with_suffix(".out").is_file())

LONG = {
    "architectures/classic/normalizing-flows.py",
    "architectures/diffusion/ddpm.py",
    "architectures/diffusion/distillation.py",
    "architectures/diffusion/guidance.py",
    "architectures/diffusion/molecules.py",
    "architectures/transformers/compressed-attention.py",
    "architectures/visual-tokens/audio-codecs.py",
}
"""Those that train for several seconds."""


def _name(script: Path) -> str:
    return script.relative_to(DOCS).as_posix()


def test_there_are_scripts_and_none_is_without_its_output() -> None:
    assert len(SCRIPTS) > 10
    without = [path for path in DOCS.rglob("*.py") if "__main__" in path.read_text("utf-8") and path not in SCRIPTS]
    assert without == []
    assert set(map(_name, SCRIPTS)) >= LONG


@pytest.mark.parametrize(
    "script",
    [pytest.param(path, id=_name(path), marks=[pytest.mark.slow] if _name(path) in LONG else []) for path in SCRIPTS],
)
def test_the_stored_output_is_what_the_script_prints(script: Path) -> None:
    done = subprocess.run([sys.executable, script.name], cwd=script.parent, capture_output=True, text=True, check=True)

    assert done.stdout == script.with_suffix(".out").read_text(encoding="utf-8")
