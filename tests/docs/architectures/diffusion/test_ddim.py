"""Every sampler of the family keeps the levels; the ends are DDIM and DDPM; steps agree with diffusers; inversion."""

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from examples import DOCS, load

ddim, ddpm = load("architectures/diffusion/ddim"), load("architectures/diffusion/ddpm")
REFERENCE = json.loads(Path(__file__).with_name("reference.json").read_text(encoding="utf-8"))["ddim"]


def level(t: int) -> tuple[float, float]:
    alpha_bar = ddim.ALPHA_BAR[t] if t >= 0 else 1.0
    return np.sqrt(alpha_bar), np.sqrt(1 - alpha_bar)


@pytest.mark.parametrize("eta", [0.0, 0.5, 1.0])
def test_with_the_true_noise_every_eta_arrives_at_the_right_level(eta: float) -> None:
    x0, eps, noise = np.random.default_rng(0).normal(size=(3, 200_000))
    x0 = np.full_like(x0, 0.7)
    now, then = level(500), level(300)
    x = ddim.step(now[0] * x0 + now[1] * eps, eps, now, then, eta, noise)

    assert x.mean() == pytest.approx(then[0] * 0.7, abs=0.01)
    assert x.std() == pytest.approx(then[1], abs=0.01)


@pytest.mark.parametrize("t", [1, 500, 999])
def test_eta_one_between_neighbours_is_the_step_of_ddpm(t: int) -> None:
    x, eps, noise = np.random.default_rng(0).normal(size=(3, 4))
    expected = ddpm.reverse_step(x, t, eps, ddpm.linear_betas(), noise)

    np.testing.assert_allclose(ddim.step(x, eps, level(t), level(t - 1), 1.0, noise), expected)


@pytest.mark.parametrize("case", REFERENCE["steps"], ids=lambda case: f"{case['eta']}-{case['t']}")
def test_steps_agree_with_diffusers(case) -> None:  # type: ignore[no-untyped-def]
    x, eps, noise = (np.array(REFERENCE[name]) for name in ("x", "eps", "noise"))
    step = ddim.step(x, eps, level(case["t"]), level(case["t"] - 100), case["eta"], noise)

    np.testing.assert_allclose(step, case["previous"], atol=1e-4)


@pytest.mark.parametrize("spacing", ["leading", "trailing", "linspace"])
def test_timesteps_agree_with_diffusers(spacing: str) -> None:
    assert ddim.timesteps(10, spacing).tolist() == REFERENCE["timesteps"][spacing]


def test_a_step_of_inversion_agrees_with_diffusers() -> None:
    case, x, eps = REFERENCE["inverse"], np.array(REFERENCE["x"]), np.array(REFERENCE["eps"])
    levels = [level(case["to"]), level(case["from"])]

    np.testing.assert_allclose(ddim.invert(x, levels, network=lambda *_: eps), case["x"], atol=1e-5)


def test_many_steps_become_the_map_that_keeps_the_order() -> None:
    z = np.linspace(-2, 2, 41)
    errors = [np.abs(ddim.sample(z, ddim.visited(steps))[-1] - ddim.quantile_map(z)).mean() for steps in (25, 100, 500)]

    assert errors[2] < errors[1] < errors[0]
    assert errors[2] < 0.02


def test_fixed_point_rounds_undo_a_step_exactly() -> None:
    plain, one, many = (ddim.round_trip(50, rounds) for rounds in (0, 1, 30))

    assert one < 0.2 * plain
    assert many < 1e-6


@pytest.mark.slow
def test_fresh_noise_forgets_an_early_mistake() -> None:
    stored = ddim.experiment()

    assert stored["distance"]["0.0"][-1] < stored["distance"]["1.0"][-1]
    assert stored["flawed"]["1.0"][-1] < 0.25 * stored["flawed"]["0.0"][-1]


@pytest.mark.slow
def test_the_stored_experiment_is_what_the_code_gives() -> None:
    stored = json.loads((DOCS / "architectures/diffusion/ddim.json").read_text(encoding="utf-8"))

    assert ddim.experiment() == stored


def test_ddpm_without_its_noise_is_not_ddim_but_shrinks_to_the_mean() -> None:
    x, spread = np.random.default_rng(0).normal(size=2_000), 0.5
    levels = [level(t) for t in range(999, -2, -1)]
    ends = {}
    for eta in (0.0, 1.0):
        state = x
        for now, then in pairwise(levels):
            eps = now[1] * state / ((now[0] * spread) ** 2 + now[1] ** 2)  # exact, for a Gaussian of mean 0
            state = ddim.step(state, eps, now, then, eta, 0.0)
        ends[eta] = state.std()

    assert ends[0.0] == pytest.approx(spread, rel=0.03)
    assert ends[1.0] < 0.01 * spread


@pytest.mark.parametrize("eta", [0.0, 1.0])
def test_the_spread_left_in_one_direction_is_that_of_samples(eta: float) -> None:
    spread, levels, start = 0.1, ddim.visited(10, "leading"), np.random.default_rng(0).normal(size=100_000)

    def network(x: np.ndarray, alpha: float, sigma: float) -> np.ndarray:
        return sigma * x / ((alpha * spread) ** 2 + sigma**2)

    drawn = ddim.sample(start, levels, eta, np.random.default_rng(1), network)[-1]

    assert ddim.spread_after(spread, levels, eta) == pytest.approx(drawn.std() / spread, rel=0.02)


def test_the_larger_variance_is_ddpm_s_and_grain_with_few_steps_but_best_with_all() -> None:
    spread = 0.02
    everything = [level(t) for t in range(999, -2, -1)]
    variance, betas = 1.0, ddpm.linear_betas()
    for t in range(999, -1, -1):
        alpha, sigma = level(t)
        x = np.ones(1)
        eps = sigma * x / ((alpha * spread) ** 2 + sigma**2)
        kept = ddpm.reverse_step(x, t, eps, betas, np.zeros(1))[0]
        variance = kept**2 * variance + (betas[t] if t else 0.0)
    few, many = (ddim.visited(steps, "leading") for steps in (10, 1000))

    assert ddim.spread_after(spread, everything, 1.0, large=True) == pytest.approx(np.sqrt(variance) / spread, rel=1e-6)
    assert ddim.spread_after(spread, few, 1.0, large=True) > 10
    assert ddim.spread_after(spread, few, 1.0) < ddim.spread_after(spread, few, 0.0) < 1
    errors = [
        abs(1 - ddim.spread_after(spread, many, eta, large)) for eta, large in ((1.0, True), (0.0, False), (1.0, False))
    ]
    assert errors == sorted(errors)
