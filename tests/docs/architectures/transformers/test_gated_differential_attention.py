"""A sink takes what no token earns; it equals a first token of value zero; differences cancel what is common."""

import json

import numpy as np
import pytest
from examples import DOCS, load

page = load("architectures/transformers/gated-differential-attention")


def test_a_sink_far_below_changes_nothing_and_one_far_above_takes_all() -> None:
    scores = np.random.default_rng(0).normal(size=(3, 9))
    np.testing.assert_allclose(page.softmax_with_sink(scores, -1e4), page.softmax(scores))
    np.testing.assert_allclose(page.softmax_with_sink(scores, 1e4), 0, atol=1e-12)


def test_weights_among_tokens_keep_their_proportions() -> None:
    scores = np.random.default_rng(1).normal(size=9)
    weights = page.softmax_with_sink(scores, 2.0)
    assert weights.sum() < 1
    np.testing.assert_allclose(weights / weights.sum(), page.softmax(scores))


def test_a_sink_of_zero_adds_one_to_the_denominator() -> None:
    scores = np.random.default_rng(2).normal(size=5)
    np.testing.assert_allclose(page.softmax_with_sink(scores, 0.0), np.exp(scores) / (1 + np.exp(scores).sum()))


def test_a_first_token_with_value_zero_is_a_sink_whose_height_the_query_sets() -> None:
    rng = np.random.default_rng(3)
    q, k, v = rng.normal(size=(3, 6, 4))
    key = rng.normal(size=4)
    out = page.sink_as_token(q, k, v, key)
    for row in range(6):
        sink = q[row] @ key / 2
        np.testing.assert_allclose(out[row], page.softmax_with_sink(q[row] @ k.T / 2, sink) @ v)


def test_a_closed_gate_adds_nothing() -> None:
    attended, x = np.ones((2, 3)), np.ones((2, 1))
    np.testing.assert_allclose(page.gated(attended, x, np.full((1, 3), -50.0)), 0, atol=1e-12)
    np.testing.assert_allclose(page.gated(attended, x, np.full((1, 3), 50.0)), 1)


def test_what_both_maps_share_cancels() -> None:
    noise = np.random.default_rng(4).normal(size=50)
    np.testing.assert_allclose(page.differential(noise, noise, 1.0), 0)
    assert page.differential(noise, noise, 0.25).sum() == pytest.approx(0.75)


def test_the_stored_run_is_reproduced() -> None:
    stored = json.loads(
        (DOCS / "architectures/transformers/gated-differential-attention.json").read_text(encoding="utf-8")
    )
    assert stored == page.experiment()
