"""Parameters that were counted elsewhere: found by key, and a wrong key or file is told."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from archdata import counted, decoders
from archdata.errors import DataError
from examples import DOCS


def test_a_wrong_key_names_the_nearest() -> None:
    assert counted.parameters(DOCS, "flux-double-block") > counted.parameters(DOCS, "flux-single-block")
    with pytest.raises(DataError, match=r'unknown count "flux-doubel-block".*flux-double-block'):
        counted.parameters(DOCS, "flux-doubel-block")


def test_an_entry_without_its_source_is_told_with_its_line(tmp_path: Path) -> None:
    shutil.copytree(DOCS / "_data/schema", tmp_path / "_data/schema")
    (tmp_path / "_data/counted.yml").write_text("a:\n  parameters: 7\n  of: a thing\n", "utf-8")
    (error,) = counted.check(tmp_path)
    assert (error.line, "source" in error.message) == (1, True)


def test_the_entries_of_this_repository_are_in_order() -> None:
    assert not list(counted.check(DOCS))


def test_the_action_expert_is_a_small_gemma() -> None:
    expert = {"layers": 18, "width": 1024, "heads": 8, "kv_heads": 1, "head_size": 256, "ffn_width": 4096}
    assert counted.parameters(DOCS, "pi0-expert") == decoders.decoder({**expert, "vocabulary": 0}).parameters
