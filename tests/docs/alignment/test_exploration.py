"""Entropy moves as derived, pass@k is estimated without bias, and the toy's curves cross where the page says."""

from __future__ import annotations

import itertools
import json

import numpy as np
import pytest
from examples import DOCS, load

page = load("alignment/exploration")
STORED = json.loads((DOCS / "alignment/exploration.json").read_text(encoding="utf-8"))
RNG = np.random.default_rng(0)


def test_the_entropy_moves_by_minus_a_covariance() -> None:
    z, moved = RNG.normal(size=(2, 7))
    difference = page.entropy(page.softmax(z + 1e-6 * moved)) - page.entropy(page.softmax(z - 1e-6 * moved))

    assert page.entropy_slope(page.softmax(z), moved) == pytest.approx(difference / 2e-6, rel=1e-6)


def test_only_answers_likelier_than_the_threshold_lower_the_entropy_when_reinforced() -> None:
    for p in RNG.dirichlet(np.ones(6), size=20):
        slopes = page.reinforced(p)

        np.testing.assert_allclose(slopes, [page.entropy_slope(p, row) for row in np.eye(6)], atol=1e-12)
        np.testing.assert_array_equal(slopes < 0, p > np.exp(-page.entropy(p)))


@pytest.mark.parametrize(("n", "k"), [(5, 1), (5, 2), (6, 4), (4, 4)])
def test_pass_at_k_and_its_gradient_are_right_on_average(n: int, k: int) -> None:
    p, value, slope = 0.3, 0.0, 0.0
    for outcome in itertools.product([True, False], repeat=n):
        right = sum(outcome)
        chance = p**right * (1 - p) ** (n - right)
        won, lost = page.rewards_for_pass_at(k, right, n)
        value += chance * page.pass_at(k, right, n)
        slope += chance * (right * won / p - (n - right) * lost / (1 - p))

    assert value == pytest.approx(1 - (1 - p) ** k)
    assert slope == pytest.approx(k * (1 - p) ** (k - 1))


def test_the_weight_of_maxrl_is_a_sum_over_all_k() -> None:
    p = 0.2
    weights = [k * (1 - p) ** (k - 1) / k for k in range(1, 400)]

    assert sum(weights) == pytest.approx(1 / p)


def test_right_answers_alone_and_wrong_ones_alone_have_the_same_expected_gradient() -> None:
    policy = page.softmax(RNG.normal(size=6))
    right = np.array([True, False, True, False, False, False])
    scores = np.eye(6) - policy

    np.testing.assert_allclose((policy * right) @ scores, -(policy * ~right) @ scores, atol=1e-12)


def test_training_for_one_answer_wins_at_one_and_loses_at_five() -> None:
    base, right = page.world()
    p = {name: page.train(base, right, *aim)[0] for name, aim in page.AIMS.items()}

    def at(name: str, k: int) -> float:
        return float(page.mean_pass_at(p[name], k))

    assert max(p, key=lambda name: at(name, 1)) == "pass@1"
    assert min(p, key=lambda name: at(name, 8)) == "pass@1"
    assert at("pass@1", 4) > at("before", 4)
    assert at("pass@1", 5) < at("before", 5)
    assert at("pass@1, entropy bonus", 11) > at("before", 11)
    assert at("pass@1, entropy bonus", 12) < at("before", 12)
    assert all(at("pass@8", k) > at("before", k) for k in (1, 8, 32))


def test_it_is_what_prompts_share_that_costs_variety() -> None:
    base, right = page.world()
    p, _ = page.train(base, right, np.ones_like, shared=False, rate=4.0)

    assert page.mean_pass_at(p, 1) > 0.99


def test_score_follows_entropy_as_in_the_fit() -> None:
    a, b, error = page.fitted(page.train(*page.world(), np.ones_like)[1])

    assert (a, b) == (pytest.approx(0.057, abs=1e-3), pytest.approx(0.408, abs=1e-3))
    assert error < 0.031


def test_under_rewards_at_random_the_clip_favours_what_was_likely() -> None:
    runs = {name: page.random_rewards(*clip) for name, clip in page.CLIPS.items()}
    lead = {name: run[-1, 0] - run[0, 0] for name, run in runs.items()}
    entropy = {name: run[-1, 1] for name, run in runs.items()}

    assert lead["above only"] > lead["both sides"] > 0.9
    assert abs(lead["no clip"]) < 0.1
    assert lead["below only"] < -0.2
    assert entropy["no clip"] < 0.5 * runs["no clip"][0, 1]  # the entropy falls all the same
    assert entropy["above only"] < entropy["no clip"] < entropy["below only"]


def test_the_stored_curves_are_those_of_the_code() -> None:
    assert json.loads(json.dumps(page.stored())) == STORED
