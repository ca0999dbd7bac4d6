"""Muon's step is nearly the polar factor; under µP a layer's change does not grow with the width, as it does else."""

from __future__ import annotations

import json

import numpy as np
import pytest
from examples import DOCS, load

page = load("learning/optimisation")
STORED = json.loads((DOCS / "learning/optimisation.json").read_text(encoding="utf-8"))


def _slope(widths: list[int], changes: list[float]) -> float:
    return float(np.polyfit(np.log(widths), np.log(changes), 1)[0])


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


def test_gradients_by_hand_agree_with_differences() -> None:
    rng = np.random.default_rng(8)
    target = rng.permutation(page.TOKENS)
    weights = page.network(16, "mup", rng)
    found = page.gradients(weights, 0.5, target)

    def loss(w: list[np.ndarray]) -> float:
        z = page.forward(w, 0.5)[-1]
        z = z - z.max(1, keepdims=True)
        return float(np.mean(np.log(np.exp(z).sum(1)) - z[np.arange(page.TOKENS), target]))

    for place, grad in enumerate(found):
        direction = rng.normal(size=grad.shape)
        up, down = (
            loss([w + sign * 1e-6 * direction if i == place else w for i, w in enumerate(weights)]) for sign in (1, -1)
        )
        assert (grad * direction).sum() == pytest.approx((up - down) / 2e-6, rel=1e-4, abs=1e-8)


def test_the_factors_are_one_at_the_base_width_and_those_of_the_table_beyond() -> None:
    for kind in ("input", "hidden", "output"):
        assert page.factors(kind, 32) == (1, 1, 1) == page.factors(kind, 32, rule="standard")
    assert page.factors("hidden", 512) == (0.25, 1 / 16, 1)
    assert page.factors("output", 512) == (1, 1, 1 / 16)
    assert page.factors("input", 512) == (1, 1, 1)


@pytest.mark.parametrize(
    ("rule", "least", "most"),
    [("Adam", 0.65, 1.1), ("Adam, µP", -0.15, 0.05), ("Muon, spectral", -0.05, 0.15), ("Muon, RMS", 0.4, 0.6)],
)
def test_a_hidden_layers_change_follows_the_width_as_the_page_says(rule: str, least: float, most: float) -> None:
    assert least < _slope(STORED["width"], STORED[f"{rule}: hidden"]) < most


def test_without_mup_the_logits_change_in_proportion_to_the_width() -> None:
    assert _slope(STORED["width"], STORED["Adam: logits"]) == pytest.approx(1, abs=0.15)
    assert _slope(STORED["width"], STORED["Adam, µP: logits"]) < 0


def test_the_stored_run_is_reproduced() -> None:
    run = page.experiment(widths=(32, 64))
    for name, numbers in run.items():
        np.testing.assert_allclose(numbers, STORED[name][: len(numbers)], rtol=0.02, atol=1e-4, err_msg=name)


def test_decay_averages_the_steps_of_the_last_one_over_rate_times_decay() -> None:
    # With constant updates the weights come within 1/e of where they will end after 1 / (rate x decay) steps.
    rate, decay, w = 0.01, 0.1, 0.0
    for _ in range(round(1 / (rate * decay))):
        w -= rate * (-1.0 + decay * w)
    assert w * decay == pytest.approx(1 - 1 / np.e, rel=1e-3)
