"""The sizes of models that pages state are those of the library's classes."""

import json
from pathlib import Path

import pytest
from examples import DOCS

SIZES = json.loads(Path(__file__).with_name("reference.json").read_text(encoding="utf-8"))["sizes"]


@pytest.mark.parametrize("page", SIZES)
def test_a_page_s_sizes_are_those_of_diffusers(page: str) -> None:
    text = (DOCS / f"architectures/diffusion/{page}.md").read_text(encoding="utf-8")

    assert [name for name, size in SIZES[page].items() if str(size) not in text] == []
