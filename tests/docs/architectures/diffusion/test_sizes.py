"""The sizes of networks that pages take from the data are those of the library's classes."""

import json
from pathlib import Path

import pytest
from archdata import counted
from examples import DOCS

REFERENCE = json.loads(Path(__file__).with_name("reference.json").read_text(encoding="utf-8"))
SIZES, CONTROL = REFERENCE["sizes"], REFERENCE["control"]


@pytest.mark.parametrize("page", SIZES)
def test_a_page_s_sizes_are_those_of_diffusers(page: str) -> None:
    text = (DOCS / f"architectures/diffusion/{page}.md").read_text(encoding="utf-8")

    for key, size in SIZES[page].items():
        assert counted.parameters(DOCS, key) == size
        assert f'n_counted("{key}")' in text


@pytest.mark.parametrize(("name", "key"), [("Stable Diffusion 1", "sd1"), ("SDXL", "sdxl")])
def test_additions_to_a_u_net_have_the_sizes_that_were_counted(name: str, key: str) -> None:
    found = CONTROL[name]
    assert counted.parameters(DOCS, f"controlnet-{key}") == found["ControlNet"]
    assert counted.parameters(DOCS, f"ip-adapter-{key}") == found["new keys and values"]
