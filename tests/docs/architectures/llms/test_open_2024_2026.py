"""The comparison page's shares follow from the data, and its claims about the models hold there."""

import re
from pathlib import Path

import pytest
from archdata import models
from examples import DOCS

PAGE = (DOCS / "architectures/llms/open-2024-2026.md").read_text(encoding="utf-8")


def model(key: str) -> models.Model:
    return models.get(Path(DOCS), key)


@pytest.mark.parametrize("key", ["deepseek-v3", "qwen3-235b-a22b", "gpt-oss-120b", "qwen3-next-80b-a3b"])
def test_shares_are_computed_from_the_counted_sizes(key: str) -> None:
    row = next(line for line in PAGE.splitlines() if f'params("{key}", active=True)' in line and line.startswith("|"))
    found = re.search(r"100 \* ([\d.]+) / ([\d.]+)\)", row)
    assert found is not None
    assert float(found[1]) == pytest.approx(model(key).active_parameters / 1e9, abs=0.06)
    assert float(found[2]) == pytest.approx(model(key).parameters / 1e9, abs=0.06)


def test_reach_is_as_told() -> None:
    assert model("gemma-3-27b").config["pattern"].count("window") == 5
    assert model("gpt-oss-120b").config["pattern"] == ["window", "full"]
    assert model("qwen3-next-80b-a3b").config["pattern"].count("full") == 1
    assert model("jamba-v0.1").config["pattern"].count("mamba") == 7


def test_experts_are_as_told() -> None:
    chosen = {
        "deepseek-v3": (8, 256),
        "qwen3-235b-a22b": (8, 128),
        "gpt-oss-120b": (4, 128),
        "qwen3-next-80b-a3b": (10, 512),
    }
    for key, numbers in chosen.items():
        config = model(key).config
        assert (config["experts_chosen"], config["experts"]) == numbers
        assert ("shared_width" in config) == (key in ("deepseek-v3", "qwen3-next-80b-a3b"))


def test_olmo_2_13b_would_cache_more_than_llama_405b() -> None:
    assert model("olmo-2-13b").decoder.cached(131_072) > model("llama-3.1-405b").decoder.cached(131_072)
