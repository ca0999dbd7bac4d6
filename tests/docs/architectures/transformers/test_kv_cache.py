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


def test_a_rotation_leaves_products_alone_and_undoes_itself() -> None:
    x, y = np.random.default_rng(2).normal(size=(2, 64))
    h = page.hadamard(64)
    np.testing.assert_allclose(h @ h, np.eye(64), atol=1e-12)
    assert (x @ h) @ (y @ h) == pytest.approx(x @ y)


def test_a_rotation_helps_ranges_that_outliers_would_set() -> None:
    keys, h = page.outlier_keys(), page.hadamard(64)
    by_token = np.sqrt(((page.quantise(keys, 2, 1) - keys) ** 2).mean())
    turned = np.sqrt(((page.quantise(keys @ h, 2, 1) @ h - keys) ** 2).mean())
    by_channel = np.sqrt(((page.quantise(keys, 2, 0) - keys) ** 2).mean())
    assert by_channel < turned < 0.7 * by_token


@pytest.mark.parametrize(("bits", "loss"), [(1, 0.3634), (2, 0.1175), (3, 0.03454), (4, 0.009497)])
def test_the_tables_are_those_of_a_normal_variable(bits: int, loss: float) -> None:
    # The losses that the literature gives for these quantisers.
    x = np.random.default_rng(0).normal(size=200_000)
    points = page.table(bits)
    np.testing.assert_allclose(points, -points[::-1], atol=1e-3)
    assert (np.abs(x[:, None] - points).min(1) ** 2).mean() == pytest.approx(loss, rel=0.02)


@pytest.mark.parametrize("bits", [2, 3, 4])
def test_the_correction_removes_the_bias_and_costs_accuracy(bits: int) -> None:
    rng = np.random.default_rng(7)
    keys = rng.normal(size=(1000, 128))
    queries = 2 * rng.normal(size=(40, 128)) + keys[:40] / 2
    plain, corrected = (page.judge(page.turbo(keys, bits, correct), keys, queries) for correct in (False, True))
    assert plain[0] < 1 - 0.5 / 4**bits
    assert abs(corrected[0] - 1) < abs(plain[0] - 1)
    assert corrected[1] > 2 * plain[1]
    assert corrected[2] > 3 * plain[2]
