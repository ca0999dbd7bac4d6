"""Mini-batches as steps and as products, the layers they contain, gradients by differences, and published numbers."""

import json
from pathlib import Path

import numpy as np
import pytest
from examples import load

memory = load("architectures/recurrent/test-time-memory")
delta = load("architectures/recurrent/deltanet")
rwkv = load("architectures/recurrent/rwkv")
E = memory.example()
STORED = json.loads(
    (Path(__file__).parents[4] / "docs/architectures/recurrent/test-time-memory.json").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("size", [1, 3, 8, 32, 50])
def test_steps_and_products_agree(size: int) -> None:
    out, last = memory.ttt(**E, size=size)
    products, state = memory.ttt_dual(**E, size=size)

    np.testing.assert_allclose(products, out, atol=1e-12)
    np.testing.assert_allclose(state, last, atol=1e-12)


def test_batches_of_one_are_the_delta_rule_and_one_batch_is_linear_attention() -> None:
    out, state = memory.ttt_dual(**E, size=1)
    expected, last = delta.delta_rule(E["q"], E["k"], E["v"], E["eta"])
    np.testing.assert_allclose(out, expected, atol=1e-12)
    np.testing.assert_allclose(state, last, atol=1e-12)

    whole, _ = memory.ttt_dual(**E, size=32)
    np.testing.assert_allclose(whole, np.tril(E["q"] @ E["k"].T) @ (E["eta"][:, None] * E["v"]), atol=1e-12)
    assert np.abs(whole - out).max() > 0.1


def published() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(7)
    q, k, v = rng.normal(size=(3, 12, 5))
    settings = {"q": q, "k": k, "v": v, "rate": rng.uniform(0.2, 1, 12), "scale": rng.normal(1, 0.2, 5)}
    return settings | {"shift": rng.normal(0, 0.2, 5), "W": rng.normal(0, 0.3, (5, 5)), "b": rng.normal(0, 0.1, 5)}


# Last output of `process_mini_batch` in test-time-training/ttt-lm-jax, ttt/models/ttt_layer.py, with these weights,
# the vector-Jacobian product taken by automatic differentiation.
LAST = [2.1649507157, 0.1566143637, 1.949912849, -0.584140057, -1.3909796435]


def test_the_published_layer_gives_its_authors_numbers() -> None:
    out, _, _ = memory.ttt_linear(**published(), size=4)

    np.testing.assert_allclose(out[-1], LAST, atol=1e-8)


def test_the_published_layer_takes_gradient_steps_on_the_error_of_its_memory() -> None:
    p = published()
    k, v, d = p["k"][0], p["v"][0], 5

    def loss(W: np.ndarray, b: np.ndarray) -> float:
        answer = k + memory.normalised(k @ W + b, p["scale"], p["shift"])
        return float(0.5 * ((answer - v) ** 2).sum())

    step = 1e-6
    gradient = np.zeros((d, d))
    for index in np.ndindex(d, d):
        moved = p["W"].copy()
        moved[index] += step
        gradient[index] = (loss(moved, p["b"]) - loss(p["W"], p["b"])) / step
    one = {name: value[:1] if name in ("q", "k", "v", "rate") else value for name, value in p.items()}
    _, W, _ = memory.ttt_linear(**one, size=1)

    np.testing.assert_allclose(W, p["W"] - p["rate"][0] / d * gradient, atol=1e-5)


def test_titans_without_momentum_and_forgetting_is_the_delta_rule() -> None:
    zero = np.zeros(32)
    out, state = memory.titans(E["q"], E["k"], E["v"], zero, zero, E["eta"] / 2)
    expected, last = delta.delta_rule(E["q"], E["k"], E["v"], E["eta"])

    np.testing.assert_allclose(out, expected, atol=1e-12)
    np.testing.assert_allclose(state, last, atol=1e-12)


def test_titans_without_momentum_is_rwkv_7_with_one_decay_and_one_rate() -> None:
    alpha, zero = np.random.default_rng(1).uniform(0, 0.4, 32), np.zeros(32)
    out, state = memory.titans(E["q"], E["k"], E["v"], alpha, zero, E["eta"] / 2)
    wide = np.tile(E["eta"][:, None], 8)
    expected, last = rwkv.wkv7(E["q"], np.tile(1 - alpha[:, None], 8), wide * E["k"], E["v"], E["k"], wide)

    np.testing.assert_allclose(out, expected, atol=1e-12)
    np.testing.assert_allclose(state, last, atol=1e-12)


def test_the_deep_gradient_is_that_of_finite_differences() -> None:
    rng = np.random.default_rng(2)
    k, v, W1, W2 = rng.normal(size=4), rng.normal(size=3), rng.normal(size=(4, 6)), rng.normal(size=(6, 3))

    def loss(A: np.ndarray, B: np.ndarray) -> float:
        z = k @ A
        return float((((z / (1 + np.exp(-z))) @ B - v) ** 2).sum())

    step = 1e-6
    for index, found in enumerate(memory.deep_gradient(k, v, W1, W2)):
        for place in np.ndindex(found.shape):
            moved = [W1.copy(), W2.copy()]
            moved[index][place] += step
            assert found[place] == pytest.approx((loss(*moved) - loss(W1, W2)) / step, abs=1e-4)


def test_a_deep_memory_learns_what_it_is_shown_again_and_again() -> None:
    rng = np.random.default_rng(3)
    k, v = np.tile(memory.unit(rng.normal(size=(4, 6))), (200, 1)), np.tile(rng.normal(size=(4, 2)), (200, 1))
    steps = np.ones(800)
    W1, W2 = rng.normal(0, 0.5, (6, 16)), rng.normal(0, 0.3, (16, 2))
    out, _ = memory.titans_deep(k, k, v, 0 * steps, 0.5 * steps, 0.02 * steps, W1, W2)

    assert ((out[-4:] - v[-4:]) ** 2).mean() < 0.01 * ((out[:4] - v[:4]) ** 2).mean()


def test_the_contribution_of_one_write_follows_its_sum_and_is_what_the_layer_does() -> None:
    for (alpha, eta), stored in zip(memory.SETTINGS, STORED["left"], strict=True):
        direct = [sum((1 - alpha) ** (n - i) * eta**i for i in range(n + 1)) for n in range(40)]
        np.testing.assert_allclose(stored, direct, atol=1e-4)
    # One unit write, then tokens with orthogonal keys and nothing to say.
    keys, values = np.eye(6), np.zeros((6, 1))
    values[0] = 1.0
    theta = np.array([0.5, 0, 0, 0, 0, 0])
    out, _ = memory.titans(np.tile(keys[0], (6, 1)), keys, values, np.full(6, 0.1), np.full(6, 0.7), theta)
    np.testing.assert_allclose(out[:, 0], STORED["left"][2][:6], atol=1e-4)


def test_the_stored_experiment_is_what_the_code_gives() -> None:
    for task in ("once", "newest"):
        for size in (1, 8, 64):
            index = STORED["sizes"].index(size)
            share = memory.named(task, size, STORED["step"][task][index])
            assert STORED["named"][task][index] == pytest.approx(share, abs=4e-3)


def in_place_case() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(11)
    return {
        "h": rng.normal(size=(14, 6)),
        "x": rng.normal(size=(14, 3)),
        "W": rng.normal(size=(6, 3)),
        "taps": rng.normal(size=(5, 3)),
        "P": rng.normal(size=(3, 3)),
    }


def test_in_place_memory_is_linear_attention_over_earlier_chunks() -> None:
    c, size, rate = in_place_case(), 4, 0.3
    out, last = memory.in_place(**c, rate=rate, size=size)

    target = np.zeros((14, 3))
    for t in range(14):
        for i in range(5):
            near = t + i - 2
            if 0 <= near < 14 and near // size == t // size:
                target[t] += c["taps"][i] * c["x"][near]
    target = target @ c["P"]
    chunk = np.arange(14) // size
    earlier = chunk[None, :] < chunk[:, None]
    np.testing.assert_allclose(out, c["h"] @ c["W"] + rate * (earlier * (c["h"] @ c["h"].T)) @ target, atol=1e-12)
    np.testing.assert_allclose(last, c["W"] + rate * c["h"][:12].T @ target[:12], atol=1e-12)


def test_in_place_memory_looks_ahead_but_is_causal_and_starts_as_the_model_it_was() -> None:
    c = in_place_case()
    out, _ = memory.in_place(**c, rate=1.0, size=4)
    later = {**c, "x": c["x"].copy(), "h": c["h"].copy()}
    later["x"][7] += 1.0
    later["h"][7] += 1.0
    changed = np.abs(memory.in_place(**later, rate=1.0, size=4)[0] - out).max(axis=1) > 1e-9
    assert changed.tolist() == [False] * 7 + [True] * 7

    untrained, W = memory.in_place(**{**c, "taps": np.zeros((5, 3))}, rate=1.0, size=4)
    np.testing.assert_allclose(untrained, c["h"] @ c["W"], atol=1e-13)
    np.testing.assert_array_equal(W, c["W"])


def test_only_a_target_from_the_next_token_lets_the_memory_name_it() -> None:
    assert memory.followed(True) == 1.0
    assert memory.followed(False) < 0.05
