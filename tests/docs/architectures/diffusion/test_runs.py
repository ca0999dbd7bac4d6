"""Whole runs, state by state, against the schedulers of diffusers: the pages' samplers from noise to data."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from examples import load

ddpm, ddim = load("architectures/diffusion/ddpm"), load("architectures/diffusion/ddim")
samplers, flow = load("architectures/diffusion/samplers"), load("architectures/diffusion/flow-matching")
REFERENCE = json.loads(Path(__file__).with_name("reference.json").read_text(encoding="utf-8"))["runs"]
START, FRESH = np.array(REFERENCE["noise"]), np.array(REFERENCE["fresh"])
LEADING = np.arange(0, 1000, 100)
"""The levels that ten steps visit with the library's "leading" spacing, from data to noise."""


class Stored:
    """A generator whose normal numbers are the stored ones, in order."""

    def __init__(self) -> None:
        self.left = iter(FRESH)

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
