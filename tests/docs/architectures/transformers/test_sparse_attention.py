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


def test_what_other_layers_keep_is_that_of_the_data() -> None:
    indexed = models.get(Path(DOCS), "deepseek-v3.2").decoder.layers[10].mixer
    assert page.cached("indexed", 5000) == indexed.cached(5000)
    mixers = [layer.mixer for layer in models.get(Path(DOCS), "deepseek-v4-flash").decoder.layers]
    assert {page.cached("sparse", 8192), page.cached("heavy", 8192)} <= {mixer.cached(8192) for mixer in mixers}
    for tokens in (100, 5000):
        assert page.cached("window", tokens) == page.cached("full", min(tokens, 128))


def test_choosing_tokens_captures_most_and_a_window_least() -> None:
    run = page.captured([64, 256], rounds=30)
    assert run["best tokens"][0] > run["best blocks"][0] > run["window"][0]
    assert run["best blocks"][1] > 0.7


def test_the_slope_of_the_imitation_is_that_of_finite_differences() -> None:
    rng = np.random.default_rng(3)
    scores, heads = (
        rng.normal(size=(6, 6)),
        page.softmax(np.where(np.tri(6, dtype=bool), rng.normal(size=(3, 6, 6)), -np.inf)),
    )
    _, slope = page.alignment(scores, heads)
    for place in ((4, 1), (5, 5), (2, 0)):
        step = np.zeros((6, 6))
        step[place] = 1e-6
        up, down = page.alignment(scores + step, heads)[0], page.alignment(scores - step, heads)[0]
        assert slope[place] == pytest.approx((up - down) / 2e-6, abs=1e-8)
    assert not np.triu(slope, 1).any()


def test_scores_that_are_the_logarithm_of_the_attention_cannot_be_improved() -> None:
    seen = np.tri(6, dtype=bool)
    heads = page.softmax(np.where(seen, np.random.default_rng(4).normal(size=(3, 6, 6)), -np.inf))
    loss, slope = page.alignment(np.log(np.where(seen, heads.mean(0), 1)), heads)
    assert loss == pytest.approx(0, abs=1e-12)
    np.testing.assert_allclose(slope, 0, atol=1e-12)


def test_imitation_finds_most_of_what_the_untrained_indexer_misses() -> None:
    run = page.learn(steps=80)
    assert run["trained"][1] > run["untrained"][1] + 0.25
    assert run["trained"][1] < run["best possible"][1]
    assert run["trained"][0] < run["untrained"][0]


def test_the_stored_run_is_reproduced() -> None:
    stored = json.loads((DOCS / "architectures/transformers/sparse-attention.json").read_text(encoding="utf-8"))
    assert stored == page.experiment()
