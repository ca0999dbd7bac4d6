"""A Python that is too old gets one sentence."""

from __future__ import annotations

import importlib
import sys
import tomllib
from pathlib import Path

import pytest

PROJECT = tomllib.loads((Path(__file__).resolve().parents[2] / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_an_old_python_is_told_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "setuptools_on_new_python", raising=False)
    monkeypatch.setattr(sys, "version_info", (3, 11, 2, "final", 0))

    with pytest.raises(SystemExit) as stop:
        importlib.import_module("setuptools_on_new_python")

    needed = PROJECT["requires-python"].removeprefix(">=")
    assert str(stop.value).startswith(f"Python {needed} or newer is needed, and this is 3.11.2: ")
    assert "\n" not in str(stop.value)
