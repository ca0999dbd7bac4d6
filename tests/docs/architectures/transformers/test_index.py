"""The decoder on the hub is causal, counts its own parameters, and agrees with the site's data."""

import json
from pathlib import Path

import numpy as np
import pytest
from archdata import models
from examples import DOCS, load

page = load("architectures/transformers/index")
SHAPE = {"layers": 3, "d": 24, "heads": 6, "kv_heads": 2, "d_ff": 40, "vocabulary": 30}


@pytest.fixture
def model() -> dict:
    return page.random_decoder(**SHAPE, seed=1)


def test_no_row_depends_on_later_tokens(model: dict) -> None:
    text = np.arange(8)
    logits = page.decoder(text, model, 6, 2)
    for changed in range(8):
        other = text.copy()
        other[changed] = 29
        difference = np.abs(page.decoder(other, model, 6, 2) - logits).max(1)
        assert (difference[:changed] == 0).all()
        assert difference[changed] > 1e-6


def test_parameters_counted_are_those_held(model: dict) -> None:
    assert page.parameters(head_size=4, **SHAPE) == page.size_of(model)


@pytest.mark.parametrize("key", ["llama-2-7b", "llama-2-13b", "llama-2-70b", "llama-3-8b", "mistral-7b"])
def test_the_formula_counts_what_the_data_count(key: str) -> None:
    config = models.get(Path(DOCS), key).config
    counted = page.parameters(
        config["layers"],
        config["width"],
        config["heads"],
        config["kv_heads"],
        config["head_size"],
        config["ffn_width"],
        config["vocabulary"],
    )
    assert counted == models.get(Path(DOCS), key).parameters


def test_rotation_keeps_lengths_and_the_first_position() -> None:
    x = np.random.default_rng(0).normal(size=(2, 7, 8))
    turned = page.rotate(x)
    np.testing.assert_allclose(np.linalg.norm(turned, axis=-1), np.linalg.norm(x, axis=-1), rtol=1e-12)
    np.testing.assert_array_equal(turned[:, 0], x[:, 0])


def test_sharing_every_head_with_itself_is_multi_head_attention() -> None:
    model = page.random_decoder(**{**SHAPE, "kv_heads": 6}, seed=2)
    w, x = model["layers"][0], np.random.default_rng(0).normal(size=(5, 24))
    whole = page.attention(x, w, 6, 6)
    size = 4
    parts = np.zeros_like(whole)
    for head in range(6):
        columns = slice(head * size, (head + 1) * size)
        one = {name: w[name][:, columns] for name in ("q", "k", "v")} | {"o": w["o"][columns]}
        parts += page.attention(x, one, 1, 1)
    np.testing.assert_allclose(whole, parts, atol=1e-12)


def test_the_hub_shows_what_the_trained_heads_found() -> None:
    text = (Path(DOCS) / "architectures/transformers/index.md").read_text(encoding="utf-8")
    stored = json.loads((Path(DOCS) / "architectures/transformers/position-absolute-relative.json").read_text("utf-8"))
    found, last = stored["found"], stored["tried"].index(512)
    rows = {
        "[sinusoids]": "sinusoids",
        "[learned table]": "table",
        "[T5's buckets]": "T5",
        "[ALiBi]": "ALiBi",
        "[RoPE](": "RoPE",
        "[RoPE in part": "half RoPE",
        "[none]": "none",
    }
    for start, kind in rows.items():
        line = next(line for line in text.splitlines() if line.startswith(f"| {start}"))
        assert f"| {found[f'match {kind}'][last]:.2f}, {found[f'back {kind}'][last]:.2f} |" in line


def test_the_shape_of_the_comparison_is_that_of_llama_3_1_70b() -> None:
    config = models.get(Path(DOCS), "llama-3.1-70b").config
    assert (config["layers"], config["heads"], config["kv_heads"], config["head_size"]) == (80, 64, 8, 128)
    assert models.get(Path(DOCS), "llama-3.1-70b").decoder.cached(131_072) == 80 * 2 * 8 * 128 * 131_072
