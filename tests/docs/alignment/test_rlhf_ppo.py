"""Advantages, losses and KL gradients are right, summed over every answer; PPO gets to the optimum."""

import json

import numpy as np
import pytest
from examples import DOCS, load

p = load("alignment/rlhf-ppo")
RNG = np.random.default_rng(0)


def test_rewards_add_up_to_the_score_minus_the_estimated_divergence() -> None:
    log_policy, log_ref = np.log(RNG.random((2, 7)))
    rewards = p.token_rewards(2.0, log_policy, log_ref, beta=0.3)

    assert rewards.sum() == pytest.approx(2.0 - 0.3 * (log_policy - log_ref).sum())
    assert rewards[0] == pytest.approx(-0.3 * (log_policy - log_ref)[0])


@pytest.mark.parametrize(("gamma", "lam"), [(1.0, 0.95), (0.9, 0.5), (1.0, 0.0), (1.0, 1.0)])
def test_gae_is_its_sum_written_out(gamma: float, lam: float) -> None:
    rewards, values = RNG.normal(size=(2, 8))
    following = np.append(values[1:], 0)
    delta = rewards + gamma * following - values
    expected = [sum((gamma * lam) ** k * delta[t + k] for k in range(8 - t)) for t in range(8)]

    np.testing.assert_allclose(p.gae(rewards, values, gamma, lam), expected)


def test_with_lambda_one_values_are_only_a_baseline() -> None:
    rewards, values = RNG.normal(size=(2, 8))

    np.testing.assert_allclose(p.gae(rewards, values, lam=1.0), np.cumsum(rewards[::-1])[::-1] - values)


def test_what_a_tool_returned_is_stepped_over() -> None:
    rewards, values = RNG.normal(size=(2, 6))
    own = np.array([True, True, False, False, True, True])
    found = p.gae(rewards, values, lam=0.9, own=own)

    np.testing.assert_allclose(found[own], p.gae(rewards[own], values[own], lam=0.9))
    assert not found[~own].any()


def test_whitened_numbers_have_no_mean_and_unit_variance() -> None:
    x = p.whiten(RNG.normal(3, 5, size=50))

    assert x.mean() == pytest.approx(0, abs=1e-12)
    assert x.var(ddof=1) == pytest.approx(1)


@pytest.mark.parametrize("advantage", [1.0, -1.0])
@pytest.mark.parametrize("ratio", [0.5, 0.9, 1.1, 1.5])
def test_the_policys_gradient_is_that_of_finite_differences(ratio: float, advantage: float) -> None:
    new, step = np.log(ratio), 1e-6
    slope = (p.policy_loss(new + step, 0.0, advantage)[0] - p.policy_loss(new - step, 0.0, advantage)[0]) / (2 * step)

    assert p.policy_loss(new, 0.0, advantage)[1] == pytest.approx(slope, abs=1e-6)
    clipped = (advantage > 0 and ratio > 1.2) or (advantage < 0 and ratio < 0.8)
    assert (p.policy_loss(new, 0.0, advantage)[1] == 0) == clipped


@pytest.mark.parametrize(("value", "target"), [(0.1, 1.0), (0.6, 1.0), (0.6, 0.2), (-0.5, 1.0), (1.4, 1.0)])
def test_the_values_gradient_is_that_of_finite_differences(value: float, target: float) -> None:
    step = 1e-6
    slope = (p.value_loss(value + step, 0.0, target)[0] - p.value_loss(value - step, 0.0, target)[0]) / (2 * step)

    assert p.value_loss(value, 0.0, target)[1] == pytest.approx(slope, abs=1e-6)


def _policy() -> np.ndarray:
    return p.REFERENCE + np.random.default_rng(3).normal(size=p.REFERENCE.shape) * 0.4


def _kl(one: np.ndarray, other: np.ndarray) -> float:
    a, b = p.token_logs(one).sum(axis=1), p.token_logs(other).sum(axis=1)
    return float(np.exp(a) @ (a - b))


def _numeric(function, logits: np.ndarray) -> np.ndarray:  # type: ignore[no-untyped-def]
    out, step = np.zeros_like(logits), 1e-5
    for place in np.ndindex(logits.shape):
        moved = [logits.copy(), logits.copy()]
        moved[0][place] += step
        moved[1][place] -= step
        out[place] = (function(moved[0]) - function(moved[1])) / (2 * step)
    return out


def _expected(slopes: np.ndarray, logits: np.ndarray) -> np.ndarray:
    """The mean over all answers of slope × gradient of the answer's log-probability."""
    weight, probability = np.exp(p.token_logs(logits).sum(axis=1)) * slopes, np.exp(p.log_softmax(logits))
    out = np.zeros_like(logits)
    for t in range(p.LENGTH):
        np.add.at(out, (p.PLACES[:, t], p.ANSWERS[:, t]), weight)
        np.add.at(out, p.PLACES[:, t], -weight[:, None] * probability[p.PLACES[:, t]])
    return out


def test_the_table_of_kl_estimates_holds_exactly() -> None:
    policy = _policy()
    log_p, log_ref = p.token_logs(policy).sum(axis=1), p.token_logs(p.REFERENCE).sum(axis=1)
    estimates = p.kl_estimates(log_p, log_ref)
    weight = np.exp(log_p)

    assert weight @ estimates["k1"][0] == pytest.approx(_kl(policy, p.REFERENCE))
    assert weight @ estimates["k3"][0] == pytest.approx(_kl(policy, p.REFERENCE))
    assert weight @ estimates["k2"][0] != pytest.approx(_kl(policy, p.REFERENCE), rel=1e-2)
    forward = _numeric(lambda z: _kl(z, p.REFERENCE), policy)
    backward = _numeric(lambda z: _kl(p.REFERENCE, z), policy)
    np.testing.assert_allclose(_expected(estimates["k1"][1], policy), 0, atol=1e-12)
    np.testing.assert_allclose(_expected(estimates["k2"][1], policy), forward, atol=1e-8)
    np.testing.assert_allclose(_expected(estimates["k3"][1], policy), backward, atol=1e-8)


@pytest.mark.parametrize("kind", ["ratio x k1", "ratio x k3"])
def test_times_the_ratio_both_estimates_have_the_intended_gradient_from_old_samples(kind: str) -> None:
    policy = _policy()
    old = policy + 0.5 * np.random.default_rng(4).normal(size=policy.shape)
    log_p, log_ref, log_old = (p.token_logs(z).sum(axis=1) for z in (policy, p.REFERENCE, old))
    value, slopes = p.kl_estimates(log_p, log_ref, log_old)[kind]

    assert np.exp(log_old) @ value == pytest.approx(_kl(policy, p.REFERENCE))
    # _expected weights by the policy itself, so the old policy's share is put in
    found = _expected(slopes * np.exp(log_old - log_p), policy)
    np.testing.assert_allclose(found, _numeric(lambda z: _kl(z, p.REFERENCE), policy), atol=1e-8)


def test_token_by_token_a_loss_charges_only_for_the_token_itself() -> None:
    policy = _policy()
    delta = p.token_logs(policy) - p.token_logs(p.REFERENCE)
    weight, probability = np.exp(p.token_logs(policy).sum(axis=1)), np.exp(p.log_softmax(policy))

    def gradient(charge: np.ndarray) -> np.ndarray:
        out = np.zeros_like(policy)
        for t in range(p.LENGTH):
            np.add.at(out, (p.PLACES[:, t], p.ANSWERS[:, t]), weight * charge[:, t])
            np.add.at(out, p.PLACES[:, t], -(weight * charge[:, t])[:, None] * probability[p.PLACES[:, t]])
        return out

    wanted = _numeric(lambda z: _kl(z, p.REFERENCE), policy)
    to_come = delta[:, ::-1].cumsum(axis=1)[:, ::-1]
    np.testing.assert_allclose(gradient(to_come), wanted, atol=1e-8)
    assert np.linalg.norm(gradient(delta) - wanted) > 0.1 * np.linalg.norm(wanted)


def test_as_a_reward_the_estimate_gives_the_gradient_of_the_aim() -> None:
    policy, beta = _policy(), 0.3
    log_p, log_ref = p.token_logs(policy).sum(axis=1), p.token_logs(p.REFERENCE).sum(axis=1)

    slopes = p.REWARD - beta * (log_p - log_ref)
    np.testing.assert_allclose(_expected(slopes, policy), _numeric(lambda z: p.aim(z, beta)[0], policy), atol=1e-8)


def test_token_advantages_with_exact_values_give_the_same_gradient() -> None:
    policy = p.REFERENCE
    probabilities = np.exp(p.token_logs(policy).sum(axis=1))
    values = p.true_values(probabilities)[p.PLACES]
    rewards = np.zeros_like(values)
    rewards[:, -1] = p.REWARD
    for lam in (0.0, 0.7, 1.0):
        advantage = np.array([p.gae(r, v, lam=lam) for r, v in zip(rewards, values, strict=True)])
        gradient = np.zeros_like(policy)
        softmax = np.exp(p.log_softmax(policy))
        for t in range(p.LENGTH):
            weight = probabilities * advantage[:, t]
            np.add.at(gradient, (p.PLACES[:, t], p.ANSWERS[:, t]), weight)
            np.add.at(gradient, p.PLACES[:, t], -weight[:, None] * softmax[p.PLACES[:, t]])
        expected = _numeric(lambda z: float(np.exp(p.token_logs(z).sum(axis=1)) @ p.REWARD), policy)
        np.testing.assert_allclose(gradient, expected, atol=1e-8)


def test_no_policy_is_better_than_the_best_and_the_tilted_one_is_that_good() -> None:
    log_ref = p.token_logs(p.REFERENCE).sum(axis=1)
    tilted = np.exp(log_ref + p.REWARD / 0.3)
    tilted /= tilted.sum()

    assert tilted @ p.REWARD - 0.3 * tilted @ (np.log(tilted) - log_ref) == pytest.approx(p.best_aim(0.3))
    assert all(p.aim(RNG.normal(size=p.REFERENCE.shape), 0.3)[0] < p.best_aim(0.3) for _ in range(50))


def test_ppo_comes_within_two_per_cent_of_the_best() -> None:
    assert p.train()[-1] > 0.98 * p.best_aim(0.3)


@pytest.mark.slow
def test_the_stored_experiment_is_what_the_code_gives() -> None:
    stored = json.loads((DOCS / "alignment/rlhf-ppo.json").read_text(encoding="utf-8"))
    found = p.experiment()

    assert found["spread"] == stored["spread"]
    assert found["best"] == stored["best"]
    for name, run in stored["runs"].items():
        np.testing.assert_allclose(found["runs"][name][:20], run[:20], atol=2e-3)
    ends = {name: run[-1] for name, run in stored["runs"].items()}
    assert ends["clip 0.2, 16 epochs"] > 3.1 > ends["no clip, 16 epochs"] + 1
