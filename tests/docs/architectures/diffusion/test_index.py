"""Exact predictions agree with integration, forms of a prediction convert exactly, samplers approach the truth."""

import json

import numpy as np
import pytest
from examples import DOCS, load

hub = load("architectures/diffusion/index")


@pytest.mark.parametrize("t", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("path", [hub.cosine, hub.straight])
def test_the_exact_noise_is_the_posterior_mean(path, t: float) -> None:  # type: ignore[no-untyped-def]
    alpha, sigma = path(t)
    x0 = np.linspace(-7, 7, 40_001)
    prior = (hub.WEIGHTS / hub.SPREADS * np.exp(-0.5 * ((x0[:, None] - hub.MEANS) / hub.SPREADS) ** 2)).sum(1)
    for x in (-1.5, 0.0, 2.0):
        weight = prior * np.exp(-0.5 * ((x - alpha * x0) / sigma) ** 2)
        integrated = ((x - alpha * x0) / sigma * weight).sum() / weight.sum()
        assert hub.exact_noise(np.array([x]), alpha, sigma)[0] == pytest.approx(integrated, abs=1e-4)


def test_every_form_of_a_prediction_gives_the_others_back() -> None:
    alpha, sigma = hub.cosine(0.4)
    rng = np.random.default_rng(0)
    x0, eps = rng.normal(size=5), rng.normal(size=5)
    x = alpha * x0 + sigma * eps
    forms = hub.convert(x, eps, alpha, sigma)

    np.testing.assert_allclose(forms["data"], x0)
    np.testing.assert_allclose(forms["score"] * -sigma, eps)
    velocity = forms["velocity, variance-preserving"]
    np.testing.assert_allclose(alpha * x - sigma * velocity, x0)
    np.testing.assert_allclose(sigma * x + alpha * velocity, eps)
    flow = 1 - 0.4, 0.4
    straight = hub.convert(flow[0] * x0 + flow[1] * eps, eps, *flow)["velocity, straight path"]
    np.testing.assert_allclose(straight, eps - x0)


@pytest.mark.parametrize("log_snr", [-6.0, -0.4, 0.0, 3.0])
def test_every_papers_symbol_means_the_same_level(log_snr: float) -> None:
    alpha_bar, ratio = 1 / (1 + np.exp(-log_snr)), np.exp(-log_snr / 2)  # ratio: noise over signal
    written = {
        "DDPM: cumulative product": alpha_bar,
        "DDIM: alpha": alpha_bar,
        "VDM: gamma": -log_snr,
        "DPM-Solver: lambda": log_snr / 2,
        "EDM: sigma": ratio,
        "flow matching, rectified flow: t": 1 / (1 + ratio),
        "Stable Diffusion 3, FLUX, mean flows: t": ratio / (1 + ratio),
    }
    for paper, value in written.items():
        alpha, sigma = hub.level(paper, value)
        assert np.log(alpha**2 / sigma**2) == pytest.approx(log_snr), paper


@pytest.mark.parametrize("path", ["variance-preserving", "straight", "exploding (EDM)"])
def test_a_prediction_of_the_data_survives_the_change_of_path(path: str) -> None:
    alpha, sigma = hub.cosine(0.4)
    x = np.linspace(-2, 2, 9)
    other = hub.same_level(alpha, sigma, path)
    kept, moved = (
        hub.convert(y, hub.exact_noise(y, *levels), *levels)["data"]
        for y, levels in ((x, (alpha, sigma)), (other[2] * x, other[:2]))
    )

    np.testing.assert_allclose(kept, moved)
    checks = {"variance-preserving": np.hypot(*other[:2]), "straight": sum(other[:2]), "exploding (EDM)": other[0]}
    assert checks[path] == pytest.approx(1)


def test_the_score_is_the_gradient_of_the_log_density() -> None:
    alpha, sigma = hub.cosine(0.5)

    def log_density(x: float) -> float:
        variance = (alpha * hub.SPREADS) ** 2 + sigma**2
        return float(
            np.log((hub.WEIGHTS / np.sqrt(variance) * np.exp(-0.5 * (x - alpha * hub.MEANS) ** 2 / variance)).sum())
        )

    for x in (-2.0, 0.3, 1.7):
        numeric = (log_density(x + 1e-5) - log_density(x - 1e-5)) / 2e-5
        eps = hub.exact_noise(np.array([x]), alpha, sigma)
        assert hub.convert(np.array([x]), eps, alpha, sigma)["score"][0] == pytest.approx(numeric, abs=1e-6)


def test_more_steps_come_closer_and_all_reach_the_data() -> None:
    for distances in hub.experiment(count=4000).values():
        assert distances[-1] < 0.06
        assert distances[0] > 5 * distances[-1]


def test_without_fresh_noise_sampling_is_deterministic() -> None:
    start = np.linspace(-1, 1, 5)
    runs = [hub.sample(hub.cosine, 10, start, np.random.default_rng(seed))[-1] for seed in (1, 2)]
    noisy = [hub.sample(hub.cosine, 10, start, np.random.default_rng(seed), noise=1.0)[-1] for seed in (1, 2)]

    np.testing.assert_array_equal(*runs)
    assert not np.allclose(*noisy)


@pytest.mark.slow
def test_the_stored_experiment_is_what_the_code_gives() -> None:
    stored = json.loads((DOCS / "architectures/diffusion/index.json").read_text(encoding="utf-8"))

    assert hub.experiment() == stored["distance"]
    assert hub.tracks() == stored["tracks"]
