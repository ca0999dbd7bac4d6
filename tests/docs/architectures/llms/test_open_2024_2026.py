"""The comparison page's shares follow from the data, and its claims about the models hold there."""

import re
from pathlib import Path

from archdata import models
from examples import DOCS

PAGE = (DOCS / "architectures/llms/open-2024-2026.md").read_text(encoding="utf-8")


def model(key: str) -> models.Model:
    return models.get(Path(DOCS), key)


def test_every_mixture_shows_its_share_and_every_recurrent_model_its_state() -> None:
    costs = PAGE.split("## What it costs")[1].split("##")[0]
    for line in costs.splitlines():
        named = re.search(r'params\("([^"]+)"\)', line)
        if named is None:
            continue
        found = model(named[1])
        assert ("active=True" in line) == ("experts" in found.config)
        assert ("state_size" in line) == (found.decoder.state > 0)
        assert set(re.findall(r'\("([^"]+)"', line)) == {named[1]}


def test_reach_is_as_told() -> None:
    assert model("gemma-3-27b").config["pattern"].count("window") == 5
    assert model("gpt-oss-120b").config["pattern"] == ["window", "full"]
    assert model("qwen3-next-80b-a3b").config["pattern"].count("full") == 1
    assert model("jamba-v0.1").config["pattern"].count("mamba") == 7
    assert model("gemma-4-31b").kinds.count("window") == 5 * model("gemma-4-31b").kinds.count("full")
    assert model("olmo-3-32b").kinds.count("window") == 3 * model("olmo-3-32b").kinds.count("full")
    assert model("kimi-linear-48b-a3b").kinds.count("kda") == 20
    assert len(model("kimi-linear-48b-a3b").kinds) == 27
    nemotron = model("nemotron-3-super-120b-a12b").kinds
    assert (nemotron.count("mamba2"), nemotron.count("full")) == (40, 8)


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
