"""Chunks agree with the recurrence, also where ratios overflow; gates have the time scales the page states."""

import json
from itertools import pairwise

import numpy as np
import pytest
from examples import DOCS, load

gla = load("architectures/recurrent/gla-hgrn")
retnet = load("architectures/recurrent/retnet")
ssd = load("architectures/recurrent/mamba-2")
Q, K, V, LOG_GATE = gla.example()


def all_pairs(q: np.ndarray, k: np.ndarray, v: np.ndarray, log_gate: np.ndarray) -> np.ndarray:
    """The definition unrolled: the product of the gates between two tokens, channel by channel."""
    out = np.zeros((len(q), v.shape[1]))
    for t in range(len(q)):
        for s in range(t + 1):
            between = np.prod(np.exp(log_gate[s + 1 : t + 1]), axis=0)
            out[t] += (q[t] * between) @ k[s] * v[s]
    return out


def test_the_recurrence_is_the_sum_over_all_pairs() -> None:
    np.testing.assert_allclose(gla.recurrent(Q, K, V, LOG_GATE), all_pairs(Q, K, V, LOG_GATE), atol=1e-12)


@pytest.mark.parametrize("size", [1, 5, 16, 60, 100])
@pytest.mark.parametrize("inner", [1, 4, 7])
def test_both_chunked_forms_agree(size: int, inner: int) -> None:
    exact = gla.recurrent(Q, K, V, LOG_GATE)

    np.testing.assert_allclose(gla.chunk(Q, K, V, LOG_GATE, size, inner), exact, atol=1e-12)
    if size <= 16:
        np.testing.assert_allclose(gla.chunk_by_ratios(Q, K, V, LOG_GATE, size), exact, atol=1e-8)


def test_one_strong_channel_breaks_ratios_and_not_blocks() -> None:
    strong = LOG_GATE.copy()
    strong[:, 2] = -20.0
    exact = all_pairs(Q, K, V, strong)

    np.testing.assert_allclose(gla.chunk(Q, K, V, strong, 60), exact, atol=1e-12)
    with np.errstate(all="ignore"):
        assert not np.isfinite(gla.chunk_by_ratios(Q, K, V, strong, 60)).all()


def test_in_single_precision_blocks_keep_single_precision() -> None:
    exact = all_pairs(Q, K, V, LOG_GATE)
    found = gla.chunk(*(x.astype(np.float32) for x in (Q, K, V, LOG_GATE)), 60)

    assert found.dtype == np.float32
    np.testing.assert_allclose(found, exact, atol=1e-4)


def test_equal_gates_are_mamba_2_and_constant_ones_retention() -> None:
    shared = np.repeat(LOG_GATE[:, :1], 6, axis=1)
    np.testing.assert_allclose(gla.chunk(Q, K, V, shared, 16), ssd.scan(V, shared[:, 0], K, Q), atol=1e-12)

    slope = gla.lightning_slopes(8, 3, 24)[2]
    constant = np.full((60, 6), -slope)
    np.testing.assert_allclose(gla.chunk(Q, K, V, constant, 16), retnet.parallel(Q, K, V, np.exp(-slope)), atol=1e-12)


def test_lightning_slopes_are_those_of_the_model_code() -> None:
    """base = 1 / 2^(8/H), rate = base^(h+1) × (1 - l / (L - 1 + 1e-5) + 1e-5)."""
    expected = [(1 / 2 ** (8 / 64)) ** (h + 1) * (1 - 40 / (79 + 1e-5) + 1e-5) for h in range(64)]

    np.testing.assert_allclose(gla.lightning_slopes(64, 40, 80), expected, rtol=1e-12)
    assert gla.half_lives(0)[-1] == pytest.approx(np.log(2) * 256, rel=1e-4)


def test_glas_gate_is_a_root_of_a_sigmoid() -> None:
    rng = np.random.default_rng(1)
    w = {"down": rng.normal(size=(5, 2)), "up": rng.normal(size=(2, 7)), "bias": rng.normal(size=7)}
    x = rng.normal(size=(4, 5))
    plain = (1 / (1 + np.exp(-(x @ w["down"] @ w["up"] + w["bias"])))) ** (1 / 16)

    np.testing.assert_allclose(np.exp(gla.gla_log_gate(x, w)), plain, rtol=1e-12)
    w["bias"], zero = np.zeros(7), np.zeros((1, 5))
    np.testing.assert_allclose(np.exp(16 * gla.gla_log_gate(zero, w)), 0.5)


def test_hgrn2s_gate_lies_above_its_bound_and_its_key_is_the_rest() -> None:
    f, bound = np.random.default_rng(2).normal(size=(20, 6)), np.linspace(0, 0.9, 6)
    log_gate, key = gla.hgrn2_log_gate(f, bound)
    gate = bound + (1 - bound) / (1 + np.exp(-f))

    np.testing.assert_allclose(np.exp(log_gate), gate, rtol=1e-12)
    np.testing.assert_allclose(key, 1 - gate, atol=1e-12)
    assert (np.exp(log_gate) >= bound).all()


def test_bounds_start_at_zero_and_rise_with_depth() -> None:
    bounds = gla.hgrn2_bounds(np.random.default_rng(3).normal(size=(24, 5)))

    assert (bounds[0] == 0).all()
    assert all((upper > lower).all() for lower, upper in pairwise(bounds))
    assert (bounds[-1] < 1).all()


def test_hgrn2s_state_is_an_average_of_values_and_cannot_outgrow_them() -> None:
    rng = np.random.default_rng(4)
    log_gate, key = gla.hgrn2_log_gate(rng.normal(size=(300, 6)), np.full(6, 0.5))
    values = rng.normal(size=(300, 5))
    one_channel = np.eye(6)[np.zeros(300, int)]

    assert np.abs(gla.recurrent(one_channel, key, values, log_gate)).max() <= np.abs(values).max()


def test_the_stored_experiment_is_what_the_code_gives() -> None:
    stored = json.loads((DOCS / "architectures/recurrent/gla-hgrn.json").read_text(encoding="utf-8"))
    again = gla.experiment()

    assert stored["chunks"] == again["chunks"]
    for group in ("gates", "lightning"):
        for name, values in again[group].items():
            np.testing.assert_allclose(stored[group][name], values, rtol=1e-2, atol=2e-3)
