"""Attention in blocks is attention, whatever the blocks; parts over disjoint keys can be joined."""

import numpy as np
import pytest
from examples import load

page = load("architectures/transformers/flash-attention")


@pytest.mark.parametrize("causal", [True, False])
@pytest.mark.parametrize("blocks", [(1, 1), (3, 5), (8, 4), (50, 50)])
def test_blocks_change_nothing(blocks: tuple, causal: bool) -> None:
    q, k, v = np.random.default_rng(0).normal(size=(3, 29, 8))
    out, _ = page.flash_attention(q, k, v, *blocks, causal=causal)
    np.testing.assert_allclose(out, page.plain_attention(q, k, v, causal), atol=1e-13)


def test_huge_scores_do_not_overflow() -> None:
    q, k, v = np.random.default_rng(1).normal(size=(3, 12, 4))
    with np.errstate(over="raise", invalid="raise"):
        out, _ = page.flash_attention(1e4 * q, k, v)
    np.testing.assert_allclose(out, page.plain_attention(1e4 * q, k, v), atol=1e-9)


def test_the_normaliser_is_the_logarithm_of_the_softmax_sum() -> None:
    q, k, v = np.random.default_rng(2).normal(size=(3, 10, 4))
    _, normaliser = page.flash_attention(q, k, v, causal=False)
    np.testing.assert_allclose(normaliser, np.log(np.exp(q @ k.T / 2).sum(1)))


@pytest.mark.parametrize("cut", [1, 7, 19])
def test_parts_over_disjoint_keys_join_exactly(cut: int) -> None:
    q, k, v = np.random.default_rng(3).normal(size=(3, 20, 8))
    parts = [page.flash_attention(q, *part, causal=False) for part in ((k[:cut], v[:cut]), (k[cut:], v[cut:]))]
    joined, _ = page.merge(*parts[0], *parts[1])
    np.testing.assert_allclose(joined, page.plain_attention(q, k, v, causal=False), atol=1e-13)


def test_traffic_falls_with_the_block_of_queries() -> None:
    assert page.traffic(4096, 64, 4096) == 2 * 4 * 4096 * 64
    stored, blocks = page.traffic(65536, 64), page.traffic(65536, 64, 256)
    assert stored / blocks == pytest.approx(2 * 256 / 64, rel=0.02)
