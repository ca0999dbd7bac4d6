"""Each variant reduces to what it generalises, and keeps its budget."""

import json

import numpy as np
import pytest
from examples import DOCS, load

variants = load("architectures/mixture-of-experts/variants")
RNG = np.random.default_rng(0)
X = RNG.normal(size=(10, 4))


def test_zero_experts_return_their_input_times_the_gate() -> None:
    logits = np.full((10, 5), -50.0)
    logits[:, 3:] = 0

    out, used = variants.with_zero_experts(X, logits, [np.tanh] * 3, 2, 2)
    np.testing.assert_allclose(out, X)
    assert (used == 0).all()


def test_a_bias_draws_choices_and_leaves_the_gates_alone() -> None:
    logits = np.zeros((10, 4))
    out, used = variants.with_zero_experts(X, logits, [np.tanh] * 2, 2, 2, np.array([1.0, 1.0, 0, 0]))

    assert (used == 2).all()
    np.testing.assert_allclose(out, 2 * 0.25 * np.tanh(X))


def test_tokens_may_use_different_numbers_of_real_experts() -> None:
    _, used = variants.with_zero_experts(X, RNG.normal(size=(10, 8)), [np.tanh] * 5, 3, 4)

    assert used.min() < used.max()


def test_the_bias_steers_the_average_to_what_is_wanted() -> None:
    averages, shares = variants.steered()

    assert averages[0] < 2.5
    assert np.mean(averages[-10:]) == pytest.approx(4, abs=0.1)
    assert shares.sum() == pytest.approx(1)


def test_depths_change_only_the_chosen_tokens() -> None:
    scores = RNG.random(10)
    out, chosen = variants.mixture_of_depths(X, scores, np.tanh, 4)

    assert len(chosen) == 4
    np.testing.assert_allclose(out[chosen], X[chosen] + scores[chosen, None] * np.tanh(X[chosen]))
    assert set(np.flatnonzero((out != X).any(1))) == set(chosen)
    assert scores[chosen].min() >= np.delete(scores, chosen).max()


def weights() -> dict[str, np.ndarray]:
    return {"qkv": RNG.normal(size=(3, 4, 4)), "up": RNG.normal(size=(4, 8)), "down": RNG.normal(size=(8, 4))}


def test_equal_weights_for_all_modalities_are_an_ordinary_transformer() -> None:
    one, kinds = weights(), RNG.integers(2, size=10)

    a = variants.mixture_of_transformers(X, kinds, [one, one])
    b = variants.mixture_of_transformers(X, np.zeros(10, dtype=int), [one])
    np.testing.assert_allclose(a, b)


def test_the_layer_of_modalities_written_out() -> None:
    two, kinds = [weights(), weights()], [0, 1, 1, 0, 1, 0, 0, 1, 0, 1]
    q, k, v = (np.stack([x @ two[kind]["qkv"][part] for x, kind in zip(X, kinds, strict=True)]) for part in range(3))

    out = variants.mixture_of_transformers(X, np.array(kinds), two)
    for row, kind in enumerate(kinds):
        seen = np.exp([q[row] @ k[past] / 2 for past in range(row + 1)])
        mixed = X[row] + sum(w * v[past] for past, w in enumerate(seen / seen.sum()))
        expected = mixed + np.maximum(mixed @ two[kind]["up"], 0) @ two[kind]["down"]
        np.testing.assert_allclose(out[row], expected, atol=1e-10)


def test_modalities_meet_in_attention() -> None:
    two, kinds = [weights(), weights()], np.array([0] * 5 + [1] * 5)
    changed = X.copy()
    changed[0] += 1

    a, b = (variants.mixture_of_transformers(v, kinds, two) for v in (X, changed))
    assert np.abs(a[5:] - b[5:]).max() > 1e-3


def test_one_expert_with_an_open_gate_is_an_ordinary_head() -> None:
    wq, wk, wv, wo = RNG.normal(size=(4, 4, 4))
    open_gate = np.zeros((4, 1))
    seen = X @ wq @ (X @ wk).T / 2
    attention = variants.softmax(np.where(np.tril(np.ones((10, 10))) > 0, seen, -np.inf))

    out = variants.switch_head(X, wq, wk, wv[None], wo[None], open_gate, open_gate, 1)
    np.testing.assert_allclose(out, 0.25 * attention @ X @ wv @ wo)


def test_a_head_mixes_its_value_maps_by_the_gates_of_the_source() -> None:
    wq, wk = np.zeros((2, 4, 4))  # even attention
    wv, wo = RNG.normal(size=(3, 4, 4)), np.stack([np.eye(4)] * 3)
    router, tied = RNG.normal(size=(4, 3)), np.zeros((4, 3))  # with ties all three output maps are open by half
    gates = 1 / (1 + np.exp(-X @ router))

    out = variants.switch_head(X, wq, wk, wv, wo, router, tied, 2)
    for row in range(10):
        values = []
        for past in range(row + 1):
            best = np.argsort(-gates[past])[:2]
            values.append(sum(gates[past, e] * X[past] @ wv[e] for e in best))
        np.testing.assert_allclose(out[row], 1.5 * np.mean(values, axis=0), atol=1e-10)


@pytest.mark.parametrize("k", [1, 4, 9])
def test_product_keys_find_what_brute_force_finds(k: int) -> None:
    first, second, query = RNG.normal(size=(30, 5)), RNG.normal(size=(30, 5)), RNG.normal(size=10)
    every = ((first @ query[:5])[:, None] + second @ query[5:]).ravel()

    index, scores = variants.product_keys(query, first, second, k)
    assert index.tolist() == np.argsort(-every)[:k].tolist()
    np.testing.assert_allclose(scores, every[index])


def test_the_stored_data_are_what_the_code_gives() -> None:
    stored = json.loads((DOCS / "architectures/mixture-of-experts/variants.json").read_text(encoding="utf-8"))
    averages, shares = variants.steered()

    np.testing.assert_allclose(stored["averages"], averages, atol=1e-3)
    np.testing.assert_allclose(stored["shares"], shares, atol=1e-3)
