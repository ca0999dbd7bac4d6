"""The closed form of the forward chain, the posterior by Bayes' rule, the bound, and agreement with diffusers."""

import json
from pathlib import Path

import numpy as np
import pytest
from examples import DOCS, load

ddpm = load("architectures/diffusion/ddpm")
REFERENCE = json.loads(Path(__file__).with_name("reference.json").read_text(encoding="utf-8"))["ddpm"]


def test_many_little_steps_make_the_closed_form() -> None:
    betas, mean, variance = ddpm.linear_betas(), 1.0, 0.0
    for beta in betas:
        mean, variance = np.sqrt(1 - beta) * mean, (1 - beta) * variance + beta
    alpha, sigma = ddpm.levels(betas)

    assert alpha[-1] == pytest.approx(mean)
    assert sigma[-1] ** 2 == pytest.approx(variance)


def test_the_posterior_is_bayes_rule() -> None:
    betas, t, x0, x = ddpm.linear_betas(), 300, 0.7, -0.4
    alpha, sigma = ddpm.levels(betas)
    before = np.linspace(-8, 8, 200_001)
    density = np.exp(
        -0.5 * ((before - alpha[t - 1] * x0) / sigma[t - 1]) ** 2
        - 0.5 * (x - np.sqrt(1 - betas[t]) * before) ** 2 / betas[t]
    )
    mean = (before * density).sum() / density.sum()
    variance = ((before - mean) ** 2 * density).sum() / density.sum()

    np.testing.assert_allclose(ddpm.posterior(x0, x, t, betas), (mean, variance), rtol=1e-6)


def test_the_mean_of_the_posterior_in_the_form_with_noise() -> None:
    betas, t, x, eps = ddpm.linear_betas(), 300, 0.5, -1.2
    alpha, sigma = ddpm.levels(betas)
    mean, _ = ddpm.posterior((x - sigma[t] * eps) / alpha[t], x, t, betas)

    assert mean == pytest.approx((x - betas[t] / sigma[t] * eps) / np.sqrt(1 - betas[t]))


def test_the_first_step_back_to_the_data_adds_no_noise() -> None:
    betas = ddpm.linear_betas()
    x, eps = np.array([0.3]), np.array([1.0])
    for large in (False, True):
        steps = [ddpm.reverse_step(x, 0, eps, betas, noise, large) for noise in (0.0, 5.0)]
        np.testing.assert_array_equal(*steps)


@pytest.mark.parametrize("case", REFERENCE["steps"], ids=lambda case: f"{case['variance']}-{case['t']}")
def test_steps_agree_with_diffusers(case) -> None:  # type: ignore[no-untyped-def]
    x, eps, noise = (np.array(REFERENCE[name]) for name in ("x", "eps", "noise"))
    step = ddpm.reverse_step(x, case["t"], eps, ddpm.linear_betas(), noise, case["variance"] == "fixed_large")

    np.testing.assert_allclose(step, case["previous"], atol=1e-4)  # the library's schedule is in single precision


def test_regression_on_training_examples_gives_the_exact_noise() -> None:
    rng = np.random.default_rng(0)
    betas = ddpm.linear_betas(10, 0.01, 0.5)
    x0 = ddpm.MEANS[rng.choice(3, 1_000_000, p=ddpm.WEIGHTS)] + ddpm.SPREAD * rng.normal(size=(1_000_000, 1))
    x, t, eps = ddpm.training_example(x0, betas, rng)
    alpha, sigma = ddpm.levels(betas)
    for level in (2, 6):
        near = (t[:, 0] == level) & (np.abs(x[:, 0] - 0.5) < 0.03)
        exact = ddpm.exact_noise(np.array([[0.5]]), alpha[level], sigma[level])[0, 0]
        assert eps[near].mean() == pytest.approx(exact, abs=0.05)


def test_the_bound_is_above_the_entropy_and_tight_with_the_best_variance() -> None:
    grid = np.linspace(-7, 7, 4001)
    p = ddpm.density(grid)
    entropy = -(p * np.log(p + 1e-300)).sum() * (grid[1] - grid[0])
    small, large, best = (ddpm.bound(ddpm.linear_betas(), grid, choice) for choice in ("small", "large", "best"))

    assert entropy < best < large < small
    assert best == pytest.approx(entropy, abs=0.01)


def test_the_weights_are_those_of_the_paper() -> None:
    betas = ddpm.linear_betas()
    sigma = ddpm.levels(betas)[1]
    variance = betas[1:] * sigma[:-1] ** 2 / sigma[1:] ** 2
    paper = betas[1:] ** 2 / (2 * variance * (1 - betas[1:]) * sigma[1:] ** 2)

    np.testing.assert_allclose(ddpm.bound_weights(betas), paper)


def test_the_stored_experiment_is_what_the_code_gives() -> None:
    stored = json.loads((DOCS / "architectures/diffusion/ddpm.json").read_text(encoding="utf-8"))

    assert {name: stored[name] for name in ("steps", "small", "large")} == ddpm.experiment()
    assert stored["small"][-1] < 0.1 * stored["small"][0]


def test_the_noise_that_leads_back_is_the_total_and_not_that_of_each_step() -> None:
    betas, rng = ddpm.linear_betas(), np.random.default_rng(0)
    alpha, sigma = ddpm.levels(betas)
    start = x = rng.choice([-1.0, 1.0], size=2_000)
    added = rng.normal(size=(len(betas), 2_000))
    for beta, eps in zip(betas, added, strict=True):
        x = np.sqrt(1 - beta) * x + np.sqrt(beta) * eps
    replayed = right = x
    for t in reversed(range(len(betas))):
        replayed = ddpm.reverse_step(replayed, t, added[t], betas, 0.0)
        right = ddpm.reverse_step(right, t, (right - alpha[t] * start) / sigma[t], betas, rng.normal(size=2_000))

    np.testing.assert_allclose(right, start, atol=1e-6)
    assert abs(np.corrcoef(replayed, start)[0, 1]) < 0.1


def test_the_least_loss_on_a_training_set_copies_it_unless_the_network_sees_only_parts() -> None:
    points, rng = ddpm.SPIRAL[3::8], np.random.default_rng(0)
    x, alpha, sigma = rng.normal(size=(5, 2)), 0.8, 0.6
    weight = np.exp(-((x[:, None] - alpha * points) ** 2).sum(-1) / (2 * sigma**2))
    mean = weight @ points / weight.sum(1, keepdims=True)
    np.testing.assert_allclose(ddpm.sees_all(points)(x, alpha, sigma), (x - alpha * mean) / sigma)

    moved = x + np.array([0.0, 0.5])
    outputs = [ddpm.sees_one(points)(points_at, alpha, sigma)[:, 0] for points_at in (x, moved)]
    np.testing.assert_array_equal(*outputs)

    seen = ddpm.copies()
    assert (seen["all"]["copied"], seen["all"]["pairs"]) == (1.0, 8)
    assert seen["one"]["copied"] < 0.25
    assert seen["one"]["coordinates"] > 0.99
    assert seen["one"]["pairs"] == 64
