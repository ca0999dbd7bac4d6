"""Averages do what is said where losses are quadratic, logits interpolate to tilted policies, and origins matter."""

from __future__ import annotations

import json

import numpy as np
import pytest
from examples import DOCS, load

page = load("alignment/model-merging")
STORED = json.loads((DOCS / "alignment/model-merging.json").read_text(encoding="utf-8"))
RNG = np.random.default_rng(0)


@pytest.mark.parametrize("number", [1, 2, 4, 8])
def test_independent_errors_shrink_with_the_number_of_runs(number: int) -> None:
    assert page.soup(number) == pytest.approx(1 / number, rel=0.02)


def test_the_best_merge_of_quadratic_losses_is_weighted_by_importance() -> None:
    importance, optima = RNG.uniform(0.5, 2, size=(3, 20)), RNG.normal(size=(3, 20))
    merged = page.by_importance(optima, importance)

    def total(w: np.ndarray) -> float:
        return float((importance * (w - optima) ** 2).sum())

    for _ in range(50):
        assert total(merged) < total(merged + 0.1 * RNG.normal(size=20))
    assert total(merged) < total(page.average(optima))


def test_with_equal_importance_it_is_the_average() -> None:
    changes = RNG.normal(size=(4, 10))

    np.testing.assert_allclose(page.by_importance(changes, np.ones((4, 10))), page.average(changes), rtol=1e-3)
    np.testing.assert_allclose(page.arithmetic(changes, 1 / 4), page.average(changes))


def test_ties_trims_elects_and_averages_what_agrees() -> None:
    changes = np.array([[3.0, -1.0, 0.2, 2.0], [-1.0, -3.0, 0.1, 2.5]])

    np.testing.assert_allclose(page.ties(changes, 1.0), [3.0, -2.0, 0.15, 2.25])
    np.testing.assert_allclose(page.ties(changes, 0.5), [3.0, -3.0, 0.0, 2.25])


def test_slerp_keeps_the_length_of_changes_and_is_the_line_for_whole_weights() -> None:
    start, (one, two) = page.two_models()
    arc = page.slerp(one - start, two - start)

    np.testing.assert_allclose(page.slerp(one, two), (one + two) / 2)
    assert np.linalg.norm(arc) == pytest.approx(np.linalg.norm(one - start), rel=0.02)
    assert np.linalg.norm(one - two) / np.linalg.norm(one) < (2 * (1 - 0.9995)) ** 0.5
    np.testing.assert_allclose(arc, (one + two - 2 * start) / 2**0.5, rtol=0.03)


def test_dare_is_right_on_average_and_noisy() -> None:
    change = RNG.normal(size=(1, 200))
    draws = np.array([page.dare(change, 0.9, RNG)[0] for _ in range(4000)])

    np.testing.assert_allclose(draws.mean(0), change[0], atol=0.25)
    np.testing.assert_allclose(draws.var(0), 9 * change[0] ** 2, atol=0.15 * (1 + 9 * change[0] ** 2).max())


def test_weights_in_between_are_the_best_policies_under_stronger_penalties() -> None:
    before, rewards, beta = RNG.normal(size=8), RNG.normal(size=8), 0.5
    after = before + rewards / beta  # the best policy for this reward and strength

    for share in (0.3, 0.7, 1.5):
        tilted = page.softmax(before) * np.exp(share * rewards / beta)
        np.testing.assert_allclose(page.between(before, after, share), tilted / tilted.sum())


def test_the_order_of_hidden_units_is_free_and_fatal_for_averages() -> None:
    same, error = page.misordered()

    assert same
    assert 0.4 < error < 0.55


def test_the_ways_rank_as_shown() -> None:
    found, own, others = page.mean_losses()

    assert own < found["by importance"] < found["TIES"] < found["TIES, no trimming"] < found["sum, scaled by 0.3"]
    assert found["sum, scaled by 0.3"] < found["average"] < others
    assert all(mean < 0.22 for mean, d in zip(STORED["ties"], STORED["densities"], strict=True) if 0.2 <= d <= 0.5)
    assert min(found["sum"], found["DARE 0.9, average"]) > 1


def test_the_stored_curves_are_those_of_the_code() -> None:
    assert json.loads(json.dumps(page.stored())) == STORED
