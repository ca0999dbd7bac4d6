"""The marginal velocity is the mean of the conditional ones and carries the same information as the score."""

import json
from itertools import permutations

import numpy as np
import pytest
from examples import DOCS, load

flow = load("architectures/diffusion/flow-matching")


@pytest.mark.parametrize("t", [0.2, 0.5, 0.9])
def test_the_marginal_velocity_is_the_mean_of_the_conditional_ones(t: float) -> None:
    rng = np.random.default_rng(0)
    which = rng.choice(2, size=2_000_000)
    x0 = flow.MEANS[which] + flow.SPREADS[which] * rng.normal(size=which.size)
    noise = rng.normal(size=which.size)
    x = (1 - t) * x0 + t * noise
    for place in (-1.0, 0.5, 1.5):
        near = np.abs(x - place) < 0.01
        mean = flow.conditional_velocity(x0[near], noise[near]).mean()
        assert flow.marginal_velocity(np.array([place]), t)[0] == pytest.approx(mean, abs=0.06)


def test_the_velocity_follows_from_the_score() -> None:
    t, x, step = 0.4, np.array([0.7]), 1e-5

    def log_density(x: np.ndarray) -> np.ndarray:
        variance = ((1 - t) * flow.SPREADS) ** 2 + t**2
        terms = flow.WEIGHTS / np.sqrt(variance) * np.exp(-0.5 * (x[:, None] - (1 - t) * flow.MEANS) ** 2 / variance)
        return np.log(terms.sum(1))

    score = (log_density(x + step) - log_density(x - step)) / (2 * step)
    noise = -t * score
    data = (x - t * noise) / (1 - t)
    np.testing.assert_allclose(flow.marginal_velocity(x, t), noise - data, atol=1e-5)


def test_reflow_straightens_and_makes_one_step_good() -> None:
    stored = flow.experiment()

    assert stored["after reflow"][0] < 0.1 * stored["flow matching"][0]
    tracks = {name: [np.array(row) for row in rows] for name, rows in stored["tracks"].items()}
    times = np.linspace(0.999, 0, 41)
    assert flow.straightness(tracks["after reflow"], times) < 0.05 * flow.straightness(tracks["learned flow"], times)


def test_a_shift_of_one_changes_nothing_and_the_ends_stay() -> None:
    times = np.linspace(0, 1, 5)

    np.testing.assert_allclose(flow.shifted(times, 1.0), times)
    np.testing.assert_allclose(flow.shifted(times, 3.0)[[0, -1]], [0, 1])
    assert (flow.shifted(times, 3.0)[1:-1] > times[1:-1]).all()


def test_the_shift_of_flux_passes_through_its_two_points_and_grows_between_them() -> None:
    np.testing.assert_allclose(np.log(flow.shift_of_flux(np.array([256, 2176, 4096]))), [0.5, 0.825, 1.15])


@pytest.mark.parametrize(("tokens", "steps", "mu"), [(1024, 28, 1.859177), (4096, 50, 2.023351), (8192, 50, 1.843327)])
def test_the_shift_of_flux2_is_that_of_its_pipeline(tokens: int, steps: int, mu: float) -> None:
    assert np.log(flow.shift_of_flux2(tokens, steps)) == pytest.approx(mu, abs=1e-6)  # from diffusers 0.42


def test_a_shift_of_training_times_is_a_change_of_their_mean() -> None:
    normal = np.random.default_rng(0).normal(size=100)
    moved = flow.shifted(flow.training_times(normal, 0.2, 0.8), 3.0)

    np.testing.assert_allclose(moved, flow.training_times(normal, 0.2 + np.log(3), 0.8))


def test_pairs_within_a_batch_have_the_least_distance_and_the_same_members() -> None:
    rng = np.random.default_rng(0)
    data, noise = rng.normal(size=4), rng.normal(size=4)
    paired = flow.paired_by_distance(data, noise, 4)
    least = min(((np.array(order) - noise) ** 2).sum() for order in permutations(data))

    assert ((paired[0] - paired[1]) ** 2).sum() == pytest.approx(least)
    assert sorted(paired[0]) == sorted(data)
    np.testing.assert_array_equal(flow.paired_by_distance(data, noise, 1), (data, noise))


def test_one_step_gets_better_with_the_size_of_the_batches() -> None:
    far = flow.coupled()

    assert far == sorted(far, reverse=True)
    assert far[0] > 1.9
    assert far[-1] < 0.1


def test_the_velocity_in_the_plane_is_the_mean_of_conditional_ones() -> None:
    rng = np.random.default_rng(0)
    t, count = 0.4, 200_000
    x0 = flow.MOONS[rng.integers(40, size=count)] + 0.08 * rng.normal(size=(count, 2))
    for place in ([0.2, 0.3], [-0.5, 0.1]):
        noise = (place - (1 - t) * x0) / t  # the only noise that leads from this datum to the place
        weight = np.exp(-0.5 * (noise**2).sum(1))[:, None]
        mean = (weight * (noise - x0)).sum(0) / weight.sum()
        np.testing.assert_allclose(flow.velocity_plane(np.array([place]), t)[0], mean, atol=0.01)


def test_forty_steps_reach_the_moons_and_four_do_not_quite() -> None:
    far = []
    for steps in (4, 40):
        end = np.array(flow.clouds(steps)[-1])
        far.append(np.sqrt(((end[:, None] - flow.MOONS) ** 2).sum(-1).min(1)).mean())

    assert far[1] < 0.14 < far[0]


def test_the_stored_experiment_is_what_the_code_gives() -> None:
    assert flow.experiment() == json.loads(
        (DOCS / "architectures/diffusion/flow-matching.json").read_text(encoding="utf-8")
    )
