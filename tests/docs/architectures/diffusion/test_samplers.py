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


@pytest.mark.parametrize("interval", [1, 3, 4])
def test_a_reused_answer_is_one_longer_step_of_euler(interval: int) -> None:
    sigmas, noise = samplers.karras(12), np.random.default_rng(0).normal(size=50)
    reused = samplers.cached(80.0 * noise, sigmas, samplers.denoise, lambda step, *_: step % interval == 0)
    fewer = samplers.euler(80.0 * noise, np.append(sigmas[:-1:interval], 0.0), samplers.denoise)

    np.testing.assert_allclose(reused, fewer, atol=1e-12)


@pytest.mark.parametrize(("threshold", "expected"), [(0.0, 8), (1e9, 1)])
def test_the_input_decides_when_the_model_is_asked(threshold: float, expected: int) -> None:
    asked = []

    def model(x: np.ndarray, sigma: float) -> np.ndarray:
        asked.append(sigma)
        return samplers.denoise(x, sigma)

    start = 80.0 * np.random.default_rng(0).normal(size=50)
    samplers.cached(start, samplers.karras(8), model, samplers.when_moved(threshold))

    assert len(asked) == expected


def test_the_line_through_two_answers_is_carried_on() -> None:
    """A prediction linear in log sigma is met exactly, so that skipping it changes nothing."""
    sigmas, start = np.geomspace(2.0, 0.3, 9), np.array([1.0, -0.7])

    def model(_: np.ndarray, sigma: float) -> np.ndarray:
        return np.full(2, 0.3 - 0.5 * np.log(sigma))

    skipped = samplers.cached(start, sigmas, model, lambda step, *_: step in {0, 1, 5}, line=True)

    np.testing.assert_allclose(skipped, samplers.euler(start, sigmas, model), atol=1e-12)


def test_a_moving_input_spends_evaluations_better_than_even_skipping() -> None:
    rows = samplers.caching(count=1000)
    (evaluations, moved), _ = rows["moved 0.06"]
    (even, reused), _ = rows["every 8th"]

    assert evaluations <= even
    assert moved < reused


def test_one_candidate_has_the_mean_of_the_ancestral_sampler() -> None:
    sigmas = samplers.karras(12)
    start = sigmas[0] * np.random.default_rng(5).normal(size=(40, 1, 3))
    rng = np.random.default_rng(5)
    free = samplers.ancestral(start.ravel(), sigmas, samplers.denoise, np.random.default_rng(6))
    steered = samplers.steer(40, 1, sigmas, samplers.denoise, rng)

    assert steered.shape == (40, 3)
    assert abs(steered.mean() - free.mean()) < 0.3


def test_candidates_are_drawn_by_their_weights() -> None:
    log_weight = np.log([[0.1, 0.2, 0.7]])
    drawn = samplers.draw(log_weight, 60_000, np.random.default_rng(0))[0]

    np.testing.assert_allclose(np.bincount(drawn) / drawn.size, [0.1, 0.2, 0.7], atol=0.01)


def test_steering_earns_more_than_the_best_of_as_many_when_they_are_few() -> None:
    rows = samplers.search(runs=200, counts=(1, 4))
    (_, _), (best, gap) = rows["best of"]
    (alone, _), (steered, closer) = rows["steered"]

    assert alone < best < steered
    assert closer < gap


def test_the_tilted_distribution_is_a_mixture_with_moved_means() -> None:
    weights = samplers.WEIGHTS * np.exp(2 * samplers.MEANS + 2 * samplers.SPREADS**2)
    mean = (weights * (samplers.MEANS + 2 * samplers.SPREADS**2)).sum() / weights.sum()

    assert samplers.tilted(20_000).mean() == pytest.approx(mean, abs=1e-3)


def test_steering_tends_to_the_tilt_of_what_the_sampler_draws() -> None:
    steered = samplers.steer(40, 256, samplers.karras(32), samplers.denoise, np.random.default_rng(0))
    goal = samplers.within_reach(32)

    assert samplers.reward(steered).mean() == pytest.approx(goal, abs=0.35)
    assert goal < samplers.within_reach(128) < samplers.reward(samplers.tilted(3000).reshape(-1, 3)).mean()


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
