"""The general recurrence contains the layers it is said to contain."""

import json

import numpy as np
import pytest
from examples import DOCS, load

family = load("architectures/recurrent/index")
retnet = load("architectures/recurrent/retnet")
RNG = np.random.default_rng(0)
Q, K, V = (RNG.normal(size=(20, 6)) for _ in range(3))


def test_without_forgetting_it_is_causal_linear_attention() -> None:
    out, _ = family.recurrence(Q, K, V)

    np.testing.assert_allclose(out, np.tril(Q @ K.T) @ V, atol=1e-12)


def test_with_a_constant_decay_it_is_retention() -> None:
    out, _ = family.recurrence(Q, K, V, forget=np.full(20, 0.9))

    np.testing.assert_allclose(out, retnet.parallel(Q, K, V, 0.9), atol=1e-12)


def test_a_gate_for_each_channel_fades_rows_of_the_state() -> None:
    gates = RNG.uniform(0.5, 1, size=(20, 6))
    out, _ = family.recurrence(Q, K, V, forget=gates)
    last = sum((Q[-1] * np.prod(gates[s + 1 :], axis=0)) @ K[s] * V[s] for s in range(20))

    np.testing.assert_allclose(out[-1], last, atol=1e-12)


def test_the_delta_rule_returns_the_value_just_written_and_replaces_an_old_one() -> None:
    keys = family.unit(K)
    again = np.concatenate([keys, keys[:1]])
    values = np.concatenate([V, V[5:6]])
    _, state = family.recurrence(again, again, values, erase=True)

    np.testing.assert_allclose(keys[0] @ state, V[5], atol=1e-12)


def test_the_delta_rule_recalls_orthogonal_keys_exactly() -> None:
    keys = np.eye(6)
    _, state = family.recurrence(keys, keys, V[:6], erase=True)

    np.testing.assert_allclose(state, V[:6], atol=1e-12)


@pytest.mark.parametrize("strength", [0.0, 0.5])
def test_a_weak_write_moves_the_answer_part_of_the_way(strength: float) -> None:
    key = family.unit(K[:1])
    _, state = family.recurrence(key, key, V[:1], strength=[strength], erase=True)

    np.testing.assert_allclose(key[0] @ state, strength * V[0], atol=1e-12)


def test_the_stored_experiment_is_what_the_code_gives() -> None:
    stored = json.loads((DOCS / "architectures/recurrent/index.json").read_text(encoding="utf-8"))

    assert family.experiment() == stored["error"]
