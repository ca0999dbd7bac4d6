"""The layer equals the sum over chosen experts, token by token; balance and touched experts are as computed by hand."""

import numpy as np
import pytest
from examples import load

moe = load("architectures/mixture-of-experts/index")
X, ROUTER, EXPERTS = moe.example()


@pytest.mark.parametrize("k", [1, 2, 8])
def test_grouping_by_expert_equals_going_token_by_token(k: int) -> None:
    chosen, weights = moe.route(X, ROUTER, k)
    by_token = np.stack(
        [
            sum(w * moe.swiglu(x[None], *EXPERTS[e])[0] for e, w in zip(es, ws, strict=True))
            for x, es, ws in zip(X, chosen, weights, strict=True)
        ]
    )

    np.testing.assert_allclose(moe.mixture(X, ROUTER, EXPERTS, k), by_token, atol=1e-12)


def test_an_expert_multiplies_the_opened_gate_by_the_other_branch() -> None:
    one = np.ones((1, 1))

    assert moe.swiglu(2 * one, one, 3 * one, 5 * one).item() == pytest.approx(2 / (1 + np.exp(-2)) * 6 * 5)


def test_identical_experts_make_a_dense_network() -> None:
    same = [EXPERTS[0]] * len(EXPERTS)

    np.testing.assert_allclose(moe.mixture(X, ROUTER, same, 2), moe.swiglu(X, *EXPERTS[0]), atol=1e-12)


def test_softmax_before_or_after_choosing_differs_by_a_factor_only() -> None:
    chosen, weights = moe.route(X, ROUTER, 2)
    full = np.take_along_axis(moe.softmax(X @ ROUTER), chosen, axis=1)

    np.testing.assert_allclose(weights, full / full.sum(1, keepdims=True), atol=1e-12)


def test_balance_loss_is_one_when_even_and_grows_with_preference() -> None:
    rng = np.random.default_rng(0)
    even = moe.balance_loss(rng.normal(size=(4000, 16)), 1e-3 * rng.normal(size=(16, 8)), 2)
    biased_input = np.abs(rng.normal(size=(4000, 16)))
    one_sided = np.zeros((16, 8))
    one_sided[:, 0] = 1

    assert even == pytest.approx(1, abs=1e-3)
    assert moe.balance_loss(biased_input, one_sided, 1) > 7


@pytest.mark.parametrize(("count", "k", "tokens"), [(8, 2, 1), (8, 2, 5), (32, 4, 16)])
def test_touched_experts_agree_with_a_simulation(count: int, k: int, tokens: int) -> None:
    rng = np.random.default_rng(1)
    draws = [len({e for _ in range(tokens) for e in rng.choice(count, k, replace=False)}) for _ in range(3000)]

    assert moe.experts_touched(count, k, tokens) == pytest.approx(np.mean(draws), abs=0.15)
