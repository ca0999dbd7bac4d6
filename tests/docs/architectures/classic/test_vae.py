"""The bound is one, it is tight for the true posterior, gradients agree, and collapse follows from the spectrum."""

import json

import numpy as np
import pytest
from examples import DOCS, load

vae = load("architectures/classic/vae")


def test_the_divergence_agrees_with_integration() -> None:
    z = np.linspace(-12, 12, 400_001)
    q = np.exp(-0.5 * ((z - 0.7) / 0.5) ** 2) / (0.5 * np.sqrt(2 * np.pi))
    p = np.exp(-0.5 * z**2) / np.sqrt(2 * np.pi)
    integral = (q * (np.log(np.maximum(q, 1e-300)) - np.log(p))).sum() * (z[1] - z[0])

    assert vae.kl_to_prior(np.array([0.7]), np.array([2 * np.log(0.5)])) == pytest.approx(integral, abs=1e-6)


def bound(x: np.ndarray, slope: float, variance: float) -> float:
    """ELBO of a scalar linear model with gain 1.5 and noise variance 0.4, averaged over many samples."""
    eps = np.random.default_rng(0).normal(size=(400_000, 1))
    batch = np.repeat(x[None], len(eps), 0)
    log_var = np.full_like(batch, np.log(variance))
    return float(vae.elbo(batch, lambda b: (slope * b, log_var), lambda z: 1.5 * z, 0.4, eps).mean())


def test_the_bound_is_tight_for_the_true_posterior_and_below_otherwise() -> None:
    x = np.array([1.2])
    marginal = 1.5**2 + 0.4
    log_p = -0.5 * (x[0] ** 2 / marginal + np.log(2 * np.pi * marginal))

    assert bound(x, 1.5 / marginal, 0.4 / marginal) == pytest.approx(log_p, abs=2e-3)
    assert bound(x, 0.2, 0.4 / marginal) < log_p
    assert bound(x, 1.5 / marginal, 0.5) < log_p


@pytest.mark.parametrize(("mean", "var"), [(0.3, 0.2), (1.8 / 2.65, 0.4 / 2.65), (0.0, 1.0), (-1.0, 0.01)])
def test_the_terms_add_up_to_the_likelihood_whatever_the_encoder(mean: float, var: float) -> None:
    terms = vae.exact_terms(1.2, mean, var, 1.5, 0.4)
    assert terms["reconstruction"] - terms["divergence"] + terms["gap"] == pytest.approx(terms["log p"])
    assert terms["gap"] >= 0
    assert terms["divergence"] == pytest.approx(vae.kl_to_prior(np.array([mean]), np.array([np.log(var)])))

    z = np.linspace(mean - 9 * np.sqrt(var), mean + 9 * np.sqrt(var), 200_001)
    q = np.exp(-0.5 * (z - mean) ** 2 / var) / np.sqrt(2 * np.pi * var)
    log_likelihood = -0.5 * (np.log(2 * np.pi * 0.4) + (1.2 - 1.5 * z) ** 2 / 0.4)
    assert (q * log_likelihood).sum() * (z[1] - z[0]) == pytest.approx(terms["reconstruction"], abs=1e-6)


def test_the_bound_by_sampling_is_the_sum_of_the_exact_terms() -> None:
    terms = vae.exact_terms(1.2, 0.5 * 1.2, 0.3, 1.5, 0.4)

    assert bound(np.array([1.2]), 0.5, 0.3) == pytest.approx(terms["reconstruction"] - terms["divergence"], abs=5e-3)


def test_both_gradients_are_unbiased_and_one_is_much_quieter() -> None:
    through, by_log = vae.two_gradients(1.0, 0.5, lambda z: z**2, lambda z: 2 * z, 400_000, np.random.default_rng(1))

    assert through.mean() == pytest.approx(2, abs=0.01)
    assert by_log.mean() == pytest.approx(2, abs=0.05)
    assert through.std() < by_log.std() / 3


def test_directions_below_the_noise_collapse() -> None:
    gain, variance, divergence = vae.linear_vae(np.array([2.0, 0.5, 0.05]), 0.1)

    assert gain[2] == 0
    assert variance[2] == 1
    assert divergence[2] == pytest.approx(0)
    assert (divergence[:2] > 0).all()


def test_no_other_gain_has_a_higher_bound() -> None:
    variance, noise = 2.0, 0.3
    gain, _, _ = vae.linear_vae(np.array([variance]), noise)

    def log_likelihood(g: float) -> float:
        total = g**2 + noise
        return -0.5 * (variance / total + np.log(2 * np.pi * total))

    assert all(log_likelihood(gain[0]) >= log_likelihood(g) for g in np.linspace(0, 3, 61))


def test_the_stored_experiment_is_what_the_code_gives() -> None:
    stored = json.loads((DOCS / "architectures/classic/vae.json").read_text(encoding="utf-8"))["rows"]

    assert vae.experiment() == stored
    assert [used for _, used, _ in stored] == sorted((used for _, used, _ in stored), reverse=True)


def test_averaging_the_error_is_a_beta_of_the_number_of_pixels() -> None:
    rng = np.random.default_rng(4)
    error, divergence, pixels = rng.uniform(size=192), rng.uniform(size=8), 192

    beta = vae.beta_of(pixels, 8, weight=0.3, error="mean", divergence="mean")
    averaged = error.mean() + 0.3 * divergence.mean()
    assert averaged * pixels == pytest.approx(error.sum() + beta * divergence.sum())
    assert vae.beta_of(pixels, 8) == 1


def test_with_an_averaged_error_no_direction_of_pictures_between_0_and_1_is_used() -> None:
    """Their variances add up to a quarter of the pixels at most, and half is needed."""
    extreme = np.random.default_rng(5).integers(0, 2, size=(400, 1)) * np.ones((1, 64))  # all black or all white
    spectrum = np.linalg.eigvalsh(np.cov(extreme.T, bias=True))

    assert spectrum.max() <= 64 / 4 + 1e-9
    assert not vae.linear_vae(spectrum, 0.5, vae.beta_of(64, 4, error="mean"))[0].any()
    assert vae.linear_vae(spectrum, 0.5, vae.beta_of(64, 4))[0].any()
