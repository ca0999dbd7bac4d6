"""Gradients are right, the cures balance, and the bias leaves the weights of the outputs alone."""

import json

import numpy as np
import pytest
from examples import DOCS, load

balance = load("architectures/mixture-of-experts/load-balancing")
RNG = np.random.default_rng(0)
LOGITS = RNG.normal(size=(40, 6))


@pytest.mark.parametrize("place", [(0, 0), (7, 3), (39, 5)])
def test_the_z_losss_gradient(place: tuple[int, int]) -> None:
    moved = LOGITS.copy()
    moved[place] += 1e-6

    numeric = (balance.z_loss(moved)[0] - balance.z_loss(LOGITS)[0]) / 1e-6
    assert balance.z_loss(LOGITS)[1][place] == pytest.approx(numeric, abs=1e-5)


@pytest.mark.parametrize("place", [(0, 0), (7, 3), (39, 5)])
def test_the_auxiliary_losss_gradient_with_the_shares_held(place: tuple[int, int]) -> None:
    shares = balance.load(balance.top_k(LOGITS, 2), 6)

    def loss(logits: np.ndarray) -> float:
        return float(6 * (shares * balance.softmax(logits).mean(0)).sum())

    moved = LOGITS.copy()
    moved[place] += 1e-6
    assert balance.auxiliary_loss(LOGITS, 2)[1][place] == pytest.approx((loss(moved) - loss(LOGITS)) / 1e-6, abs=1e-6)


def test_the_z_loss_is_the_squared_logarithm_of_the_sum() -> None:
    direct = np.mean([np.log(sum(np.exp(s) for s in row)) ** 2 for row in LOGITS + 3])

    assert balance.z_loss(LOGITS + 3)[0] == pytest.approx(direct)


def test_an_undecided_router_has_a_loss_of_one_and_still_a_gradient() -> None:
    undecided = 1e-9 * np.tile(np.arange(4.0, 0, -1), (8, 1))
    value, gradient = balance.auxiliary_loss(undecided, 1)

    assert balance.load(balance.top_k(undecided, 1), 4).tolist() == [1, 0, 0, 0]
    assert value == pytest.approx(1, abs=1e-8)
    assert (gradient[:, 0] > 0.09).all()
    assert (gradient[:, 1:] < 0).all()


def test_the_cures_balance_and_doing_nothing_does_not() -> None:
    last = {method: np.mean(balance.simulate(method)[0][-20:]) for method in balance.METHODS}

    assert last["nothing"] > 2
    assert last["auxiliary loss"] < 1.6
    assert last["bias"] < 1.6
    assert last["quantiles"] < 1.6
    assert balance.simulate("quantiles", steps=4)[0][-1] < 1.5


@pytest.mark.parametrize("k", [1, 2, 4])
def test_the_bias_from_quantiles_gives_every_expert_its_share_under_the_same_cutoffs(k: int) -> None:
    logits = np.random.default_rng(k).normal(size=(48, 6)) + np.arange(6)
    before = np.array([0.0, 0.5, 0, -0.5, 0, 0])
    cutoff = np.sort(logits + before, axis=1)[:, -k - 1]
    after = balance.quantile_bias(logits, before, k)
    margins = logits + after - cutoff[:, None]

    share, held = (margins > 1e-12).sum(0), after == before
    np.testing.assert_array_equal(share[~held], 48 * k // 6)
    assert (~held).sum() >= 3
    assert (share[held] <= 48 * k // 6).all()
    assert ((margins[:, held] > -1e-12).sum(0) > 48 * k // 6).all()  # next in line for the rest


def test_the_bias_changes_who_is_chosen_and_not_how_much() -> None:
    chosen, weights = balance.choose_with_bias(LOGITS, np.zeros(6), 6)
    again, biased = balance.choose_with_bias(LOGITS, np.array([5.0, 0, 0, 0, 0, 0]), 6)

    assert (again[:, 0] == 0).mean() > 0.9
    for row, (a, b) in enumerate(zip(np.argsort(chosen, 1), np.argsort(again, 1), strict=True)):
        np.testing.assert_allclose(weights[row][a], biased[row][b])


def test_layers_that_collapse_onto_different_experts_look_balanced_together() -> None:
    layers, k = balance.collapsed()
    assert [balance.auxiliary_loss(logits, k)[0] for logits in layers] == pytest.approx([4] * 4, abs=1e-3)
    assert balance.over_layers(layers, k) == pytest.approx(1)
    assert balance.over_layers([LOGITS], 2) == balance.auxiliary_loss(LOGITS, 2)[0]


def test_capacity_drops_nothing_when_even_and_most_when_collapsed() -> None:
    even = np.arange(64).reshape(64, 1) % 8
    collapsed = np.zeros((64, 1), dtype=int)

    assert balance.dropped(even, 8, 1.0) == 0
    assert balance.dropped(collapsed, 8, 1.0) == pytest.approx(7 / 8)


def test_the_stored_curves_are_what_the_code_gives() -> None:
    stored = json.loads((DOCS / "architectures/mixture-of-experts/load-balancing.json").read_text(encoding="utf-8"))

    assert {m: [round(v, 3) for v in balance.simulate(m)[0][::4]] for m in balance.METHODS} == stored
