"""Each rule keeps what it promises, and the router's gradient is the numeric one."""

import json

import numpy as np
import pytest
from examples import DOCS, load

routing = load("architectures/mixture-of-experts/routing")
RNG = np.random.default_rng(0)
LOGITS = RNG.normal(size=(40, 8))


def test_token_choice_takes_the_best_k_and_normalises() -> None:
    gates = routing.token_choice(LOGITS, 3)

    assert ((gates > 0).sum(1) == 3).all()
    np.testing.assert_allclose(gates.sum(1), 1)
    assert (gates.argmax(1) == LOGITS.argmax(1)).all()


def test_sigmoid_and_softmax_choose_alike_and_weigh_differently() -> None:
    soft, sig = (routing.token_choice(LOGITS, 2, score=s) for s in ("softmax", "sigmoid"))

    assert ((soft > 0) == (sig > 0)).all()
    assert np.abs(soft - sig).max() > 0.05


def test_a_bias_moves_the_choice_and_not_the_scores() -> None:
    pushed = routing.token_choice(LOGITS, 2, normalise=False, bias=np.eye(8)[5] * 10)

    assert (pushed[:, 5] > 0).all()
    np.testing.assert_allclose(pushed[:, 5], routing.softmax(LOGITS)[:, 5])


def test_group_limited_routing_stays_within_the_groups_it_keeps() -> None:
    used = routing.group_limited(LOGITS, 3, groups=4, keep=2) > 0

    assert (used.sum(1) == 3).all()
    assert (used.reshape(40, 4, 2).any(2).sum(1) <= 2).all()


def test_the_groups_with_the_strongest_pairs_are_kept() -> None:
    scores = np.array([0.9, 0.2, 0.7, 0.1, 0.3, 0.2, 0.1, 0.3, 0.1, 0.6, 0.5, 0.2, 0.8, 0.1, 0.1, 0.1])
    gates = routing.group_limited(np.log(scores / (1 - scores))[None], 3, groups=4, keep=2)

    assert np.flatnonzero(gates[0]).tolist() == [0, 2, 9]  # not 12, whose group is weak
    np.testing.assert_allclose(gates[0, [0, 2, 9]], np.array([0.9, 0.7, 0.6]) / 2.2)


def test_keeping_all_groups_is_plain_choice() -> None:
    np.testing.assert_allclose(
        routing.group_limited(LOGITS, 3, groups=4, keep=4), routing.token_choice(LOGITS, 3, score="sigmoid")
    )


def test_expert_choice_balances_exactly_and_leaves_some_tokens_out() -> None:
    used = routing.expert_choice(LOGITS, 5) > 0

    assert (used.sum(0) == 5).all()
    assert not used.any(1).all()
    assert used.sum(1).max() > 1


def test_expert_choice_looks_ahead_and_token_choice_does_not() -> None:
    other = LOGITS.copy()
    other[-1] = 5 * RNG.normal(size=8)

    assert (routing.token_choice(LOGITS, 2)[:-1] == routing.token_choice(other, 2)[:-1]).all()
    assert routing.leak(trials=50) > 0.5


def test_hashing_sends_equal_tokens_to_the_same_expert() -> None:
    gates = routing.hash_choice(np.array([3, 7, 3, 1, 7]), 4)

    assert (gates[0] == gates[2]).all()
    assert (gates[1] == gates[4]).all()
    assert (gates.sum(1) == 1).all()


def test_soft_slots_with_identity_experts_average_tokens() -> None:
    x, slots = RNG.normal(size=(6, 5)), RNG.normal(size=(5, 4))
    weights = routing.softmax(x @ slots, 1) @ routing.softmax(x @ slots, 0).T
    out = routing.soft_slots(x, slots, [lambda v: v] * 2)

    np.testing.assert_allclose(out, weights @ x)
    np.testing.assert_allclose(weights.sum(1), 1)


@pytest.mark.parametrize("over", ["chosen", "all"])
@pytest.mark.parametrize("k", [1, 2])
def test_the_routers_gradient(over: str, k: int) -> None:
    logits, outputs, up = RNG.normal(size=5), RNG.normal(size=(k, 4)), RNG.normal(size=4)

    def loss(values: np.ndarray) -> float:
        gates = routing.softmax(values[:k] if over == "chosen" else values)[:k]
        return float(gates @ outputs @ up)

    gradient = routing.router_gradient(logits, outputs, up, over)
    for i in range(len(gradient)):
        step = 1e-6 * np.eye(5)[i]
        assert gradient[i] == pytest.approx((loss(logits + step) - loss(logits - step)) / 2e-6, abs=1e-7)


def test_one_expert_and_softmax_over_the_chosen_teach_the_router_nothing() -> None:
    gradient = routing.router_gradient(RNG.normal(size=4), RNG.normal(size=(1, 3)), RNG.normal(size=3), "chosen")

    assert (gradient == 0).all()


def test_the_stored_matrices_are_what_the_code_gives() -> None:
    stored = json.loads((DOCS / "architectures/mixture-of-experts/routing.json").read_text(encoding="utf-8"))

    assert {name: m.round(3).tolist() for name, m in routing.matrices().items()} == stored


@pytest.mark.parametrize("p", [0.3, 0.7, 0.95])
def test_top_p_takes_the_fewest_experts_that_reach_p(p: float) -> None:
    gates = routing.top_p_choice(LOGITS, p)
    probabilities = routing.softmax(LOGITS)

    for row, whole in zip(gates, probabilities, strict=True):
        kept = np.sort(row[row > 0])
        assert kept.sum() >= p
        assert kept.sum() - kept[0] < p
        assert whole[row == 0].max(initial=0) <= kept[0]


def test_thresholds_even_the_loads_and_no_token_depends_on_another() -> None:
    rng, thresholds, favour = np.random.default_rng(1), np.full(4, 0.5), np.array([-1.0, 0, 0, 2])
    for _ in range(300):
        thresholds = routing.follow(thresholds, rng.normal(size=(128, 4)) + favour, 0.25, 0.05)
    logits = rng.normal(size=(4000, 4)) + favour
    used = routing.threshold_choice(logits, thresholds) > 0

    assert used.mean(0) == pytest.approx(0.25, abs=0.04)
    assert ((routing.threshold_choice(logits[:7], thresholds) > 0) == used[:7]).all()
