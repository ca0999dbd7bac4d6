"""Ideal jumps agree with the teacher's paths and with each other."""

import json

import numpy as np
import pytest
from examples import DOCS, load

few = load("architectures/diffusion/distillation")
X = np.array([-1.2, -0.3, 0.4, 1.1])


def test_the_map_is_where_the_teacher_arrives_with_many_steps() -> None:
    for r in (0.5, 0.0):
        slow = few.euler(X, np.linspace(0.9, r, 4001))
        np.testing.assert_allclose(few.flow_map(X, 0.9, r), slow, atol=0.01)


def test_consistency_along_a_path_and_at_its_end() -> None:
    np.testing.assert_allclose(few.consistency(few.flow_map(X, 0.9, 0.4), 0.4), few.consistency(X, 0.9), atol=2e-3)
    np.testing.assert_allclose(few.flow_map(X, 0.4, 0.4), X, atol=1e-6)


def test_the_mean_flow_identity() -> None:
    # u = v - (t - r) du/dt, with the derivative taken along the path.
    t, r, h = 0.7, 0.2, 1e-3
    ahead, behind = (few.mean_velocity(few.flow_map(X, t, s), r, s) for s in (t + h, t - h))
    identity = few.velocity(X, t) - (t - r) * (ahead - behind) / (2 * h)

    np.testing.assert_allclose(few.mean_velocity(X, r, t), identity, atol=0.02)


def test_a_policy_of_one_prediction_is_a_step_of_euler_and_of_many_the_path() -> None:
    one = few.roll_out(X, 0.9, 0.2, few.policy(X, 0.9, 0.2, 1))
    np.testing.assert_allclose(one, few.euler(X, [0.9, 0.2]), atol=1e-10)

    many = few.roll_out(X, 0.9, 0.2, few.policy(X, 0.9, 0.2, 33), substeps=800)
    np.testing.assert_allclose(many, few.flow_map(X, 0.9, 0.2), atol=0.01)


def test_the_exact_map_obeys_the_three_rules() -> None:
    t, r, h = 0.7, 0.2, 5e-3
    through = few.flow_map(few.flow_map(X, t, 0.45), 0.45, r)
    np.testing.assert_allclose(through, few.flow_map(X, t, r), atol=1e-3)

    in_start = (few.flow_map(X, t + h, r) - few.flow_map(X, t - h, r)) / (2 * h)
    np.testing.assert_allclose(in_start, -few.velocity(X, t) * few.stretch(X, t, r), atol=1e-3)

    in_end = (few.flow_map(X, t, r + h) - few.flow_map(X, t, r - h)) / (2 * h)
    np.testing.assert_allclose(in_end, few.velocity(few.flow_map(X, t, r), r), atol=1e-3)


def test_the_stretch_is_the_derivative_of_the_jump() -> None:
    h = 1e-3
    numeric = (few.flow_map(X + h, 0.9, 0.0) - few.flow_map(X - h, 0.9, 0.0)) / (2 * h)

    np.testing.assert_allclose(few.stretch(X, 0.9, 0.0), numeric, rtol=2e-3)


def test_the_derivative_in_any_direction() -> None:
    t, r, h = 0.7, 0.2, 1e-3
    for tangent in (few.velocity(X, t), np.ones(4), np.zeros(4)):
        ahead, behind = (few.mean_velocity(X + s * tangent, r, t + s) for s in (h, -h))
        np.testing.assert_allclose(few.along(X, t, r, tangent), (t - r) * (ahead - behind) / (2 * h), atol=0.01)


@pytest.mark.parametrize("improved", [False, True])
def test_targets_of_mean_flow_are_right_on_average(improved: bool) -> None:
    rng = np.random.default_rng(1)
    x0, eps, r, t = few.draw(400_000, rng), rng.normal(size=400_000), 0.1, 0.7
    x = (1 - t) * x0 + t * eps
    gap = few.mean_flow_target(x0, eps, r, t, improved) - few.mean_velocity(x, r, t)
    for place in (-1.2, 0.1, 0.8):
        near = np.abs(x - place) < 0.05
        assert abs(gap[near].mean()) < 0.03


def test_the_pair_s_velocity_scatters_by_the_stretch() -> None:
    rng = np.random.default_rng(2)
    x0, eps, r, t = few.draw(50, rng), rng.normal(size=50), 0.0, 0.9
    x = (1 - t) * x0 + t * eps
    plain, improved = (few.mean_flow_target(x0, eps, r, t, b) - few.mean_velocity(x, r, t) for b in (False, True))

    np.testing.assert_allclose(plain, few.stretch(x, t, r) * improved, atol=1e-9)
    np.testing.assert_allclose(improved, eps - x0 - few.velocity(x, t), atol=1e-9)


def test_the_mean_velocity_becomes_the_velocity_for_short_jumps() -> None:
    np.testing.assert_allclose(few.mean_velocity(X, 0.5 - 1e-2, 0.5), few.velocity(X, 0.5 - 5e-3), atol=0.05)


def test_one_perfect_jump_has_the_data_s_distribution_and_one_euler_step_has_not() -> None:
    noise = np.random.default_rng(0).normal(size=20_000)

    assert few.distance(few.consistency(noise, few.START)) < 0.02
    assert few.distance(few.euler(noise, [few.START, 0.0])) > 1.0


def test_fresh_noise_repairs_flaws_and_jumps_along_the_path_add_them_up() -> None:
    rows = few.experiment()["distance"]
    noisy, along = rows["jumps and fresh noise, flawed"], rows["jumps along the path, flawed"]

    assert min(noisy) == noisy[2] < 0.7 * noisy[0]
    assert along[-1] > along[0] == pytest.approx(noisy[0])


def test_the_stored_experiment_is_what_the_code_gives() -> None:
    stored = json.loads((DOCS / "architectures/diffusion/distillation.json").read_text(encoding="utf-8"))

    assert {key: stored[key] for key in ("steps", "distance")} == few.experiment()
