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
    model = (RNG.normal(size=(8, 16)), RNG.normal(size=(16, 1)))
    other, x = page.reordered(model, RNG.permutation(16)), RNG.normal(size=(500, 8))
    middle = tuple((a + b) / 2 for a, b in zip(model, other, strict=True))

    np.testing.assert_allclose(page.network(other, x), page.network(model, x), atol=1e-12)
    assert np.mean((page.network(middle, x) - page.network(model, x)) ** 2) > 0.3 * page.network(model, x).var()


def test_the_ways_rank_as_shown() -> None:
    found, own, others = page.mean_losses()

    assert own < found["by importance"] < found["TIES"] < found["sum, scaled by 0.3"] < found["average"] < others
    assert min(found["sum"], found["DARE 0.9, average"]) > 1


def test_the_stored_curves_are_those_of_the_code() -> None:
    assert json.loads(json.dumps(page.stored())) == STORED
