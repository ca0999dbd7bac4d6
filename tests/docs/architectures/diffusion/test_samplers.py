"""Samplers agree with diffusers over whole runs, have the orders they claim, and reach the true distribution."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from examples import DOCS, load

samplers, ddim = load("architectures/diffusion/samplers"), load("architectures/diffusion/ddim")
REFERENCE = json.loads(Path(__file__).with_name("reference.json").read_text(encoding="utf-8"))["samplers"]


FINE = samplers.heun(np.array([1.0, -0.7]), np.geomspace(2.0, 0.3, 4001), samplers.denoise)
"""Where the exact path from there ends, near enough."""


@pytest.mark.parametrize("name", REFERENCE["runs"])
def test_whole_runs_agree_with_diffusers(name: str) -> None:
    run = REFERENCE["runs"][name]
    sigmas = np.array(run["sigmas"])
    data = samplers.SAMPLERS[name][0](sigmas[0] * np.array(REFERENCE["noise"]), sigmas, samplers.denoise)

    np.testing.assert_allclose(data, run["data"], atol=2e-6)


def test_euler_is_ddim() -> None:
    levels = ddim.visited(12)
    sigmas = np.array([sigma / alpha for alpha, sigma in levels])
    z = np.linspace(-1.5, 1.5, 7)
    expected = ddim.sample(z, levels)[-1]  # the same mixture; DDIM's x is alpha times this page's

    np.testing.assert_allclose(samplers.euler(z / levels[0][0], sigmas, samplers.denoise), expected, atol=1e-10)


@pytest.mark.parametrize(
    ("run", "order"),
    [
        (samplers.euler, 1),
        (samplers.heun, 2),
        (samplers.dpm_plus_plus, 2),
        (samplers.res_multistep, 2),
        (samplers.dpm_single, 2),
    ],
)
def test_halving_the_steps_shows_the_order(run: Any, order: int) -> None:
    start = np.array([1.0, -0.7])

    def result(steps: int) -> np.ndarray:
        return run(start, np.geomspace(2.0, 0.3, steps + 1), samplers.denoise)

    coarse, fine = (np.abs(result(steps) - FINE).max() for steps in (80, 160))

    assert np.log2(coarse / fine) == pytest.approx(order, abs=0.2)


def test_res_integrates_a_prediction_that_is_a_line_exactly() -> None:
    start, levels = np.array([1.0, -0.7]), np.geomspace(2.0, 0.3, 4)

    def line(x: np.ndarray, sigma: float) -> np.ndarray:
        return np.full_like(x, 0.2 - 0.5 * np.log(sigma))

    # dx / dlambda = D - x with D = 0.2 + 0.5 lambda has the solution D - 0.5 + c exp(-lambda).
    # The first step is Euler's.
    first = samplers.euler(start, levels[:2], line)
    middle, end = levels[1], levels[-1]
    exact = line(first, end) - 0.5 + (first - line(first, middle) + 0.5) * end / middle

    np.testing.assert_allclose(samplers.res_multistep(start, levels, line), exact, rtol=1e-12)
    assert np.abs(samplers.dpm_plus_plus(start, levels, line) - exact).max() > 1e-3


def test_a_spacing_that_is_even_in_the_arctangent_is_the_one_of_time() -> None:
    levels = samplers.uniform_time(9)[:-1]

    np.testing.assert_allclose(np.diff(np.arctan(levels)), np.diff(np.arctan(levels))[0])


def test_the_corrector_of_unipc_gains_an_order_for_nothing() -> None:
    start, calls = np.array([1.0, -0.7]), []

    def counted(x: np.ndarray, sigma: float) -> np.ndarray:
        calls.append(sigma)
        return samplers.denoise(x, sigma)

    levels = np.geomspace(2.0, 0.3, 81)
    corrected = np.abs(samplers.unipc(start, levels, counted) - FINE).max()

    assert len(calls) == 80
    assert corrected < 0.5 * np.abs(samplers.dpm_plus_plus(start, levels, samplers.denoise) - FINE).max()


@pytest.mark.parametrize("name", ["Euler (DDIM)", "DPM-Solver++ 2M", "UniPC, order 2"])
def test_a_constant_denoiser_is_reached_exactly(name: str) -> None:
    sigmas, target = samplers.karras(3), np.array([0.4])

    result = samplers.SAMPLERS[name][0](np.array([50.0]), sigmas, lambda x, sigma: target)
    np.testing.assert_allclose(result, target)


@pytest.mark.parametrize("spacing", list(samplers.SPACINGS.values()))
def test_spacings_fall_from_high_to_low_to_zero(spacing) -> None:  # type: ignore[no-untyped-def]
    sigmas = spacing(9)

    assert len(sigmas) == 10
    np.testing.assert_allclose(sigmas[[0, 8, 9]], [80.0, 0.002, 0.0])
    assert (np.diff(sigmas) < 0).all()


def test_the_stored_experiment_is_what_the_code_gives_and_says_what_the_page_says() -> None:
    stored = json.loads((DOCS / "architectures/diffusion/samplers.json").read_text(encoding="utf-8"))

    assert samplers.experiment() == stored
    at = dict(zip(stored["evaluations"], zip(*stored["distance"].values(), strict=True), strict=True))
    euler, noisy, heun, dpm, unipc = at[24]
    assert unipc < dpm < heun < euler < noisy
    assert at[8][2] > 1, "Heun with four steps from a level of 80 is far off"
    sde = dict(zip(stored["evaluations"], stored["noisy"]["DPM-Solver++ 2M SDE"], strict=True))
    assert dpm < sde[24] < noisy
