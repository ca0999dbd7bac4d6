"""The exact errors agree with regression on drawn data; a small network trained here shows what the page shows."""

import json

import numpy as np
import pytest
from examples import DOCS, load

pixel = load("architectures/diffusion/pixel-space")
STORED = json.loads((DOCS / "architectures/diffusion/pixel-space.json").read_text("utf-8"))


@pytest.mark.parametrize("target", list(pixel.TARGETS))
@pytest.mark.parametrize("width", [1, 3, 6, 8])
def test_the_error_is_that_of_the_best_narrow_linear_network(target: str, width: int) -> None:
    surface, space, t = 2, 8, 0.4
    a, b = pixel.TARGETS[target]
    cov_x = (t**2) * np.eye(space)
    cov_x[:surface, :surface] += (1 - t) ** 2 * np.eye(surface)
    cross = b * t * np.eye(space)
    cross[:surface, :surface] += a * (1 - t) * np.eye(surface)
    cov_y = b**2 * np.eye(space)
    cov_y[:surface, :surface] += a**2 * np.eye(surface)
    scaled = cross @ np.linalg.inv(np.linalg.cholesky(cov_x)).T
    singular = np.linalg.svd(scaled, compute_uv=False)
    best = np.trace(cov_y) - (singular[:width] ** 2).sum()
    to_data = {"data": 1, "velocity": t, "noise": t / (1 - t)}[target] ** 2

    assert pixel.error(target, t, surface, space, width) == pytest.approx(to_data * best)


def test_wide_enough_networks_are_equal_and_only_the_data_are_narrow() -> None:
    for t in (0.2, 0.5, 0.8):
        errors = [pixel.error(target, t, 4, 64, 64) for target in pixel.TARGETS]
        np.testing.assert_allclose(errors, errors[0])
        assert pixel.error("data", t, 4, 64, 4) == pytest.approx(errors[0])
    assert pixel.kept("noise", 0.5, 4, 64, 60) == (0, 60), "noise first: nothing is left for the data"


@pytest.mark.parametrize("target", list(pixel.TARGETS))
def test_outputs_become_velocities(target: str) -> None:
    x0, eps = np.random.default_rng(0).normal(size=(2, 5, 3))
    t = np.array([0.1, 0.3, 0.5, 0.7, 0.9])[:, None]
    a, b = pixel.TARGETS[target]

    np.testing.assert_allclose(
        pixel.to_velocity(target, a * x0 + b * eps, (1 - t) * x0 + t * eps, t), eps - x0, atol=1e-12
    )


def test_noise_in_few_directions_gives_the_whole_velocity() -> None:
    rng = np.random.default_rng(4)
    basis = np.linalg.qr(rng.normal(size=(7, 3)))[0].T
    x0, eps = rng.normal(size=(2, 5, 7))
    t = np.array([0.1, 0.3, 0.5, 0.7, 0.9])[:, None]
    out = eps @ basis.T @ basis - x0

    np.testing.assert_allclose(
        pixel.asymmetric_to_velocity(out, (1 - t) * x0 + t * eps, t, basis), eps - x0, atol=1e-12
    )


@pytest.mark.parametrize("width", [1, 2, 3, 5, 6])
def test_noise_in_few_directions_is_as_good_as_a_space_of_as_many(width: int) -> None:
    surface, space, few, t = 2, 9, 5, 0.4
    cov_x, cross, cov_y = t**2 * np.eye(space), np.zeros((space, space)), np.zeros((space, space))
    cov_x[:surface, :surface] += (1 - t) ** 2 * np.eye(surface)
    cross[:few, :few] += t * np.eye(few)
    cov_y[:few, :few] += np.eye(few)
    cross[:surface, :surface] -= (1 - t) * np.eye(surface)
    cov_y[:surface, :surface] += np.eye(surface)
    singular = np.linalg.svd(cross @ np.linalg.inv(np.linalg.cholesky(cov_x)).T, compute_uv=False)
    best = np.trace(cov_y) - (singular[:width] ** 2).sum()

    assert pixel.error("velocity", t, surface, few, min(width, few)) == pytest.approx(t**2 * best)


def test_the_gradients_are_right() -> None:
    rng = np.random.default_rng(3)
    weights = [[rng.normal(size=(i, o)), rng.normal(size=o)] for i, o in ((5, 4), (4, 4), (4, 2))]
    x, t = rng.normal(size=(6, 2)), np.full((6, 1), 0.3)
    layers = pixel.network(weights, x, t)
    grads = pixel.gradients(weights, layers, 2 * layers[-1])
    for layer, place in ((0, (1, 2)), (1, (3, 0)), (2, (2, 1))):
        for which, entry in ((0, place), (1, place[1])):
            losses = []
            for change in (1e-6, -1e-6):
                weights[layer][which][entry] += change
                losses.append((pixel.network(weights, x, t)[-1] ** 2).sum())
                weights[layer][which][entry] -= change
            assert (losses[0] - losses[1]) / 2e-6 == pytest.approx(grads[layer][which][entry], rel=1e-4, abs=1e-6)


def test_trained_narrow_networks_find_the_spiral_only_by_predicting_data() -> None:
    truth = pixel.spiral(1000, np.random.default_rng(9))
    found = {}
    for target in pixel.TARGETS:
        points, off = pixel.sample(target, *pixel.train(target, 64, steps=1000), steps=50)
        found[target] = pixel.distance(points, truth), off

    assert found["data"][0] < 0.2
    assert found["data"][1] < 0.4
    assert found["velocity"][1] > 2
    assert found["noise"][0] > 2


def test_the_stored_runs_say_what_the_page_says() -> None:
    assert STORED["linear"] == pixel.experiment()
    trained = STORED["trained"]
    for space in ("16", "64", "256"):
        assert trained["data"][space]["distance"] < 0.12
        assert trained["velocity"][space]["off"] > 2 * trained["data"][space]["off"]
    again = pixel.cell("data", 16)
    assert again["distance"] == pytest.approx(trained["data"]["16"]["distance"], abs=0.03)


def test_alignment_is_minus_one_when_features_agree_up_to_length() -> None:
    hidden = np.random.default_rng(0).normal(size=(7, 4))

    assert pixel.alignment(hidden, np.eye(4), 3 * hidden) == pytest.approx(-1)
    assert pixel.alignment(hidden, np.eye(4), -hidden) == pytest.approx(1)


def test_the_shift_of_rae() -> None:
    assert pixel.shift_for(16 * 16 * 768) == pytest.approx(48**0.5)
