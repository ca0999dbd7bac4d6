"""Slopes, detailed balance and stationary distributions are exact; short chains weaken the gradient as computed."""

import json

import numpy as np
import pytest
from examples import DOCS, load

eb = load("architectures/classic/energy-based")
rng = np.random.default_rng(0)


def expectation(f) -> np.ndarray:  # type: ignore[no-untyped-def]
    """Under exp(-energy), by integration on a fine grid."""
    axis = np.linspace(-2.2, 2.2, 441)
    grid = np.stack(np.meshgrid(axis, axis), -1).reshape(-1, 2)
    weight = np.exp(-eb.energy(grid))
    return np.asarray((weight[:, None] * f(grid).reshape(len(grid), -1)).sum(0) / weight.sum())


def test_the_slope_is_the_energy_s_gradient() -> None:
    x = rng.normal(size=(6, 2))
    for axis in range(2):
        step = 1e-6 * np.eye(2)[axis]
        numeric = (eb.energy(x + step) - eb.energy(x - step)) / 2e-6
        np.testing.assert_allclose(eb.slope(x)[:, axis], numeric, rtol=1e-6, atol=1e-6)


def test_minus_the_slope_is_the_score_whatever_the_constant() -> None:
    # The mean of the score is 0 and that of x · score is -2 for every normalised density in the plane.
    np.testing.assert_allclose(expectation(eb.slope), 0, atol=1e-6)
    np.testing.assert_allclose(expectation(lambda x: (x * eb.slope(x)).sum(1)), 2, atol=1e-6)


def test_proposal_and_acceptance_are_in_detailed_balance() -> None:
    here, there = rng.normal(size=(50, 2)), rng.normal(size=(50, 2))
    step = 0.03

    def flow(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        return np.asarray(
            -eb.energy(a) + eb.log_proposal(b, a, eb.slope, step) + eb.acceptance(b, a, eb.energy, eb.slope, step)
        )

    np.testing.assert_allclose(flow(here, there), flow(there, here), atol=1e-9)


def test_log_proposal_is_that_of_the_step() -> None:
    here, noise, step = rng.normal(size=(4, 2)), rng.normal(size=(4, 2)), 0.02
    there = here - step * eb.slope(here) + np.sqrt(2 * step) * noise

    np.testing.assert_allclose(eb.log_proposal(there, here, eb.slope, step), -(noise**2).sum(1) / 2)


def test_the_adjusted_chain_keeps_the_distribution_and_the_unadjusted_one_is_off_by_the_step() -> None:
    x = eb.adjusted(rng.uniform(-0.9, 0.9, size=(8000, 2)), eb.energy, eb.slope, 0.03, 600, rng)
    assert (x * eb.slope(x)).sum(1).mean() == pytest.approx(2, abs=0.13)
    exact = expectation(lambda x: (x**2).sum(1))[0]
    assert (x**2).sum(1).mean() == pytest.approx(exact, abs=0.03)
    again = eb.adjusted(x, eb.energy, eb.slope, 0.03, 50, rng)
    assert (again**2).sum(1).mean() == pytest.approx(exact, abs=0.03)

    off = [(y * eb.slope(y)).sum(1).mean() - 2 for y in (eb.langevin(x, eb.slope, s, 600, rng) for s in (0.03, 0.01))]
    assert off[0] > 2 * off[1] > 0.2


@pytest.mark.parametrize(("step", "noise"), [(0.1, 1.0), (0.5, 1.0), (0.3, 0.25)])
def test_on_a_parabola_the_stationary_variance_is_known(step: float, noise: float) -> None:
    # energy x²/(2 v): x' = (1 - step/v) x + noise: variance noise² v / (1 - step/(2 v))
    v = 0.8
    x = eb.langevin(np.zeros((60_000, 1)), lambda x: x / v, step, 120, rng, noise)

    assert x.var() == pytest.approx(noise**2 * v / (1 - step / (2 * v)), rel=0.03)


@pytest.mark.parametrize("barrier", [1.0, 4.0])
def test_the_chain_on_the_grid_leaves_its_density_alone(barrier: float) -> None:
    matrix, p = eb.chain(barrier, 0.4, 0.005), eb.density(barrier, 0.4)

    assert matrix.min() >= -1e-15
    np.testing.assert_allclose(matrix.sum(1), 1)
    np.testing.assert_allclose(p @ matrix, p, atol=1e-14)
    np.testing.assert_allclose(p[:, None] * matrix, (p[:, None] * matrix).T, atol=1e-15)


def test_the_grid_s_chain_moves_as_single_particles_do() -> None:
    barrier, tilt = 2.0, 0.0
    data = eb.density(barrier, eb.TRUE_TILT)
    x = rng.choice(eb.GRID, size=20_000, p=data)[:, None]
    moved = eb.adjusted(
        x, lambda x: eb.double_well(x[:, 0], barrier, tilt), lambda x: 8 * x * (x**2 - 1) - tilt, 0.005, 100, rng
    )
    exact = data @ np.linalg.matrix_power(eb.chain(barrier, tilt, 0.005), 100) @ eb.GRID

    assert moved.mean() == pytest.approx(exact, abs=0.02)


def test_the_likelihood_s_gradient() -> None:
    data, barrier, tilt = eb.density(3.0, eb.TRUE_TILT), 3.0, 0.2

    def log_likelihood(t: float) -> float:
        return float(data @ np.log(eb.density(barrier, t)))

    numeric = (log_likelihood(tilt + 1e-5) - log_likelihood(tilt - 1e-5)) / 2e-5
    assert eb.likelihood_gradient(data, barrier, tilt) == pytest.approx(numeric, abs=1e-8)


def test_contrastive_divergence_is_zero_at_the_truth_and_grows_to_the_likelihood_s_gradient() -> None:
    data = eb.density(2.0, eb.TRUE_TILT)
    full = eb.likelihood_gradient(data, 2.0, 0.0)
    shares = [eb.contrastive_gradient(data, 2.0, 0.0, n, 0.005) / full for n in (1, 10, 100, 1000, 20_000)]

    assert eb.contrastive_gradient(data, 2.0, eb.TRUE_TILT, 7, 0.005) == pytest.approx(0, abs=1e-12)
    assert shares == sorted(shares)
    assert shares[0] < 0.02
    assert shares[-1] == pytest.approx(1, abs=1e-6)


def test_the_chain_forgets_at_the_rate_of_its_second_eigenvalue() -> None:
    barrier = 3.0
    matrix, time = eb.chain(barrier, 0.0, 0.005), eb.slowest(barrier)
    right = np.where(eb.GRID > 0, eb.density(barrier), 0)
    means = [right / right.sum() @ np.linalg.matrix_power(matrix, n) @ eb.GRID for n in (2000, 2000 + round(time))]

    assert means[1] / means[0] == pytest.approx(np.exp(-round(time) / time), rel=1e-3)


def test_kramers_law_is_close_for_high_barriers() -> None:
    for barrier in (5.0, 6.0, 7.0):
        estimate = np.pi / (np.sqrt(32) * barrier) * np.exp(barrier) / 0.005
        assert eb.slowest(barrier) == pytest.approx(estimate, rel=0.3)


def test_score_matching_is_least_at_the_truth_without_chain_or_constant() -> None:
    tilts = np.linspace(-1, 2, 3001)
    losses = [eb.score_matching_loss(eb.density(2.0, eb.TRUE_TILT), 2.0, t) for t in tilts]

    assert tilts[np.argmin(losses)] == pytest.approx(eb.TRUE_TILT, abs=2e-3)


def test_score_matching_finds_the_barrier_too() -> None:
    barriers = np.linspace(0.5, 4, 701)
    losses = [eb.score_matching_loss(eb.density(2.0, eb.TRUE_TILT), b, eb.TRUE_TILT) for b in barriers]

    assert barriers[np.argmin(losses)] == pytest.approx(2, abs=0.01)


def test_the_stored_experiment_is_what_the_code_gives() -> None:
    stored = json.loads((DOCS / "architectures/classic/energy-based.json").read_text(encoding="utf-8"))
    data = eb.density(4.0, eb.TRUE_TILT)
    full = eb.likelihood_gradient(data, 4.0, 0.0)
    row = [eb.contrastive_gradient(data, 4.0, 0.0, n, 0.005) / full for n in eb.STEPS]

    np.testing.assert_allclose(row, stored["share"]["4"], atol=1e-4)
    assert eb.slowest(2.0) == pytest.approx(dict(map(tuple, stored["mixing"]))[2.0], rel=1e-3)
    for kind in ("likelihood", "contrastive", "persistent"):
        np.testing.assert_allclose(eb.learn(kind, updates=20)[::5], stored["learned"][kind][:5], atol=1e-3)


def test_a_chain_of_next_token_distributions_has_the_probabilities_of_the_energies() -> None:
    energies = np.random.default_rng(3).normal(size=(3, 3, 3, 3))
    steps, total = eb.conditionals(energies)
    probability = np.exp(-energies) / np.exp(-energies).sum()

    assert total == pytest.approx(np.log(np.exp(-energies).sum()))
    for step in steps:
        np.testing.assert_allclose(step.sum(-1), 1)
    chain = steps[0][:, None, None, None] * steps[1][:, :, None, None] * steps[2][..., None] * steps[3]
    np.testing.assert_allclose(chain, probability)
    np.testing.assert_allclose(steps[1], probability.sum((2, 3)) / probability.sum((1, 2, 3))[:, None])
    np.testing.assert_allclose(eb.energies_of(steps), energies + total)


def test_a_hopfield_network_never_climbs_and_repairs_a_pattern() -> None:
    rng = np.random.default_rng(0)
    patterns = rng.choice([-1.0, 1.0], size=(4, 60))
    weights = patterns.T @ patterns / 60
    np.fill_diagonal(weights, 0)
    cue = patterns[0].copy()
    cue[:10] *= -1
    energies = [-0.5 * s @ weights @ s for s in (cue, eb.settle(patterns, cue, rng, sweeps=1), patterns[0])]

    assert energies[0] > energies[1] >= energies[2]
    np.testing.assert_array_equal(eb.settle(patterns, cue, rng), patterns[0])


def test_recall_is_a_gradient_step_of_size_one() -> None:
    rng = np.random.default_rng(1)
    patterns, q = rng.normal(size=(7, 5)), rng.normal(size=5)
    slope = [
        (eb.memory_energy(q + e, patterns, 0.7) - eb.memory_energy(q - e, patterns, 0.7)) / 2e-6
        for e in 1e-6 * np.eye(5)
    ]

    np.testing.assert_allclose(q - np.array(slope), eb.recall(q, patterns, 0.7), atol=1e-8)


def test_the_free_energy_sums_over_the_hidden_units_and_the_chain_leaves_it_as_it_is() -> None:
    rng = np.random.default_rng(2)
    w, b, c = rng.normal(size=(3, 2)), rng.normal(size=3), rng.normal(size=2)
    visible = np.array([[i, j, k] for i in (0, 1) for j in (0, 1) for k in (0, 1)], float)
    hidden = np.array([[i, j] for i in (0, 1) for j in (0, 1)], float)
    joint = np.exp(visible @ w @ hidden.T + (visible @ b)[:, None] + hidden @ c)

    np.testing.assert_allclose(np.exp(-eb.free_energy(visible, w, b, c)), joint.sum(1))
    up, down = joint / joint.sum(1, keepdims=True), joint / joint.sum(0)
    step = up @ down.T  # from visible state to visible state
    p = joint.sum(1) / joint.sum()
    np.testing.assert_allclose(p @ step, p)
    drawn = eb.block_step(np.repeat(visible[5:6], 40_000, 0), w, b, c, rng)
    shares = np.bincount((drawn @ [4, 2, 1]).astype(int), minlength=8) / 40_000
    np.testing.assert_allclose(shares, step[5], atol=0.01)


def test_what_the_page_says_of_recall() -> None:
    assert eb.recalled(10) == (1.0, 1.0)
    assert eb.recalled(20)[0] < 0.9
    assert eb.recalled(5000, trials=3)[1] == 1.0


def test_looking_ahead_counts_an_object_once_for_each_way_to_build_it() -> None:
    (first, second), _ = eb.conditionals(np.zeros((2, 2)))
    joint = first[:, None] * second

    assert joint[0, 1] + joint[1, 0] == pytest.approx(2 * joint[0, 0])
