"""Caches are what they are said to be for solvers, and searches reach the tilt of what the sampler draws."""

import json

import numpy as np
import pytest
from examples import DOCS, load

page, samplers = load("architectures/diffusion/search-and-caches"), load("architectures/diffusion/samplers")


@pytest.mark.parametrize("interval", [1, 3, 4])
def test_a_reused_answer_is_one_longer_step_of_euler(interval: int) -> None:
    sigmas, noise = samplers.karras(12), np.random.default_rng(0).normal(size=50)
    reused = page.cached(80.0 * noise, sigmas, samplers.denoise, lambda step, *_: step % interval == 0)
    fewer = samplers.euler(80.0 * noise, np.append(sigmas[:-1:interval], 0.0), samplers.denoise)

    np.testing.assert_allclose(reused, fewer, atol=1e-12)


@pytest.mark.parametrize(("threshold", "expected"), [(0.0, 8), (1e9, 1)])
def test_the_input_decides_when_the_model_is_asked(threshold: float, expected: int) -> None:
    asked = []

    def model(x: np.ndarray, sigma: float) -> np.ndarray:
        asked.append(sigma)
        return samplers.denoise(x, sigma)

    start = 80.0 * np.random.default_rng(0).normal(size=50)
    page.cached(start, samplers.karras(8), model, page.when_moved(threshold))

    assert len(asked) == expected


def test_the_line_through_two_answers_is_carried_on() -> None:
    """A prediction linear in log sigma is met exactly, so that skipping it changes nothing."""
    sigmas, start = np.geomspace(2.0, 0.3, 9), np.array([1.0, -0.7])

    def model(_: np.ndarray, sigma: float) -> np.ndarray:
        return np.full(2, 0.3 - 0.5 * np.log(sigma))

    skipped = page.cached(start, sigmas, model, lambda step, *_: step in {0, 1, 5}, line=True)

    np.testing.assert_allclose(skipped, samplers.euler(start, sigmas, model), atol=1e-12)


def test_a_moving_input_spends_evaluations_better_than_even_skipping() -> None:
    rows = page.caching(count=1000)
    (asked, moved), _ = rows["moved 0.06"]
    (evenly, reused), _ = rows["every 8th"]

    assert len(asked) <= len(evenly)
    assert moved < reused


def test_one_candidate_has_the_mean_of_the_ancestral_sampler() -> None:
    sigmas = samplers.karras(12)
    start = sigmas[0] * np.random.default_rng(5).normal(size=(40, 1, 3))
    rng = np.random.default_rng(5)
    free = samplers.ancestral(start.ravel(), sigmas, samplers.denoise, np.random.default_rng(6))
    steered = page.steer(40, 1, sigmas, samplers.denoise, rng)

    assert steered.shape == (40, 3)
    assert abs(steered.mean() - free.mean()) < 0.3


def test_candidates_are_drawn_by_their_weights() -> None:
    log_weight = np.log([[0.1, 0.2, 0.7]])
    drawn = page.draw(log_weight, 60_000, np.random.default_rng(0))[0]

    np.testing.assert_allclose(np.bincount(drawn) / drawn.size, [0.1, 0.2, 0.7], atol=0.01)


def test_steering_earns_more_than_the_best_of_as_many_when_they_are_few() -> None:
    rows = page.search(runs=200, counts=(1, 4))
    (_, _), (best, gap) = rows["best of"]
    (alone, _), (steered, closer) = rows["steered"]

    assert alone < best < steered
    assert closer < gap


def test_the_tilted_distribution_is_a_mixture_with_moved_means() -> None:
    weights = samplers.WEIGHTS * np.exp(2 * samplers.MEANS + 2 * samplers.SPREADS**2)
    mean = (weights * (samplers.MEANS + 2 * samplers.SPREADS**2)).sum() / weights.sum()

    assert page.tilted(20_000).mean() == pytest.approx(mean, abs=1e-3)


def test_steering_tends_to_the_tilt_of_what_the_sampler_draws() -> None:
    steered = page.steer(40, 256, samplers.karras(32), samplers.denoise, np.random.default_rng(0))
    goal = page.within_reach(32)

    assert page.reward(steered).mean() == pytest.approx(goal, abs=0.35)
    assert goal < page.within_reach(128) < page.reward(page.tilted(3000).reshape(-1, 3)).mean()


def test_the_stored_experiment_is_what_the_code_gives_and_says_what_the_page_says() -> None:
    stored = json.loads((DOCS / "architectures/diffusion/search-and-caches.json").read_text(encoding="utf-8"))

    assert page.experiment() == stored
    rules, solvers = stored["caches"], stored["solvers"]
    for name, n in (("moved 0.06", "8"), ("moved 0.02", "16")):
        assert rules[name]["reused"][0] == int(n)
        assert solvers[n]["2M, even in log"] < rules[name]["reused"][1] < solvers[n]["Euler"]
    assert rules["moved 0.06"]["reused"][1] < solvers["8"]["2M"]
    assert rules["every 8th"]["line"][1] > rules["every 8th"]["reused"][1]
    assert rules["every 4th"]["line"][1] < solvers["16"]["2M"]


def test_cheaper_samples_earn_more_until_they_leave_the_data() -> None:
    split = json.loads((DOCS / "architectures/diffusion/search-and-caches.json").read_text(encoding="utf-8"))["split"]
    rewards = [split[str(steps)]["reward"] for steps in (128, 64, 32, 16, 8)]

    assert rewards == sorted(rewards)
    assert all(int(steps) * row["samples"] == 512 for steps, row in split.items())
    assert split["8"]["inside"] < 0.97 < 0.99 < split["16"]["inside"]
