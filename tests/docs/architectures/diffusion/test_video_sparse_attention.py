"""Order, windows and chosen blocks are those of diffusers; sparse attention is full attention under a mask."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from examples import DOCS, load

sparse = load("architectures/diffusion/video-sparse-attention")
REFERENCE = json.loads(Path(__file__).with_name("reference.json").read_text("utf-8"))["video_sparse_attention"]
Q, K = (np.array(REFERENCE[name]).reshape(48, 4) for name in "qk")


def mask(name: str) -> np.ndarray:
    return np.array(REFERENCE[name], bool).reshape(12, 12)


def test_the_order_of_tiles_is_that_of_diffusers() -> None:
    np.testing.assert_array_equal(sparse.tile_order((2, 4, 6), (1, 2, 2)), REFERENCE["order"])


def test_the_order_is_a_permutation_of_compact_blocks() -> None:
    order = sparse.tile_order((4, 8, 8), (2, 4, 4))

    assert sorted(order) == list(range(256))
    assert sparse.block_spans((4, 8, 8), order, 32) == (2, 4, 4)
    assert sparse.block_spans((4, 8, 8), np.arange(256), 32) == (1, 4, 8)


def test_the_window_of_tiles_is_that_of_diffusers() -> None:
    np.testing.assert_array_equal(sparse.sliding_tiles((2, 2, 3), (3, 1, 3)), mask("window"))


def test_a_shifted_window_is_the_nearest_one_that_lies_in_the_clip() -> None:
    grid, window = (5, 6, 10), (3, 3, 5)
    shifted = sparse.sliding_tiles(grid, window, shifted=True)

    for block, tile in enumerate(np.ndindex(grid)):
        spans = []
        for place, count, width in zip(tile, grid, window, strict=True):
            starts = np.arange(count - width + 1)
            first = int(np.abs(starts + width // 2 - place).argmin())
            spans.append(slice(first, first + width))
        expected = np.zeros(grid, bool)
        expected[tuple(spans)] = True
        np.testing.assert_array_equal(shifted[block], expected.ravel())
    assert sparse.sliding_tiles(grid, window).sum() < shifted.sum() == 300 * 45


def test_the_chosen_blocks_are_those_of_diffusers() -> None:
    chosen = sparse.chosen_blocks(2 * Q, 2 * K, 4, 0.8)

    np.testing.assert_array_equal(chosen, mask("chosen"))
    np.testing.assert_array_equal(
        sparse.chosen_blocks(2 * Q, 2 * K, 4, 0.8, sparse.sliding_tiles((2, 2, 3), (3, 1, 3))),
        mask("chosen and window"),
    )


def test_no_smaller_choice_holds_the_share() -> None:
    weights = sparse.softmax(Q.reshape(12, 4, 4).mean(1) @ K.reshape(12, 4, 4).mean(1).T / 2)
    for row, chosen in zip(weights, sparse.chosen_blocks(Q, K, 4, 0.7), strict=True):
        best = np.sort(row)[::-1].cumsum()
        assert row[chosen].sum() == pytest.approx(best[chosen.sum() - 1])
        assert best[chosen.sum() - 1] > 0.7 - 1e-12
        assert chosen.sum() == 1 or best[chosen.sum() - 2] <= 0.7


def test_sparse_attention_is_full_attention_under_the_mask() -> None:
    chosen = sparse.chosen_blocks(Q, K, 4, 0.6)
    scores = np.where(np.kron(chosen, np.ones((4, 4), bool)), Q @ K.T / math.sqrt(4), -np.inf)

    np.testing.assert_allclose(sparse.sparse_attention(Q, K, K, chosen, 4), sparse.softmax(scores) @ K, atol=1e-12)


def test_the_order_of_tokens_changes_nothing_in_full_attention() -> None:
    order = sparse.tile_order((2, 4, 6), (1, 2, 2))
    everything = np.ones((12, 12), bool)

    np.testing.assert_allclose(
        sparse.sparse_attention(Q[order], K[order], K[order], everything, 4),
        (sparse.softmax(Q @ K.T / 2) @ K)[order],
        atol=1e-12,
    )


def test_tiles_hold_more_attention_than_rows() -> None:
    stored = json.loads((DOCS / "architectures/diffusion/video-sparse-attention.json").read_text("utf-8"))

    assert stored["choices"] == sparse.experiment()
    tiles, rows = (np.array(stored["choices"][f"chosen {kind}"]) for kind in ("tiles", "rows"))
    for read, held, *_ in tiles[1:3]:
        assert held > np.interp(read, rows[:, 0], rows[:, 1])
    best = np.array(stored["choices"]["best tiles"])
    np.testing.assert_array_equal(best[:, 0], tiles[:, 0])
    assert (best[:, 1] > tiles[:, 1]).all()
    assert (tiles[:, 3] < 0.25 * tiles[:, 2]).all()


def test_a_mean_stands_exactly_for_a_block_of_equal_tokens() -> None:
    rng = np.random.default_rng(0)
    q, k, v = (np.repeat(rng.normal(size=(12, 4)), 4, 0) for _ in range(3))
    chosen = sparse.chosen_blocks(q, k, 4, 0.5)

    assert not chosen.all()
    np.testing.assert_allclose(sparse.with_means(q, k, v, chosen, 4), sparse.softmax(q @ k.T / 2) @ v, atol=1e-12)


def test_vsa_without_its_gate_is_sparse_attention_of_the_best_blocks() -> None:
    chosen = np.zeros((12, 12), bool)
    weights = Q.reshape(12, 4, 4).mean(1) @ K.reshape(12, 4, 4).mean(1).T
    for row, block in zip(chosen, weights, strict=True):
        row[np.argsort(block)[-3:]] = True
    fine = sparse.sparse_attention(Q, K, K, chosen, 4)
    coarse = sparse.coarse_and_fine(Q, K, K, 1.0, 3, 4) - fine

    np.testing.assert_allclose(sparse.coarse_and_fine(Q, K, K, 0.0, 3, 4), fine)
    np.testing.assert_allclose(coarse.reshape(12, 4, -1), np.repeat(coarse[::4, None], 4, 1), atol=1e-12)
