"""Norms do what their formulas say, the hand-written gradients are right, and pre-norm's shrink with depth."""

import json

import numpy as np
import pytest
from examples import DOCS, load

page = load("architectures/transformers/normalisation")


def test_layer_norm_is_rms_norm_of_the_centred_row() -> None:
    x = np.random.default_rng(0).normal(loc=3, size=(4, 10))
    np.testing.assert_allclose(page.layer_norm(x), page.rms_norm(x - x.mean(-1, keepdims=True)), atol=1e-12)


def test_norms_do_not_see_the_scale_of_a_row() -> None:
    x = np.random.default_rng(1).normal(size=(3, 8))
    np.testing.assert_allclose(page.rms_norm(1000 * x), page.rms_norm(x), atol=1e-5)
    for bound in (page.dynamic_tanh, page.dynamic_erf):
        assert np.abs(bound(1000 * x) - bound(x)).max() > 0.1
        np.testing.assert_allclose(bound(1e6 * x), np.sign(x))


def test_normed_queries_and_keys_bound_the_score() -> None:
    q, k = np.random.default_rng(2).normal(scale=100, size=(2, 50, 16))
    q, k = page.qk_norm(q, k, 1.5, 2.0)
    assert np.abs(q @ k.T / np.sqrt(16)).max() <= np.sqrt(16) * 3.0 + 1e-9


@pytest.mark.parametrize("placement", ["post", "pre", "sandwich", "output"])
def test_the_stack_is_made_of_the_blocks_shown(placement: str) -> None:
    rng = np.random.default_rng(3)
    branches, x = [page.Branch(6, rng) for _ in range(3)], rng.normal(size=(4, 6))
    expected = x
    for branch in branches:
        expected = page.block(expected, branch, placement)
    np.testing.assert_allclose(page.forward(placement, branches, x)[1], expected)


@pytest.mark.parametrize("placement", ["post", "pre", "sandwich", "output"])
def test_gradients_by_hand_agree_with_differences(placement: str) -> None:
    rng = np.random.default_rng(4)
    branches = [page.Branch(5, rng) for _ in range(3)]
    x, target, direction = rng.normal(size=(3, 4, 5))

    def loss(moved: np.ndarray) -> float:
        return float(((page.forward(placement, branches, moved)[0] - target) ** 2).sum() / 2)

    out, last, tape = page.forward(placement, branches, x)
    g = page.backward(placement, out - target, last, tape)
    slope = (loss(x + 1e-6 * direction) - loss(x - 1e-6 * direction)) / 2e-6
    assert (g * direction).sum() == pytest.approx(slope, rel=1e-4)


def test_the_recorded_size_is_that_of_the_last_matrix() -> None:
    rng = np.random.default_rng(5)
    branch = page.Branch(3, rng)
    x, g = rng.normal(size=(2, 6, 3))
    branch(x)
    branch.backward(g)
    assert branch.gradient == pytest.approx(np.linalg.norm(np.maximum(x @ branch.up, 0).T @ g))


def test_a_norm_after_a_relu_network_makes_the_one_before_it_superfluous() -> None:
    rng = np.random.default_rng(6)
    branch, x = page.Branch(8, rng), rng.normal(scale=7, size=(3, 8))
    np.testing.assert_allclose(page.block(x, branch, "sandwich"), page.block(x, branch, "output"), atol=1e-5)


def test_the_last_gradient_falls_with_depth_for_pre_norm_only() -> None:
    run = page.experiment()
    assert run["post"][-1] > 0.8 * run["post"][0]
    halvings = run["pre"][2] / run["pre"][6]  # 8 against 128 layers: the root of 16
    assert halvings == pytest.approx(4, rel=0.25)


def test_the_stored_run_is_reproduced() -> None:
    stored = json.loads((DOCS / "architectures/transformers/normalisation.json").read_text(encoding="utf-8"))
    run = page.experiment()
    for name, numbers in run.items():
        np.testing.assert_allclose(numbers, stored[name], rtol=1e-3)


def test_a_step_on_the_sphere_keeps_length_one_and_ignores_the_size_of_the_branch() -> None:
    rng = np.random.default_rng(5)
    x, w, rate = page.unit(rng.normal(size=(4, 16))), rng.normal(size=(16, 16)), rng.random(16) / 5
    step = page.sphere_step(x, lambda y: y @ w, rate)
    np.testing.assert_allclose(np.linalg.norm(step, axis=1), 1)
    np.testing.assert_allclose(step, page.sphere_step(x, lambda y: 1000 * y @ w, rate))


def test_the_rate_says_how_far_the_stream_turns() -> None:
    rng = np.random.default_rng(6)
    x, target = page.unit(rng.normal(size=(2, 3, 16)))
    angle = np.arccos((x * target).sum(1))
    turned = [
        np.arccos(np.clip((page.sphere_step(x, lambda _: target, r) * target).sum(1), -1, 1)) for r in (0, 0.5, 1)
    ]
    np.testing.assert_allclose(turned, [angle, angle / 2, 0 * angle], atol=1e-6)
