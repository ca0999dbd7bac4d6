"""Muon's step is nearly the polar factor, and Sinkhorn balancing scales rows and columns alone."""

from __future__ import annotations

import json

import numpy as np
import pytest
from examples import DOCS, load

page = load("learning/optimisation")
STORED = json.loads((DOCS / "learning/optimisation.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("shape", [(48, 48), (32, 96), (96, 32)])
def test_singular_values_come_near_one_and_singular_vectors_stay(shape: tuple[int, int]) -> None:
    g = np.random.default_rng(0).normal(size=shape)
    u, s, v = np.linalg.svd(g, full_matrices=False)
    inside = u.T @ page.orthogonalise(g) @ v.T

    np.testing.assert_allclose(inside, np.diag(np.diag(inside)), atol=1e-9)
    kept = s / np.linalg.norm(s) > 0.01  # smaller ones need more iterations
    assert kept.sum() > 30 * 0.9
    assert np.all((np.diag(inside)[kept] > 0.65) & (np.diag(inside)[kept] < 1.25))


def test_ten_iterations_end_at_the_polar_factor_and_five_do_not() -> None:
    g = page.gradient()
    exact = page.polar(g)

    np.testing.assert_allclose(page.orthogonalise(g, page.HYBRID), exact, atol=1e-3)
    assert np.linalg.norm(page.orthogonalise(g) - exact, 2) == pytest.approx(0.3, abs=0.05)
    assert np.linalg.norm(page.orthogonalise(g, page.SAFE) - exact, 2) < 0.15


def test_a_polynomial_for_each_step_keeps_a_narrower_band_down_to_smaller_values() -> None:
    def band(schedule: list[tuple[float, float, float]], least: float) -> tuple[float, float]:
        s = np.geomspace(least, 1, 4000)
        for a, b, c in schedule:
            s = a * s + b * s**3 + c * s**5
        return float(s.min()), float(s.max())

    assert band(page.MUON, 0.002) == pytest.approx((0.68, 1.20), abs=0.01)
    assert band(page.MUON, 0.001)[0] < 0.5
    assert band(page.SAFE, 0.001) == pytest.approx((0.85, 1.12), abs=0.01)


def test_the_polar_factor_is_the_steepest_of_all_steps_with_that_largest_singular_value() -> None:
    rng = np.random.default_rng(1)
    g = page.gradient()
    best = float((g * page.polar(g)).sum())

    assert best == pytest.approx(np.linalg.svd(g, compute_uv=False).sum())
    for _ in range(20):
        other = rng.normal(size=g.shape)
        assert (g * other).sum() / np.linalg.norm(other, 2) < best


def test_the_size_of_the_gradient_does_not_matter() -> None:
    g = page.gradient()
    np.testing.assert_allclose(page.orthogonalise(1e4 * g), page.orthogonalise(g), atol=1e-4)


@pytest.mark.parametrize("shape", [(64, 64), (64, 256), (256, 64)])
def test_the_scale_gives_every_shape_entries_of_one_size(shape: tuple[int, int]) -> None:
    exact = page.polar(np.random.default_rng(2).normal(size=shape))

    assert np.sqrt((exact**2).mean()) == pytest.approx(max(shape) ** -0.5)
    assert np.sqrt(((page.muon_scale(*shape, "rms") * exact) ** 2).mean()) == pytest.approx(0.2)


def test_the_first_rule_bounds_what_a_step_does_to_activations_whatever_the_shape() -> None:
    x = np.random.default_rng(3).normal(size=(1, 256))
    for outputs in (64, 256, 1024):
        # An input in the space that the step reads, as gradients make it.
        exact = page.polar(np.random.default_rng(4).normal(size=(256, outputs)))
        seen = x @ exact @ exact.T
        moved = page.muon_scale(256, outputs, "spectral") * seen @ exact
        size = np.sqrt((moved**2).mean() / (seen**2).mean())
        assert size == pytest.approx(1 if outputs >= 256 else 2)


def test_a_step_goes_against_the_gradient_and_decays_the_weights() -> None:
    rng = np.random.default_rng(5)
    w, grad = rng.normal(size=(2, 32, 16))
    moved, momentum = page.muon_step(w, grad, np.zeros_like(w), rate=0.01)

    np.testing.assert_allclose(momentum, grad)
    update = (w - moved) / 0.01 - 0.1 * w
    np.testing.assert_allclose(update, 0.2 * 32**0.5 * page.orthogonalise(1.95 * grad), atol=1e-9)
    assert (update * grad).sum() > 0


@pytest.mark.parametrize(("inputs", "share"), [(64, 0.51), (16, 0.99)])
def test_a_loud_head_takes_the_step_from_others_only_where_heads_outnumber_the_inputs(
    inputs: int, share: float
) -> None:
    rng = np.random.default_rng(6)
    loud, quiet = rng.normal(size=(inputs, 32)) * 100, rng.normal(size=(inputs, 32))
    together = page.orthogonalise(np.hstack([loud, quiet]), page.HYBRID)
    apart = [page.orthogonalise(head, page.HYBRID) for head in (loud, quiet)]

    assert np.linalg.norm(together[:, :32]) ** 2 / np.linalg.norm(together) ** 2 == pytest.approx(share, abs=0.015)
    assert np.linalg.norm(apart[1]) == pytest.approx(np.linalg.norm(apart[0]), rel=0.01)


def test_qk_clip_brings_the_largest_score_to_the_limit_and_leaves_small_ones() -> None:
    rng = np.random.default_rng(7)
    x, q, k = rng.normal(size=(30, 64)), *rng.normal(size=(2, 64, 16))

    def largest(a: np.ndarray, b: np.ndarray) -> float:
        return float((x @ a @ (x @ b).T).max() / 4)

    assert largest(q, k) > 100
    assert largest(*page.qk_clip(q, k, x)) == pytest.approx(100)
    same = page.qk_clip(q / 10, k / 10, x)
    np.testing.assert_array_equal(same[0], q / 10)


def test_shampoo_without_memory_is_the_polar_factor() -> None:
    g = np.random.default_rng(9).normal(size=(12, 20))

    def root(s: np.ndarray) -> np.ndarray:  # the inverse fourth root, of a matrix that may lack rank
        values, vectors = np.linalg.eigh(s)
        inverse = np.where(values > 1e-9, np.abs(values) ** -0.25, 0)
        return (vectors * inverse) @ vectors.T

    np.testing.assert_allclose(root(g @ g.T) @ g @ root(g.T @ g), page.polar(g), atol=1e-9)


@pytest.mark.parametrize(("beta1", "size"), [(0.9, 0.23), (0.95, 0.16)])
def test_where_gradients_are_noise_adams_step_has_the_size_that_the_page_gives(beta1: float, size: float) -> None:
    rng, first, second = np.random.default_rng(10), np.zeros(20_000), np.ones(20_000)
    for _ in range(200):
        g = rng.normal(size=first.shape)
        first, second = beta1 * first + (1 - beta1) * g, 0.999 * second + 0.001 * g**2

    assert ((1 - beta1) / (1 + beta1)) ** 0.5 == pytest.approx(size, abs=0.005)
    assert np.sqrt((first**2 / second).mean()) == pytest.approx(size, abs=0.01)


def test_balancing_gives_all_present_tokens_and_all_dimensions_one_size_and_absent_tokens_nothing() -> None:
    rng = np.random.default_rng(11)
    m = rng.normal(size=(400, 24)) * rng.lognormal(size=(400, 1)) * rng.lognormal(size=24)
    m[::3] = 0
    step = page.balance(m)
    columns = np.sqrt((step**2).mean(0))

    np.testing.assert_array_equal(step[::3], 0)
    np.testing.assert_allclose(np.sqrt((step[1::3] ** 2).mean(1)), 1)
    assert columns.max() / columns.min() == pytest.approx(1, abs=1e-3)
    np.testing.assert_array_equal(np.sign(step), np.sign(m))  # rows and columns are scaled, nothing else


def test_the_stored_spectra_are_those_of_the_code() -> None:
    for name, values in page.spectra().items():
        np.testing.assert_allclose(values, STORED[name], atol=2e-5)
