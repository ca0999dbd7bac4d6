"""Selection is causal and exact when everything is selected; caches are as configured."""

import json
from pathlib import Path

import numpy as np
import pytest
from archdata import models
from examples import DOCS, load

page = load("architectures/transformers/sparse-attention")


@pytest.fixture
def qkv() -> np.ndarray:
    return np.random.default_rng(0).normal(size=(3, 24, 8))


@pytest.mark.parametrize("count", [1, 5, 24, 99])
def test_no_query_reads_more_than_its_count_or_anything_later(count: int) -> None:
    mask = page.top_tokens(np.random.default_rng(1).normal(size=(24, 24)), count)
    assert not np.triu(mask, 1).any()
    np.testing.assert_array_equal(mask.sum(1), np.minimum(np.arange(1, 25), count))


def test_the_tokens_kept_are_the_highest() -> None:
    scores = np.random.default_rng(2).normal(size=(24, 24))
    mask = page.top_tokens(scores, 4)
    for row in range(24):
        kept, left = scores[row, : row + 1][mask[row, : row + 1]], scores[row, : row + 1][~mask[row, : row + 1]]
        assert left.size == 0 or kept.min() >= left.max()


def test_selecting_everything_is_full_attention(qkv: np.ndarray) -> None:
    q, k, v = qkv
    whole = page.attend(q, k, v, np.tri(24, dtype=bool))
    np.testing.assert_allclose(page.attend(q, k, v, page.top_tokens(q @ k.T, 24)), whole)
    np.testing.assert_allclose(page.attend(q, k, v, page.top_blocks(q, k, 5, 9)), whole)


def test_blocks_are_read_whole_and_the_own_block_always(qkv: np.ndarray) -> None:
    q, k, _ = qkv
    mask = page.top_blocks(q, k, 4, 2)
    assert not np.triu(mask, 1).any()
    for row in range(24):
        own = row // 4
        assert mask[row, own * 4 : row + 1].all()
        earlier = mask[row, : own * 4].reshape(-1, 4)
        assert set(earlier.sum(1)) <= {0, 4}
        assert (earlier.any(1)).sum() == min(own, 1)


def test_the_indexer_adds_weighted_relus() -> None:
    q, w, k = np.ones((1, 2, 1)), np.array([[2.0, 3.0]]), np.array([[1.0], [-1.0]])
    q[0, 1] = -1
    np.testing.assert_allclose(page.indexer_scores(q, w, k), [[2.0, 3.0]])


def test_caches_of_latent_and_full_layers_are_those_of_the_data() -> None:
    for kind, key in (("latent", "deepseek-v3"), ("full", "llama-3.1-405b")):
        layer = models.get(Path(DOCS), key).decoder.layers[0].mixer
        assert page.cached(kind, 5000) == layer.cached(5000)


def test_choosing_tokens_captures_most_and_a_window_least() -> None:
    run = page.captured([64, 256], rounds=30)
    assert run["best tokens"][0] > run["best blocks"][0] > run["window"][0]
    assert run["best blocks"][1] > 0.7


def test_the_stored_run_is_reproduced() -> None:
    stored = json.loads((DOCS / "architectures/transformers/sparse-attention.json").read_text(encoding="utf-8"))
    assert stored == page.experiment()
