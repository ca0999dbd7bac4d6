"""What a page shows as output is what its code prints."""

from __future__ import annotations

import io
import json
import os
import platform
import runpy
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path

import pytest
from examples import DOCS, load
from printed import differences

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


OTHER_PROCESSOR = {"OPENBLAS_CORETYPE": "Nehalem", "NPY_DISABLE_CPU_FEATURES": "X86_V3"}
"""What makes NumPy and its BLAS compute as on a processor of 2008, in another order."""


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
def test_the_stored_output_is_what_the_script_prints(script: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run as a program, but in this process: to start Python and load NumPy takes longer than most of them."""
    monkeypatch.setattr(sys, "argv", [script.name])
    monkeypatch.chdir(script.parent)
    printed = io.StringIO()
    with redirect_stdout(printed):
        runpy.run_path(script.name, run_name="__main__")

    assert differences(printed.getvalue(), script.with_suffix(".out").read_text(encoding="utf-8")) == []


COUNTED = [path.with_suffix(".json") for path in SCRIPTS if "\ndef counts(" in path.read_text("utf-8")]


@pytest.mark.parametrize("stored", [pytest.param(path, id=_name(path)) for path in COUNTED])
def test_the_stored_counts_are_those_of_the_script(stored: Path) -> None:
    counted = load(_name(stored).removesuffix(".json")).counts()
    assert json.loads(json.dumps(counted)) == json.loads(stored.read_text("utf-8"))["counts"]


@pytest.mark.slow
@pytest.mark.skipif(platform.machine() not in {"x86_64", "AMD64"}, reason="these kernels are for x86")
@pytest.mark.parametrize("script", [pytest.param(path, id=_name(path)) for path in SCRIPTS if _name(path) not in LONG])
def test_it_is_the_same_on_another_processor(script: Path) -> None:
    stored = script.with_suffix(".out").read_text(encoding="utf-8")

    done = subprocess.run(
        [sys.executable, script.name],
        cwd=script.parent,
        env=os.environ | OTHER_PROCESSOR,
        capture_output=True,
        text=True,
        check=True,
    )
    assert differences(done.stdout, stored) == []


@pytest.mark.parametrize(
    ("printed", "stored", "same"),
    [
        ("they differ by 4e-16", "they differ by 1.1e-15", True),
        ("they differ by  9e-16", "they differ by 1e-15", True),
        ("loss 0.117, -2.50", "loss 0.116, -2.51", True),
        ("loss 0.118", "loss 0.116", False),
        ("an error of 2e-05", "an error of 3e-05", True),
        ("an error of 2e-05", "an error of 2e-04", False),
        ("8,015,581,185 weights", "8,015,581,184 weights", False),
        ("step 7", "step 8", False),
        ("a loss of 0.1", "a gain of 0.1", False),
        ("one line", "one line\nand another", False),
    ],
)
def test_only_rounding_may_tell_two_outputs_apart(printed: str, stored: str, same: bool) -> None:
    assert (differences(printed, stored) == []) == same
