"""Scaling gives unit variance and undoes itself, a wrong scale moves the schedule, and the decoder sets a ceiling."""

import json
from pathlib import Path

import numpy as np
import pytest
from examples import DOCS, load

latent = load("architectures/diffusion/latent-diffusion")
noise = load("architectures/diffusion/noise-parametrisation")
REFERENCE = json.loads(Path(__file__).with_name("reference.json").read_text(encoding="utf-8"))["latent_diffusion"]


def test_the_fitted_scale_gives_mean_zero_and_variance_one_and_back() -> None:
    latents = 3.0 + 5.0 * np.random.default_rng(0).normal(size=1000)
    scale, shift = latent.fit(latents)
    z = latent.to_diffusion(latents, scale, shift)

    assert z.mean() == pytest.approx(0, abs=1e-12)
    assert z.std() == pytest.approx(1)
    np.testing.assert_allclose(latent.from_diffusion(z, scale, shift), latents)


@pytest.mark.parametrize(("name", "fewer"), [("Stable Diffusion 1, 2", 48), ("FLUX.1", 12), ("Sana (DC-AE)", 96)])
def test_latents_are_smaller_by_this_factor_at_any_size(name: str, fewer: int) -> None:
    for side in (512, 1024, 2048):
        assert latent.numbers("pixels", side) == fewer * latent.numbers(name, side)


def test_a_wrong_scale_moves_the_schedule_by_a_constant() -> None:
    alpha, sigma = latent.stable_diffusion_levels()
    moved = latent.log_snr(alpha, sigma, 5.0) - latent.log_snr(alpha, sigma)

    np.testing.assert_allclose(moved, 2 * np.log(5))
    np.testing.assert_allclose(alpha, noise.scaled_linear()[0])


def test_the_deviation_of_the_samples_is_what_the_sampler_gives() -> None:
    alpha, sigma = latent.stable_diffusion_levels()
    for deviation in (1.0, 5.49):
        run = noise.run_sampler(alpha, sigma, deviation**2, 1.0)
        assert run == pytest.approx(latent.sampled_deviation(alpha, sigma, deviation), rel=0.02)


def test_the_basis_is_orthonormal_and_keeping_all_loses_nothing() -> None:
    basis = latent.cosine_basis(16)
    images = latent.toy_images(50, np.random.default_rng(0))

    np.testing.assert_allclose(basis.T @ basis, np.eye(16), atol=1e-12)
    assert latent.lost(images, 64) < 1e-20
    assert latent.lost(images, 4) > 10 * latent.lost(images, 8)


def test_what_is_known_of_a_cosine_is_what_regression_finds() -> None:
    rng, t = np.random.default_rng(0), 0.6
    for power in (4.0, 1.0, 0.05):
        x0 = np.sqrt(power) * rng.normal(size=400_000)
        x = (1 - t) * x0 + t * rng.normal(size=x0.size)
        explained = np.corrcoef(x0, x)[0, 1] ** 2
        assert explained == pytest.approx(latent.known(power, t), abs=5e-3)
        assert latent.known(power, latent.decided(power)) == pytest.approx(0.5)


def test_the_least_loss_is_the_integral_of_the_velocity_s_variance() -> None:
    t = (np.arange(200_000) + 0.5) / 200_000
    for power in (9.0, 1.0, 0.1):
        left = power * (1 - latent.known(power, t)) / t**2
        assert left.mean() == pytest.approx(latent.least_loss(power), rel=1e-3)


@pytest.mark.parametrize("falling", [True, False])
def test_both_spectra_have_variance_one(falling: bool) -> None:
    assert latent.spectrum(falling).mean() == pytest.approx(1)


def test_the_parts_of_stable_diffusion_have_the_library_s_sizes() -> None:
    assert latent.PARTS == REFERENCE


def test_the_stored_curves_are_what_the_code_gives() -> None:
    stored = json.loads((DOCS / "architectures/diffusion/latent-diffusion.json").read_text(encoding="utf-8"))

    assert latent.experiment() == stored
