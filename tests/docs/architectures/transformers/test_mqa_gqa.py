"""Grouped attention without copies equals attention with repeated keys; the ends of its range are MHA and MQA."""

from pathlib import Path

import numpy as np
import pytest
from archdata import models
from examples import DOCS, load

page = load("architectures/transformers/mqa-gqa")
plain = load("architectures/transformers/attention")


@pytest.mark.parametrize("groups", [1, 2, 4, 8])
def test_sharing_equals_repeating(groups: int) -> None:
    rng = np.random.default_rng(groups)
    q, (k, v) = rng.normal(size=(8, 5, 6)), rng.normal(size=(2, groups, 5, 6))
    repeated = (np.repeat(y, 8 // groups, axis=0) for y in (k, v))
    expected, _ = plain.attention(q, *repeated, np.tri(5, dtype=bool))
    np.testing.assert_allclose(page.grouped_attention(q, k, v), expected, atol=1e-12)


def test_one_new_query_sees_the_whole_cache() -> None:
    rng = np.random.default_rng(0)
    q, (k, v) = rng.normal(size=(4, 6, 3)), rng.normal(size=(2, 2, 6, 3))
    whole = page.grouped_attention(q, k, v)
    np.testing.assert_allclose(page.grouped_attention(q[:, -1:], k, v), whole[:, -1:], atol=1e-12)


def test_pooling_equal_heads_loses_nothing() -> None:
    one = np.random.default_rng(0).normal(size=(10, 4))
    np.testing.assert_allclose(page.pool_heads(np.tile(one, 6), 6, 2), np.tile(one, 2))


def test_pooling_averages_neighbouring_heads() -> None:
    w = np.repeat(np.arange(4.0), 3)[None]
    np.testing.assert_allclose(page.pool_heads(w, 4, 2), [[0.5] * 3 + [2.5] * 3])


@pytest.mark.parametrize("key", ["llama-2-70b", "llama-2-7b", "gemma-3-1b", "qwen3-32b"])
def test_cache_agrees_with_the_data(key: str) -> None:
    model = models.get(Path(DOCS), key)
    counted = page.cache_bytes(model.config["layers"], model.config["kv_heads"], model.config["head_size"])
    assert counted == 2 * model.decoder.cached_per_token
