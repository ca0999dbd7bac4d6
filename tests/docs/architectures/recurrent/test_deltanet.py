"""Both forms agree, the newest value of a key is read back, and an erasure alone may turn the state round."""

import numpy as np
import pytest
from examples import load

delta = load("architectures/recurrent/deltanet")
Q, K, V, BETA = delta.example()


@pytest.mark.parametrize("size", [1, 5, 8, 40, 64])
def test_chunks_of_any_size_agree_with_the_recurrence(size: int) -> None:
    out, state = delta.delta_rule(Q, K, V, BETA)
    chunked, last = delta.delta_chunkwise(Q, K, V, BETA, size)

    np.testing.assert_allclose(chunked, out, atol=1e-12)
    np.testing.assert_allclose(last, state, atol=1e-12)


@pytest.mark.parametrize("size", [1, 5, 64])
def test_with_a_gate_they_agree_as_well(size: int) -> None:
    decay = np.random.default_rng(2).uniform(0.7, 1, size=len(Q))
    out, state = delta.delta_rule(Q, K, V, BETA, decay)
    chunked, last = delta.delta_chunkwise(Q, K, V, BETA, size, decay)

    np.testing.assert_allclose(chunked, out, atol=1e-12)
    np.testing.assert_allclose(last, state, atol=1e-12)


def test_it_is_one_gradient_step_on_the_error_for_each_token() -> None:
    state = np.random.default_rng(1).normal(size=(8, 6))
    k, v, beta, step = K[0], V[0], 0.7, 1e-6

    def loss(s: np.ndarray) -> float:
        return float(0.5 * ((k @ s - v) ** 2).sum())

    gradient = np.zeros_like(state)
    for index in np.ndindex(state.shape):
        moved = state.copy()
        moved[index] += step
        gradient[index] = (loss(moved) - loss(state)) / step
    updated = state + beta * np.outer(k, v - k @ state)

    np.testing.assert_allclose(updated, state - beta * gradient, atol=1e-5)


def test_a_key_returns_its_newest_value_and_leaves_orthogonal_ones_alone() -> None:
    keys = np.eye(8)[[0, 1, 0]]
    values = V[:3]
    _, state = delta.delta_rule(keys, keys, values, np.ones(3))

    np.testing.assert_allclose(state[0], values[2])
    np.testing.assert_allclose(state[1], values[1])


def test_the_gate_fades_everything_and_the_erasure_only_its_key() -> None:
    keys, values = np.eye(8)[[0, 1, 2]], V[:3]
    _, faded = delta.delta_rule(keys, keys, values, np.array([1.0, 1.0, 0.0]), decay=np.array([1.0, 1.0, 0.5]))

    np.testing.assert_allclose(faded[:2], 0.5 * values[:2])


def test_erasing_twice_over_flips_a_sign_which_fading_cannot() -> None:
    assert delta.parity([1, 0, 1, 1], 2.0) == [-1, -1, 1, -1]
    assert min(delta.parity([1, 0, 1, 1], 1.0)) == 0


def test_two_equal_gates_are_the_gated_delta_rule_with_a_decay_for_each_channel() -> None:
    rng = np.random.default_rng(4)
    decay, ones = rng.uniform(0.7, 1, size=(len(Q), 8)), np.ones((len(Q), 8))
    head = rng.uniform(0.7, 1, size=len(Q))
    wide, write = np.tile(BETA[:, None], 8), np.tile(BETA[:, None], 6)
    expected, last = delta.delta_rule(Q, K, V, BETA, head)
    out, state = delta.delta_rule_2(Q, K, V, wide, write, head[:, None] * ones)
    np.testing.assert_allclose(out, expected, atol=1e-12)
    np.testing.assert_allclose(state, last, atol=1e-12)

    state = np.zeros((8, 6))  # Kimi Delta Attention as the hub's one form writes it
    for t in range(len(Q)):
        erasing = np.eye(8) - BETA[t] * np.outer(K[t], K[t])
        state = erasing @ np.diag(decay[t]) @ state + BETA[t] * np.outer(K[t], V[t])
    np.testing.assert_allclose(delta.delta_rule_2(Q, K, V, wide, write, decay)[1], state, atol=1e-12)


def test_two_gates_replace_add_and_delete() -> None:
    np.testing.assert_allclose(delta.edited(1, 1), [0, 1, 0], atol=1e-12)
    np.testing.assert_allclose(delta.edited(0, 1), [1, 1, 0], atol=1e-12)
    np.testing.assert_allclose(delta.edited(1, 0), [0, 0, 0], atol=1e-12)


def test_the_exactly_preconditioned_rule_is_the_ridge_regression_of_all_pairs() -> None:
    for tokens in (3, 8, 40):
        k, v = K[:tokens], V[:tokens]
        fitted = np.linalg.solve(k.T @ k + 0.1 * np.eye(8), k.T @ v)
        np.testing.assert_allclose(delta.delta_exact(k, v, 0.1), fitted, atol=1e-10)


def test_along_orthogonal_keys_the_preconditioned_rule_is_the_delta_rule() -> None:
    keys = np.eye(8)
    _, state = delta.delta_rule(keys, keys, V[:8], np.ones(8))
    np.testing.assert_allclose(delta.delta_exact(keys, V[:8], 1e-9), state, atol=1e-6)
