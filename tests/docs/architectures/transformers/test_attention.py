"""Attention is a weighted mean, blind to order, and its scale keeps it soft."""

import json

import numpy as np
import pytest
from examples import DOCS, load

page = load("architectures/transformers/attention")


@pytest.fixture
def x() -> np.ndarray:
    return np.random.default_rng(5).normal(size=(7, 12))


def test_each_output_lies_between_the_values() -> None:
    q, k = np.random.default_rng(0).normal(size=(2, 5, 3))
    v = np.arange(5.0)[:, None]
    out, weights = page.attention(q, k, v)
    np.testing.assert_allclose(weights.sum(-1), 1)
    assert ((out >= 0) & (out <= 4)).all()


def test_a_large_matching_key_is_looked_up() -> None:
    k = 100 * np.eye(4)
    out, _ = page.attention(k[2:3], k, np.arange(4.0)[:, None])
    assert out.item() == pytest.approx(2)


def test_without_a_mask_order_is_invisible(x: np.ndarray) -> None:
    w = page.random_weights(12, 3, 4)
    order = np.random.default_rng(1).permutation(7)
    shuffled = page.multi_head(x[order], x[order], w, 3)
    np.testing.assert_allclose(shuffled, page.multi_head(x, x, w, 3)[order], atol=1e-12)


def test_with_a_causal_mask_order_is_not_invisible(x: np.ndarray) -> None:
    w, causal = page.random_weights(12, 3, 4), np.tri(7, dtype=bool)
    order = np.arange(7)[::-1]
    shuffled = page.multi_head(x[order], x[order], w, 3, causal)
    assert np.abs(shuffled - page.multi_head(x, x, w, 3, causal)[order]).max() > 0.1


def test_masked_tokens_get_exactly_no_weight() -> None:
    _, weights = page.example()
    assert (weights[np.triu_indices(6, 1)] == 0).all()


def test_heads_add_up(x: np.ndarray) -> None:
    w, size = page.random_weights(12, 3, 4), 4
    total = np.zeros((7, 12))
    for head in range(3):
        cut = slice(head * size, (head + 1) * size)
        part = {"q": w["q"][:, cut], "k": w["k"][:, cut], "v": w["v"][:, cut], "o": w["o"][cut]}
        total += page.multi_head(x, x, part, 1)
    np.testing.assert_allclose(total, page.multi_head(x, x, w, 3), atol=1e-12)


def test_attention_to_another_sequence_has_its_own_length(x: np.ndarray) -> None:
    assert page.multi_head(x[:3], x, page.random_weights(12, 3, 4), 3).shape == (3, 12)


def test_unscaled_scores_harden_with_the_head_size() -> None:
    scaled = [page.keys_in_use(d, rounds=500) for d in (4, 256)]
    unscaled = [page.keys_in_use(d, scaled=False, rounds=500) for d in (4, 256)]
    assert scaled[1] > 30
    assert unscaled[1] < 2 < unscaled[0]


@pytest.mark.slow
def test_the_stored_run_is_reproduced() -> None:
    stored = json.loads((DOCS / "architectures/transformers/attention.json").read_text(encoding="utf-8"))
    assert stored == page.experiment()


def test_a_mask_at_the_bottom_right_continues_a_text_and_one_at_the_top_left_does_not() -> None:
    q, k, v = np.random.default_rng(2).normal(size=(3, 6, 4))
    whole, _ = page.attention(q, k, v, page.causal(6, 6))
    last, _ = page.attention(q[4:], k, v, page.causal(2, 6))
    wrong, _ = page.attention(q[4:], k, v, page.causal(2, 6, "top left"))

    np.testing.assert_allclose(last, whole[4:])
    np.testing.assert_array_equal(page.causal(6, 6), page.causal(6, 6, "top left"))
    np.testing.assert_allclose(wrong[0], v[0])


def test_a_query_that_may_read_nothing_gets_nothing_and_spoils_no_other() -> None:
    q, k, v = np.random.default_rng(2).normal(size=(3, 4, 4))
    allowed = np.tri(4, dtype=bool)
    allowed[0] = False  # as when the first tokens are padding
    out = page.attention_or_nothing(q, k, v, allowed)

    np.testing.assert_array_equal(out[0], 0)
    np.testing.assert_allclose(out[1:], page.attention(q, k, v, np.tri(4, dtype=bool))[0][1:])
    with np.errstate(invalid="ignore"):
        assert np.isnan(page.attention(q, k, v, allowed)[0][0]).all()
