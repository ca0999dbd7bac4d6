"""The score is a gradient and the mean of its target; both equations reach the data; likelihoods are right."""

import json
from itertools import pairwise

import numpy as np
import pytest
from examples import DOCS, load

sde, ddpm = load("architectures/diffusion/score-sde"), load("architectures/diffusion/ddpm")
POINTS = np.array([[0.3, -0.2], [-1.1, 0.9], [1.5, 0.1]])


@pytest.mark.parametrize("t", [0.0, 0.1, 0.5, 1.0])
def test_the_score_is_the_gradient_of_the_log_density(t: float) -> None:
    for axis in range(2):
        step = np.eye(2)[axis] * 1e-5
        numeric = (sde.log_density(POINTS + step, t) - sde.log_density(POINTS - step, t)) / 2e-5
        np.testing.assert_allclose(sde.score(POINTS, t)[:, axis], numeric, atol=1e-5)


def test_the_divergence_is_the_trace_of_its_derivative() -> None:
    trace = 0.0
    for axis in range(2):
        step = np.eye(2)[axis] * 1e-5
        trace = trace + (sde.score(POINTS + step, 0.2) - sde.score(POINTS - step, 0.2))[:, axis] / 2e-5

    np.testing.assert_allclose(sde.divergence(POINTS, 0.2), trace, atol=1e-5)


def test_the_mean_of_the_regression_target_is_the_score() -> None:
    t, rng = 0.3, np.random.default_rng(0)
    alpha, sigma = sde.levels(t)
    x0 = sde.MEANS[rng.choice(3, 3_000_000, p=sde.WEIGHTS)] + sde.SPREAD * rng.normal(size=(3_000_000, 2))
    eps = rng.normal(size=x0.shape)
    near = np.abs(alpha * x0 + sigma * eps - np.array([0.2, 0.1])).max(1) < 0.04
    mean = sde.score_matching_target(eps[near], t).mean(0)

    np.testing.assert_allclose(mean, sde.score(np.array([[0.2, 0.1]]), t)[0], atol=0.05)


@pytest.mark.parametrize("t", [0.1, 0.5])
def test_the_mean_of_the_clean_data_follows_from_the_score(t: float) -> None:
    alpha, sigma = sde.levels(t)
    variance, _, weight, _ = sde._components(POINTS, alpha, sigma)
    # Within one Gaussian the clean point lies between its mean and the noisy point, by Bayes' rule.
    between = sde.MEANS + alpha * sde.SPREAD**2 * (POINTS[:, None] - alpha * sde.MEANS) / variance
    mean = (weight[..., None] * between).sum(1)

    np.testing.assert_allclose((POINTS + sigma**2 * sde.score(POINTS, t)) / alpha, mean, atol=1e-10)


def test_the_levels_are_the_limit_of_ddpm() -> None:
    alpha, _ = ddpm.levels(ddpm.linear_betas())

    for t in (250, 500, 1000):
        assert sde.levels(t / 1000)[0] == pytest.approx(alpha[t - 1], abs=0.002)


def test_the_density_obeys_the_flow_of_the_ode() -> None:
    # Continuity: d log p / dt = -(div v + v . grad log p) with the velocity v of the probability-flow ODE.
    t = 0.3
    change = (sde.log_density(POINTS, t + 1e-5) - sde.log_density(POINTS, t - 1e-5)) / 2e-5
    velocity = -0.5 * sde.beta(t) * (POINTS + sde.score(POINTS, t))
    divergence = -0.5 * sde.beta(t) * (2 + sde.divergence(POINTS, t))

    np.testing.assert_allclose(change, -(divergence + (velocity * sde.score(POINTS, t)).sum(1)), atol=1e-4)


@pytest.mark.parametrize("noise", [0.0, 0.7, 1.0])
def test_every_amount_of_noise_has_the_same_distribution_on_the_way(noise: float) -> None:
    rng = np.random.default_rng(0)
    states = sde.reverse(rng.normal(size=(20_000, 2)), np.linspace(1.0, 0.3, 141), rng, noise)
    alpha, sigma = sde.levels(0.3)
    mean = alpha * sde.WEIGHTS @ sde.MEANS
    centred = sde.MEANS - sde.WEIGHTS @ sde.MEANS
    covariance = alpha**2 * ((sde.WEIGHTS * centred.T) @ centred + sde.SPREAD**2 * np.eye(2)) + sigma**2 * np.eye(2)

    np.testing.assert_allclose(states[-1].mean(0), mean, atol=0.03)
    np.testing.assert_allclose(np.cov(states[-1].T), covariance, atol=0.05)


@pytest.mark.parametrize("excess", [0.1, -0.1])
@pytest.mark.parametrize("noise", [0.0, 1.0, 2.0])
def test_the_variance_under_a_wrong_score_is_that_of_a_simulation(excess: float, noise: float) -> None:
    # A linear step multiplies the mean square and adds the noise's: the simulation needs no samples.
    square, times = 1.0, np.linspace(1.0, 0.0, 20_001)
    for now, then in pairwise(times):
        h = (now - then) * sde.beta((now + then) / 2)
        square = (1 + h / 2 - h / 2 * (1 + noise**2) * (1 + excess)) ** 2 * square + noise**2 * h

    assert sde.variance_with_error(excess, noise) == pytest.approx(square, rel=2e-3)


def test_a_true_score_gives_the_true_variance_whatever_the_noise() -> None:
    assert sde.variance_with_error(1e-9, 0.0) == pytest.approx(1)
    assert sde.variance_with_error(0.0, 1.0) == pytest.approx(1)


def test_the_velocity_of_flow_matching_follows_from_the_score() -> None:
    t, x0, eps = 0.4, 0.9, -0.3
    x, score = (1 - t) * x0 + t * eps, -eps / t

    assert -(x + t * score) / (1 - t) == pytest.approx(eps - x0)


def test_likelihoods_come_close_to_the_truth() -> None:
    times = sde.quadratic_times(128, last=0.0)[::-1]

    np.testing.assert_allclose(sde.log_likelihood(POINTS, times), sde.log_density(POINTS, 0.0), atol=0.01)


def test_langevin_at_one_level_leaves_the_wrong_shares_and_many_levels_mend_most_of_it() -> None:
    shares = sde.experiment()["shares"]
    one, many = (np.abs(np.array(shares[name]) - sde.WEIGHTS).max() for name in list(shares)[2:])

    assert many < 0.5 * one


def test_the_stored_experiment_is_what_the_code_gives() -> None:
    stored = json.loads((DOCS / "architectures/diffusion/score-sde.json").read_text(encoding="utf-8"))

    assert {key: stored[key] for key in ("steps", "likelihood error", "shares")} == sde.experiment()


def test_in_many_dimensions_a_sample_shows_its_own_noise_level() -> None:
    errors = sde.blind()
    expected = [1 / np.sqrt(2 * (dimensions - 2)) for dimensions in sde.DIMENSIONS]

    np.testing.assert_allclose(errors[1:], expected[1:], rtol=0.15)
    assert errors == sorted(errors, reverse=True)
    assert errors[-1] < 0.01
