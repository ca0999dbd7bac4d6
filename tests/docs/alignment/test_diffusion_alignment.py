"""On the Gaussian everything is known: marginals, the best policy, the gradient, and what the preference loss wants."""

import json
from itertools import pairwise

import numpy as np
import pytest
from examples import DOCS, load

d = load("alignment/diffusion-alignment")
RNG = np.random.default_rng(0)


def test_the_velocity_is_the_conditional_mean_of_noise_minus_data() -> None:
    x0, noise = d.MEAN + d.SD * RNG.normal(size=400_000), RNG.normal(size=400_000)
    for t in (0.2, 0.7):
        noised = (1 - t) * x0 + t * noise
        slope, offset = np.polyfit(noised, noise - x0, 1)
        assert d.velocity(1.0, t) - d.velocity(0.0, t) == pytest.approx(slope, abs=0.02)
        assert d.velocity(0.0, t) == pytest.approx(offset, abs=0.02)


@pytest.mark.parametrize("noise", [0.0, 0.2, 0.7, 2**0.5])
def test_the_samplers_noise_does_not_change_the_result(noise: float) -> None:
    mean, variance, _ = d.moments(d.chain(2000, noise))

    assert mean == pytest.approx(d.MEAN, abs=2e-3)
    assert np.sqrt(variance) == pytest.approx(d.SD, abs=2e-3)


def test_every_marginal_on_the_way_is_that_of_the_noised_data() -> None:
    rows, mean, variance = d.chain(2000, 0.7), 0.0, 1.0
    for index, (a, b, s) in enumerate(rows):
        mean, variance = a * mean + b, a**2 * variance + s**2
        t = 1 - (index + 1) / 2000
        if index > 400:  # the very first steps, where the spread is largest, are the coarsest
            assert mean == pytest.approx((1 - t) * d.MEAN, abs=0.01)
            assert variance == pytest.approx(((1 - t) * d.SD) ** 2 + t**2, abs=0.015)


def test_only_noise_forgets_the_start_and_root_two_forgets_it_all() -> None:
    correlations = [d.moments(d.chain(500, a))[2] for a in (0.0, 0.2, 0.7, 2**0.5)]

    assert correlations[0] == pytest.approx(1)
    assert all(later < earlier for earlier, later in pairwise(correlations))
    assert abs(correlations[-1]) < 0.01


@pytest.mark.parametrize("noise", [0.2, 0.7])
def test_the_shifts_are_the_best_ones(noise: float) -> None:
    rows, beta = d.chain(10, noise), 0.8
    best = d.best_shifts(rows, beta)

    def aim(shifts: np.ndarray) -> float:
        moved = np.column_stack([rows[:, 0], rows[:, 1] + shifts, rows[:, 2]])
        return float(d.moments(moved)[0] - beta * (shifts**2 / (2 * rows[:, 2] ** 2)).sum())

    for _ in range(50):
        assert aim(best + 0.05 * RNG.normal(size=10)) < aim(best)
    correlation = d.moments(rows)[2]
    assert d.reached(rows, beta) == pytest.approx(1 - correlation**2)


def test_the_exact_tilt_is_reached_by_a_memoryless_sampler() -> None:
    assert d.reached(d.chain(200, 2**0.5), 1.0) == pytest.approx(1, abs=1e-3)
    assert d.reached(d.chain(200, 0.0), 1.0) == 0


def _gaussian(mean: float):  # type: ignore[no-untyped-def]
    return lambda x, t: d.velocity(x, t, mean=mean)


@pytest.mark.parametrize("noise", [-1.3, 0.0, 2.0])
@pytest.mark.parametrize("t", [0.1, 0.5, 0.9])
def test_on_the_gaussian_the_preference_logit_is_a_slope_whatever_the_noise(noise: float, t: float) -> None:
    inside = d.dpo_inside(_gaussian(d.MEAN + 0.3), _gaussian(d.MEAN), 1.7, 0.4, t, noise, beta=2.0)

    assert inside == pytest.approx(d.dpo_slope(t, 2.0) * 0.3 * (1.7 - 0.4))


def test_with_noise_of_its_own_for_each_image_the_logit_would_be_noisy() -> None:
    t, theta = 0.5, _gaussian(d.MEAN + 0.3)

    def gain(x: float, noise: float) -> float:
        noised = (1 - t) * x + t * noise
        return float((theta(noised, t) - noise + x) ** 2 - (d.velocity(noised, t) - noise + x) ** 2)

    draws = [gain(1.7, a) - gain(0.4, b) for a, b in RNG.normal(size=(200, 2))]
    assert np.std(draws) > 0.2 * abs(np.mean(draws))


def test_at_one_time_the_learned_shift_inverts_its_slope_and_at_many_it_lies_between() -> None:
    for t in (0.3, 0.5, 0.9):
        assert d.dpo_learned([t], 1.0) == pytest.approx(1 / d.dpo_slope(t, 1.0), rel=1e-6)
    together = d.dpo_learned([0.1, 0.5], 1.0)
    assert d.dpo_learned([0.5], 1.0) < together < d.dpo_learned([0.1], 1.0)


def test_mirrored_predictions_pull_and_push() -> None:
    good = [d.nft_loss(v, 0.0, 1.0, 1.0) for v in (0.0, 0.5, 1.0)]
    bad = [d.nft_loss(v, 0.0, 1.0, 0.0) for v in (0.5, 0.0, -1.0)]

    assert good == sorted(good, reverse=True)
    assert bad == sorted(bad, reverse=True)
    assert d.nft_loss(0.3, 0.0, 1.0, 1.0, beta=1.0) == pytest.approx((0.3 - 1) ** 2)


@pytest.mark.parametrize("beta", [1.0, 0.1])
def test_the_regression_on_finished_images_follows_the_covariance_of_reward_and_velocity(beta: float) -> None:
    t, noised = 0.6, 0.3
    x0 = np.linspace(-3, 5, 4001)
    noise = (noised - (1 - t) * x0) / t
    reward = 1 / (1 + np.exp(-3 * (x0 - 1.2)))

    def chances(strength: float) -> np.ndarray:
        log_p = -((x0 - d.MEAN) ** 2) / (2 * d.SD**2) - noise**2 / 2 + strength * reward
        weight = np.exp(log_p - log_p.max())
        return weight / weight.sum()

    p, target = chances(0.0), noise - x0
    old = float(p @ target)
    assert old == pytest.approx(d.velocity(noised, t), abs=1e-6)
    covariance = float(p @ (reward * target) - (p @ reward) * old)
    best = old + 2 / beta * covariance

    def loss(v: float) -> float:
        return float(p @ d.nft_loss(v, old, target, reward, beta))

    assert loss(best) < min(loss(best - 0.01), loss(best + 0.01))
    tilted = float((chances(1e-4) - chances(-1e-4)) @ target) / 2e-4
    assert 2 / beta * tilted == pytest.approx(best - old, rel=1e-4)


def test_averaged_ratios_fall_below_one_for_good_and_bad_samples_alike() -> None:
    entries, spread, delta = 4096, 0.3, 0.1
    moved = RNG.normal(size=entries)
    moved *= delta * spread / np.sqrt((moved**2).mean())
    x = spread * RNG.normal(size=(2000, entries))
    log_ratio = (d.log_probability(x, moved, spread) - d.log_probability(x, 0.0, spread)).mean(axis=1)

    assert log_ratio.mean() == pytest.approx(-(delta**2) / 2, rel=0.02)
    assert log_ratio.std() == pytest.approx(delta / entries**0.5, rel=0.06)
    assert (log_ratio < 0).mean() > 0.99

    small = 0.01 * moved  # of the whole latent, not averaged, the ratio is 1 on the mean
    whole = (d.log_probability(x, small, spread) - d.log_probability(x, 0.0, spread)).sum(axis=1)
    assert np.exp(whole).mean() == pytest.approx(1, abs=0.01)


def test_the_policy_gradient_is_the_derivative_of_the_exact_reward() -> None:
    rows, group = d.chain(5, 0.7), 400_000
    rng = np.random.default_rng(2)
    path = d.sample(rows, np.zeros((5, 2)), rng.normal(size=group), rng)
    score = d.reward(path[-1])

    def expected(policy: np.ndarray) -> float:
        mean, variance, _ = d.moments(
            np.column_stack([rows[:, 0] + policy[:, 1], rows[:, 1] + policy[:, 0], rows[:, 2]])
        )
        return float(-((mean - d.TARGET) ** 2) - variance)

    step = d.update(np.zeros((5, 2)), rows, path, score, beta=0.0, rate=1.0)
    x = path[:-1]
    for k in range(5):
        features = np.stack([np.ones(group), x[k]])
        estimate = features @ features.T @ step[k] / group / rows[k, 2] ** 2
        for which in range(2):
            moved = np.zeros((5, 2))
            moved[k, which] = 1e-5
            slope = (expected(moved) - expected(-moved)) / 2e-5
            assert estimate[which] == pytest.approx(slope, abs=0.05 + 0.03 * abs(slope))


def test_charging_later_steps_reaches_the_best_policy_and_not_charging_falls_short() -> None:
    best, _ = d.best_samples(d.chain(10, 0.7), 0.5)

    assert np.mean(d.train(0.5)[-50:, 0]) == pytest.approx(best, abs=0.01)
    assert np.mean(d.train(0.5, whole=False)[-50:, 0]) < best - 0.05


def test_the_best_samples_are_those_of_weighted_ones_given_the_start() -> None:
    rows, beta, rng = d.chain(10, 0.7), 0.5, np.random.default_rng(7)
    mean, variance, correlation = d.moments(rows)
    start = rng.normal(size=400)
    own = np.sqrt(variance * (1 - correlation**2))
    ends = mean + correlation * np.sqrt(variance) * start[:, None] + own * rng.normal(size=(400, 4000))
    weight = np.exp(d.reward(ends) / beta)
    weight /= weight.sum(axis=1, keepdims=True)
    found = (weight * ends).sum(axis=1)

    expected, spread = d.best_samples(rows, beta)
    assert found.mean() == pytest.approx(expected, abs=0.02)
    assert np.sqrt(((weight * ends**2).sum(axis=1)).mean() - found.mean() ** 2) == pytest.approx(spread, abs=0.02)


def test_without_a_penalty_the_samples_become_alike() -> None:
    run = d.train(0.0)

    assert run[-1][1] < run[0][1] / 3
    assert run[-1][0] > 1.9


def test_the_stored_experiment_is_what_the_code_gives() -> None:
    stored = json.loads((DOCS / "alignment/diffusion-alignment.json").read_text(encoding="utf-8"))
    found = d.experiment()

    assert found["reached"] == stored["reached"]
    for part in ("runs", "paths"):
        for name, values in stored[part].items():
            np.testing.assert_allclose(found[part][name], values, atol=2e-3)
