"""Whole runs, state by state, against the schedulers of diffusers: the pages' samplers from noise to data."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from examples import load

ddpm, ddim = load("architectures/diffusion/ddpm"), load("architectures/diffusion/ddim")
samplers, flow = load("architectures/diffusion/samplers"), load("architectures/diffusion/flow-matching")
few = load("architectures/diffusion/distillation")
ALL = json.loads(Path(__file__).with_name("reference.json").read_text(encoding="utf-8"))
REFERENCE, NOISY, EDM, FEW = (ALL[part] for part in ("runs", "noisy", "edm", "few_steps"))
START, FRESH = np.array(REFERENCE["noise"]), np.array(REFERENCE["fresh"])
LEADING = np.arange(0, 1000, 100)
"""The levels that ten steps visit with the library's "leading" spacing, from data to noise."""


class Stored:
    """A generator whose normal numbers are the stored ones, in order."""

    def __init__(self, noises: Any = FRESH) -> None:
        self.left = iter(np.array(noises))

    def normal(self, size: Any) -> np.ndarray:
        return np.reshape(next(self.left), size)


@pytest.mark.parametrize("variance", ["fixed_small", "fixed_large"])
def test_ddpm(variance: str) -> None:
    bar = np.cumprod(1 - ddpm.linear_betas())[LEADING]
    betas = 1 - bar / np.append(1.0, bar[:-1])
    x = START[:, None]
    for row, t in enumerate(reversed(range(10))):
        eps = ddpm.exact_noise(x, bar[t] ** 0.5, (1 - bar[t]) ** 0.5)
        x = ddpm.reverse_step(x, t, eps, betas, FRESH[row][:, None], variance == "fixed_large")
        np.testing.assert_allclose(x[:, 0], REFERENCE[f"DDPM, {variance}"][row], atol=2e-5)


def test_ddim() -> None:
    states = ddim.sample(START, ddim.visited(10, "leading"))[1:]

    np.testing.assert_allclose(states, REFERENCE["DDIM"], atol=2e-5)


def test_ddim_with_fresh_noise_is_ddpm_with_the_smaller_variance() -> None:
    bar = np.cumprod(1 - ddpm.linear_betas())[LEADING]
    betas, eps = 1 - bar / np.append(1.0, bar[:-1]), np.linspace(-1, 1, 6)
    levels = [(b**0.5, (1 - b) ** 0.5) for b in bar]
    for t in range(1, 10):
        ours = ddim.step(START, eps, levels[t], levels[t - 1], 1.0, FRESH[0])
        np.testing.assert_allclose(ours, ddpm.reverse_step(START, t, eps, betas, FRESH[0]), atol=1e-12)


def test_ancestral() -> None:
    run = REFERENCE["ancestral"]
    sigmas = np.array(run["sigmas"])
    for steps, expected in enumerate(run["states"], start=1):
        x = samplers.ancestral(sigmas[0] * START, sigmas[: steps + 1], samplers.denoise, Stored())
        np.testing.assert_allclose(x, expected, rtol=2e-5, atol=2e-5)


def test_single_step_solver_of_order_one_is_euler() -> None:
    run = REFERENCE["DPM-Solver++ 1S"]
    sigmas = np.array(run["sigmas"])
    for steps, expected in enumerate(run["states"], start=1):
        x = samplers.euler(sigmas[0] * START, sigmas[: steps + 1], samplers.denoise)
        np.testing.assert_allclose(x / np.sqrt(1 + sigmas[steps] ** 2), expected, atol=2e-5)


def test_single_step_solver_of_order_two() -> None:
    run = REFERENCE["DPM-Solver++ 2S"]
    sigmas = np.array(run["sigmas"])
    for steps in (2, 4, 6, 8):
        x = samplers.dpm_single(sigmas[0] * START, sigmas[: steps + 1], samplers.denoise)
        np.testing.assert_allclose(x / np.sqrt(1 + sigmas[steps] ** 2), run["states"][steps - 1], atol=2e-5)
    np.testing.assert_allclose(
        samplers.dpm_single(sigmas[0] * START, sigmas, samplers.denoise), run["states"][-1], atol=2e-5
    )


def test_flow_matching_euler_with_shifted_times() -> None:
    run = REFERENCE["flow"]
    times = np.append(flow.shifted(np.linspace(1, 0.1, 10), 3.0), 0.0)

    np.testing.assert_allclose(times, run["times"], atol=1e-6)
    np.testing.assert_allclose(flow.euler(flow.marginal_velocity, START, times)[1:], run["states"], atol=2e-5)


@pytest.mark.parametrize("case", REFERENCE["FLUX"], ids=lambda case: str(case["tokens"]))
def test_the_shift_of_flux_grows_with_the_picture(case: dict[str, Any]) -> None:
    times = flow.shifted(np.array([1.0, 0.75, 0.5, 0.25]), flow.shift_of_flux(case["tokens"]))

    np.testing.assert_allclose(times, case["times"], atol=1e-6)


def test_multistep_solver_with_fresh_noise() -> None:
    run, start = NOISY["2M SDE"], np.array(NOISY["noise"])
    sigmas = np.array(run["sigmas"])
    for steps, expected in enumerate(run["states"][:-1], start=1):
        x = samplers.dpm_sde(sigmas[0] * start, sigmas[: steps + 1], samplers.denoise, Stored(NOISY["fresh"]))
        np.testing.assert_allclose(x / np.sqrt(1 + sigmas[steps] ** 2), expected, atol=2e-5)
    x = samplers.dpm_sde(sigmas[0] * start, sigmas, samplers.denoise, Stored(NOISY["fresh"]))
    np.testing.assert_allclose(x, run["states"][-1], atol=2e-5)


def test_its_first_order_form_is_the_ancestral_step() -> None:
    x, levels = np.array([1.0, -0.3]), [2.0, 0.7]
    one, other = (
        run(x, levels, samplers.denoise, Stored([[0.4, -1.1]])) for run in (samplers.dpm_sde, samplers.ancestral)
    )

    np.testing.assert_allclose(one, other)


@pytest.mark.parametrize("name", ["Heun", "churn"])
def test_edm_s_own_sampler(name: str) -> None:
    sigmas = samplers.karras(12)
    churn = {} if name == "churn" else {"churn": 0}
    x = samplers.churned(
        sigmas[0] * np.array(EDM["noise"]), sigmas, samplers.denoise, Stored(EDM["fresh"][1:]), **churn
    )

    # EDM's code draws a number in every step, used or not; here 80 is above `high`, so the first is left out.
    np.testing.assert_allclose(x, EDM[name], rtol=1e-6, atol=1e-7)


def test_the_library_churns_after_it_has_asked_the_network() -> None:
    # EDM raises the noise first and evaluates there; diffusers' Euler uses the prediction made below, at the old level.
    run, start, noise = NOISY["Euler with s_churn"], np.array(NOISY["noise"]), np.array(NOISY["fresh"][0])
    now, then = run["sigmas"]
    up = now * (1 + run["share"])
    x, more = now * start, np.sqrt(up**2 - now**2) * noise
    eps = (x - samplers.denoise(x, now)) / now

    np.testing.assert_allclose(run["state"], x + more + (then - up) * eps, rtol=1e-5)
    assert np.abs(samplers.euler(x + more, [up, then], samplers.denoise) - run["state"]).max() > 1


@pytest.mark.parametrize(("spacing", "name"), [(samplers.karras, "karras"), (samplers.uniform_log, "exponential")])
def test_spacings(spacing: Any, name: str) -> None:
    np.testing.assert_allclose(spacing(10), NOISY[name], rtol=1e-5)


def test_jumps_with_fresh_noise_between_them() -> None:
    times, start = FEW["times"], np.array(FEW["noise"])
    for steps, expected in enumerate(FEW["LCM"], start=1):
        # after a jump the library adds the noise of the next level at once; the page does so before the next jump
        noises = Stored(FEW["fresh"])
        x = few.consistency_sample(start, [*times[:steps], 0.0], noises)
        t = times[steps]
        if t > 0:
            x = (1 - t) * x + t * noises.normal(x.shape)
        np.testing.assert_allclose(x, expected, atol=2e-5)


def test_jumps_along_the_path() -> None:
    times, start = FEW["times"], np.array(FEW["noise"])
    for steps, expected in enumerate(FEW["flow map"], start=1):
        np.testing.assert_allclose(few.map_sample(start, times[: steps + 1]), expected, atol=2e-5)


def test_a_model_whose_time_and_velocity_point_to_the_data() -> None:
    run = ALL["data_ward"]
    times = flow.shifted(np.linspace(1, 0, 9), 12.0)

    np.testing.assert_allclose(1 - times[:-1], run["times"], atol=1e-6)
    states = flow.euler(flow.marginal_velocity, np.array(run["noise"]), times)[1:]
    np.testing.assert_allclose(states, run["states"], atol=2e-5)
