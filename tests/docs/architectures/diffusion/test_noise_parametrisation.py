"""Schedules agree with diffusers, every form converts exactly, and the signal left at the last step has its effect."""

import json
from pathlib import Path

import numpy as np
import pytest
from examples import DOCS, load

noise = load("architectures/diffusion/noise-parametrisation")
flow_matching = load("architectures/diffusion/flow-matching")
REFERENCE = json.loads(Path(__file__).with_name("reference.json").read_text("utf-8"))["noise_parametrisation"]
FORMS = ("noise", "data", "score", "velocity", "flow")


@pytest.mark.parametrize("name", ["linear", "scaled linear", "cosine"])
def test_schedules_are_those_of_diffusers(name: str) -> None:
    alpha, _ = noise.SCHEDULES[name]()

    np.testing.assert_allclose(alpha[REFERENCE["t"]] ** 2, REFERENCE["alpha_bar"][name], atol=2e-6)


def test_zero_terminal_is_that_of_diffusers() -> None:
    alpha, _ = noise.zero_terminal(noise.scaled_linear()[0])

    np.testing.assert_allclose(
        alpha[REFERENCE["t"]] ** 2, REFERENCE["alpha_bar"]["scaled linear, zero terminal"], atol=2e-6
    )
    assert alpha[-1] == 0


def test_a_velocity_is_read_as_in_diffusers() -> None:
    case = REFERENCE["velocity"]
    alpha, sigma = noise.linear()
    x0, _ = noise.to_data_and_noise(
        "velocity", np.array(case["velocity"]), np.array(case["x"]), alpha[case["t"]], sigma[case["t"]]
    )

    np.testing.assert_allclose(x0, case["data"], atol=1e-5)


def test_shifted_times_are_those_of_diffusers_and_move_log_snr_by_a_constant() -> None:
    case = REFERENCE["shift"]
    times = np.array(case["times"])
    shifted = flow_matching.shifted(times, case["amount"])

    np.testing.assert_allclose(shifted, case["shifted"], atol=1e-6)
    moved = noise.log_snr(1 - shifted[1:], shifted[1:]) - noise.log_snr(1 - times[1:], times[1:])
    np.testing.assert_allclose(moved, -2 * np.log(case["amount"]))


@pytest.mark.parametrize(
    ("form", "alpha", "sigma"),
    [*((form, 0.8, 0.6) for form in FORMS), *((form, 0.7, 0.3) for form in FORMS if form != "velocity")],
)
def test_forms_convert_there_and_back(form: str, alpha: float, sigma: float) -> None:
    x0, eps = np.random.default_rng(0).normal(size=(2, 5))
    value = noise.from_data_and_noise(form, x0, eps, alpha, sigma)
    back = noise.to_data_and_noise(form, value, alpha * x0 + sigma * eps, alpha, sigma)

    np.testing.assert_allclose(back, (x0, eps))


def test_an_unknown_form_is_refused() -> None:
    with pytest.raises(ValueError, match="no form"):
        noise.to_data_and_noise("wave", 0.0, 0.0, 0.8, 0.6)


@pytest.mark.parametrize("form", ["noise", "data", "velocity", "flow"])
def test_the_weights_are_the_ratio_of_squared_errors(form: str) -> None:
    alpha, sigma = (0.6, 0.8) if form != "flow" else (0.6, 0.4)
    x = 0.3
    one, two = (noise.to_data_and_noise(form, value, x, alpha, sigma)[0] for value in (0.5, 0.6))

    assert 0.1**2 / (two - one) ** 2 == pytest.approx(noise.weight_on_data(form, np.array((alpha / sigma) ** 2)))


@pytest.mark.parametrize("case", REFERENCE["preconditioning"], ids=lambda case: str(case["sigma"]))
def test_preconditioning_is_that_of_diffusers(case) -> None:  # type: ignore[no-untyped-def]
    skip, out, scale = noise.edm_preconditioning(case["sigma"])
    x, output = np.array(case["x"]), np.array(case["output"])

    np.testing.assert_allclose(scale * x, case["input"], rtol=1e-5)
    np.testing.assert_allclose(skip * x + out * output, case["data"], rtol=1e-5, atol=1e-7)


def test_edm_predicts_the_negative_velocity_for_data_of_variance_one() -> None:
    sigma, x0, eps = 1.7, 0.4, -0.9
    skip, out, scale = noise.edm_preconditioning(sigma, data_spread=1.0)
    target = (x0 - skip * (x0 + sigma * eps)) / out
    alpha, level = scale, sigma * scale

    assert target == pytest.approx(-noise.from_data_and_noise("velocity", x0, eps, alpha, level))


def test_edm_targets_have_variance_one_at_every_level() -> None:
    rng = np.random.default_rng(0)
    x0, eps = 0.5 * rng.normal(size=200_000), rng.normal(size=200_000)
    for sigma in (0.05, 0.5, 5.0, 50.0):
        skip, out, scale = noise.edm_preconditioning(sigma)
        assert ((x0 - skip * (x0 + sigma * eps)) / out).std() == pytest.approx(1, abs=0.01)
        assert (scale * (x0 + sigma * eps)).std() == pytest.approx(1, abs=0.01)


def test_signal_left_at_the_end_narrows_the_mean_of_the_samples() -> None:
    spread, pixels = 0.5, 4096
    for levels, kept in ((noise.scaled_linear(), 0.45), (noise.zero_terminal(noise.scaled_linear()[0]), 1.0)):
        alpha, sigma = (part[:-1] for part in levels) if levels[0][-1] == 0 else levels
        predicted = noise.sampled_spread(alpha, sigma, spread, pixels) / spread
        run = noise.run_sampler(alpha, sigma, pixels * spread**2, 1.0) / (np.sqrt(pixels) * spread)
        assert run == pytest.approx(predicted, rel=0.05)
        assert predicted == pytest.approx(kept, abs=0.06)


def test_the_stored_curves_are_what_the_code_gives() -> None:
    stored = json.loads((DOCS / "architectures/diffusion/noise-parametrisation.json").read_text("utf-8"))

    assert noise.experiment() == stored
