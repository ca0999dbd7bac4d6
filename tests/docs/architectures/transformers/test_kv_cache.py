"""A cache changes nothing, its size follows from the configuration, and storing it well depends on its shape."""

import json
from pathlib import Path

import numpy as np
import pytest
from archdata import models
from examples import DOCS, load

page = load("architectures/transformers/kv-cache")
KEYS = {
    "Llama 2 7B": "llama-2-7b",
    "Llama 2 70B": "llama-2-70b",
    "Gemma 3 27B": "gemma-3-27b",
    "DeepSeek-V3": "deepseek-v3",
}


@pytest.mark.parametrize("cuts", [[12], [5, 1, 1, 5], [1] * 12, [3, 9]])
def test_any_division_into_chunks_gives_the_same(cuts: list) -> None:
    rng = np.random.default_rng(1)
    w = {n: rng.normal(size=s) / 4 for n, s in {"q": (16, 16), "k": (16, 8), "v": (16, 8), "o": (16, 16)}.items()}
    x = rng.normal(size=(12, 16))
    cache = page.Cache(2, 4)
    parts = [page.attend(chunk, w, 4, 2, cache) for chunk in np.split(x, np.cumsum(cuts)[:-1])]
    np.testing.assert_allclose(np.concatenate(parts), page.attend(x, w, 4, 2, page.Cache(2, 4)), atol=1e-14)
    assert cache.keys.shape == (2, 12, 4)


@pytest.mark.parametrize("name", list(KEYS))
@pytest.mark.parametrize("tokens", [100, 1024, 50_000])
def test_the_charts_sizes_are_those_of_the_data(name: str, tokens: int) -> None:
    assert page.cached_numbers(tokens, **page.MODELS[name]) == models.get(Path(DOCS), KEYS[name]).decoder.cached(tokens)


def test_pages_waste_less_than_one_page_each() -> None:
    lengths = [1, 16, 17, 500]
    assert page.reserved(lengths, 2048, 16) == 16 + 16 + 32 + 512
    assert page.reserved(lengths, 2048) == 8192


def test_keys_with_outlier_channels_are_better_quantised_by_channel() -> None:
    keys = page.outlier_keys()
    by_token, by_channel = (np.abs(page.quantise(keys, 2, axis) - keys).mean() for axis in (1, 0))
    assert by_channel < by_token / 2


def test_the_ends_of_the_range_are_exact() -> None:
    x = np.array([[0.0, 0.3, 1.0]])
    np.testing.assert_allclose(page.quantise(x, 1, 1), [[0, 0, 1]])


def test_the_stored_run_is_reproduced() -> None:
    stored = json.loads((DOCS / "architectures/transformers/kv-cache.json").read_text(encoding="utf-8"))
    assert stored == page.experiment()
