"""Every form is one function; its matrix is semiseparable; the block is its equations and weighs what is counted."""

import json
import warnings

import numpy as np
import pytest
from archdata.formulas import Mamba2
from examples import DOCS, load

ssd = load("architectures/recurrent/mamba-2")
mamba = load("architectures/recurrent/mamba")
retnet = load("architectures/recurrent/retnet")
X, LOG_A, B, C = ssd.example()


@pytest.mark.parametrize("size", [1, 5, 16, 48, 100])
def test_scan_product_and_chunks_agree(size: int) -> None:
    exact = ssd.scan(X, LOG_A, B, C)

    np.testing.assert_allclose(ssd.quadratic(X, LOG_A, B, C), exact, atol=1e-12)
    np.testing.assert_allclose(ssd.chunked(X, LOG_A, B, C, size), exact, atol=1e-12)


def test_the_mask_is_the_product_of_decays_between_two_tokens() -> None:
    mask, a = ssd.decay_mask(LOG_A), np.exp(LOG_A)
    for i, j in ((0, 0), (5, 5), (5, 4), (9, 2), (47, 0)):
        assert mask[i, j] == pytest.approx(np.prod(a[j + 1 : i + 1]), rel=1e-12)
    assert np.triu(mask, 1).max() == 0


def test_the_inverse_of_the_mask_has_two_diagonals() -> None:
    expected = np.eye(48) - np.diag(np.exp(LOG_A[1:]), -1)

    np.testing.assert_allclose(np.linalg.inv(ssd.decay_mask(LOG_A)), expected, atol=1e-12)


def test_no_block_below_the_diagonal_has_a_rank_above_the_state() -> None:
    matrix = ssd.decay_mask(LOG_A) * (C @ B.T)

    ranks = {np.linalg.matrix_rank(matrix[i:, : i + 1]) for i in range(4, 44)}
    assert ranks == {4}


def test_a_constant_decay_is_retention() -> None:
    out = ssd.quadratic(X, np.full(48, np.log(0.9)), B, C)

    np.testing.assert_allclose(out, retnet.parallel(C, B, X, 0.9), atol=1e-12)


def test_mamba_with_one_decay_for_all_its_states_is_the_same_layer() -> None:
    step = np.random.default_rng(2).uniform(0.05, 0.5, size=(48, 1))
    decay, written = mamba.discretise(np.tile(step, (1, 3)), np.full((3, 4), -1.7), B)
    dual = ssd.chunked(step * X, -1.7 * step[:, 0], B, C, 16)

    np.testing.assert_allclose(mamba.scan(decay, written, X, C), dual, atol=1e-12)


def test_strong_decays_neither_overflow_nor_lose_the_near_past() -> None:
    """A ratio of running products, the short way to write the mask, fails on the same input."""
    log_a = np.full(600, -2.0, dtype=np.float32)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        mask = ssd.decay_mask(log_a)
    assert mask[500, 499] == pytest.approx(np.exp(-2.0), rel=1e-6)

    running = np.exp(np.cumsum(log_a))
    with np.errstate(divide="ignore", invalid="ignore"):
        assert not np.isfinite(running[500] / running[499])


def test_sums_over_the_stretch_keep_digits_that_differences_lose() -> None:
    log_a = -np.random.default_rng(3).uniform(0, 2, size=4000).astype(np.float32)
    exact = np.exp(log_a[3999].astype(np.float64))
    running = np.cumsum(log_a)

    stretch = float(ssd.decay_mask(log_a[-300:])[299, 298])
    difference = float(np.exp(running[3999] - running[3998]))
    assert abs(stretch / exact - 1) < 1e-6
    assert abs(difference / exact - 1) > 1e-5


def step_by_step(u: np.ndarray, w: dict[str, np.ndarray], heads: int, groups: int, state: int) -> np.ndarray:
    """The block from its equations, one token and one head at a time, as in decoding."""
    inner = len(w["norm"])
    size, window = inner // heads, np.zeros((4, inner + 2 * groups * state))
    states, out = [np.zeros((state, size)) for _ in range(heads)], []
    for row in u:
        projected = row @ w["in"]
        gate, step = projected[:inner], np.log1p(np.exp(projected[-heads:] + w["step_bias"]))
        window = np.concatenate([window[1:], projected[None, inner:-heads]])
        mixed = (window * w["conv"]).sum(0) + w["conv_bias"]
        mixed = mixed / (1 + np.exp(-mixed))
        y = np.zeros(inner)
        for h in range(heads):
            g = h * groups // heads
            x = mixed[h * size : (h + 1) * size]
            b = mixed[inner + g * state : inner + (g + 1) * state]
            c = mixed[inner + (groups + g) * state : inner + (groups + g + 1) * state]
            states[h] = np.exp(-step[h] * np.exp(w["a_log"][h])) * states[h] + step[h] * np.outer(b, x)
            y[h * size : (h + 1) * size] = c @ states[h] + w["skip"][h] * x
        y = y * gate / (1 + np.exp(-gate))
        parts = [part / np.sqrt((part**2).mean() + 1e-5) for part in np.split(y, groups)]
        out.append((np.concatenate(parts) * w["norm"]) @ w["out"])
    return np.stack(out)


@pytest.mark.parametrize(("heads", "groups"), [(4, 1), (4, 2), (4, 4)])
def test_the_block_is_its_equations(heads: int, groups: int) -> None:
    u, w = np.random.default_rng(4).normal(size=(20, 16)), ssd.weights(heads=heads, groups=groups)

    np.testing.assert_allclose(
        ssd.mamba2_block(u, w, heads, groups, 8), step_by_step(u, w, heads, groups, 8), atol=1e-12
    )


def test_the_block_weighs_what_the_formula_counts() -> None:
    w = ssd.weights(d=16, heads=4, groups=2, state=8)

    assert sum(part.size for part in w.values()) == Mamba2(32, 8, 4, 2, 4).parameters(16)


def test_the_two_parts_of_the_work_meet_where_the_page_says() -> None:
    inside, through = ssd.operations(2 * 128 * 64 / (128 + 64))

    assert inside == pytest.approx(through)


def test_the_stored_experiment_is_what_the_code_gives() -> None:
    stored = json.loads((DOCS / "architectures/recurrent/mamba-2.json").read_text(encoding="utf-8"))
    again = ssd.experiment()

    np.testing.assert_allclose(stored.pop("mask"), again.pop("mask"), atol=1e-3)
    assert stored == again
