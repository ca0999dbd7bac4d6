"""The tilted policy is the best one, its implied reward is the reward, and best-of-n is what sampling gives."""

import json

import numpy as np
import pytest
from examples import DOCS, load

hub = load("alignment/index")
P, R = hub.REFERENCE, hub.REWARD


@pytest.mark.parametrize("beta", [0.3, 1.0, 5.0])
def test_no_policy_beats_the_tilted_reference(beta: float) -> None:
    best = hub.optimal_policy(P, R, beta)
    value = best @ R - beta * hub.kl(best, P)
    rng = np.random.default_rng(0)
    for _ in range(50):
        other = rng.dirichlet(np.ones(len(P)))
        assert other @ R - beta * hub.kl(other, P) <= value + 1e-12


def test_the_implied_reward_is_the_reward_up_to_a_constant() -> None:
    implied = hub.implied_reward(hub.optimal_policy(P, R, 0.7), P, 0.7)

    np.testing.assert_allclose(implied - implied[0], R - R[0], atol=1e-12)


def test_dpo_at_the_optimum_equals_the_reward_models_loss() -> None:
    policy = hub.optimal_policy(P, R, 0.7)

    assert hub.dpo_loss(policy, P, 4, 1, 0.7) == pytest.approx(hub.reward_model_loss(R[4], R[1]))


@pytest.mark.parametrize("n", [1, 3, 10])
def test_best_of_n_agrees_with_sampling(n: int) -> None:
    rng = np.random.default_rng(1)
    samples = rng.choice(len(P), p=P, size=(40_000, n))
    winners = samples[np.arange(len(samples)), R[samples].argmax(1)]
    counted = np.bincount(winners, minlength=len(P)) / len(samples)

    np.testing.assert_allclose(hub.best_of_n(P, R, n), counted, atol=0.012)


def test_advantages_have_mean_zero_and_vanish_when_all_are_equal() -> None:
    assert hub.group_advantages(np.array([1.0, 0.0, 0.0])).mean() == pytest.approx(0)
    np.testing.assert_allclose(hub.group_advantages(np.ones(4)), 0)


def test_the_stored_frontier_is_what_the_code_gives() -> None:
    assert hub.frontier() == json.loads((DOCS / "alignment/index.json").read_text(encoding="utf-8"))
