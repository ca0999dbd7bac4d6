"""Matching distributions needs all noise levels and a score that keeps up; drifting needs wide kernels."""

import json

import numpy as np
from examples import DOCS, load

page = load("architectures/diffusion/distribution-matching")
X = np.array([-1.2, -0.3, 0.4, 1.1])


def test_the_score_of_the_real_mixture_is_the_gradient_of_its_log_density() -> None:
    t = 0.4

    def log_density(x: np.ndarray) -> np.ndarray:
        variance = ((1 - t) * page.SPREADS) ** 2 + t**2
        terms = page.WEIGHTS / np.sqrt(variance) * np.exp(-0.5 * (x[:, None] - (1 - t) * page.MEANS) ** 2 / variance)
        return np.log(terms.sum(1))

    numeric = (log_density(X + 1e-5) - log_density(X - 1e-5)) / 2e-5
    np.testing.assert_allclose(page.score(X, t, page.MEANS, page.SPREADS, page.WEIGHTS), numeric, atol=1e-5)


def test_distribution_matching_finds_all_groups_only_with_all_noise_levels() -> None:
    ends = {name: np.array(states[-1]) for name, states in page.matching().items()}

    assert page.distance(ends["all levels"]) < 0.1
    assert page.distance(ends["low noise only"]) > 3 * page.distance(ends["all levels"])


def test_drifting_with_a_gaussian_kernel_is_the_difference_of_two_smoothed_scores() -> None:
    # Noise of spread h added to x is x_t / (1 - t) with h = t / (1 - t): the same score in other units.
    h = 0.4
    t = h / (1 + h)
    data, samples = page.draw(60, np.random.default_rng(0)), np.linspace(-1, 2, 40)

    def smoothed(points: np.ndarray) -> np.ndarray:
        count = len(points)
        return (1 - t) * page.score((1 - t) * X, t, points, np.zeros(count), np.full(count, 1 / count))

    moved = page.shift(X, data, h, gaussian=True) - page.shift(X, samples, h, gaussian=True)
    np.testing.assert_allclose(moved, h**2 * (smoothed(data) - smoothed(samples)), atol=1e-10)


def test_drift_is_the_pull_on_pairs_of_data_and_sample() -> None:
    # Equation 4 of the paper: the mean of k(x, y+) k(x, y-) (y+ - y-), normalised.
    data, samples, h = page.draw(7, np.random.default_rng(0)), np.linspace(-1, 2, 5), 0.3
    k_data, k_samples = (np.exp(-np.abs(X[:, None] - p) / h) for p in (data, samples))
    pairs = np.einsum("xp,xn,pn->x", k_data, k_samples, data[:, None] - samples) / k_data.sum(1) / k_samples.sum(1)

    np.testing.assert_allclose(page.shift(X, data, h) - page.shift(X, samples, h), pairs, atol=1e-12)


def test_drifting_needs_a_wide_kernel_and_equal_forces() -> None:
    runs = page.drifting()
    ends = {name: page.distance(states[-1]) for name, states in runs.items()}

    assert ends["temperature 0.05"] > 1.0
    assert max(ends["temperature 0.5"], ends["0.05, 0.2 and 0.5"]) < 0.07
    assert ends["the same, 1.5 x attraction"] > 0.5
    assert np.ptp(runs["the same, attraction only"][-1]) < 0.02


def test_a_score_that_lags_a_little_does_no_harm_and_one_that_lags_far_drives_the_samples_away() -> None:
    ends = {n: gap for n, (gap, _) in page.lagging().items()}
    furthest = {n: reach for n, (_, reach) in page.lagging().items()}
    reach = np.abs(page.few.truth(150)).max()

    assert max(ends[1], ends[10], ends[20]) < 0.06
    assert furthest[10] < 1.2 * reach
    assert 1.8 * reach < furthest[20] < 2.6 * reach
    assert 0.3 < ends[30] < 0.5
    assert 9 * reach < furthest[30] < 14 * reach
    assert ends[100] > 1e6


def test_a_lag_is_made_good_by_smaller_updates() -> None:
    start, rng = np.linspace(-1.9, -1.1, 150), np.random.default_rng(0)
    slow = page.distribution_matching(start, page.LEVELS["all levels"], 4500, rng, rate=0.02, renewed=100)

    assert page.distance(slow[-1]) < 0.06


def test_the_stored_tracks_are_what_the_code_gives() -> None:
    stored = json.loads((DOCS / "architectures/diffusion/distribution-matching.json").read_text(encoding="utf-8"))

    for name, states in page.matching().items():
        np.testing.assert_allclose(np.array(states)[:, ::5], stored["matching"][name], atol=2e-3)
